// The verbs of the ledger: all its changes. The SQL is in sql/, by subject.
#pragma once

#include "ledger/attention.h"
#include "ledger/ledger_records.h"

#include <atomic>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace domspool::store {
class Connection;
}

namespace domspool {

class RunLocks;

// The claim was taken over: another run works on the order. Nothing of the verb was written.
class ClaimLost : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Another order begun and not ended keeps the domain.
class DomainBusy : public std::runtime_error {
  public:
    DomainBusy(OrderId other, const std::string& message)
        : std::runtime_error(message), other_(other) {}
    OrderId other() const { return other_; }

  private:
    OrderId other_;
};

// The money of this attempt would pass a ceiling.
class CeilingReached : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// All sending is held; what it says tells by whom, since when, why, and what ends it.
class SendingHeld : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// What was found is another attempt's: its operation, or the contact it made. Nothing was written.
class OwnedAlready : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct SpendCeiling {
    std::int64_t cents = 0;
    UtcTime since;  // the day's beginning
};

// A transaction in the making. Verbs of several lanes share one commit, each in its savepoint; a
// verb that throws takes nothing of its own with it.
class LedgerWrite {
  public:
    // Used by one thread at a time (the committer sees to it); lives as long as its connection.
    LedgerWrite(store::Connection& connection, const RunLocks& locks)
        : connection_(connection), locks_(locks) {}

    // Claims in order of intake: batch complete; accepted, or in progress with a planned step due;
    // unclaimed; not postponed by this very run; the domain not kept by another order and no
    // earlier order of the domain accepted. No batch named: any batch.
    std::vector<ClaimedOrder> claim_next(RunId run, std::optional<BatchId> batch, int limit,
                                         UtcTime now);
    // This order, whatever its state, unless claimed.
    std::optional<ClaimedOrder> claim_order(RunId run, OrderId order);
    void release(const Claim& claim);
    // Stays accepted (or as it is) with the reason; not claimed again by this run. Returns in how
    // many runs that happened.
    int postpone(const Claim& claim, const std::string& reason, UtcTime now);
    // The same, but the run is not counted: what stands in the way is not about the order.
    void put_aside(const Claim& claim, const std::string& reason, UtcTime now);
    // The run may claim again what it put aside, because what stood in the way is gone. Returns how
    // many orders. Those ever postponed wait for another run.
    int take_up_again(RunId run);

    void store_plan(const Claim& claim, const std::vector<PlannedStep>& steps);
    // Behind the steps there are.
    void add_step(const Claim& claim, const PlannedStep& step);
    void set_price(const Claim& claim, const Money& price);
    // Throws SendingHeld, DomainBusy, CeilingReached. The order is in progress and keeps its domain
    // from here.
    AttemptId begin_attempt(const Claim& claim, const AttemptIntent& intent,
                            const std::optional<SpendCeiling>& ceiling);
    // An operation id known as foreign is taken over. Pending makes the operation open.
    // Returns the move that was written: where the operation belongs to another attempt the order
    // is held instead.
    OrderMove finish_attempt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                             const OrderMove& move);
    // No longer held, the runs in which it was postponed are counted anew. From failed to
    // another state: DomainBusy also where an order in its place has its reference.
    void move_order(const Claim& claim, const OrderMove& move, UtcTime now);

    // Pending operations.
    void end_operation(const Claim& claim, OperationId operation, const std::string& status,
                       const std::string& message, const OrderMove& move, UtcTime now);
    // An operation of the claimed, failed order is pending once more: it is open again, and its
    // money is out again. The order's old code and message go. Throws DomainBusy: another order
    // keeps the domain, or has the reference in its place.
    void reopen_operation(const Claim& claim, OperationId operation, const OrderMove& move,
                          UtcTime now);
    void note_asked(OperationId operation, const std::string& status, bool answered, UtcTime now);
    void note_listed(const std::vector<OperationId>& operations, UtcTime now);
    void note_age_warned(OperationId operation);
    // Seen in the list and owned by nobody. Returns in how many passes it was seen.
    int note_foreign(const ForeignOperation& operation);
    void note_restart_told(OperationId operation);
    void forget_foreign_except(const std::vector<OperationId>& still_listed);

