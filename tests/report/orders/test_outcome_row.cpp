#include "report/orders/outcome_row.h"
#include "support/order_records.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

TEST_CASE("a failed order says what was refused, and the registrar's code") {
    OrderRecord order = order_in(OrderState::failed);
    order.code = "E12-M1204";
    order.message = "Operation is closed";
    order.reason = "domainCreate was refused: E12-M1204: Operation is closed";
    const OutcomeRow row = outcome_row(order);
    CHECK(row.state == "failed");
    CHECK(row.code == "E12-M1204");
    CHECK(row.message == "domainCreate was refused: E12-M1204: Operation is closed");
}

TEST_CASE("a refusal that was overcome is not shown on a done order") {
    OrderRecord order = order_in(OrderState::done);
    order.code = "E99-M1";
    order.message = "busy";
    const OutcomeRow row = outcome_row(order);
    CHECK(row.code.empty());
    CHECK(row.message.empty());
}

TEST_CASE("a done order that differs says in what") {
    OrderRecord order = order_in(OrderState::done);
    order.message = "OK";
    order.reason = "differs in nameservers";
    CHECK(outcome_row(order).message == "differs in nameservers");
    order.reason.clear();
    CHECK(outcome_row(order).message == "OK");
}

TEST_CASE("a row that never became an order is refused with all its problems") {
    BatchRow row = refused_row(4, "a_b", "orders.csv:4: domain 'a_b': is no domain name");
    row.problems.push_back("orders.csv:4: years: is missing");
    const OutcomeRow outcome = outcome_row(row);
    CHECK(outcome.state == "refused");
    CHECK(outcome.domain == "a_b");
    CHECK_FALSE(outcome.order_id);
    CHECK(outcome.message ==
          "orders.csv:4: domain 'a_b': is no domain name; orders.csv:4: years: is missing");
}

TEST_CASE("a row an earlier order says already is skipped and names that order") {
    BatchRow row;
    row.line = 5;
    row.domain = "example.net";
    row.earlier_order = 7;
    const OutcomeRow outcome = outcome_row(row);
    CHECK(outcome.state == "skipped");
    CHECK(outcome.order_id == 7);
    CHECK(outcome.message == "order 7 says the same");
}

TEST_CASE("of an earlier order the state is told, and how it is ordered all the same") {
    OrderRecord earlier = order_in(OrderState::waiting, 7);
    CHECK(words_of_earlier(earlier, SameBy::number, "") == "order 7 is waiting");
    CHECK(words_of_earlier(earlier, SameBy::file, "") == "order 7 says the same and is waiting");
    CHECK(
        words_of_earlier(earlier, SameBy::likeness, "71") ==
        "order 7 says the same and is waiting; the file with --again, it is ordered all the same");
    earlier.reference = "71";
    CHECK(words_of_earlier(earlier, SameBy::likeness, "71") ==
          "order 7 says the same and is waiting; with a reference of its own, and the file with "
          "--again, it is ordered all the same");
}

TEST_CASE("what was skipped for its likeness only is told from what is surely the same") {
    BatchRow row;
    row.earlier_order = 7;
    row.same_by = SameBy::number;
    CHECK_FALSE(is_skipped_as_alike(row));
    row.same_by = SameBy::likeness;
    CHECK(is_skipped_as_alike(row));
    BatchRow own = row_of(order_in(OrderState::skipped));
    CHECK_FALSE(is_skipped_as_alike(own));
    own.order->resembles = 7;
    CHECK(is_skipped_as_alike(own));
    own.kind = OrderKind::nameservers;
    CHECK_FALSE(is_skipped_as_alike(own));
    own.kind = OrderKind::trade;
    own.order->state = OrderState::done;
    CHECK_FALSE(is_skipped_as_alike(own));
}

TEST_CASE("a table says below a line only what the line does not") {
    OrderRecord order = order_in(OrderState::waiting);
    order.operation = 4711;
    order.reason = "domainCreate is pending as operation 4711";
    CHECK(words_below(order).empty());
    order.reason = "domainSetPreference is pending as operation 4712";
    CHECK(words_below(order) == order.reason);
    order.reason = "domainCreate is pending as operation 14711";
    CHECK(words_below(order) == order.reason);
    order = order_in(OrderState::done);
    order.message = "OK";
    CHECK(words_below(order).empty());
    order.reason = "differs in nameservers";
    CHECK(words_below(order) == "differs in nameservers");
    order = order_in(OrderState::failed);
    order.message = "no reason but the registrar's";
    CHECK(words_below(order) == "no reason but the registrar's");
}

TEST_CASE("an order needs a person where it ended otherwise than wished, or cannot go on") {
    using enum OrderState;
    for (const OrderState state : {failed, held, in_doubt, done_open_ends}) {
        CHECK(outcome_row(order_in(state)).needs_a_person);
    }
    for (const OrderState state :
         {accepted, in_progress, waiting, done, skipped, OrderState::cancelled}) {
        CHECK_FALSE(outcome_row(order_in(state)).needs_a_person);
    }
    CHECK(outcome_row(refused_row(4, "a_b", "is no domain name")).needs_a_person);
    OrderRecord order = order_in(OrderState::cancelled);
    order.steps.resize(1);
    order.steps[0].state = StepState::open_end;
    CHECK(outcome_row(order).needs_a_person);
    order.steps[0].state = StepState::failed;
    CHECK_FALSE(outcome_row(order).needs_a_person);
}
