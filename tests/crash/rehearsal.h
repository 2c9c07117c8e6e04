// One order file at one shop: stopped dead somewhere, run again, and looked at in the end.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/shop.h"

namespace domspool::test {

// Three registrations with one new owner and a lock to set: now-shop.com is Done at once,
// slow-shop.com becomes Pending, last-shop.com is Done at once. One lane, so that a point is always
// passed in the same order. Operations stay Pending until end_operations().
class Rehearsal {
  public:
    explicit Rehearsal(std::vector<std::string> sandbox_options = {});

    Shop& shop() { return shop_; }
    static const std::vector<std::string>& domains();

    // Orders the file; until a crash point "name:N" if one is named. Whether it was stopped there.
    bool order(const std::string& crash_point = "");
    // One pass of pending-check, likewise.
    bool pass(const std::string& crash_point = "");
    void end_operations();
    // A new ledger, as if there had been none.
    void forget_all();

    // The programs run in turn, as an operator and cron would, until every order is done. What the
    // last ones said if that does not come.
    std::string finish();
    // The time the latest run was stopped or ended; after longest_call() a doubt may be settled.
    std::chrono::steady_clock::time_point latest_run() const { return latest_run_; }
    static std::chrono::seconds longest_call() { return std::chrono::seconds(36); }

    // What is wrong in the end: each domain ordered once, locked once, its operation known (or said
    // to be unknown, where that may be), one contact made, no session left but those of the dead.
    std::string faults(bool may_be_unknown);

  private:
    bool are_all_done();
    std::string faults_of(const std::string& domain, bool may_be_unknown);
    std::string operation_of(const std::string& domain);

    Shop shop_;
    std::string file_;
    std::string said_;
    std::chrono::steady_clock::time_point latest_run_;
};

}  // namespace domspool::test
