#include "support/planned_registration.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/moves/plan_builder.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const UtcTime kNow = *from_iso("2026-11-24T02:00:00.000Z");

}  // namespace

TEST_CASE("what differs after Done is said when the order ends") {
    OrderRecord order = registration(StepState::done);
    order.steps.pop_back();
    order = after(order, after_reading_back(order, order.steps[2],
                                            {"owner", "owner: ordered 'AB1', is 'CD2'"}));
    CHECK(order.state == OrderState::done_open_ends);
    CHECK(order.reason == "differs in owner: ordered 'AB1', is 'CD2'");
}

TEST_CASE("a main step that need not be sent makes the order skipped") {
    OrderRecord order = registration(StepState::planned);
    order.state = OrderState::accepted;
    order.steps.pop_back();
    order.keeps_domain = false;
    order = after(order,
                  after_step_ended(order, order.steps[1], StepState::skipped, "", "is so already"));
    CHECK(order.state == OrderState::skipped);
    CHECK(order.reason == "is so already");
}

TEST_CASE("a main step that need not be sent does not end an order with follow-ups") {
    OrderRecord order = registration(StepState::planned);
    order.state = OrderState::accepted;
    order.steps.erase(order.steps.begin());
    order = after(order,
                  after_step_ended(order, order.steps[0], StepState::skipped, "", "is so already"));
    CHECK(order.state == OrderState::in_progress);
    CHECK(next_step(order, kNow)->function == kReadBack);
}

TEST_CASE("a contact that is known leaves an accepted order accepted, its domain free") {
    OrderRecord order = registration(StepState::planned);
    order.state = OrderState::accepted;
    order.keeps_domain = false;
    order.steps[0].state = StepState::planned;
    order = after(order,
                  after_step_ended(order, order.steps[0], StepState::skipped, "AE1", "is known"));
    CHECK(order.state == OrderState::accepted);
    CHECK_FALSE(order.keeps_domain);
    CHECK(order.steps[0].result == "AE1");
    CHECK(next_step(order, kNow)->function == "domainCreate");
}
