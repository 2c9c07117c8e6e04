// Grouped commits: the verbs of all lanes that wait at one moment share one transaction and one
// sync, each in a savepoint of its own (LEDGER, "Grouped commits").
#pragma once

#include "store/connection.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>

namespace domspool {

class Committer {
  public:
    explicit Committer(store::Connection& connection) : connection_(connection) {}

    // Returns after the sync. Throws what the verb threw; nothing of it is written then. Of the
    // lanes that wait, one does the work for all.
    void commit(const std::function<void()>& verb);
    // While no verb is at work, outside of any transaction.
    void alone(const std::function<void()>& act);
    // How many verbs wait for the group after the one at work.
    std::size_t waiting();

  private:
    struct Member {
        const std::function<void()>& verb;
        std::exception_ptr failure;
        bool is_over = false;
    };
    void commit_group(std::deque<Member*>& group);
    void run_member(Member& member);

    store::Connection& connection_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Member*> waiting_;
    bool at_work_ = false;
};

}  // namespace domspool
