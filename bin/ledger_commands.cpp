#include "bin/ledger_commands.h"

#include "app/run_setup.h"
#include "jobs/ledger_backup.h"
#include "jobs/spool_search.h"
#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "spool/spool_layout.h"
#include "util/clock.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace domspool {

namespace {

std::string orders_in_words(int count) {
    return std::to_string(count) + (count == 1 ? " order" : " orders");
}

void migrate(Program& program, const Settings& settings) {
    const auto backup = Ledger::migrate(settings.ledger, SystemClock().now().utc);
    if (program.is_quiet()) return;
    if (!backup) return program.print("the ledger is of this version already\n");
    program.print(backup->empty() ? "migrated\n"
                                  : "migrated; the ledger as it was: " + *backup + "\n");
}

void backup(Program& program, const Settings& settings) {
    const BackupReport report = back_up_ledger(settings.ledger, settings.backup.directory,
                                               settings.backup.keep_days, SystemClock().now().utc);
    // Under cron a backup that went well is no news.
    if (!program.is_for_a_person()) return;
    program.print("made " + report.path + "\n");
    for (const std::string& path : report.pruned) program.print("removed " + path + "\n");
}

void verify(Program& program, const Settings& settings) {
    const std::vector<std::string> faults =
        ledger_care::verify(settings.ledger, stamp_of(settings));
    for (const std::string& fault : faults) {
        program.complain(ExitCode::settings_or_ledger,
                         "the ledger '" + settings.ledger + "' is not as it must be: " + fault);
    }
    if (faults.empty() && program.is_for_a_person()) program.print("the ledger is sound\n");
}

void restore(Program& program, const Settings& settings) {
    const std::string& backup = program.line().arguments().front();
    const auto aside =
        ledger_care::restore(settings.ledger, backup, stamp_of(settings), SystemClock().now().utc);
    if (program.is_quiet()) return;
    if (aside) program.print("the ledger that was there: " + *aside + "\n");
    program.print("put back: " + settings.ledger + "\nit sends nothing until you have run " +
                  "`domain-orders reconcile`\n");
}

std::string in_words(const ledger_care::EnteredFile& file) {
    std::string words = "entered '" + file.name + "' as batch " + std::to_string(file.batch) +
                        ": " + orders_in_words(file.ended) + " had ended, " +
                        std::to_string(file.perhaps_sent) + " may have been sent";
    if (file.other_rows > 0) {
        words += ", " + std::to_string(file.other_rows) + " refused or skipped";
    }
    return words + "\n";
}

void reconcile(Program& program, const Settings& settings) {
    const SpoolLayout layout(settings.spool.directory);
    const ledger_care::Reconciled report = ledger_care::reconcile(
        settings.ledger, stamp_of(settings), SystemClock().now(),
        [&] { return files_in_spool(layout, settings.spool.largest_file()); });
    if (program.is_quiet()) return;
    if (!report.was_needed) return program.print("the ledger knows all that was sent\n");
    int perhaps_sent = report.perhaps_sent;
    for (const ledger_care::EnteredFile& file : report.entered) {
        program.print(in_words(file));
        perhaps_sent += file.perhaps_sent;
    }
    program.print(orders_in_words(perhaps_sent) +
                  " may have been sent since the copy was made: pending-check looks for them, and "
                  "what is surely not sent goes on then\n");
    if (report.held > 0) {
        program.print(orders_in_words(report.held) +
                      " held for a person: domain-orders list --state held\n");
    }
    program.print(
        "Order files given by hand since the copy was made, not through the spool, are not known: "
        "hand them in again; what the registrar shows already is not ordered twice. What was spent "
        "since then is not counted in today's limits.\n");
}

constexpr int kDaysKept = 400, kLeastDaysKept = 90;

std::string in_megabytes(std::uintmax_t bytes) {
    return std::to_string((bytes + 500'000) / 1'000'000) + " MB";
}

std::string archive_beside(const std::string& ledger, UtcTime now) {
    std::string time = to_iso(now).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string name = files_beside(ledger) + ".archive-" + time + "Z";
    std::string free_name = name;
    for (int i = 2; std::filesystem::exists(free_name); ++i)
        free_name = name + "-" + std::to_string(i);
    return free_name;
}

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

void archive(Program& program, const Settings& settings) {
    const UtcTime now = SystemClock().now().utc;
    const ledger_care::Archived report =
        ledger_care::archive(settings.ledger, stamp_of(settings),
                             archive_beside(settings.ledger, now), now - days_kept(program));
    // Under cron an archiving that went well is no news.
    if (!program.is_for_a_person()) return;
    if (report.not_reported > 0) {
        program.print(std::to_string(report.not_reported) +
                      (report.not_reported == 1 ? " file stays: the next summary-report tells of it"
                                                : " files stay: the next summary-report tells of "
                                                  "them") +
                      "\n");
    }
    if (report.path.empty()) return program.print("nothing to be archived\n");
    program.print("archived the history of " + orders_in_words(report.orders) + " in " +
                  report.path + "\nthe ledger: " + in_megabytes(report.size_before) + " before, " +
                  in_megabytes(report.size_after) + " now\n");
}

}  // namespace

std::vector<VerbSpec> ledger_verbs() {
    return {{"migrate", "", "bring the ledger to this version, backup first", 0, 0},
            {"backup", "", "copy the ledger, remove old copies", 0, 0},
            {"verify", "", "whether file and rows of the ledger are as they must be", 0, 0},
            {"restore", "FILE", "put a backup in the ledger's place; it sends nothing then", 1, 1},
            {"reconcile", "", "let a ledger that was put back send again", 0, 0},
            {"archive", "", "take the history of orders ended long ago into a file", 0, 0}};
}

void care_for_ledger(Program& program, const Settings& settings) {
    const std::string& verb = program.line().verb();
    if (verb == "migrate") return migrate(program, settings);
    if (verb == "backup") return backup(program, settings);
    if (verb == "verify") return verify(program, settings);
    if (verb == "restore") return restore(program, settings);
    if (verb == "archive") return archive(program, settings);
    reconcile(program, settings);
}

}  // namespace domspool
