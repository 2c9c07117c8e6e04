// Orders that ended long ago leave the ledger but for one row each, by which they are recognised.
// What leaves stands in a file of its own first, synced, in the ledger's own tables.
#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/run_locks.h"
#include "ledger/runs/open_locks.h"
#include "ledger/sql/row_readers.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "util/file.h"

#include <filesystem>
#include <set>

namespace domspool {

namespace {

// In the stamp of an archive: it is no ledger, and cannot be put in a ledger's place.
const std::string kArchiveOf = "archive of ";

[[noreturn]] void refuse_to_archive(ExitCode code, const std::string& path,
                                    const std::string& rest) {
    throw RunFailure(code, "cannot archive orders of '" + path + "': " + rest);
}

std::vector<BatchId> numbers_in(store::Statement& row) {
    std::vector<BatchId> numbers;
    while (row.next_row()) numbers.push_back(row.integer(0));
    return numbers;
}

// What no report has told leaves with the report after it.
std::set<BatchId> batches_to_be_told(store::Connection& connection) {
    auto& row = connection.prepare(
        "SELECT DISTINCT COALESCE(e.batch_id, o.batch_id, 0) FROM events e "
        "LEFT JOIN orders o ON o.order_id = e.order_id WHERE e.report_id IS NULL "
        "OR e.report_id IN (SELECT report_id FROM reports WHERE is_open = 1)");
    const auto numbers = numbers_in(row);
    return {numbers.begin(), numbers.end()};
}

// Whole files, so that a result can still be told: all orders ended, no code kept, no result due,
// nothing under watch.
std::vector<BatchId> batches_ended_before(store::Connection& connection, UtcTime when) {
    auto& row = connection.prepare(
        "SELECT b.batch_id FROM batches b WHERE b.complete = 1 AND b.result_due = 0 "
        "AND b.taken_at < $1 AND NOT EXISTS (SELECT 1 FROM orders o "
        "WHERE o.batch_id = b.batch_id AND (o.ended_at IS NULL OR o.ended_at >= $1 "
        "OR o.auth_code IS NOT NULL OR o.claimed_by IS NOT NULL)) "
        "AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.batch_id = b.batch_id "
        "AND (o.order_id IN (SELECT order_id FROM watched_words) "
        "OR o.order_id IN (SELECT order_id FROM perhaps_sent))) "
        "AND b.archive = '' ORDER BY b.batch_id");
    row.bind(to_iso(when));
    return numbers_in(row);
}

void name_leaving(store::Connection& connection, const std::vector<BatchId>& batches) {
    connection.run("PRAGMA temp_store = MEMORY");
    connection.run("CREATE TEMP TABLE leaving (batch_id BIGINT NOT NULL PRIMARY KEY)");
    store::Transaction transaction(connection);
    for (const BatchId batch : batches) {
        connection.prepare("INSERT INTO leaving (batch_id) VALUES ($1)").bind(batch).run();
    }
    transaction.commit();
}

const std::string kLeaving = "(SELECT batch_id FROM leaving)";
const std::string kLeavingOrders =
    "(SELECT order_id FROM orders WHERE batch_id IN (SELECT batch_id FROM leaving))";

int orders_leaving(store::Connection& connection) {
    return static_cast<int>(
        number_from(connection, "SELECT COUNT(*) FROM orders WHERE batch_id IN " + kLeaving));
}

void keep_only_leaving(store::Connection& archive) {
    for (const std::string& sql :
         {"DELETE FROM events WHERE NOT (COALESCE(order_id, 0) IN " + kLeavingOrders +
              " OR (order_id IS NULL AND COALESCE(batch_id, 0) IN " + kLeaving + "))",
          "DELETE FROM operations WHERE COALESCE(order_id, 0) NOT IN " + kLeavingOrders,
          "DELETE FROM dismissals WHERE order_id NOT IN " + kLeavingOrders,
          "DELETE FROM attempts WHERE order_id NOT IN " + kLeavingOrders,
          "DELETE FROM steps WHERE order_id NOT IN " + kLeavingOrders,
          "DELETE FROM batch_rows WHERE batch_id NOT IN " + kLeaving,
          "DELETE FROM orders WHERE batch_id NOT IN " + kLeaving,
          "DELETE FROM batches WHERE batch_id NOT IN " + kLeaving,
          std::string("UPDATE orders SET auth_code = NULL"),
          std::string("UPDATE batch_rows SET auth_code = NULL"),
          std::string("DELETE FROM contacts"),
          std::string("DELETE FROM made_contacts"),
          std::string("DELETE FROM known_contacts"),
          std::string("DELETE FROM known_extensions"),
          std::string("DELETE FROM seen_ds"),
          std::string("DELETE FROM one_pass"),
          std::string("DELETE FROM good_ends"),
          std::string("DELETE FROM refused_login"),
          std::string("DELETE FROM told_lines"),
          std::string("DELETE FROM availability_checks"),
          std::string("DELETE FROM spool_files"),
          std::string("DELETE FROM wiped_files"),
          std::string("DELETE FROM files_left_alone"),
          std::string("DELETE FROM perhaps_sent"),
          std::string("DELETE FROM watched_words"),
          std::string("DELETE FROM spending"),
          std::string("DELETE FROM sending_holds"),
          std::string("UPDATE stamp SET digest_key = '', home = ''"),
          std::string("UPDATE reports SET mail = ''"),
          "UPDATE stamp SET is_copy = 1, endpoint_host = '" + kArchiveOf + "' || endpoint_host"}) {
        archive.run(sql);
    }
}

// A whole copy, EPP codes and all, that an archiving left which was cut short. Nobody else archives
// now.
void remove_unfinished(const std::string& part) {
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(part + end);
}

void make_archive(store::Connection& ledger, const std::vector<BatchId>& batches,
                  const std::string& part) {
    ledger.back_up_to(part);
    crash_point("archive_copied");
    store::Connection archive(part, {store::Access::read_write, true});
    archive.run("PRAGMA foreign_keys = OFF");
    name_leaving(archive, batches);
    store::Transaction transaction(archive);
    keep_only_leaving(archive);
    transaction.commit();
    archive.run("VACUUM");
    archive.run("PRAGMA journal_mode = DELETE");
}

// Under its own name only when it is whole.
void write_archive(store::Connection& ledger, const std::vector<BatchId>& batches,
                   const std::string& part, const std::string& target) {
    try {
        make_archive(ledger, batches, part);
    } catch (...) {
        remove_unfinished(part);
        throw;
    }
    if (!file::move_to_free_name(part, target)) {
        remove_unfinished(part);
        throw RunFailure(ExitCode::cannot_create,
                         "cannot write the archive '" + target + "': there is such a file already");
    }
}

// An operation that failed may be restarted by the registrar's support: its order stays whole.
const std::string kMayBeRevived =
    "(SELECT order_id FROM orders WHERE state = 'failed' AND operation_id IS NOT NULL)";

// An operation goes on belonging to its attempt.
void take_out_leaving(store::Connection& ledger) {
    const std::string of_leaving =
        " WHERE order_id IN " + kLeavingOrders + " AND order_id NOT IN " + kMayBeRevived;
    for (const std::string& sql :
         {"DELETE FROM events WHERE order_id IN " + kLeavingOrders,
          "DELETE FROM dismissals WHERE order_id IN " + kLeavingOrders,
          "DELETE FROM events WHERE order_id IS NULL AND batch_id IN " + kLeaving,
          "DELETE FROM attempts" + of_leaving +
              " AND attempt_id NOT IN (SELECT attempt_id FROM operations "
              "WHERE attempt_id IS NOT NULL)",
          "UPDATE attempts SET picture = '', text = '', settled = '', begun_boot = '', "
          "ended_boot = ''" +
              of_leaving,
          "DELETE FROM steps" + of_leaving +
              " AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = steps.order_id "
              "AND a.position = steps.position)",
          "UPDATE steps SET arguments = '', note = ''" + of_leaving,
          "DELETE FROM batch_rows WHERE batch_id IN " + kLeaving}) {
        ledger.run(sql);
    }
}

void note_where(store::Connection& ledger, const std::string& target) {
    ledger.prepare("UPDATE batches SET archive = $1 WHERE batch_id IN " + kLeaving)
        .bind(target)
        .run();
}

void require_whole(store::Connection& ledger) {
    auto& row = ledger.prepare("PRAGMA foreign_key_check");
    const bool is_broken = row.next_row();
    ledger.let_go();
    if (is_broken) our_bug("rows would be left without their owner", __FILE__, __LINE__);
}

// Room that was given free is given back; where somebody reads just now it is used again later.
void shrink(store::Connection& ledger) {
    try {
        ledger.run("VACUUM");
        std::ignore = ledger.cut_log();
    } catch (const store::StoreError&) {
        // Nothing is lost by it.
    }
}

std::uintmax_t size_of(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

}  // namespace

namespace ledger_care {

Archived archive(const std::string& path, const LedgerStamp& stamp, const std::string& target,
                 UtcTime ended_before) {
    require_file(path, "archive", "archiving is for ledgers in a file");
    std::ignore = Ledger::open(path, stamp);  // Refuses what may not be worked on.
    try {
        const auto locks = open_locks(path, ByteLockFile::IfMissing::fail);
        if (!locks->try_lock_all_runs()) {
            refuse_to_archive(ExitCode::try_later, path,
                              "a run is at work; wait until it has ended");
        }
        const std::string part = path + ".archiving";
        remove_unfinished(part);
        store::Connection ledger(path, {store::Access::read_write, true});
        Archived report;
        report.size_before = size_of(path);
        std::vector<BatchId> batches = batches_ended_before(ledger, ended_before);
        const std::set<BatchId> untold = batches_to_be_told(ledger);
        report.not_reported = static_cast<int>(
            std::erase_if(batches, [&](BatchId batch) { return untold.contains(batch); }));
        if (batches.empty()) return report;
        ledger.run("PRAGMA foreign_keys = OFF");
        name_leaving(ledger, batches);
        write_archive(ledger, batches, part, target);
        crash_point("archive_written");
        {
            store::Transaction transaction(ledger);
            report.orders = orders_leaving(ledger);
            take_out_leaving(ledger);
            note_where(ledger, target);
            require_whole(ledger);
            transaction.commit();
        }
        crash_point("archive_cut");
        shrink(ledger);
        report.batches = static_cast<int>(batches.size());
        report.path = target;
        report.size_after = size_of(path);
        return report;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "archive", path);
    }
}

std::unique_ptr<Ledger> open_archive(const std::string& path, const LedgerStamp& stamp) {
    try {
        auto reader = std::make_unique<store::Connection>(
            path, store::Connection::Options{store::Access::read_only, true});
        require_version(*reader, path);
        require_stamp(*reader, path, {kArchiveOf + stamp.endpoint_host, stamp.reseller_id});
        return std::make_unique<Ledger>(path, nullptr, nullptr, std::move(reader));
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "open", path);
    }
}

std::optional<std::string> archive_of(const Ledger& ledger, BatchId batch) {
    const auto record = ledger.batch(batch);
    if (!record || record->archive.empty()) return std::nullopt;
    return record->archive;
}

}  // namespace ledger_care

}  // namespace domspool
