#include "jobs/ledger_upkeep.h"

#include "jobs/ledger_backup.h"
#include "jobs/spool_search.h"
#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "spool/spool_layout.h"
#include "util/clock.h"

#include <filesystem>

namespace domspool {

namespace {

std::string orders_in_words(int count) {
    return std::to_string(count) + (count == 1 ? " order" : " orders");
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

}  // namespace

void migrate_ledger(Console& console, const LedgerUpkeep& upkeep) {
    const auto backup = Ledger::migrate(upkeep.ledger, SystemClock().now().utc);
    if (console.is_quiet()) return;
    if (!backup) return console.print("the ledger is of this version already\n");
    console.print(backup->empty() ? "migrated\n"
                                  : "migrated; the ledger as it was: " + *backup + "\n");
}

void copy_ledger(Console& console, const LedgerUpkeep& upkeep) {
    const BackupReport report =
        back_up_ledger(upkeep.ledger, upkeep.backups, upkeep.keep_days, SystemClock().now().utc);
    // Under cron a backup that went well is no news.
    if (!console.is_for_a_person()) return;
    console.print("made " + report.path + "\n");
    for (const std::string& path : report.pruned) console.print("removed " + path + "\n");
}

void verify_ledger(Console& console, const LedgerUpkeep& upkeep) {
    const std::vector<std::string> faults = ledger_care::verify(upkeep.ledger, upkeep.stamp);
    for (const std::string& fault : faults) {
        console.complain(ExitCode::settings_or_ledger,
                         "the ledger '" + upkeep.ledger + "' is not as it must be: " + fault);
    }
    if (faults.empty() && console.is_for_a_person()) console.print("the ledger is sound\n");
}

void restore_ledger(Console& console, const LedgerUpkeep& upkeep, const std::string& backup) {
    const auto aside =
        ledger_care::restore(upkeep.ledger, backup, upkeep.stamp, SystemClock().now().utc);
    if (console.is_quiet()) return;
    if (aside) console.print("the ledger that was there: " + *aside + "\n");
    console.print("put back: " + upkeep.ledger + "\nit sends nothing until you have run " +
                  "`domain-orders reconcile`\n");
}

void reconcile_ledger(Console& console, const LedgerUpkeep& upkeep) {
    const SpoolLayout layout(upkeep.spool);
    const ledger_care::Reconciled report =
        ledger_care::reconcile(upkeep.ledger, upkeep.stamp, SystemClock().now(),
                               [&] { return files_in_spool(layout, upkeep.largest_file); });
    if (console.is_quiet()) return;
    if (!report.was_needed) return console.print("the ledger knows all that was sent\n");
    int perhaps_sent = report.perhaps_sent;
    for (const ledger_care::EnteredFile& file : report.entered) {
        console.print(in_words(file));
        perhaps_sent += file.perhaps_sent;
    }
    console.print(orders_in_words(perhaps_sent) +
                  " may have been sent since the copy was made: pending-check looks for them, and "
                  "what is surely not sent goes on then\n");
    if (report.held > 0) {
        console.print(orders_in_words(report.held) +
                      " held for a person: domain-orders list --state held\n");
    }
    console.print(
        "Order files given by hand since the copy was made, not through the spool, are not known: "
        "hand them in again; what the registrar shows already is not ordered twice. What was spent "
        "since then is not counted in today's limits.\n");
}

void archive_ledger(Console& console, const LedgerUpkeep& upkeep, std::chrono::days kept) {
    const UtcTime now = SystemClock().now().utc;
    const ledger_care::Archived report = ledger_care::archive(
        upkeep.ledger, upkeep.stamp, archive_beside(upkeep.ledger, now), now - kept);
    // Under cron an archiving that went well is no news.
    if (!console.is_for_a_person()) return;
    if (report.not_reported > 0) {
        console.print(std::to_string(report.not_reported) +
                      (report.not_reported == 1 ? " file stays: the next summary-report tells of it"
                                                : " files stay: the next summary-report tells of "
                                                  "them") +
                      "\n");
    }
    if (report.path.empty()) return console.print("nothing to be archived\n");
    console.print("archived the history of " + orders_in_words(report.orders) + " in " +
                  report.path + "\nthe ledger: " + in_megabytes(report.size_before) + " before, " +
                  in_megabytes(report.size_after) + " now\n");
}

}  // namespace domspool
