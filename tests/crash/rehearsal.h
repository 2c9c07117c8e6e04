// A scene at a shop of its own: stopped dead somewhere, run again, and looked at in the end.
#pragma once

#include "crash/scene.h"
#include "support/kept_shop.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace domspool::test {

// One lane, so that a point is always passed in the same order. Operations stay Pending until
// end_operations().
class Rehearsal {
  public:
    explicit Rehearsal(Scene scene, std::vector<std::string> sandbox_options = {});

    Shop& shop() { return shop_; }
    const Scene& scene() const { return scene_; }

    // Environment of the programs to come: a crash point, a failing disk.
    using Environment = std::map<std::string, std::string>;
    // Orders the file, or one pass of pending-check.
    ProgramEnd order(const Environment& environment = {});
    ProgramEnd pass(const Environment& environment = {});
    // The course of a scene in which nothing happens, step by step: the order program, then passes.
    // Before each but the first what is pending ends.
    ProgramEnd step(int number, const Environment& environment = {});
    void end_operations();
    // A new ledger, as if there had been none.
    void forget_all();
    // The registrar might still be at its call: only after the longest may a doubt be settled. All
    // clocks go on by so much.
    void let_doubts_grow_old();
    // What lies before a step of the course, for as many trials as wanted.
    std::unique_ptr<KeptShop> kept_before(int step);

    bool are_all_done();
    // The programs run in turn, as an operator and cron would, until every order is done. What the
    // last ones said if that does not come.
    std::string finish();
    static std::chrono::seconds longest_call() { return std::chrono::seconds(36); }

    // What is wrong in the end: each call executed once, each operation known (or said to be
    // unknown, where that may be).
    std::string faults(const Leeway& leeway);

  private:
    struct OrderSeen {
        std::string state, words;
        std::optional<std::string> operation;
    };

    bool is_dropped() const { return scene_.program == "spool-run"; }
    std::string faults_of_spool(const Leeway& leeway);
    ProgramEnd run(const std::string& program, const std::vector<std::string>& arguments,
                   const Environment& environment);
    std::string faults_of(const std::string& domain, const OrderSeen& order, const Leeway& leeway);
    // What the ledger says, by domain.
    std::map<std::string, OrderSeen> orders_seen() const;
    std::vector<std::string> operations_of(const std::string& domain);

    Scene scene_;
    Shop shop_;
    std::string file_;
    std::string said_;
};

}  // namespace domspool::test
