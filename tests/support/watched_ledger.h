// A real ledger whose commits a test may watch, refuse, or not survive.
#pragma once

#include "ledger/ledger.h"

#include <functional>
#include <memory>
#include <utility>

namespace domspool::test {

class WatchedLedger : public Ledger {
  public:
    explicit WatchedLedger(std::unique_ptr<Ledger> real) : real_(std::move(real)) {}

    // Called before and after each commit; what they throw, the writer gets.
    std::function<void()> before_commit, after_commit;

    std::unique_ptr<Run> begin_run(const std::string& program, Sends sends,
                                   const Moment& now) override {
        return real_->begin_run(program, sends, now);
    }
    int bury_dead_runs(const Moment& now) override { return real_->bury_dead_runs(now); }
    std::unique_ptr<PassLock> try_pass_lock() override { return real_->try_pass_lock(); }
    std::string id() const override { return real_->id(); }
    OrderRecord order(OrderId id) const override { return real_->order(id); }
    std::vector<OrderRecord> orders(const OrderFilter& filter) const override {
        return real_->orders(filter);
    }
    std::vector<AttemptRecord> attempts(OrderId order) const override {
        return real_->attempts(order);
    }
    std::vector<EventRecord> events(OrderId order) const override { return real_->events(order); }
    bool has_codes_to_wipe(UtcTime failed_before) const override {
        return real_->has_codes_to_wipe(failed_before);
    }
    Secret auth_code(OrderId order) const override { return real_->auth_code(order); }
    std::optional<BatchRecord> batch(BatchId id) const override { return real_->batch(id); }
    std::optional<BatchRecord> batch_of_content(const std::string& hash) const override {
        return real_->batch_of_content(hash);
    }
    void rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const override {
        real_->rows_of_batch(id, take);
    }
    std::vector<BatchRecord> batches_with_result_due() const override {
        return real_->batches_with_result_due();
    }
    std::map<std::string, int> count_by_state(std::optional<BatchId> batch) const override {
        return real_->count_by_state(batch);
    }
    std::optional<FieldMap> recall(const std::string& kind, const std::string& key,
                                   UtcTime not_before) const override {
        return real_->recall(kind, key, not_before);
    }
    std::map<std::string, FieldMap> recall_all(const std::string& kind) const override {
        return real_->recall_all(kind);
    }
    std::vector<OpenOperation> open_operations() const override { return real_->open_operations(); }
    std::vector<AttemptRecord> open_doubts() const override { return real_->open_doubts(); }
    std::vector<OrderId> orders_with_due_follow_ups(UtcTime now) const override {
        return real_->orders_with_due_follow_ups(now);
    }
    std::optional<AttemptId> owner_of(OperationId operation) const override {
        return real_->owner_of(operation);
    }
    std::vector<AttemptRecord> attempts_under_way() const override {
        return real_->attempts_under_way();
    }
    std::vector<ForeignOperation> foreign_operations() const override {
        return real_->foreign_operations();
    }
    bool is_domain_blocked_by_foreign(const DomainName& domain) const override {
        return real_->is_domain_blocked_by_foreign(domain);
    }
    std::int64_t money_out_since(UtcTime since) const override {
        return real_->money_out_since(since);
    }
    std::optional<SendingHold> sending_hold() const override { return real_->sending_hold(); }
    int orders_cancelled_by_others() const override { return real_->orders_cancelled_by_others(); }
    std::unique_ptr<PassLock> try_report_lock() override { return real_->try_report_lock(); }
    std::vector<EventRecord> events_for_report(std::optional<ReportId> report) const override {
        return real_->events_for_report(report);
    }
    void orders_for_report(std::optional<ReportId> report,
                           const std::function<void(OrderRecord&&)>& take) const override {
        real_->orders_for_report(report, take);
    }
    std::optional<OpenReport> open_report() const override { return real_->open_report(); }
    std::optional<UtcTime> last_report_at() const override { return real_->last_report_at(); }
    std::vector<DayCount> ends_by_day(UtcTime since) const override {
        return real_->ends_by_day(since);
    }

  private:
    void commit(const std::function<void(LedgerWrite&)>& verb) override {
        if (before_commit) before_commit();
        real_->write([&](LedgerWrite& w) { verb(w); });
        if (after_commit) after_commit();
    }

    std::unique_ptr<Ledger> real_;
};

}  // namespace domspool::test
