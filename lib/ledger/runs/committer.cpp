// A sync takes milliseconds, a verb some hundred microseconds; so lanes that have something to
// write at the same moment share one. There is no thread for it: who finds nobody at work takes all
// that waits, its own verb among it, and commits it; the others sleep until they are told. Nobody
// waits for company: a group is what came in while the one before was synced.
//
// What a lane may rely on when commit() returns:
// - No exception: its verb is on the disk. Only then may its call go out.
// - The verb's own exception: its savepoint was rolled back, the others' were not.
// - An exception that ended the transaction: nothing of the group may be counted on, whichever
//   member met it. None is run again alone: its lane has been told that it is not written, and acts
//   on that (spills an answer, sends nothing, ends the run).
//
// A commit that failed in its sync may stand on the disk all the same. That harms nobody: a spilled
// answer then finds its attempt answered and is passed over, and an intent is an open attempt of a
// run that ends, which is a doubt like others.
//
// A member stands on its lane's stack. That is safe because the lane sleeps in commit() until
// is_over is set, under the mutex, after the last access to the member.
#include "ledger/runs/committer.h"

namespace domspool {

namespace {

bool ends_the_transaction(const store::StoreError& error) {
    switch (error.trouble()) {
        case store::Trouble::full_or_io:
        case store::Trouble::lost:
        case store::Trouble::corrupt:
        case store::Trouble::not_writable:
            return true;
        case store::Trouble::unique_broken:
        case store::Trouble::constraint_broken:
        case store::Trouble::busy:
        case store::Trouble::missing:
        case store::Trouble::other:
            return false;
    }
    return true;
}

}  // namespace

void Committer::commit(const std::function<void()>& verb) {
    Member member{verb, nullptr, false};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&member);
    while (!member.is_over && at_work_) changed_.wait(lock);
    if (!member.is_over) {
        at_work_ = true;
        std::deque<Member*> group;
        group.swap(waiting_);
        lock.unlock();
        commit_group(group);
        lock.lock();
        for (Member* each : group) each->is_over = true;
        at_work_ = false;
        changed_.notify_all();
    }
    if (member.failure) std::rethrow_exception(member.failure);
}

// For what no transaction may hold: cutting the log, giving a lock back.
void Committer::alone(const std::function<void()>& act) {
    std::unique_lock lock(mutex_);
    while (at_work_) changed_.wait(lock);
    at_work_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
        act();
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    at_work_ = false;
    changed_.notify_all();
    if (failure) std::rethrow_exception(failure);
}

std::size_t Committer::waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

// An error that ends the transaction fails every member: none of them may act on what is not
// written, and nothing of the group is run again outside it.
void Committer::commit_group(std::deque<Member*>& group) {
    try {
        store::Transaction transaction(connection_);
        for (Member* member : group) run_member(*member);
        transaction.commit();
    } catch (...) {
        for (Member* member : group) member->failure = std::current_exception();
    }
}

void Committer::run_member(Member& member) {
    try {
        store::Savepoint savepoint(connection_);
        member.verb();
        savepoint.keep();
    } catch (const store::StoreError& error) {
        if (ends_the_transaction(error)) throw;
        member.failure = std::current_exception();
    } catch (...) {
        member.failure = std::current_exception();
    }
}

}  // namespace domspool
