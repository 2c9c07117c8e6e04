// The ledger: what was ordered, asked and answered. All changes are verbs, each one transaction,
// synced before it returns. No SQL elsewhere (LEDGER, "One ledger").
#pragma once

#include "ledger/ledger_records.h"
#include "util/failure.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace domspool {

struct LedgerStamp {
    std::string endpoint_host;  // lower case, with a port if not the scheme's own
    std::string reseller_id;    // upper case
};

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

struct SpendCeiling {
    std::int64_t cents = 0;
    UtcTime since;  // the day's beginning
};

// A transaction in the making. Verbs of several lanes share one commit, each in its savepoint; a
// verb that throws takes nothing of its own with it.
class LedgerWrite {
  public:
    virtual ~LedgerWrite() = default;

    // Claims in order of intake: batch complete; accepted, or in progress with a planned step due;
    // unclaimed; not postponed by this very run; the domain not kept by another order and no
    // earlier order of the domain accepted. No batch named: any batch.
    virtual std::vector<ClaimedOrder> claim_next(RunId run, std::optional<BatchId> batch, int limit,
                                                 UtcTime now) = 0;
    // This order, whatever its state, unless claimed.
    virtual std::optional<ClaimedOrder> claim_order(RunId run, OrderId order) = 0;
    virtual void release(const Claim& claim) = 0;
    // Stays accepted (or as it is) with the reason; not claimed again by this run. Returns in how
    // many runs that happened.
    virtual int postpone(const Claim& claim, const std::string& reason, UtcTime now) = 0;
    // The same, but the run is not counted: what stands in the way is not about the order.
    virtual void put_aside(const Claim& claim, const std::string& reason, UtcTime now) = 0;
    // The run may claim again what it put aside, because what stood in the way is gone. Returns how
    // many orders. Those ever postponed wait for another run.
    virtual int take_up_again(RunId run) = 0;

