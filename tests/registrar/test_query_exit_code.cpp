#include "registrar/query_exit_code.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("what the line is at fault for may be tried again, what the registrar refuses not") {
    CHECK(exit_code_of(QueryFailure::Why::unreachable) == ExitCode::try_later);
    CHECK(exit_code_of(QueryFailure::Why::unreadable) == ExitCode::try_later);
    CHECK(exit_code_of(QueryFailure::Why::login_refused) == ExitCode::service_refused);
    CHECK(exit_code_of(QueryFailure::Why::refused) == ExitCode::service_refused);
}
