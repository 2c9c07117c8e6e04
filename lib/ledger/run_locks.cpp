#include "ledger/run_locks.h"

#include "util/failure.h"

#include <cstdio>
#include <cstdlib>

namespace domspool {

namespace {

constexpr std::size_t kHeaderSize = 32;
constexpr std::int64_t kFirstRunByte = 1 << 20;

std::int64_t byte_of(RunLocks::Sole what) {
    switch (what) {
        case RunLocks::Sole::pass:
            return 1 << 10;
        case RunLocks::Sole::report:
            return (1 << 10) + 1;
    }
    our_bug("a lock without a byte", __FILE__, __LINE__);
}

std::string runs_path(const std::string& ledger_path) {
    return ledger_path + ".runs";
}

}  // namespace

RunLocks::RunLocks(const std::string& ledger_path, ByteLockFile::IfMissing if_missing)
    : file_(runs_path(ledger_path), if_missing) {}

bool RunLocks::try_lock_run(RunId run) {
    const std::lock_guard lock(mutex_);
    if (ours_.contains(run) || !file_.try_lock(kFirstRunByte + run)) return false;
    ours_.insert(run);
    return true;
}

bool RunLocks::try_lock_all_runs() {
    return file_.try_lock_from(kFirstRunByte);
}

void RunLocks::unlock_run(RunId run) {
    const std::lock_guard lock(mutex_);
    file_.unlock(kFirstRunByte + run);
    ours_.erase(run);
}

bool RunLocks::is_alive(RunId run) const {
    return is_ours(run) || file_.is_locked_by_other(kFirstRunByte + run);
}

bool RunLocks::is_ours(RunId run) const {
    const std::lock_guard lock(mutex_);
    return ours_.contains(run);
}

bool RunLocks::try_lock(Sole what) {
    const std::lock_guard lock(mutex_);
    if (sole_.contains(what) || !file_.try_lock(byte_of(what))) return false;
    sole_.insert(what);
    return true;
}

void RunLocks::unlock(Sole what) {
    const std::lock_guard lock(mutex_);
    file_.unlock(byte_of(what));
    sole_.erase(what);
}

RunId RunLocks::last_sending_run() const {
    const std::string header = file_.read_at(0, kHeaderSize);
    if (header.empty()) return 0;
    long long run = 0;
    if (std::sscanf(header.c_str(), "domspool-runs 1 %lld\n", &run) != 1) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "the ledger's .runs file is damaged; run `domain-orders reconcile`");
    }
    return run;
}

void RunLocks::note_sending_run(RunId run) {
    char header[kHeaderSize + 1];
    std::snprintf(header, sizeof header, "domspool-runs 1 %-15lld\n", static_cast<long long>(run));
    file_.write_at(0, header);
}

}  // namespace domspool
