// What a dead run leaves: claims, attempts without an outcome, perhaps a spill file, perhaps a
// batch read by half. recover() puts all of it right in one transaction. That the run is dead was
// found before, by its lock, which nobody gets back: it cannot come alive in between.
//
// The order of its steps is the point.
// 1. died = 1, where it was neither ended nor recovered: of two programs that come to recover, one
// does.
// 2. What it spilled is entered: these are answers, and an answer ends an attempt. This comes while
//    the run's claims still stand, because finish_attempt() asks for the claim it was sent under.
// 3. Whatever attempt is open now was perhaps sent and is not answered: a doubt.
// 4. Only then the claims go. Whoever claims one of these orders finds the doubt, never an order
//    that looks as if nothing had been sent.
// 5. A batch read by half goes with its rows: no order was made of it, and its file is read again.
//
// A run that ends well does 4 and 5 by itself; one that has an attempt open does not end but is
// left to be recovered, else nobody would look at it again and the attempt stayed open for ever.
//
// With PostgreSQL "dead" is what the server says: the session broke. The program itself may be
// alive, with a call out, and spill its answer after it was recovered. Its file is kept as long as
// somebody holds it, and read when nobody does (enter_late): the doubts of 3 that are still open
// are settled by it. The claim that needs is taken in the dead run's name and given back in the
// same transaction; where a live run has the order, it may be about to send, and the next program
// tries again.
#include "ledger/runs/run_book.h"

#include "ledger/sql/order_moving.h"
#include "ledger/sql/schema.h"
#include "store/migration.h"
#include "util/failure.h"

#include <stdexcept>

