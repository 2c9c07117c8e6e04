// What must be so before an order spends money (DESIGN 4): the checks of workflow/checks/preflight,
// what the ledger and the account's funds allow, and the plan, made once and frozen. Asks and
// writes; nothing is sent.
#pragma once

#include "workflow/checks/preflight.h"
#include "workflow/moves/plan_builder.h"
#include "workflow/sending/lane_parts.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool {

// The plan of a kind. nullptr (pending-check): goes on with what was begun, never a first step.
using PlanSource = std::function<std::vector<PlannedStep>(const PlanRequest&)>;

class OrderPreparation {
  public:
    // Both outlive it.
    OrderPreparation(const LaneParts& lane, const PlanSource& planner)
        : lane_(lane), planner_(planner) {}

    // Whether the order's steps may be gone through. The checks are made anew in each run that
    // comes to send the main step. No: the order was moved, postponed, or is left with its reason.
    // QueryFailure: the registrar cannot be asked; nothing was changed.
    bool is_ready(ClaimedOrder& claimed, const Order& order);

  private:
    bool is_one_of_its_own(ClaimedOrder& claimed);
    bool follow(ClaimedOrder& claimed, const Verdict& verdict);
    void give_up(ClaimedOrder& claimed, const std::string& code, const std::string& reason);
    bool is_plan_current(ClaimedOrder& claimed, const Order& order, const Verdict& verdict);
    bool is_covered(ClaimedOrder& claimed, const Verdict& verdict);
    void plan(ClaimedOrder& claimed, const Order& order, const Verdict& verdict);
    bool is_possible(ClaimedOrder& claimed, const Order& order);
    void doubt_snapshot(const ClaimedOrder& claimed);

    const LaneParts& lane_;
    const PlanSource& planner_;
};

}  // namespace domspool
