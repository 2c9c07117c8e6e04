#include "ledger/ledger.h"
#include "ledger/ledger_place.h"
#include "ledger/run_locks.h"
#include "ledger/runs/committer.h"
#include "ledger/runs/run_book.h"
#include "ledger/runs/spill_file.h"
#include "store/connection.h"
#include "util/failure.h"

#include <stdexcept>

namespace domspool {

struct Ledger::Writer {
    Writer(std::unique_ptr<store::Connection> opened, const RunLocks& locks)
        : connection(std::move(opened)),
          committer(*connection),
          verbs(*connection, locks),
          runs(*connection, verbs) {}

    std::unique_ptr<store::Connection> connection;
    Committer committer;
    LedgerWrite verbs;
    RunBook runs;
};

Run::Run(Ledger& ledger, RunId id) : ledger_(ledger), id_(id) {
    if (!ledger_.locks_->try_lock_run(id, *ledger_.writer_->connection)) {
        throw RunFailure(ExitCode::try_later,
                         "cannot begin a run: its lock is held; start the program again");
    }
}

// What cannot be written at its end is found by the next recover_dead_runs.
Run::~Run() {
    try {
        if (is_registered_) ledger_.end_run(id_);
    } catch (const std::exception&) {
        // Its row says that it has not ended.
    }
    if (spill_ && !spill_->is_used()) spill_->remove();
    ledger_.unlock_run(id_);
}

void Run::spill(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                const OrderMove& move) {
    DOMSPOOL_ASSERT(spill_);
    spill_->append({claim, attempt, end, move});
}

PassLock::~PassLock() {
    locks_.unlock(what_);
}

Ledger::Ledger(const std::string& place, std::unique_ptr<RunLocks> locks,
               std::unique_ptr<store::Connection> writer, std::unique_ptr<store::Connection> reader)
    : LedgerQuestions(*reader),
      files_(files_beside(place)),
      locks_(std::move(locks)),
      writer_(writer ? std::make_unique<Writer>(std::move(writer), *locks_) : nullptr),
      reader_(std::move(reader)) {}

Ledger::~Ledger() = default;

Ledger::Writer& Ledger::writer() {
    if (!writer_) throw std::logic_error("the ledger was opened for reading only");
    return *writer_;
}

void Ledger::commit(const std::function<void(LedgerWrite&)>& verb) {
    if (before_commit) before_commit();
    Writer& with = writer();
    with.committer.commit([&] { verb(with.verbs); });
    cut_log_if_wished();
    if (after_commit) after_commit();
}

// What is committed stays committed: a log that cannot be cut now is cut at the run's end, or with
// the next wiping. Lanes wait meanwhile, so a reader in the way is not waited for.
void Ledger::cut_log_if_wished() {
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

std::unique_ptr<Run> Ledger::begin_run(const std::string& program, Sends sends, const Moment& now) {
    std::unique_ptr<Run> run;
    writer().committer.commit([&] {
        run.reset(new Run(*this, writer_->runs.enter(program, sends, now)));
        if (sends == Sends::yes) run->spill_ = std::make_unique<SpillFile>(files_, run->id());
    });
    run->is_registered_ = true;
    if (sends == Sends::yes) note_sending(run->id());
    return run;
}

// After the commit: a number that the ledger did not keep would make it look like an old copy. In a
// transaction: runs that begin at the same time write one after the other.
void Ledger::note_sending(RunId run) {
    writer_->committer.commit([&] {
        if (run > locks_->last_sending_run()) locks_->note_sending_run(run);
    });
}

void Ledger::end_run(RunId run) {
    const UtcTime now = SystemClock().now().utc;
    writer_->committer.commit([&] {
        writer_->runs.end(run, now);
        if (log_is_to_be_cut_) writer_->verbs.wish_log_cut();
    });
    cut_log_if_wished();
}

void Ledger::unlock_run(RunId run) {
    try {
        writer_->committer.alone([&] { locks_->unlock_run(run, *writer_->connection); });
    } catch (const store::StoreError&) {
        // The session is gone, and its locks with it.
    }
}

int Ledger::recover_dead_runs(const Moment& now) {
    int recovered = 0;
    const auto candidates = [&] {
        const Asking asking(*this);
        return runs_not_ended(*reader_);
    }();
    for (const RunId run : candidates) {
        if (locks_->is_alive(run)) continue;
        const std::string path = SpillFile::path_of(files_, run);
        const bool may_grow = SpillFile::is_held(path);  // Asked before it is read.
        const auto spilled = SpillFile::read(path);
        bool is_dead = false;
        writer().committer.commit([&] { is_dead = writer_->runs.recover(run, spilled, now); });
        if (!is_dead) continue;
        ++recovered;
        if (!may_grow) SpillFile::remove(path);
        cut_log_if_wished();
    }
    enter_late_answers();
    return recovered;
}

// Of programs whose session broke: they were recovered, and kept what they had been told until
// then.
void Ledger::enter_late_answers() {
    for (const RunId run : SpillFile::runs_beside(files_)) {
        const std::string path = SpillFile::path_of(files_, run);
        if (SpillFile::is_held(path)) continue;
        const auto spilled = SpillFile::read(path);
        bool is_over = false;
        writer().committer.commit([&] {
            is_over = writer_->runs.is_recovered(run) && writer_->runs.enter_late(spilled);
        });
        if (is_over) SpillFile::remove(path);
    }
}

std::unique_ptr<PassLock> Ledger::try_lock(Sole what) {
    return locks_->try_lock(what) ? std::make_unique<PassLock>(*locks_, what) : nullptr;
}

std::unique_ptr<PassLock> Ledger::try_pass_lock() {
    return try_lock(Sole::pass);
}

std::unique_ptr<PassLock> Ledger::try_report_lock() {
    return try_lock(Sole::report);
}

}  // namespace domspool
