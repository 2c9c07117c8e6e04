#include "bin/ledger_commands.h"

#include "app/run_setup.h"
#include "jobs/ledger_upkeep.h"

#include <charconv>

namespace domspool {

namespace {

constexpr int kDaysKept = 400, kLeastDaysKept = 90;

std::chrono::days days_kept(const Program& program) {
    const auto word = program.line().value("older-than");
    if (!word) return std::chrono::days(kDaysKept);
    int days = 0;
    const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), days);
    const std::string unit(end, word->data() + word->size());
    const bool is_right = error == std::errc() && (unit == "d" || unit.empty()) &&
                          days >= kLeastDaysKept && days < 100'000;
    if (!is_right) {
        program.line().refuse("'--older-than' of archive is a number of days, " +
                              std::to_string(kLeastDaysKept) + "d or more, not '" + *word + "'");
    }
    return std::chrono::days(days);
}

}  // namespace

std::vector<VerbSpec> ledger_verbs() {
    return {{"migrate", "", "bring the ledger to this version, backup first", 0, 0},
            {"backup", "", "copy the ledger, remove old copies", 0, 0},
            {"verify", "", "whether file and rows of the ledger are as they must be", 0, 0},
            {"restore-ledger", "FILE", "put a backup in the ledger's place; it sends nothing then",
             1, 1},
            {"reconcile", "", "let a ledger that was put back send again", 0, 0},
            {"archive", "", "take the history of orders ended long ago into a file", 0, 0}};
}

void care_for_ledger(Program& program, const Settings& settings) {
    const LedgerUpkeep upkeep{settings.ledger,           stamp_of(settings),
                              settings.backup.directory, settings.backup.keep_days,
                              settings.spool.directory,  settings.spool.largest_file()};
    const std::string& verb = program.line().verb();
    if (verb == "migrate") return migrate_ledger(program, upkeep);
    if (verb == "backup") return copy_ledger(program, upkeep);
    if (verb == "verify") return verify_ledger(program, upkeep);
    if (verb == "restore-ledger") {
        return restore_ledger(program, upkeep, program.line().arguments().front());
    }
    if (verb == "archive") return archive_ledger(program, upkeep, days_kept(program));
    reconcile_ledger(program, upkeep);
}

}  // namespace domspool
