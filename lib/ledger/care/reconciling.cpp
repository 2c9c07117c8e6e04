// A ledger that knows less than was sent is made fit to send again: whatever might have been sent
// since is in doubt (LEDGER, "Copies").
#include "ledger/care/entering_found.h"
#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "ledger/opening/ledger_home.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/runs/open_locks.h"
#include "ledger/runs/run_book.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

// Where the .runs file does not tell how many runs are not known, their numbers are kept clear of;
// with PostgreSQL other machines have such files, too, and must miss their runs.
constexpr RunId kRunsNotKnown = 1'000'000;

const std::string kSinceTheCopy =
    "it may have been sent after the ledger was copied; pending-check looks for it";

[[noreturn]] void refuse_to_reconcile(ExitCode code, const std::string& path,
                                      const std::string& rest) {
    throw RunFailure(code, "cannot reconcile the ledger '" + path + "': " + rest);
}

RunId last_run(store::Connection& connection) {
    return number_from(connection, "SELECT COALESCE(MAX(run_id), 0) FROM runs");
}

// Nothing: the file is missing or damaged.
std::optional<RunId> last_sending_run(const std::string& path) {
    try {
        return open_locks(path, ByteLockFile::IfMissing::fail)->last_sending_run();
    } catch (const RunFailure& failure) {
        const bool is_missing = failure.code() == ExitCode::file_not_found;
        const bool is_damaged = failure.code() == ExitCode::settings_or_ledger;
        if (is_missing || is_damaged) return std::nullopt;
        throw;
    }
}

// From here it sends nothing until all is done, whatever happens in between.
void mark_as_copy(store::Connection& connection) {
    store::Transaction transaction(connection);
    connection.run("UPDATE stamp SET is_copy = 1");
    transaction.commit();
}

RunId after_all_runs(store::Connection& connection, std::optional<RunId> sent) {
    const bool is_told = sent && connection.dialect() == store::Dialect::sqlite;
    return std::max(sent.value_or(0), last_run(connection)) + (is_told ? 0 : kRunsNotKnown) + 1;
}

// Numbers of runs that are not known are not given again.
void enter_run(store::Connection& connection, RunId run, const Moment& now) {
    auto& entered = connection.prepare(
        "INSERT INTO runs (run_id, program, sends, begun_at, boot_id, since_boot, ended_at) "
        "VALUES ($1, 'domain-orders', 0, $2, $3, $4, $2)");
    entered.bind(run).bind(to_iso(now.utc)).bind(now.boot_id).bind(now.since_boot.count()).run();
    connection.keep_numbers_above("runs", "run_id", run);
}

int recover_all(store::Connection& connection, RunBook& runs, const std::string& path,
                const Moment& now) {
    int recovered = 0;
    for (const RunId run : runs_not_ended(connection)) {
        const auto spilled = SpillFile::read(SpillFile::path_of(files_beside(path), run));
        recovered += runs.recover(run, spilled, now) ? 1 : 0;
    }
    return recovered;
}

std::vector<PerhapsSent> orders_to_doubt(store::Connection& connection) {
    auto& row = connection.prepare(
        "SELECT o.order_id, o.state, o.reason, o.keeps_domain, o.held_for FROM orders o "
        "WHERE o.ended_at IS NULL AND o.state IN ('accepted', 'in_progress', 'held') "
        "AND NOT EXISTS (SELECT 1 FROM steps m WHERE m.order_id = o.order_id "
        "AND m.phase = 'main' AND m.state NOT IN ('planned', 'failed')) ORDER BY o.order_id");
    std::vector<PerhapsSent> orders;
    while (row.next_row()) {
        orders.push_back({row.integer(0), state_in(row, 1), held_for_in(row, 4), row.text(2),
                          row.integer(3) == 1, std::nullopt, ""});
    }
    return orders;
}

bool is_domain_kept(store::Connection& connection, OrderId order) {
    auto& row = connection.prepare(
        "SELECT COUNT(*) FROM orders k JOIN orders o ON o.domain = k.domain "
        "WHERE o.order_id = $1 AND k.keeps_domain = 1");
    row.bind(order);
    const bool is_kept = row.next_row() && row.integer(0) > 0;
    row.run();
    return is_kept;
}

// The first of a domain's orders keeps it, as one that was begun does.
void doubt(store::Connection& connection, LedgerWrite& verbs, RunId run, const PerhapsSent& order,
           UtcTime now) {
    OrderMove move;
    move.state = OrderState::in_doubt;
    move.reason = kSinceTheCopy;
    move.keeps_domain = order.kept_domain || !is_domain_kept(connection, order.order);
    apply_move(connection, standing_order(connection, order.order), run, move, now);
    verbs.note_perhaps_sent(order);
}

PerhapsSent perhaps_sent_as_new(OrderId order) {
    PerhapsSent sent;
    sent.order = order;
    return sent;
}

