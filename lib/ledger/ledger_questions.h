// The questions of the ledger. They change nothing, and see what is committed. The SQL is in sql/.
#pragma once

#include "ledger/attention.h"
#include "ledger/ledger_records.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace domspool::store {
class Connection;
}

namespace domspool {

// One is asked at a time, from whatever thread. Lives as long as its connection.
class LedgerQuestions {
  public:
    explicit LedgerQuestions(store::Connection& connection) : connection_(connection) {}

    // Its own, given when it was made: by it result files tell ledgers apart.
    std::string id() const;
    OrderRecord order(OrderId id) const;  // std::out_of_range if there is none
    std::vector<OrderRecord> orders(const OrderFilter& filter) const;  // newest first
    std::vector<AttemptRecord> attempts(OrderId order) const;
    std::vector<EventRecord> events(OrderId order) const;
    Secret auth_code(OrderId order) const;
    // Whether wipe_auth_codes(failed_before) would wipe one.
    bool has_codes_to_wipe(UtcTime failed_before) const;
    std::optional<BatchRecord> batch(BatchId id) const;
    std::optional<BatchRecord> batch_of_content(const std::string& hash) const;
    void rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const;
    std::vector<BatchRecord> batches_with_result_due() const;
    // With the rows that never became orders ("refused", "skipped"). None named: all batches.
    std::map<std::string, int> count_by_state(std::optional<BatchId> batch) const;
    // See is_cancelled_by_others().
    int orders_cancelled_by_others() const;
    std::vector<OpenOperation> open_operations() const;
    std::vector<AttemptRecord> open_doubts() const;
    // In progress, the main step done, a planned follow-up due; or to be sent a second time.
    // Claimed ones are left out.
    std::vector<OrderId> orders_with_due_follow_ups(UtcTime now) const;
    std::optional<AttemptId> owner_of(OperationId operation) const;
    // Attempts without a known outcome: open (of live runs too) or in doubt, for telling foreign
    // operations apart.
    std::vector<AttemptRecord> attempts_under_way() const;
    std::vector<ForeignOperation> foreign_operations() const;
    // That it is pending again, though it had failed, and another order stands in its place.
    bool is_restart_told(OperationId operation) const;
    bool is_domain_blocked_by_foreign(const DomainName& domain) const;
    // By whole UTC days: of the day of `since` and later.
    std::int64_t money_out_since(UtcTime since) const;

    // Nothing: sending is not held. StoreError corrupt where what stands there cannot be believed.
    std::optional<SendingHold> sending_hold() const;

    std::vector<PerhapsSent> orders_perhaps_sent() const;
    // Nothing: what the ledger says of it is all there was.
    std::optional<PerhapsSent> perhaps_sent(OrderId order) const;
    std::vector<WatchedWord> watched_words() const;

    // What contactCreate gave since then; with no time: ever.
    bool is_made_here(const std::string& contact_id, UtcTime since = {}) const;
    // As the registrar told them; nothing older.
    std::optional<FieldMap> known_contact(const std::string& contact_id, UtcTime not_before) const;
    std::optional<FieldMap> known_extension(const std::string& extension, UtcTime not_before) const;
    // Others may remember a DS of the domain so long; nothing: none was ever seen.
    std::optional<UtcTime> ds_remembered_until(const DomainName& domain) const;
    // For digests of EPP codes; "": not chosen yet.
    std::string digest_key() const;

    // What a run of a program left for the next one.
    std::optional<Moment> last_pass_begun() const;
    std::optional<OutageNote> outage() const;
    std::map<std::string, UtcTime> good_ends() const;  // by program
    // Oldest first.
    std::vector<OrderForAPerson> orders_for_a_person(UtcTime now) const;
    std::optional<Dismissal> dismissal(OrderId order) const;  // the latest
    std::optional<RefusedLogin> refused_login() const;
    std::optional<UtcTime> told_at(const std::string& line) const;
    std::optional<SpoolFileNote> spool_file(const std::string& active_name) const;
    // Hashes of files whose EPP codes were overwritten before their bytes could be known.
    std::set<std::string> wiped_files() const;
    std::map<std::string, std::string> files_left_alone() const;  // their marks, by name

    // For reports. None named: what no report has taken yet.
    // Events in order, all but moves of orders.
    std::vector<EventRecord> events_for_report(std::optional<ReportId> report) const;
    // Orders these events are about, as they now stand, without steps; in order of intake.
    void orders_for_report(std::optional<ReportId> report,
                           const std::function<void(OrderRecord&&)>& take) const;
    std::optional<OpenReport> open_report() const;
    // When the latest report began that a mail server has taken.
    std::optional<UtcTime> last_report_at() const;
    std::vector<DayCount> ends_by_day(UtcTime since) const;

  protected:
    // While one is asked. Statements may be left half read: they are let go at its end, else they
    // would keep an old picture of the ledger alive.
    class Asking {
      public:
        explicit Asking(const LedgerQuestions& with);
        ~Asking();
        Asking(const Asking&) = delete;
        Asking& operator=(const Asking&) = delete;

      private:
        const std::lock_guard<std::mutex> lock_;
        store::Connection& connection_;
    };

  private:
    // What its row does not tell.
    void complete(OrderRecord& order) const;
    void explain_waiting(OrderRecord& order) const;
    std::vector<BatchRow> rows_behind(BatchId batch, int line) const;
    std::vector<OrderRecord> orders_behind(OrderId order, std::optional<ReportId> report) const;

    store::Connection& connection_;
    mutable std::mutex asking_;
};

}  // namespace domspool
