#include "workflow/pending/foreign_operations.h"

#include "workflow/moves/order_steps.h"

#include <algorithm>
#include <string>
#include <vector>

namespace domspool {

namespace {

// The pass that sees an unknown operation again records it as foreign and says so.
constexpr int kPassesUntilForeign = 2;

// The operation that an attempt without outcome may have made.
struct Expected {
    const StepKind* kind = nullptr;
    FieldMap arguments;
    std::string target;

    bool fits(const PendingRow& row) const {
        const bool has_its_code = row.code.empty() || operation_fits(row.code, *kind, arguments);
        return has_its_code && (!row.target || is_same_target(*row.target, target));
    }
};

std::vector<Expected> expected_operations(const Ledger& ledger) {
    std::vector<Expected> expected;
    for (const AttemptRecord& attempt : ledger.attempts_under_way()) {
        const StepKind* kind = step_kind(attempt.function);
        const OrderRecord order = ledger.order(attempt.order);
        const StepRecord* step = step_at(order, attempt.position);
        if (kind == nullptr || step == nullptr) continue;
        FieldMap arguments = resolved(step->arguments, order.steps);
        std::string target = operation_target(*kind, order.domain, arguments);
        expected.push_back({kind, std::move(arguments), std::move(target)});
    }
    return expected;
}

std::vector<ForeignOperation> foreign_operations(const PendingPass& pass) {
    const std::vector<Expected> expected = expected_operations(pass.ledger());
    std::vector<ForeignOperation> foreign;
    for (const PendingRow& row : pass.list().rows) {
        if (pass.was_open(row.id) || pass.ledger().owner_of(row.id)) continue;
        const bool may_be_ours = std::any_of(expected.begin(), expected.end(),
                                             [&](const Expected& one) { return one.fits(row); });
        if (may_be_ours) continue;
        ForeignOperation seen;
        seen.id = row.id;
        seen.code = row.code;
        seen.target = row.target.value_or("");
        seen.status = row.status;
        seen.first_seen = seen.last_seen = pass.now().utc;
        foreign.push_back(seen);
    }
    return foreign;
}

}  // namespace

void record_foreign_operations(PendingPass& pass) {
    const std::vector<ForeignOperation> foreign = foreign_operations(pass);
    if (foreign.empty() && pass.ledger().foreign_operations().empty()) return;
    std::vector<OperationId> ids;
    std::vector<int> passes;
    pass.ledger().write([&](LedgerWrite& w) {
        for (const ForeignOperation& seen : foreign) {
            ids.push_back(seen.id);
            passes.push_back(w.note_foreign(seen));
        }
        if (pass.list().whole) w.forget_foreign_except(ids);
    });
    for (std::size_t i = 0; i < foreign.size(); ++i) {
        if (passes[i] != kPassesUntilForeign) continue;
        pass.result().warnings.push_back(
            "operation " + std::to_string(foreign[i].id) + " (" + foreign[i].code + " " +
            foreign[i].target +
            ") was not started here; it blocks orders for its domain until it ends");
    }
}

}  // namespace domspool