// A second look counts only when both were made on this side of the copying.
void forget_looks(store::Connection& connection) {
    connection.run(
        "UPDATE attempts SET look_at = NULL, look_boot = NULL, look_since_boot = NULL, look_date = "
        "'', "
        "looks = 0 WHERE outcome = 'in_doubt' AND settled_as IS NULL");
}

struct ToBeHeld {
    OrderId order = 0;
    std::string reason;
};

std::vector<ToBeHeld> held_for(store::Connection& connection, const std::string& condition,
                               const std::string& reason) {
    auto& row = connection.prepare(
        "SELECT o.order_id FROM orders o WHERE o.state IN ('in_progress', 'waiting', 'in_doubt') "
        "AND " +
        condition + " ORDER BY o.order_id");
    std::vector<ToBeHeld> orders;
    while (row.next_row()) orders.push_back({row.integer(0), reason});
    return orders;
}

// What the looks for a sending cannot tell: a template applied over a zone that was changed since,
// and an order's own step behind one that has no answer yet.
std::vector<ToBeHeld> orders_to_hold(store::Connection& connection) {
    const std::string is_own_step_begun =
        "EXISTS (SELECT 1 FROM steps m WHERE m.order_id = o.order_id AND m.phase = 'main' "
        "AND m.state NOT IN ('planned', 'failed'))";
    std::vector<ToBeHeld> orders = held_for(
        connection,
        is_own_step_begun +
            " AND EXISTS (SELECT 1 FROM steps z WHERE z.order_id = o.order_id "
            "AND z.function = 'domainZoneInit' AND z.state = 'planned')",
        "its zone template may have been applied after the ledger was copied, and the zone changed "
        "since; `domain-orders release` applies it and lets the order go on");
    const auto others =
        held_for(connection, "o.state <> 'in_progress' AND NOT " + is_own_step_begun,
                 "a step before its own had no answer yet when the ledger was copied, and its own "
                 "may have been sent since; look at the registrar, then `domain-orders release` "
                 "or `cancel`");
    orders.insert(orders.end(), others.begin(), others.end());
    return orders;
}

void hold(store::Connection& connection, RunId run, const ToBeHeld& order, UtcTime now) {
    const StandingOrder standing = standing_order(connection, order.order);
    OrderMove move;
    move.state = OrderState::held;
    move.held_for = HeldFor::doubt;
    move.keeps_domain = standing.keeps_domain;
    move.reason = order.reason;
    apply_move(connection, standing, run, move, now);
}

}  // namespace

namespace ledger_care {

Reconciled reconcile(const std::string& path, const LedgerStamp& stamp, const Moment& now,
                     const std::function<std::vector<FoundFile>()>& files) {
    try {
        store::Connection connection(database_of(path), {store::Access::read_write, true});
        require_fit(connection, path);
        require_version(connection, path);
        require_stamp(connection, path, stamp);
        const auto sent = last_sending_run(path);
        const bool is_copy = number_from(connection, "SELECT is_copy FROM stamp") == 1;
        const bool is_copy_or_moved = is_copy || !is_at_home(connection);
        if (sent && !is_copy_or_moved && knows_run(connection, *sent)) return {};

        mark_as_copy(connection);
        const auto locks = open_locks(path, ByteLockFile::IfMissing::create);
        if (!locks->try_lock_all_runs()) {
            refuse_to_reconcile(ExitCode::try_later, path,
                                "a run is at work; wait until it has ended");
        }
        Reconciled report;
        report.was_needed = true;
        store::Transaction transaction(connection);
        LedgerWrite verbs(connection, *locks);
        RunBook runs(connection, verbs);
        const RunId run = after_all_runs(connection, sent);
        enter_run(connection, run, now);
        std::ignore = recover_all(connection, runs, path, now);
        forget_looks(connection);
        const auto to_doubt = orders_to_doubt(connection);
        const auto to_hold = orders_to_hold(connection);
        for (const ToBeHeld& order : to_hold) hold(connection, run, order, now.utc);
        for (const PerhapsSent& each : to_doubt) doubt(connection, verbs, run, each, now.utc);
        report.held = static_cast<int>(to_hold.size());
        report.perhaps_sent = static_cast<int>(to_doubt.size());
        if (files) {
            report.entered =
                enter_found_files(connection, verbs, run, files(), now.utc, [&](OrderId order) {
                    doubt(connection, verbs, run, perhaps_sent_as_new(order), now.utc);
                });
        }
        connection.run("UPDATE stamp SET is_copy = 0");
        settle_here(connection);
        // Before the commit: without it the ledger goes on knowing less than the file.
        locks->note_sending_run(run);
        transaction.commit();
        return report;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "reconcile", path);
    }
}

}  // namespace ledger_care

}  // namespace domspool
