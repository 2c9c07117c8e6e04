// The verbs of the ledger in SQL. Each runs inside a transaction of the committer's.
#pragma once

#include "ledger/ledger.h"
#include "ledger/run_locks.h"
#include "ledger/sql/order_moving.h"
#include "store/connection.h"

#include <atomic>

namespace domspool {

// Lives as long as its connection; used by one thread at a time (the committer sees to it).
class LedgerVerbs : public LedgerWrite {
  public:
    LedgerVerbs(store::Connection& connection, const RunLocks& locks)
        : connection_(connection), locks_(locks) {}

    // claim_verbs.cpp
    std::vector<ClaimedOrder> claim_next(RunId run, std::optional<BatchId> batch, int limit,
                                         UtcTime now) override;
    std::optional<ClaimedOrder> claim_order(RunId run, OrderId order) override;
    void release(const Claim& claim) override;
    int postpone(const Claim& claim, const std::string& reason, UtcTime now) override;
    void put_aside(const Claim& claim, const std::string& reason, UtcTime now) override;
    int take_up_again(RunId run) override;

    // order_verbs.cpp
    void store_plan(const Claim& claim, const std::vector<PlannedStep>& steps) override;
    void add_step(const Claim& claim, const PlannedStep& step) override;
    void set_price(const Claim& claim, const Money& price) override;
    void move_order(const Claim& claim, const OrderMove& move, UtcTime now) override;
    void event(RunId run, const std::string& kind, const std::string& text, UtcTime now,
               std::optional<OrderId> order, std::optional<BatchId> batch) override;
    int wipe_auth_codes(UtcTime failed_before) override;

    // attempt_verbs.cpp
    AttemptId begin_attempt(const Claim& claim, const AttemptIntent& intent,
                            const std::optional<SpendCeiling>& ceiling) override;
    OrderMove finish_attempt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                             const OrderMove& move) override;
    OrderMove settle_doubt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                           const std::string& how, const OrderMove& move) override;
    void note_empty_look(const Claim& claim, AttemptId attempt, const Moment& at) override;

    // operation_verbs.cpp
    void end_operation(const Claim& claim, OperationId operation, const std::string& status,
                       const std::string& message, const OrderMove& move, UtcTime now) override;
    void reopen_operation(const Claim& claim, OperationId operation, const OrderMove& move,
                          UtcTime now) override;
    void note_asked(OperationId operation, const std::string& status, bool answered,
                    UtcTime now) override;
    void note_listed(const std::vector<OperationId>& operations, UtcTime now) override;
    void note_age_warned(OperationId operation) override;
    int note_foreign(const ForeignOperation& operation) override;
    void forget_foreign_except(const std::vector<OperationId>& still_listed) override;

    // memory_verbs.cpp
    std::variant<ContactReserved, ContactKnown, ContactElsewhere> reserve_contact(
        const std::string& fingerprint, OrderId order) override;
    void remember_contact(const std::string& fingerprint, const std::string& contact_id,
                          UtcTime now) override;
    void forget_contact(const std::string& fingerprint) override;
    void remember(const std::string& kind, const std::string& key, const FieldMap& fields,
                  UtcTime now) override;

    // intake_verbs.cpp
    BatchId begin_batch(const BatchIntake& batch) override;
    void enter_rows(BatchId batch, const std::vector<IntakeRow>& rows) override;
    bool complete_batch(BatchId batch, const BatchEnd& end, UtcTime now) override;
    void abandon_batch(BatchId batch) override;
    void note_result_written(BatchId batch, UtcTime now) override;

    // report_verbs.cpp
    ReportId begin_report(const std::string& message_id, UtcTime now) override;
    void keep_report_mail(ReportId report, const std::string& mail) override;
    void end_report(ReportId report, UtcTime now) override;
    void withdraw_report(ReportId report) override;

    // sending_hold.cpp
    bool hold_sending(RunId run, const std::string& person, const std::string& reason,
                      UtcTime now) override;
    bool release_sending(RunId run, const std::string& person, UtcTime now) override;
    void note_hold_told(UtcTime now) override;

    // An incomplete batch and its rows, whoever was reading it.
    void delete_batch(BatchId batch);

    // Secrets were overwritten: the log must be cut once the transaction is over. Asking resets it.
    bool take_log_cut_wish() { return wants_log_cut_.exchange(false); }
    void wish_log_cut() { wants_log_cut_ = true; }

  private:
    int leave_for_other_runs(const Claim& claim, const std::string& reason, UtcTime now,
                             int counted);
    // An attempt whose outcome was just noted.
    struct Answered {
        int position = 0;
        std::int64_t reserved_cents = 0;
        UtcTime begun;
    };
    std::vector<OrderId> claimable(RunId run, std::optional<BatchId> batch, int limit, UtcTime now);
    std::optional<ClaimedOrder> claim(RunId run, OrderId order, const std::string& condition);
    AttemptId enter_attempt(const Claim& claim, const AttemptIntent& intent);
    Answered note_outcome(const Claim& claim, AttemptId attempt, const AttemptEnd& end);
    Answered note_settlement(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                             const std::string& how);
    OrderMove conclude(const Claim& claim, AttemptId attempt, const Answered& answered,
                       const AttemptEnd& end, const OrderMove& move);
    void require_nobody_reads(const std::string& content_hash, RunId run);

    store::Connection& connection_;
    const RunLocks& locks_;
    std::atomic<bool> wants_log_cut_{false};
    // Where the search for claimable orders goes on, so that a run does not look again and again at
    // what it has put aside. What lies before is looked at when nothing is left behind it.
    struct ClaimCursor {
        RunId run = 0;
        std::optional<BatchId> batch;
        OrderId after = 0;
    };
    ClaimCursor cursor_;
};

}  // namespace domspool