    virtual void store_plan(const Claim& claim, const std::vector<PlannedStep>& steps) = 0;
    // Behind the steps there are.
    virtual void add_step(const Claim& claim, const PlannedStep& step) = 0;
    virtual void set_price(const Claim& claim, const Money& price) = 0;
    // Throws SendingHeld, DomainBusy, CeilingReached. The order is in progress and keeps its domain
    // from here.
    virtual AttemptId begin_attempt(const Claim& claim, const AttemptIntent& intent,
                                    const std::optional<SpendCeiling>& ceiling) = 0;
    // An operation id known as foreign is taken over. Pending makes the operation open.
    // Returns the move that was written: where the operation belongs to another attempt the order
    // is held instead.
    virtual OrderMove finish_attempt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                                     const OrderMove& move) = 0;
    // No longer held, the runs in which it was postponed are counted anew. From failed to
    // another state: DomainBusy also where an order in its place has its reference.
    virtual void move_order(const Claim& claim, const OrderMove& move, UtcTime now) = 0;

    // Pending operations.
    virtual void end_operation(const Claim& claim, OperationId operation, const std::string& status,
                               const std::string& message, const OrderMove& move, UtcTime now) = 0;
    // An operation of the claimed, failed order is pending once more: it is open again, and its
    // money is out again. The order's old code and message go. Throws DomainBusy: another order
    // keeps the domain, or has the reference in its place.
    virtual void reopen_operation(const Claim& claim, OperationId operation, const OrderMove& move,
                                  UtcTime now) = 0;
    virtual void note_asked(OperationId operation, const std::string& status, bool answered,
                            UtcTime now) = 0;
    virtual void note_listed(const std::vector<OperationId>& operations, UtcTime now) = 0;
    virtual void note_age_warned(OperationId operation) = 0;
    // Seen in the list and owned by nobody. Returns in how many passes it was seen.
    virtual int note_foreign(const ForeignOperation& operation) = 0;
    virtual void forget_foreign_except(const std::vector<OperationId>& still_listed) = 0;

    // Doubts. settle: the doubt ends as `end` says (done, pending with an operation, refused, or
    // try_later = surely not executed); `how` is kept as its evidence.
    // Returns the move that was written, as finish_attempt does.
    virtual OrderMove settle_doubt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                                   const std::string& how, const OrderMove& move) = 0;
    virtual void note_empty_look(const Claim& claim, AttemptId attempt, const Moment& at) = 0;

    // Contacts made once. reserve: to be called in the write that begins the attempt.
    struct ContactReserved {};
    struct ContactKnown {
        std::string contact_id;
    };
    struct ContactElsewhere {
        OrderId order;
    };
    virtual std::variant<ContactReserved, ContactKnown, ContactElsewhere> reserve_contact(
        const std::string& fingerprint, OrderId order) = 0;
    virtual void remember_contact(const std::string& fingerprint, const std::string& contact_id,
                                  UtcTime now) = 0;
    virtual void forget_contact(const std::string& fingerprint) = 0;

    // What the registrar said, kept for a while: kind "extension", "contact", "account" ...
    // No fields: it is forgotten.
    virtual void remember(const std::string& kind, const std::string& key, const FieldMap& fields,
                          UtcTime now) = 0;

    // Intake. Rows come in portions; complete_batch asks the questions about the whole file in SQL
    // (twice in it, reference used, same order open) and makes orders of the good rows. With
    // refuse_file and a bad row no order is made and it returns false.
    // RunFailure try_later: a live run is reading the same content (abandon_batch: this batch).
    virtual BatchId begin_batch(const BatchIntake& batch) = 0;
    virtual void enter_rows(BatchId batch, const std::vector<IntakeRow>& rows) = 0;
    virtual bool complete_batch(BatchId batch, const BatchEnd& end, UtcTime now) = 0;
    virtual void abandon_batch(BatchId batch) = 0;  // takes an incomplete batch and its rows away
    // `now`: when its rows were read; the result stays due if an order of it has ended since.
    virtual void note_result_written(BatchId batch, UtcTime now) = 0;

    virtual void event(RunId run, const std::string& kind, const std::string& text, UtcTime now,
                       std::optional<OrderId> order = {}, std::optional<BatchId> batch = {}) = 0;
    // Reports. begin: takes every event that no report has; one report is under way at a time.
    // keep: its text, before the first sending. end: a mail server has taken it. withdraw: no
    // server ever will; the next report takes its events.
    virtual ReportId begin_report(const std::string& message_id, UtcTime now) = 0;
    virtual void keep_report_mail(ReportId report, const std::string& mail) = 0;
    virtual void end_report(ReportId report, UtcTime now) = 0;
    virtual void withdraw_report(ReportId report) = 0;

    // All sending: once hold_sending() has returned, no attempt begins but those that ask to
    // cancel. False, and nothing is written: it is held already, or not held.
    virtual bool hold_sending(RunId run, const std::string& person, const std::string& reason,
                              UtcTime now) = 0;
    virtual bool release_sending(RunId run, const std::string& person, UtcTime now) = 0;
    virtual void note_hold_told(UtcTime now) = 0;

    // EPP codes of orders that are done, skipped or cancelled, and of those that failed before
    // then. The log is cut once this is committed, so that they are gone from the disk.
    virtual int wipe_auth_codes(UtcTime failed_before) = 0;
};

// One pass of pending-check at a time, one report at a time; kept by the kernel as long as the
// object lives.
class PassLock {
  public:
    virtual ~PassLock() = default;
};

// A run of a program, alive while its kernel lock is held (as long as the object lives). Goes
// before its ledger. When it goes, its claims are free; an attempt it left open becomes a doubt
// with the next bury_dead_runs.
class Run {
  public:
    virtual ~Run() = default;
    virtual RunId id() const = 0;
    // Keeps an outcome the ledger did not take (StoreError full_or_io) in the run's spill file, on
    // the disk when it returns; bury_dead_runs enters it. The run must stop with cannot_write then.
    // Only for runs with Sends::yes. RunFailure cannot_write: the attempt will be a doubt.
    virtual void spill(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                       const OrderMove& move) = 0;
};

enum class Sends { no, yes };

class Ledger {
  public:
    virtual ~Ledger() = default;

    // RunFailure settings_or_ledger: missing, of another account or endpoint, newer, older (says
    // `domain-orders migrate`), a version that knows less than its .runs file (says `domain-orders
    // reconcile`). no_permission / cannot_write where that is the cause. Read-only: no write().
    static std::unique_ptr<Ledger> open(const std::string& path, const LedgerStamp& stamp);
    static std::unique_ptr<Ledger> open_read_only(const std::string& path,
                                                  const LedgerStamp& stamp);
    // Idempotent; false if it was there already.
    static bool init(const std::string& path, const LedgerStamp& stamp, UtcTime now);
    // Alone on it, backup first (its path returned); nothing if it is of this version.
    static std::optional<std::string> migrate(const std::string& path, UtcTime now);
    static void back_up(const std::string& path, const std::string& target);

