#include "util/exit_codes.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("every exit code has its number and its meaning") {
    std::vector<int> numbers;
    for (const ExitCodeEntry& entry : exit_code_table()) {
        numbers.push_back(static_cast<int>(entry.code));
        CHECK_FALSE(entry.meaning.empty());
    }
    CHECK(numbers == std::vector<int>{0, 1, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78});
}

TEST_CASE("of several exit codes the gravest counts") {
    // (README, "Exit codes"): 70, 78, 77, 73/74, 69, 75, 65, 1.
    const std::vector<ExitCode> order{ExitCode::our_bug,           ExitCode::settings_or_ledger,
                                      ExitCode::no_permission,     ExitCode::cannot_create,
                                      ExitCode::cannot_write,      ExitCode::service_refused,
                                      ExitCode::try_later,         ExitCode::file_refused,
                                      ExitCode::some_orders_wrong, ExitCode::all_well};
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i; j < order.size(); ++j) {
            CHECK(gravest_of({order[i], order[j]}) == order[i]);
            CHECK(gravest_of({order[j], order[i]}) == order[i]);
        }
    }
    CHECK(gravest_of(std::vector<ExitCode>{}) == ExitCode::all_well);
}

TEST_CASE("a file not there is worse than a bad row") {
    CHECK(gravest_of({ExitCode::some_orders_wrong, ExitCode::file_not_found}) ==
          ExitCode::file_not_found);
}

TEST_CASE("the exit codes are listed one to a line") {
    const std::string lines = exit_code_lines();
    CHECK(lines.starts_with("   0  all well or nothing new\n"));
    CHECK(lines.find("\n  64  ") != std::string::npos);
    CHECK(lines.ends_with("\n"));
}
