#include "ledger/opening/database_ledger.h"

#include "ledger/ledger_place.h"
#include "ledger/runs/spill_file.h"
#include "ledger/sql/sending_hold.h"
#include "ledger/sql/spending.h"
#include "util/failure.h"

#include <stdexcept>

namespace domspool {

namespace {

constexpr int kPortion = 100;         // rows of a batch read at once, of up to 1,000 fields
constexpr int kReportPortion = 5000;  // orders of a report: each portion looks at all its events

}  // namespace

// A run while it lives. What cannot be written at its end is found by the next bury_dead_runs.
class LedgerRun : public Run {
  public:
    LedgerRun(DatabaseLedger& ledger, RunId id) : ledger_(ledger), id_(id) {
        if (!ledger_.locks_->try_lock_run(id, *ledger_.writer_->connection)) {
            throw RunFailure(ExitCode::try_later,
                             "cannot begin a run: its lock is held; start the program again");
        }
    }
    ~LedgerRun() override {
        try {
            if (is_registered_) ledger_.end_run(id_);
        } catch (const std::exception&) {
            // Its row says that it has not ended.
        }
        if (spill_ && !spill_->is_used()) spill_->remove();
        ledger_.unlock_run(id_);
    }

    void make_room() { spill_.emplace(ledger_.files_, id_); }
    void registered() { is_registered_ = true; }

    RunId id() const override { return id_; }
    void spill(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
               const OrderMove& move) override {
        DOMSPOOL_ASSERT(spill_.has_value());
        spill_->append({claim, attempt, end, move});
    }

  private:
    DatabaseLedger& ledger_;
    const RunId id_;
    std::optional<SpillFile> spill_;
    bool is_registered_ = false;
};

class LedgerPass : public PassLock {
  public:
    LedgerPass(DatabaseLedger& ledger, Sole what) : ledger_(ledger), what_(what) {}
    ~LedgerPass() override { ledger_.locks_->unlock(what_); }

