#include "registrar/query_exit_code.h"

namespace domspool {

ExitCode exit_code_of(QueryFailure::Why why) {
    switch (why) {
        case QueryFailure::Why::unreachable:
        case QueryFailure::Why::unreadable:
            return ExitCode::try_later;
        case QueryFailure::Why::login_refused:
        case QueryFailure::Why::refused:
            return ExitCode::service_refused;
    }
    our_bug("a failed question without an exit code", __FILE__, __LINE__);
}

}  // namespace domspool
