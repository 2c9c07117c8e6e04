// The questions of the ledger in SQL. Ask, change nothing; see what is committed.
#pragma once

#include "ledger/ledger.h"
#include "store/connection.h"

#include <map>
#include <string>
#include <vector>

namespace domspool {

// Named and answered as in Ledger. One thread at a time; statements may be left half read.
class LedgerQuestions {
  public:
    explicit LedgerQuestions(store::Connection& connection) : connection_(connection) {}

    // order_questions.cpp
    OrderRecord order(OrderId id);
    std::vector<OrderRecord> orders(const OrderFilter& filter);
    std::vector<EventRecord> events(OrderId order);
    Secret auth_code(OrderId order);
    bool has_codes_to_wipe(UtcTime failed_before);
    std::vector<OrderId> orders_with_due_follow_ups(UtcTime now);

    // attempt_questions.cpp
    std::vector<AttemptRecord> attempts(OrderId order);
    std::vector<AttemptRecord> open_doubts();
    std::vector<AttemptRecord> attempts_under_way();
    std::vector<OpenOperation> open_operations();
    std::optional<AttemptId> owner_of(OperationId operation);
    std::vector<ForeignOperation> foreign_operations();
    bool is_domain_blocked_by_foreign(const DomainName& domain);
    std::map<std::string, FieldMap> recall_all(const std::string& kind);
    std::optional<FieldMap> recall(const std::string& kind, const std::string& key,
                                   UtcTime not_before);

    // batch_questions.cpp
    std::string id();
    std::optional<BatchRecord> batch(BatchId id);
    std::optional<BatchRecord> batch_of_content(const std::string& hash);
    std::vector<BatchRecord> batches_with_result_due();
    std::map<std::string, int> count_by_state(std::optional<BatchId> batch);
    int orders_cancelled_by_others();
    // The next rows behind this line, at most so many.
    std::vector<BatchRow> rows_of_batch(BatchId id, int behind_line, int at_most);

    // report_questions.cpp
    std::vector<EventRecord> events_for_report(std::optional<ReportId> report);
    // The next orders behind this one, at most so many.
    std::vector<OrderRecord> orders_for_report(std::optional<ReportId> report, OrderId behind,
                                               int at_most);
    std::optional<OpenReport> open_report();
    std::optional<UtcTime> last_report_at();
    std::vector<DayCount> ends_by_day(UtcTime since);

  private:
    // What its row does not tell.
    void complete(OrderRecord& order);
    void explain_waiting(OrderRecord& order);

    store::Connection& connection_;
};

}  // namespace domspool
