// What others do while the programs run: the registrar ends operations, refuses some, restarts what
// it refused; somebody else works on the same account; a person decides about an order.
#pragma once

#include "support/shop.h"

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace domspool::test {

class Outside {
  public:
    Outside(Shop& shop, unsigned seed) : shop_(shop), random_(seed) {}

    // One moment of theirs; in most nothing happens. `owned` are domains of the account.
    void stir(const std::vector<std::string>& owned);
    // Now and then: a failed order is retried, one that has not ended is cancelled.
    std::optional<ProgramCall> decision();
    // Ends what is pending. What was restarted stays pending for kRestartedLast moments or until
    // let_restarted_end(), so that a list can show it: what is restarted and done between two lists
    // no client can see.
    void finish_pending();
    void let_restarted_end() { restarted_.clear(); }

    // Operations of somebody else.
    const std::set<std::string>& foreign() const { return foreign_; }
    int refused() const { return refused_; }
    int restarted() const { return restarted_in_all_; }

  private:
    int number(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
    bool once_in(int times) { return number(1, times) == 1; }
    bool steer(const std::string& command);
    bool is_kept_pending(std::int64_t operation) const;
    void refuse_one();
    bool is_ordered_anew(const SandboxOperation& operation);
    void restart_one();
    void start_foreign(const std::string& domain);
    std::vector<SandboxOperation> operations(const std::string& status);
    // An order's number by the ledger's list.
    std::optional<std::string> order_in_state(const std::string& state);

    Shop& shop_;
    std::mt19937 random_;
    std::set<std::string> foreign_;
    std::map<std::int64_t, int> restarted_;  // operation: at which moment
    int moment_ = 0, refused_ = 0, restarted_in_all_ = 0;
};

}  // namespace domspool::test
