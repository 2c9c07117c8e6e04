// What would become of an order, asked and planned but not begun: the runner's way up to its first
// step, with nobody there who could change anything.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/checks/preflight.h"
#include "workflow/moves/plan_builder.h"

#include <functional>
#include <optional>
#include <vector>

namespace domspool {

struct PreviewParts {
    const Ledger& ledger;
    AnswerCache& cache;
    RegistrarQueries& queries;
    const PreflightSettings& settings;
    std::function<std::vector<PlannedStep>(const PlanRequest&)> planner;
};

struct ForeseenOrder {
    const Order& order;
    std::optional<OrderId> id;  // none: not in the ledger yet
    Secret auth_code;
    std::optional<OrderId> resembles = {};  // as in OrderRecord
};

struct Preview {
    Verdict verdict;
    std::vector<PlannedStep> steps;  // with Verdict::go
};

// Throws QueryFailure when the registrar cannot be asked at all.
Preview foresee(const ForeseenOrder& wanted, const PreviewParts& parts);

}  // namespace domspool
