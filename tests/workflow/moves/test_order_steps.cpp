#include "support/planned_registration.h"
#include "workflow/moves/order_steps.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const UtcTime kNow = *from_iso("2026-11-24T02:00:00.000Z");

}  // namespace

TEST_CASE("an adopted operation lets no follow-up go before the read-back") {
    OrderRecord order = registration(StepState::done);
    order.steps[1].evidence = Evidence::adopted;
    REQUIRE(next_step(order, kNow) == &order.steps[2]);
    order.steps[2].due_at = kNow + std::chrono::minutes(10);
    CHECK(next_step(order, kNow) == nullptr);
    order.steps[1].evidence = Evidence::reply;
    CHECK(next_step(order, kNow) == &order.steps[3]);
}

TEST_CASE("a domain that is not shown yet lets no follow-up go before it was read back") {
    OrderRecord order = registration(StepState::done);
    StepRecord& read_back = order.steps[2];
    read_back.due_at = kNow + std::chrono::minutes(1);
    CHECK(next_step(order, kNow) == &order.steps[3]);
    read_back.waits_for = WaitsFor::shown;
    CHECK(next_step(order, kNow) == nullptr);
    CHECK(next_step(order, *read_back.due_at) == &read_back);
}

TEST_CASE("a step is found by its position, and outside of the plan there is none") {
    const OrderRecord order = registration(StepState::planned);
    CHECK(step_at(order, 1) == &order.steps.front());
    CHECK(step_at(order, 4) == &order.steps.back());
    CHECK(step_at(order, 0) == nullptr);
    CHECK(step_at(order, 5) == nullptr);
}

TEST_CASE("a contact made by an earlier step stands in for it, and an order's own text stays") {
    OrderRecord order = registration(StepState::planned);
    order.steps[0].result = "AE17";
    const FieldMap arguments{{"owner", "step:1"}, {"admin", "AE1"}, {"tag", "step:1"}};
    const FieldMap expected{{"owner", "AE17"}, {"admin", "AE1"}, {"tag", "step:1"}};
    CHECK(resolved(arguments, order.steps) == expected);
}
