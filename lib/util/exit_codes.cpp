#include "util/exit_codes.h"

#include <algorithm>
#include <array>

namespace domspool {

namespace {

// From the gravest on. 64 and 66 are found before any work begins, or stand beside files that
// went well: then the file that was not there is the more useful news than the rows of another.
constexpr std::array<ExitCode, 12> kByGravity{
    ExitCode::our_bug,           ExitCode::settings_or_ledger,
    ExitCode::no_permission,     ExitCode::cannot_create,
    ExitCode::cannot_write,      ExitCode::service_refused,
    ExitCode::try_later,         ExitCode::usage,
    ExitCode::file_not_found,    ExitCode::file_refused,
    ExitCode::some_orders_wrong, ExitCode::all_well};

}  // namespace

const std::vector<ExitCodeEntry>& exit_code_table() {
    static const std::vector<ExitCodeEntry> table{
        {ExitCode::all_well, "all well or nothing new"},
        {ExitCode::some_orders_wrong,
         "rows or orders refused, failed, held, in doubt or not as ordered"},
        {ExitCode::usage, "wrong use of the command line"},
        {ExitCode::file_refused, "a file was refused"},
        {ExitCode::file_not_found, "a file was not found"},
        {ExitCode::service_refused,
         "the registrar refuses service, a limit is reached, or sending is held"},
        {ExitCode::our_bug, "internal error: a bug of ours"},
        {ExitCode::cannot_create, "cannot create a file"},
        {ExitCode::cannot_write, "cannot write"},
        {ExitCode::try_later, "try again later: network, busy, migration due"},
        {ExitCode::no_permission, "unsafe or missing permissions"},
        {ExitCode::settings_or_ledger, "settings or ledger need a hand"},
    };
    return table;
}

std::string exit_code_lines() {
    std::string lines;
    for (const ExitCodeEntry& entry : exit_code_table()) {
        const std::string number = std::to_string(static_cast<int>(entry.code));
        lines.append(4 - number.size(), ' ').append(number).append("  ");
        lines.append(entry.meaning).append("\n");
    }
    return lines;
}

ExitCode gravest_of(const std::vector<ExitCode>& codes) {
    for (const ExitCode code : kByGravity) {
        if (std::ranges::find(codes, code) != codes.end()) return code;
    }
    return ExitCode::all_well;
}

}  // namespace domspool
