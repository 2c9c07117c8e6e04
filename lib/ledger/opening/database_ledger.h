// The ledger in a database: one connection that writes, through the committer, and one that is
// asked.
#pragma once

#include "ledger/ledger.h"
#include "ledger/run_locks.h"
#include "ledger/runs/committer.h"
#include "ledger/runs/run_book.h"
#include "ledger/sql/ledger_questions.h"
#include "ledger/sql/ledger_verbs.h"
#include "store/connection.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace domspool {

class DatabaseLedger : public Ledger {
  public:
    // Both connections were looked at already; no writer: read-only.
    DatabaseLedger(const std::string& place, std::unique_ptr<RunLocks> locks,
                   std::unique_ptr<store::Connection> writer,
                   std::unique_ptr<store::Connection> reader);

    std::unique_ptr<Run> begin_run(const std::string& program, Sends sends,
                                   const Moment& now) override;
    int bury_dead_runs(const Moment& now) override;
    std::unique_ptr<PassLock> try_pass_lock() override;
    std::unique_ptr<PassLock> try_report_lock() override;

    std::string id() const override;
    OrderRecord order(OrderId id) const override;
    std::vector<OrderRecord> orders(const OrderFilter& filter) const override;
    std::vector<AttemptRecord> attempts(OrderId order) const override;
    std::vector<EventRecord> events(OrderId order) const override;
    Secret auth_code(OrderId order) const override;
    bool has_codes_to_wipe(UtcTime failed_before) const override;
    std::optional<BatchRecord> batch(BatchId id) const override;
    std::optional<BatchRecord> batch_of_content(const std::string& hash) const override;
    void rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const override;
    std::vector<BatchRecord> batches_with_result_due() const override;
    std::map<std::string, int> count_by_state(std::optional<BatchId> batch) const override;
    std::map<std::string, FieldMap> recall_all(const std::string& kind) const override;
    std::optional<FieldMap> recall(const std::string& kind, const std::string& key,
                                   UtcTime not_before) const override;
    std::vector<OpenOperation> open_operations() const override;
    std::vector<AttemptRecord> open_doubts() const override;
    std::vector<OrderId> orders_with_due_follow_ups(UtcTime now) const override;
    std::optional<AttemptId> owner_of(OperationId operation) const override;
    std::vector<AttemptRecord> attempts_under_way() const override;
    std::vector<ForeignOperation> foreign_operations() const override;
    bool is_domain_blocked_by_foreign(const DomainName& domain) const override;
    std::int64_t money_out_since(UtcTime since) const override;
    std::optional<SendingHold> sending_hold() const override;
    int orders_cancelled_by_others() const override;
    std::vector<EventRecord> events_for_report(std::optional<ReportId> report) const override;
    void orders_for_report(std::optional<ReportId> report,
                           const std::function<void(OrderRecord&&)>& take) const override;
    std::optional<OpenReport> open_report() const override;
    std::optional<UtcTime> last_report_at() const override;
    std::vector<DayCount> ends_by_day(UtcTime since) const override;

  private:
    friend class LedgerRun;
    friend class LedgerPass;
    // What a writing ledger has besides.
    struct Writer {
        Writer(std::unique_ptr<store::Connection> opened, const RunLocks& locks);
        std::unique_ptr<store::Connection> connection;
        Committer committer;
        LedgerVerbs verbs;
        RunBook runs;
    };

    void commit(const std::function<void(LedgerWrite&)>& verb) override;
    Writer& writer();
    void cut_log_if_wished();
    void note_sending(RunId run);
    void end_run(RunId run);
    void unlock_run(RunId run);
    void enter_late_answers();
    template <typename Question>
    auto ask(Question question) const;

    const std::string files_;  // files_beside(its place)
    std::unique_ptr<RunLocks> locks_;
    std::unique_ptr<Writer> writer_;
    std::atomic<bool> log_is_to_be_cut_{false};
    mutable std::mutex reading_;
    std::unique_ptr<store::Connection> reader_;
    mutable LedgerQuestions questions_;
};

}  // namespace domspool
