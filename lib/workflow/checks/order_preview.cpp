#include "workflow/checks/order_preview.h"

#include "workflow/checks/resembled_order.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>

namespace domspool {

namespace {

std::vector<OrderRecord> others_of_domain(const ForeseenOrder& wanted, const Ledger& ledger) {
    OrderFilter same_domain;
    same_domain.domain = wanted.order.domain.ascii();
    auto others = ledger.orders(same_domain);
    std::erase_if(others, [&](const OrderRecord& other) { return other.id == wanted.id; });
    return others;
}

// The one it would have to wait for: the domain's keeper, or an earlier one that is accepted.
std::optional<OrderId> before_it(const ForeseenOrder& wanted,
                                 const std::vector<OrderRecord>& others) {
    for (const OrderRecord& other : others) {
        const bool is_earlier = !wanted.id || other.id < *wanted.id;
        if (other.keeps_domain || (other.state == OrderState::accepted && is_earlier)) {
            return other.id;
        }
    }
    return std::nullopt;
}

Verdict not_now(const std::string& reason) {
    Verdict verdict;
    verdict.what = Verdict::What::not_now;
    verdict.reason = reason;
    return verdict;
}

bool is_one_of_its_own(const ForeseenOrder& wanted, const PreviewParts& parts, Verdict& verdict) {
    if (!wanted.resembles) return true;
    const Resemblance found =
        resemblance_to(*wanted.resembles, wanted.id, {parts.ledger, parts.cache, parts.queries});
    if (found.what == Resemblance::What::none) return true;
    const bool is_same = found.what == Resemblance::What::same;
    verdict.what = is_same ? Verdict::What::so_already : Verdict::What::not_now;
    verdict.reason = found.reason;
    return false;
}

// What the domain shows today may make the main step impossible, or needless.
void look_at_domain(const ForeseenOrder& wanted, const PreviewParts& parts, Preview& preview) {
    const auto main_step =
        std::find_if(preview.steps.begin(), preview.steps.end(),
                     [](const PlannedStep& step) { return step.phase == StepPhase::main; });
    DOMSPOOL_ASSERT(main_step != preview.steps.end());
    const StepKind* kind = step_kind(main_step->function);
    DOMSPOOL_ASSERT(kind != nullptr);
    StepRecord record;
    record.phase = StepPhase::main;
    record.function = main_step->function;
    record.arguments = main_step->arguments;
    const BeforePicture picture = kind->picture(
        {wanted.order, record, record.arguments, parts.queries, parts.cache, parts.ledger});
    if (!picture.impossible.empty()) {
        preview.verdict.what = Verdict::What::not_possible;
        preview.verdict.reason = picture.impossible;
    } else if (picture.is_so_already) {
        preview.verdict.what = Verdict::What::so_already;
        preview.verdict.reason = "is so already";
    }
}

// The runner's own order of questions: the verdict, the plan, the domain as it is.
Preview ask(const ForeseenOrder& wanted, const PreviewParts& parts) {
    const Order& order = wanted.order;
    Preview preview;
    if (!is_one_of_its_own(wanted, parts, preview.verdict)) return preview;
    preview.verdict =
        preflight(order, parts.settings, parts.cache, parts.queries, wanted.auth_code);
    const Verdict& verdict = preview.verdict;
    if (verdict.what != Verdict::What::go) return preview;
    preview.steps = parts.planner({order, verdict.rules, parts.settings.contacts,
                                   parts.settings.reseller_id, verdict.nameservers_in_place});
    look_at_domain(wanted, parts, preview);
    if (verdict.what != Verdict::What::go) preview.steps.clear();
    return preview;
}

}  // namespace

Preview foresee(const ForeseenOrder& wanted, const PreviewParts& parts) {
    const DomainName& domain = wanted.order.domain;
    const auto others = others_of_domain(wanted, parts.ledger);
    if (const auto other = before_it(wanted, others)) {
        return {not_now("waits for order " + std::to_string(*other) + " of the same domain"), {}};
    }
    if (parts.ledger.is_domain_blocked_by_foreign(domain)) {
        return {not_now("an operation that was not started here is pending for the domain"), {}};
    }
    if (!others.empty()) parts.cache.doubt_snapshot_of(domain);
    try {
        return ask(wanted, parts);
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        return {not_now(std::string("cannot be known now: ") + failure.what()), {}};
    }
}

}  // namespace domspool
