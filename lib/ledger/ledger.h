// The ledger: what was ordered, asked and answered. All changes are verbs, each one transaction,
// synced before it returns. No SQL elsewhere (LEDGER, "One ledger").
#pragma once

#include "ledger/ledger_questions.h"
#include "ledger/ledger_records.h"
#include "ledger/ledger_write.h"
#include "util/failure.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace domspool {

class Ledger;
class RunLocks;
class SpillFile;
enum class Sole;

struct LedgerStamp {
    std::string endpoint_host;  // lower case, with a port if not the scheme's own
    std::string reseller_id;    // upper case
};

// One pass of pending-check at a time, one report at a time; kept by the kernel as long as the
// object lives.
class PassLock {
  public:
    PassLock(RunLocks& locks, Sole what) : locks_(locks), what_(what) {}
    ~PassLock();
    PassLock(const PassLock&) = delete;
    PassLock& operator=(const PassLock&) = delete;

  private:
    RunLocks& locks_;
    const Sole what_;
};

enum class Sends { no, yes };

// A run of a program, alive while its kernel lock is held (as long as the object lives). Goes
// before its ledger. When it goes, its claims are free; an attempt it left open becomes a doubt
// with the next recover_dead_runs.
class Run {
  public:
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    RunId id() const { return id_; }
    // Keeps an outcome the ledger did not take (StoreError full_or_io) in the run's spill file, on
    // the disk when it returns; recover_dead_runs enters it. The run must stop with cannot_write
    // then. Only for runs with Sends::yes. RunFailure cannot_write: the attempt will be a doubt.
    void spill(const Claim& claim, AttemptId attempt, const AttemptEnd& end, const OrderMove& move);

  private:
    friend class Ledger;
    Run(Ledger& ledger, RunId id);

    Ledger& ledger_;
    const RunId id_;
    std::unique_ptr<SpillFile> spill_;
    bool is_registered_ = false;
};

class Ledger : public LedgerQuestions {
  public:
    // Both connections were looked at already; no writer: read-only.
    Ledger(const std::string& place, std::unique_ptr<RunLocks> locks,
           std::unique_ptr<store::Connection> writer, std::unique_ptr<store::Connection> reader);
    ~Ledger();

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

    // For tests: called before and after each write(); what they throw, the writer gets.
    std::function<void()> before_commit, after_commit;

    // Registers a run: its lock is held before its row can be seen. Sends::yes writes and syncs
    // the run's number into <ledger>.runs and makes room for its spill file.
    std::unique_ptr<Run> begin_run(const std::string& program, Sends sends, const Moment& now);
    // Claims of runs whose lock is gone are freed; outcomes they spilled are entered; what is open
    // then becomes doubts and its orders in_doubt. What they read by half is taken away. Returns
    // how many runs were found dead.
    int recover_dead_runs(const Moment& now);
    std::unique_ptr<PassLock> try_pass_lock();    // nullptr: another pass is at it
    std::unique_ptr<PassLock> try_report_lock();  // nullptr: another one reports

  private:
    friend class Run;
    struct Writer;  // what a writing ledger has besides
    void commit(const std::function<void(LedgerWrite&)>& verb);
    Writer& writer();
    void cut_log_if_wished();
    void note_sending(RunId run);
    void end_run(RunId run);
    void unlock_run(RunId run);
    void enter_late_answers();
    std::unique_ptr<PassLock> try_lock(Sole what);

    const std::string files_;  // files_beside(its place)
    std::unique_ptr<RunLocks> locks_;
    std::unique_ptr<Writer> writer_;
    std::atomic<bool> log_is_to_be_cut_{false};
    std::unique_ptr<store::Connection> reader_;
};

}  // namespace domspool