  private:
    DatabaseLedger& ledger_;
    const Sole what_;
};

DatabaseLedger::Writer::Writer(std::unique_ptr<store::Connection> opened, const RunLocks& locks)
    : connection(std::move(opened)),
      committer(*connection),
      verbs(*connection, locks),
      runs(*connection, verbs) {}

DatabaseLedger::DatabaseLedger(const std::string& place, std::unique_ptr<RunLocks> locks,
                               std::unique_ptr<store::Connection> writer,
                               std::unique_ptr<store::Connection> reader)
    : files_(files_beside(place)),
      locks_(std::move(locks)),
      writer_(writer ? std::make_unique<Writer>(std::move(writer), *locks_) : nullptr),
      reader_(std::move(reader)),
      questions_(*reader_) {}

template <typename Question>
auto DatabaseLedger::ask(Question question) const {
    // A statement left half read would keep an old picture of the ledger alive.
    struct LetGo {
        store::Connection& connection;
        ~LetGo() { connection.let_go(); }
    };
    const std::lock_guard lock(reading_);
    const LetGo at_the_end{*reader_};
    return question(questions_);
}

DatabaseLedger::Writer& DatabaseLedger::writer() {
    if (!writer_) throw std::logic_error("the ledger was opened for reading only");
    return *writer_;
}

void DatabaseLedger::commit(const std::function<void(LedgerWrite&)>& verb) {
    Writer& with = writer();
    with.committer.commit([&] { verb(with.verbs); });
    cut_log_if_wished();
}

// What is committed stays committed: a log that cannot be cut now is cut at the run's end, or with
// the next wiping. Lanes wait meanwhile, so a reader in the way is not waited for.
void DatabaseLedger::cut_log_if_wished() {
    if (!writer_->verbs.take_log_cut_wish()) return;
    bool is_cut = false;
    try {
        writer_->committer.alone(
            [&] { is_cut = writer_->connection->cut_log(std::chrono::milliseconds(100)); });
    } catch (const store::StoreError&) {
        // The disk; the next verb that writes meets it as well.
    }
    log_is_to_be_cut_ = !is_cut;
}

std::unique_ptr<Run> DatabaseLedger::begin_run(const std::string& program, Sends sends,
                                               const Moment& now) {
    std::unique_ptr<LedgerRun> run;
    writer().committer.commit([&] {
        const RunId id = writer_->runs.enter(program, sends, now);
        run = std::make_unique<LedgerRun>(*this, id);
        if (sends == Sends::yes) run->make_room();
    });
    run->registered();
    if (sends == Sends::yes) note_sending(run->id());
    return run;
}

// After the commit: a number that the ledger did not keep would make it look like an old copy. In a
// transaction: runs that begin at the same time write one after the other.
void DatabaseLedger::note_sending(RunId run) {
    writer_->committer.commit([&] {
        if (run > locks_->last_sending_run()) locks_->note_sending_run(run);
    });
}

void DatabaseLedger::end_run(RunId run) {
    const UtcTime now = SystemClock().now().utc;
    writer_->committer.commit([&] {
        writer_->runs.end(run, now);
        if (log_is_to_be_cut_) writer_->verbs.wish_log_cut();
    });
    cut_log_if_wished();
}

void DatabaseLedger::unlock_run(RunId run) {
    try {
        writer_->committer.alone([&] { locks_->unlock_run(run, *writer_->connection); });
    } catch (const store::StoreError&) {
        // The session is gone, and its locks with it.
    }
}

int DatabaseLedger::bury_dead_runs(const Moment& now) {
    int buried = 0;
    const auto candidates = ask([&](LedgerQuestions&) { return runs_not_ended(*reader_); });
    for (const RunId run : candidates) {
        if (locks_->is_alive(run)) continue;
        const std::string path = SpillFile::path_of(files_, run);
        const bool may_grow = SpillFile::is_held(path);  // Asked before it is read.
        const auto spilled = SpillFile::read(path);
        bool is_dead = false;
        writer().committer.commit([&] { is_dead = writer_->runs.bury(run, spilled, now); });
        if (!is_dead) continue;
        ++buried;
        if (!may_grow) SpillFile::remove(path);
        cut_log_if_wished();
    }
    enter_late_answers();
    return buried;
}

// Of programs whose session broke: they were buried, and kept what they had been told until then.
void DatabaseLedger::enter_late_answers() {
    for (const RunId run : SpillFile::runs_beside(files_)) {
        const std::string path = SpillFile::path_of(files_, run);
        if (SpillFile::is_held(path)) continue;
        const auto spilled = SpillFile::read(path);
        bool is_over = false;
        writer().committer.commit(
            [&] { is_over = writer_->runs.is_buried(run) && writer_->runs.enter_late(spilled); });
        if (is_over) SpillFile::remove(path);
    }
}

std::unique_ptr<PassLock> DatabaseLedger::try_pass_lock() {
    if (!locks_->try_lock(Sole::pass)) return nullptr;
    return std::make_unique<LedgerPass>(*this, Sole::pass);
}

std::unique_ptr<PassLock> DatabaseLedger::try_report_lock() {
    if (!locks_->try_lock(Sole::report)) return nullptr;
    return std::make_unique<LedgerPass>(*this, Sole::report);
}

std::string DatabaseLedger::id() const {
    return ask([](LedgerQuestions& q) { return q.id(); });
}

OrderRecord DatabaseLedger::order(OrderId id) const {
    return ask([&](LedgerQuestions& q) { return q.order(id); });
}

std::vector<OrderRecord> DatabaseLedger::orders(const OrderFilter& filter) const {
    return ask([&](LedgerQuestions& q) { return q.orders(filter); });
}

std::vector<AttemptRecord> DatabaseLedger::attempts(OrderId order) const {
    return ask([&](LedgerQuestions& q) { return q.attempts(order); });
}

std::vector<EventRecord> DatabaseLedger::events(OrderId order) const {
    return ask([&](LedgerQuestions& q) { return q.events(order); });
}

Secret DatabaseLedger::auth_code(OrderId order) const {
    return ask([&](LedgerQuestions& q) { return q.auth_code(order); });
}

bool DatabaseLedger::has_codes_to_wipe(UtcTime failed_before) const {
    return ask([&](LedgerQuestions& q) { return q.has_codes_to_wipe(failed_before); });
}

std::optional<BatchRecord> DatabaseLedger::batch(BatchId id) const {
    return ask([&](LedgerQuestions& q) { return q.batch(id); });
}

std::optional<BatchRecord> DatabaseLedger::batch_of_content(const std::string& hash) const {
    return ask([&](LedgerQuestions& q) { return q.batch_of_content(hash); });
}

// In portions, and not while asking: whoever takes the rows may ask and write.
void DatabaseLedger::rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const {
    int line = -1;
    for (;;) {
        auto rows = ask([&](LedgerQuestions& q) { return q.rows_of_batch(id, line, kPortion); });
        if (rows.empty()) return;
        line = rows.back().line;
        for (BatchRow& row : rows) take(std::move(row));
    }
}

std::vector<BatchRecord> DatabaseLedger::batches_with_result_due() const {
    return ask([&](LedgerQuestions& q) { return q.batches_with_result_due(); });
}

std::map<std::string, int> DatabaseLedger::count_by_state(std::optional<BatchId> batch) const {
    return ask([&](LedgerQuestions& q) { return q.count_by_state(batch); });
}

std::optional<FieldMap> DatabaseLedger::recall(const std::string& kind, const std::string& key,
                                               UtcTime not_before) const {
    return ask([&](LedgerQuestions& q) { return q.recall(kind, key, not_before); });
}

std::map<std::string, FieldMap> DatabaseLedger::recall_all(const std::string& kind) const {
    return ask([&](LedgerQuestions& q) { return q.recall_all(kind); });
}

std::vector<OpenOperation> DatabaseLedger::open_operations() const {
    return ask([&](LedgerQuestions& q) { return q.open_operations(); });
}

std::vector<AttemptRecord> DatabaseLedger::open_doubts() const {
    return ask([&](LedgerQuestions& q) { return q.open_doubts(); });
}

std::vector<OrderId> DatabaseLedger::orders_with_due_follow_ups(UtcTime now) const {
    return ask([&](LedgerQuestions& q) { return q.orders_with_due_follow_ups(now); });
}

std::optional<AttemptId> DatabaseLedger::owner_of(OperationId operation) const {
    return ask([&](LedgerQuestions& q) { return q.owner_of(operation); });
}

std::vector<AttemptRecord> DatabaseLedger::attempts_under_way() const {
    return ask([&](LedgerQuestions& q) { return q.attempts_under_way(); });
}

std::vector<ForeignOperation> DatabaseLedger::foreign_operations() const {
    return ask([&](LedgerQuestions& q) { return q.foreign_operations(); });
}

bool DatabaseLedger::is_domain_blocked_by_foreign(const DomainName& domain) const {
    return ask([&](LedgerQuestions& q) { return q.is_domain_blocked_by_foreign(domain); });
}

std::int64_t DatabaseLedger::money_out_since(UtcTime since) const {
    return ask([&](LedgerQuestions&) { return money_out(*reader_, since); });
}

std::optional<SendingHold> DatabaseLedger::sending_hold() const {
    return ask([&](LedgerQuestions&) { return open_sending_hold(*reader_); });
}

int DatabaseLedger::orders_cancelled_by_others() const {
    return ask([&](LedgerQuestions& q) { return q.orders_cancelled_by_others(); });
}

std::vector<EventRecord> DatabaseLedger::events_for_report(std::optional<ReportId> report) const {
    return ask([&](LedgerQuestions& q) { return q.events_for_report(report); });
}

void DatabaseLedger::orders_for_report(std::optional<ReportId> report,
                                       const std::function<void(OrderRecord&&)>& take) const {
    OrderId behind = 0;
    for (;;) {
        auto orders = ask([&](LedgerQuestions& q) {
            return q.orders_for_report(report, behind, kReportPortion);
        });
        if (orders.empty()) return;
        behind = orders.back().id;
        for (OrderRecord& order : orders) take(std::move(order));
    }
}

std::optional<OpenReport> DatabaseLedger::open_report() const {
    return ask([&](LedgerQuestions& q) { return q.open_report(); });
}

std::optional<UtcTime> DatabaseLedger::last_report_at() const {
    return ask([&](LedgerQuestions& q) { return q.last_report_at(); });
}

std::vector<DayCount> DatabaseLedger::ends_by_day(UtcTime since) const {
    return ask([&](LedgerQuestions& q) { return q.ends_by_day(since); });
}

}  // namespace domspool