namespace domspool {

namespace {

struct OpenAttempt {
    AttemptId id = 0;
    OrderId order = 0;
    int position = 0;
    std::string function;
};

std::vector<OpenAttempt> open_attempts_of(store::Connection& connection, RunId run) {
    auto& row = connection.prepare(
        "SELECT a.attempt_id, a.order_id, a.position, s.function FROM attempts a "
        "JOIN steps s ON s.order_id = a.order_id AND s.position = a.position "
        "WHERE a.run_id = $1 AND a.outcome IS NULL");
    row.bind(run);
    std::vector<OpenAttempt> attempts;
    while (row.next_row()) {
        attempts.push_back(
            {row.integer(0), row.integer(1), static_cast<int>(row.integer(2)), row.text(3)});
    }
    return attempts;
}

void note_doubt(store::Connection& connection, AttemptId attempt, const std::string& text,
                const Moment& now) {
    connection
        .prepare(
            "UPDATE attempts SET outcome = 'in_doubt', text = $1, ended_at = $2, "
            "ended_boot = $3, ended_since_boot = $4 WHERE attempt_id = $5")
        .bind(text)
        .bind(to_iso(now.utc))
        .bind(now.boot_id)
        .bind(now.since_boot.count())
        .bind(attempt)
        .run();
}

}  // namespace

RunId RunBook::enter(const std::string& program, Sends sends, const Moment& now) {
    if (store::version_of(connection_) != schema::kVersion) {
        throw RunFailure(ExitCode::try_later,
                         "the ledger was migrated just now; start the program again");
    }
    auto& row = connection_.prepare(
        "INSERT INTO runs (program, sends, begun_at, boot_id, since_boot) "
        "VALUES ($1, $2, $3, $4, $5) RETURNING run_id");
    row.bind(program).bind(sends == Sends::yes ? 1 : 0).bind(to_iso(now.utc));
    row.bind(now.boot_id).bind(now.since_boot.count());
    const bool is_entered = row.next_row();
    DOMSPOOL_ASSERT(is_entered);
    const RunId run = row.integer(0);
    row.run();
    return run;
}

void RunBook::end(RunId run, UtcTime now) {
    if (has_open_attempts(run)) return;  // To be recovered.
    free_claims(run);
    abandon_batches(run);
    connection_.prepare("UPDATE runs SET ended_at = $1 WHERE run_id = $2")
        .bind(to_iso(now))
        .bind(run)
        .run();
}

bool RunBook::has_open_attempts(RunId run) {
    return !open_attempts_of(connection_, run).empty();
}

bool RunBook::recover(RunId run, const std::vector<SpilledOutcome>& spilled, const Moment& now) {
    connection_
        .prepare("UPDATE runs SET died = 1 WHERE run_id = $1 AND ended_at IS NULL AND died = 0")
        .bind(run)
        .run();
    if (connection_.rows_changed() == 0) return false;
    for (const SpilledOutcome& outcome : spilled) enter_spilled(outcome);
    doubt_open_attempts(run, now);
    free_claims(run);
    abandon_batches(run);
    return true;
}

// What does not fit the ledger is not believed: its attempt stays open and becomes a doubt.
void RunBook::enter_spilled(const SpilledOutcome& spilled) {
    try {
        store::Savepoint savepoint(connection_);
        verbs_.finish_attempt(spilled.claim, spilled.attempt, spilled.end, spilled.move);
        settle_contact_of(spilled);
        savepoint.keep();
    } catch (const ClaimLost&) {
    } catch (const DomainBusy&) {
    } catch (const std::logic_error&) {
    }
}

bool RunBook::is_recovered(RunId run) {
    auto& row = connection_.prepare("SELECT COUNT(*) FROM runs WHERE run_id = $1 AND died = 1");
    row.bind(run);
    const bool is_so = row.next_row() && row.integer(0) == 1;
    row.run();
    return is_so;
}

// Of that order and run: a ledger put back from a dump gives the numbers of attempts again.
bool RunBook::is_in_doubt(const SpilledOutcome& spilled) {
    auto& row = connection_.prepare(
        "SELECT COUNT(*) FROM attempts WHERE attempt_id = $1 AND order_id = $2 AND run_id = $3 "
        "AND outcome = 'in_doubt' AND settled_as IS NULL");
    row.bind(spilled.attempt).bind(spilled.claim.order).bind(spilled.claim.run);
    const bool is_so = row.next_row() && row.integer(0) == 1;
    row.run();
    return is_so;
}

bool RunBook::enter_late(const std::vector<SpilledOutcome>& spilled) {
    bool is_all = true;
    for (const SpilledOutcome& outcome : spilled) is_all = enter_late(outcome) && is_all;
    return is_all;
}

bool RunBook::enter_late(const SpilledOutcome& spilled) {
    if (!is_in_doubt(spilled)) return true;
    if (spilled.end.outcome == AttemptOutcome::in_doubt) {
        if (spilled.end.is_unproven) note_unproven(spilled);
        return true;
    }
    try {
        store::Savepoint savepoint(connection_);
        const auto claimed = verbs_.claim_order(spilled.claim.run, spilled.claim.order);
        if (!claimed) return false;
        if (claimed->order.state != OrderState::in_doubt) return true;
        verbs_.settle_doubt(claimed->claim, spilled.attempt, spilled.end,
                            "its run had kept the answer while the ledger could not be written",
                            spilled.move);
        settle_contact_of(spilled);
        verbs_.release(claimed->claim);
        savepoint.keep();
    } catch (const DomainBusy&) {
    } catch (const std::logic_error&) {
    }
    return true;
}

// Still a doubt, and one that was answered: it is not sent again by itself.
void RunBook::note_unproven(const SpilledOutcome& spilled) {
    connection_
        .prepare("UPDATE attempts SET is_unproven = 1, code = $1, text = $2 WHERE attempt_id = $3")
        .bind(spilled.end.code)
        .bind(spilled.end.text)
        .bind(spilled.attempt)
        .run();
}

// An order makes one contact at a time, so its one reservation without a contact is the attempt's.
void RunBook::settle_contact_of(const SpilledOutcome& spilled) {
    auto& row = connection_.prepare(
        "SELECT c.fingerprint FROM contacts c JOIN steps s ON s.order_id = c.order_id "
        "WHERE c.order_id = $1 AND c.contact_id IS NULL AND s.position = $2 "
        "AND s.function = 'contactCreate'");
    row.bind(spilled.claim.order).bind(spilled.move.position);
    if (!row.next_row()) return;
    const std::string fingerprint = row.text(0);
    row.run();
    switch (spilled.end.outcome) {
        case AttemptOutcome::done:
            return verbs_.remember_contact(fingerprint, spilled.move.step_result,
                                           spilled.end.at.utc);
        case AttemptOutcome::refused:
        case AttemptOutcome::try_later:
        case AttemptOutcome::pending:
            return verbs_.forget_contact(fingerprint);
        case AttemptOutcome::in_doubt:
            return;
    }
}

void RunBook::doubt_open_attempts(RunId run, const Moment& now) {
    for (const OpenAttempt& attempt : open_attempts_of(connection_, run)) {
        const std::string text = "run " + std::to_string(run) + " died before the answer was noted";
        note_doubt(connection_, attempt.id, text, now);
        OrderMove move;
        move.state = OrderState::in_doubt;
        move.reason = attempt.function + " was sent and its answer is not known: " + text;
        move.position = attempt.position;
        move.step_state = StepState::in_doubt;
        move.step_note = text;
        apply_move(connection_, standing_order(connection_, attempt.order), run, move, now.utc);
    }
}

void RunBook::free_claims(RunId run) {
    connection_.prepare("UPDATE orders SET claimed_by = NULL WHERE claimed_by = $1")
        .bind(run)
        .run();
}

void RunBook::abandon_batches(RunId run) {
    auto& row =
        connection_.prepare("SELECT batch_id FROM batches WHERE run_id = $1 AND complete = 0");
    row.bind(run);
    std::vector<BatchId> batches;
    while (row.next_row()) batches.push_back(row.integer(0));
    for (const BatchId batch : batches) verbs_.delete_batch(batch);
}

bool knows_run(store::Connection& connection, RunId run) {
    if (run == 0) return true;
    auto& row = connection.prepare("SELECT COUNT(*) FROM runs WHERE run_id = $1");
    row.bind(run);
    const bool is_known = row.next_row() && row.integer(0) == 1;
    connection.let_go();
    return is_known;
}

std::vector<RunId> runs_not_ended(store::Connection& connection) {
    auto& row = connection.prepare("SELECT run_id FROM runs WHERE ended_at IS NULL AND died = 0");
    std::vector<RunId> runs;
    while (row.next_row()) runs.push_back(row.integer(0));
    return runs;
}

}  // namespace domspool
