#include "ledger/runs/locks_in_file.h"

#include "util/failure.h"

namespace domspool {

namespace {

constexpr std::int64_t kFirstRunByte = 1 << 20;

std::int64_t byte_of(Sole what) {
    switch (what) {
        case Sole::pass:
            return 1 << 10;
        case Sole::report:
            return (1 << 10) + 1;
    }
    our_bug("a lock without a byte", __FILE__, __LINE__);
}

}  // namespace

bool LocksInFile::try_lock_run(RunId run, store::Connection&) {
    const std::lock_guard lock(mutex_);
    if (ours_.contains(run) || !file_.try_lock(kFirstRunByte + run)) return false;
    ours_.insert(run);
    return true;
}

bool LocksInFile::try_lock_all_runs() {
    return file_.try_lock_from(kFirstRunByte);
}

void LocksInFile::unlock_run(RunId run, store::Connection&) {
    const std::lock_guard lock(mutex_);
    file_.unlock(kFirstRunByte + run);
    ours_.erase(run);
}

bool LocksInFile::is_alive(RunId run) const {
    return is_ours(run) || file_.is_locked_by_other(kFirstRunByte + run);
}

bool LocksInFile::is_ours(RunId run) const {
    const std::lock_guard lock(mutex_);
    return ours_.contains(run);
}

bool LocksInFile::try_lock(Sole what) {
    const std::lock_guard lock(mutex_);
    if (sole_.contains(what) || !file_.try_lock(byte_of(what))) return false;
    sole_.insert(what);
    return true;
}

void LocksInFile::unlock(Sole what) {
    const std::lock_guard lock(mutex_);
    file_.unlock(byte_of(what));
    sole_.erase(what);
}

}  // namespace domspool