    // In a savepoint of a commit that lanes share, perhaps on another's thread: it must not wait.
    // Returns after the sync, throws what the verb threw. StoreError full_or_io fails all of them.
    template <typename Verb>
    auto write(Verb verb) -> decltype(verb(std::declval<LedgerWrite&>())) {
        using Result = decltype(verb(std::declval<LedgerWrite&>()));
        if constexpr (std::is_void_v<Result>) {
            commit([&](LedgerWrite& w) { verb(w); });
        } else {
            std::optional<Result> result;
            commit([&](LedgerWrite& w) { result.emplace(verb(w)); });
            return std::move(*result);
        }
    }

    // Registers a run: its lock is held before its row can be seen. Sends::yes writes and syncs
    // the run's number into <ledger>.runs and makes room for its spill file.
    virtual std::unique_ptr<Run> begin_run(const std::string& program, Sends sends,
                                           const Moment& now) = 0;
    // Claims of runs whose lock is gone are freed; outcomes they spilled are entered; what is open
    // then becomes doubts and its orders in_doubt. What they read by half is taken away. Returns
    // how many runs were found dead.
    virtual int bury_dead_runs(const Moment& now) = 0;
    virtual std::unique_ptr<PassLock> try_pass_lock() = 0;    // nullptr: another pass is at it
    virtual std::unique_ptr<PassLock> try_report_lock() = 0;  // nullptr: another one reports

    // Questions.
    // Its own, given when it was made: by it result files tell ledgers apart.
    virtual std::string id() const = 0;
    virtual OrderRecord order(OrderId id) const = 0;  // std::out_of_range if there is none
    virtual std::vector<OrderRecord> orders(const OrderFilter& filter) const = 0;  // newest first
    virtual std::vector<AttemptRecord> attempts(OrderId order) const = 0;
    virtual std::vector<EventRecord> events(OrderId order) const = 0;
    virtual Secret auth_code(OrderId order) const = 0;
    // Whether wipe_auth_codes(failed_before) would wipe one.
    virtual bool has_codes_to_wipe(UtcTime failed_before) const = 0;
    virtual std::optional<BatchRecord> batch(BatchId id) const = 0;
    virtual std::optional<BatchRecord> batch_of_content(const std::string& hash) const = 0;
    virtual void rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const = 0;
    virtual std::vector<BatchRecord> batches_with_result_due() const = 0;
    // With the rows that never became orders ("refused", "skipped"). None named: all batches.
    virtual std::map<std::string, int> count_by_state(std::optional<BatchId> batch) const = 0;
    // See is_cancelled_by_others().
    virtual int orders_cancelled_by_others() const = 0;
    virtual std::optional<FieldMap> recall(const std::string& kind, const std::string& key,
                                           UtcTime not_before) const = 0;
    // All that is remembered of a kind, by key.
    virtual std::map<std::string, FieldMap> recall_all(const std::string& kind) const = 0;
    virtual std::vector<OpenOperation> open_operations() const = 0;
    virtual std::vector<AttemptRecord> open_doubts() const = 0;
    // In progress, the main step done, a planned follow-up due; or to be sent a second time.
    // Claimed ones are left out.
    virtual std::vector<OrderId> orders_with_due_follow_ups(UtcTime now) const = 0;
    virtual std::optional<AttemptId> owner_of(OperationId operation) const = 0;
    // Attempts without a known outcome: open (of live runs too) or in doubt, for telling foreign
    // operations apart.
    virtual std::vector<AttemptRecord> attempts_under_way() const = 0;
    virtual std::vector<ForeignOperation> foreign_operations() const = 0;
    virtual bool is_domain_blocked_by_foreign(const DomainName& domain) const = 0;
    // By whole UTC days: of the day of `since` and later.
    virtual std::int64_t money_out_since(UtcTime since) const = 0;

    virtual std::optional<SendingHold> sending_hold() const = 0;

    // For reports. None named: what no report has taken yet.
    // Events in order, all but moves of orders.
    virtual std::vector<EventRecord> events_for_report(std::optional<ReportId> report) const = 0;
    // Orders these events are about, as they now stand, without steps; in order of intake.
    virtual void orders_for_report(std::optional<ReportId> report,
                                   const std::function<void(OrderRecord&&)>& take) const = 0;
    virtual std::optional<OpenReport> open_report() const = 0;
    // When the latest report began that a mail server has taken.
    virtual std::optional<UtcTime> last_report_at() const = 0;
    virtual std::vector<DayCount> ends_by_day(UtcTime since) const = 0;

  private:
    virtual void commit(const std::function<void(LedgerWrite&)>& verb) = 0;
};

}  // namespace domspool
