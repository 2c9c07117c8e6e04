#include "report/machine/json_lines.h"
#include "support/order_records.h"
#include "support/scratch.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

Poco::JSON::Object::Ptr parsed(const std::string& line) {
    return Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
}

std::string golden(const std::string& name) {
    return read_text(std::string(SOURCE_DIR) + "/tests/golden/report/" + name);
}

OrderHistory history() {
    OrderRecord order = order_in(OrderState::waiting);
    order.reference = "K-1001";
    order.operation = 4711;
    order.price = Money{1250, "EUR"};
    order.reason = "domainCreate is pending as operation 4711";
    order.fields["auth_code"] = "(kept)";
    StepRecord step;
    step.position = 1;
    step.function = "domainCreate";
    step.arguments = {{"years", "1"}};
    step.state = StepState::waiting;
    step.tries = 1;
    step.operation = 4711;
    order.steps = {step};
    AttemptRecord attempt;
    attempt.id = 5;
    attempt.order = 12;
    attempt.position = 1;
    attempt.function = "domainCreate";
    attempt.run = 2;
    attempt.begun = {at("2026-11-24T17:15:30.000Z"), "boot", std::chrono::seconds(100)};
    attempt.ended =
        Moment{at("2026-11-24T17:15:31.500Z"), "boot", std::chrono::milliseconds(101500)};
    attempt.picture = {{"in_account", "0"}};
    attempt.outcome = AttemptOutcome::pending;
    attempt.operation = 4711;
    attempt.status = "Pending";
    EventRecord event;
    event.id = 9;
    event.at = at("2026-11-24T17:15:31.500Z");
    event.run = 2;
    event.order = 12;
    event.kind = "order_moved";
    event.text = "in_progress -> waiting";
    return {order, "new-shop.csv", {attempt}, {event}};
}

}  // namespace

TEST_CASE("an order's line has exactly the ten fields in their order") {
    OrderRecord order = order_in(OrderState::done);
    order.reference = "K-1001";
    order.operation = 4711;
    order.price = Money{1250, "EUR"};
    CHECK(json_line(outcome_row(order)) ==
          R"({"line":2,"order":"register","domain":"example.com","reference":"K-1001",)"
          R"("order_id":12,"state":"done","operation_id":4711,"code":null,"message":null,)"
          R"("price":"12.50 EUR"})"
          "\n");
}

TEST_CASE("what a refused row does not have is null") {
    const BatchRow row = refused_row(4, "a_b", "orders.csv:4: domain 'a_b': is no domain name");
    CHECK(json_line(outcome_row(row)) ==
          R"({"line":4,"order":"register","domain":"a_b","reference":null,"order_id":null,)"
          R"("state":"refused","operation_id":null,"code":null,)"
          R"("message":"orders.csv:4: domain 'a_b': is no domain name","price":null})"
          "\n");
}

TEST_CASE("hostile texts stay one line of valid JSON and mean the same") {
    const std::string hostile =
        "\"quote\" \\ back\nline\r\x1b[2J\x7f\xC2\x85 \xE2\x80\xAE turned \xF0\x9F\x98\x80 / end";
    OrderRecord order = order_in(OrderState::failed);
    order.reference = hostile;
    order.reason = "cut here: \xC3";
    const std::string line = json_line(outcome_row(order));
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\x7f') == std::string::npos);
    CHECK(line.find("\xE2\x80\xAE") == std::string::npos);
    const auto object = parsed(line);
    CHECK(object->getValue<std::string>("reference") == hostile);
    CHECK(object->getValue<std::string>("message") == "cut here: \xEF\xBF\xBD");
}

TEST_CASE("a huge message is kept whole") {
    OrderRecord order = order_in(OrderState::failed);
    order.reason = std::string(1'000'000, 'x');
    CHECK(parsed(json_line(outcome_row(order)))->getValue<std::string>("message") == order.reason);
}

TEST_CASE("large numbers are written as numbers, whole") {
    OrderRecord order = order_in(OrderState::done);
    order.operation = 9'007'199'254'740'993;
    CHECK(json_line(outcome_row(order)).find("\"operation_id\":9007199254740993,") !=
          std::string::npos);
}

TEST_CASE("a history begins with the ten fields and tells steps, attempts and events") {
    CHECK(json_line(history()) == golden("history.json"));
}

TEST_CASE("of an EPP code a history tells only whether it is still kept") {
    OrderHistory told = history();
    told.order.has_auth_code = true;
    CHECK(json_line(told).find(R"x("auth_code":"(kept)")x") != std::string::npos);
    told.order.has_auth_code = false;
    CHECK(json_line(told).find(R"x("auth_code":"(wiped)")x") != std::string::npos);
}