    // Doubts. settle: the doubt ends as `end` says (done, pending with an operation, refused, or
    // try_later = surely not executed); `how` is kept as its evidence.
    // Returns the move that was written, as finish_attempt does.
    OrderMove settle_doubt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                           const std::string& how, const OrderMove& move);
    // The same for what was found at the registrar: of two attempts one adopts it. Throws
    // OwnedAlready.
    OrderMove adopt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                    const std::string& how, const OrderMove& move);
    // `server_date`: the registrar's own then.
    void note_empty_look(const Claim& claim, AttemptId attempt, const Moment& at,
                         const std::string& server_date);

    // Contacts made once. reserve: to be called in the write that begins the attempt.
    struct ContactReserved {};
    struct ContactKnown {
        std::string contact_id;
    };
    struct ContactElsewhere {
        OrderId order;
    };
    std::variant<ContactReserved, ContactKnown, ContactElsewhere> reserve_contact(
        const std::string& fingerprint, OrderId order);
    void remember_contact(const std::string& fingerprint, const std::string& contact_id,
                          UtcTime now);
    // For a contact that was found, as adopt() for operations. Throws OwnedAlready.
    void adopt_contact(const std::string& fingerprint, const std::string& contact_id, UtcTime now);
    void forget_contact(const std::string& fingerprint);

    // The latest is kept.
    void keep_contact(const std::string& contact_id, const FieldMap& fields, UtcTime asked_at);
    void keep_extension(const std::string& extension, const FieldMap& fields, UtcTime asked_at);
    void note_ds(const DomainName& domain, UtcTime remembered_until);
    void keep_digest_key(const std::string& key);  // the first one stays

    // The latest of an order replaces an earlier one. forget: in the write that ends the doubt.
    void note_perhaps_sent(const PerhapsSent& sent);
    void forget_perhaps_sent(OrderId order);
    // In the write that follows the word.
    void watch_word(const WatchedWord& word);
    void forget_word(OrderId order);

    void note_pass_begun(const Moment& now);
    void note_outage(const OutageNote& outage);
    void forget_outage();
    void note_good_end(const std::string& program, UtcTime now);
    void dismiss(const Dismissal& dismissal);
    void note_refused_login(const RefusedLogin& refused);
    void forget_refused_login();
    // Lines told before `forget_before` are forgotten.
    void note_told(const std::string& line, UtcTime now, UtcTime forget_before);
    // One more question about a name on that day, "2026-11-24". False, and not counted: there were
    // so many already.
    [[nodiscard]] bool count_availability_check(const std::string& day, int most);
    void note_spool_file(const std::string& active_name, const SpoolFileNote& file);
    void note_wiped_file(const std::string& content_hash, BatchId batch);
    void note_files_left_alone(const std::map<std::string, std::string>& marks);

    // Intake. Rows come in portions; complete_batch asks the questions about the whole file in SQL
    // (twice in it, reference used, same order open) and makes orders of the good rows. With
    // refuse_file and a bad row no order is made and it returns false.
    // RunFailure try_later: a live run is reading the same content (abandon_batch: this batch).
    BatchId begin_batch(const BatchIntake& batch);
    void enter_rows(BatchId batch, const std::vector<IntakeRow>& rows);
    bool complete_batch(BatchId batch, const BatchEnd& end, UtcTime now);
    std::vector<OrderId> accepted_of(BatchId batch);  // in order of intake
    void abandon_batch(BatchId batch);                // takes an incomplete batch and its rows away
    // By a run that will write the result, so that another one can if it dies. "": no place.
    void promise_result(BatchId batch, const std::string& path);
    // `now`: when its rows were read; the result stays due if an order of it has ended since. A
    // promise is kept.
    void note_result_written(BatchId batch, UtcTime now);

    void event(RunId run, const std::string& kind, const std::string& text, UtcTime now,
               std::optional<OrderId> order = {}, std::optional<BatchId> batch = {});
    // Reports. begin: takes every event that no report has; one report is under way at a time.
    // keep: its text, before the first sending. end: a mail server has taken it. withdraw: no
    // server ever will; the next report takes its events.
    ReportId begin_report(const std::string& message_id, UtcTime now);
    void keep_report_mail(ReportId report, const std::string& mail);
    void end_report(ReportId report, UtcTime now);
    void withdraw_report(ReportId report);

    // All sending: once hold_sending() has returned, no attempt begins but those that ask to
    // cancel. False, and nothing is written: it is held already, or not held.
    bool hold_sending(RunId run, const std::string& person, const std::string& reason, UtcTime now);
    bool release_sending(RunId run, const std::string& person, UtcTime now);
    void note_hold_told(UtcTime now);

    // EPP codes of orders that are done, skipped or cancelled, and of those that failed before
    // then. The log is cut once this is committed, so that they are gone from the disk.
    int wipe_auth_codes(UtcTime failed_before);

  private:
    friend class Ledger;
    friend class RunBook;
    // Where the search for claimable orders goes on, so that a run does not look again and again at
    // what it has put aside. What lies before is looked at when nothing is left behind it.
    struct ClaimCursor {
        RunId run = 0;
        std::optional<BatchId> batch;
        OrderId after = 0;
        bool is_untried_over = false;  // those that were refused and released come last
    };
    void claim_more(std::vector<ClaimedOrder>& claimed, int limit, UtcTime now);
    std::vector<OrderId> claimable(int limit, UtcTime now);
    // An incomplete batch and its rows, whoever was reading it.
    void delete_batch(BatchId batch);
    // Secrets were overwritten: the log must be cut once the transaction is over. Asking resets it.
    bool take_log_cut_wish() { return wants_log_cut_.exchange(false); }
    void wish_log_cut() { wants_log_cut_ = true; }

    store::Connection& connection_;
    const RunLocks& locks_;
    std::atomic<bool> wants_log_cut_{false};
    ClaimCursor cursor_;
};

}  // namespace domspool
