#include "report/orders/order_history.h"
#include "report/terminal/text_width.h"
#include "support/order_records.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

std::string golden(const std::string& name) {
    return read_text(std::string(SOURCE_DIR) + "/tests/golden/report/" + name);
}

Moment moment(const char* iso, int milliseconds) {
    return {at(iso), "boot", std::chrono::milliseconds(milliseconds)};
}

AttemptRecord attempt(AttemptId id, int position, const std::string& function,
                      AttemptOutcome outcome, const Moment& begun, const Moment& ended) {
    AttemptRecord record;
    record.id = id;
    record.order = 12;
    record.position = position;
    record.function = function;
    record.run = 2;
    record.begun = begun;
    record.ended = ended;
    record.outcome = outcome;
    return record;
}

StepRecord step(int position, StepPhase phase, const std::string& function, StepState state) {
    StepRecord record;
    record.position = position;
    record.phase = phase;
    record.function = function;
    record.state = state;
    record.tries = 1;
    return record;
}

// A contact made, a registration whose reply was lost and was found again.
OrderHistory a_settled_doubt() {
    OrderRecord order = order_in(OrderState::waiting);
    order.reference = "K-1001";
    order.operation = 4711;
    order.price = Money{1250, "EUR"};
    order.reason = "domainCreate is pending as operation 4711";
    order.steps = {step(1, StepPhase::before, "contactCreate", StepState::done),
                   step(2, StepPhase::main, "domainCreate", StepState::waiting)};
    order.steps[0].result = "AB1001";
    order.steps[1].operation = 4711;
    order.steps[1].note = "adopted operation 4711";
    AttemptRecord contact =
        attempt(5, 1, "contactCreate", AttemptOutcome::done, moment("2026-11-24T17:15:30.000Z", 0),
                moment("2026-11-24T17:15:30.250Z", 250));
    contact.status = "Done";
    AttemptRecord create = attempt(6, 2, "domainCreate", AttemptOutcome::in_doubt,
                                   moment("2026-11-24T17:15:31.000Z", 1000),
                                   moment("2026-11-24T17:16:31.000Z", 61000));
    create.text = "the reply broke off after 12 bytes";
    create.picture = {{"highest_operation", "4700"}, {"in_account", "0"}};
    create.operation = 4711;
    create.settled = "adopted operation 4711";
    EventRecord event;
    event.at = at("2026-11-24T17:30:00.000Z");
    event.kind = "order_moved";
    event.text = "in_doubt -> waiting";
    return {order, "new-shop.csv", {contact, create}, {event}};
}

}  // namespace

TEST_CASE("a history tells what was ordered, every attempt and how a doubt was settled") {
    CHECK(to_text(a_settled_doubt(), Look{80, false}) == golden("history_80.txt"));
}

TEST_CASE("the registrar's own words are told as they came") {
    OrderHistory history = a_settled_doubt();
    history.order.state = OrderState::failed;
    history.order.code = "E12-M1204";
    history.order.message = "The operation is closed";
    history.attempts[1].outcome = AttemptOutcome::refused;
    history.attempts[1].code = "E12-M1204";
    history.attempts[1].text = "The operation is closed";
    const std::string text = to_text(history, Look{});
    CHECK(text.find("  registrar     E12-M1204: The operation is closed\n") != std::string::npos);
    CHECK(text.find("     words         The operation is closed\n") != std::string::npos);
}

TEST_CASE("an answer whose code proves nothing is told as that, with code and words") {
    OrderHistory history = a_settled_doubt();
    history.attempts[1].is_unproven = true;
    history.attempts[1].code = "E99-M9901";
    history.attempts[1].text = "try again";
    const std::string text = to_text(history, Look{});
    CHECK(text.find("domainCreate (step 2, run 2): unproven after 60.0 s") != std::string::npos);
    CHECK(text.find("     code          E99-M9901\n") != std::string::npos);
    CHECK(text.find("     words         try again\n") != std::string::npos);
}

TEST_CASE("a code that the registrar's text carries already is not said twice") {
    OrderHistory history = a_settled_doubt();
    history.order.code = "E13-M1306";
    history.order.message = "E13-M1306 : domain not available";
    CHECK(to_text(history, Look{}).find("  registrar     E13-M1306 : domain not available\n") !=
          std::string::npos);
}

TEST_CASE("an attempt without outcome says so") {
    OrderHistory history = a_settled_doubt();
    history.attempts[1].outcome.reset();
    history.attempts[1].ended.reset();
    CHECK(to_text(history, Look{}).find("domainCreate (step 2, run 2): no outcome yet") !=
          std::string::npos);
}

TEST_CASE("hostile words do not reach the terminal and forge no lines") {
    OrderHistory history = a_settled_doubt();
    const std::string hostile = "\x1b[2J\nforged: line\xE2\x80\xAE";
    history.order.reason = history.order.message = history.order.reference = hostile;
    history.order.fields["note"] = hostile;
    history.batch_name = hostile;
    history.attempts[0].text = history.attempts[0].status = hostile;
    history.attempts[0].picture["value"] = hostile;
    history.attempts[1].settled = hostile;
    history.order.steps[0].note = history.order.steps[0].result = hostile;
    history.events[0].text = hostile;
    for (const Look& look : {Look{}, Look{80, false}}) {
        const std::string text = to_text(history, look);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find("\nforged") == std::string::npos);
        CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
    }
}

TEST_CASE("a history fits the terminal even with huge words") {
    OrderHistory history = a_settled_doubt();
    history.attempts[1].text = std::string(3000, 'x') + " " + std::string(3000, 'y');
    history.order.fields["additional." + std::string(60, 'K')] = std::string(200, 'v');
    std::istringstream text(to_text(history, Look{80, false}));
    for (std::string line; std::getline(text, line);) CHECK(text_width(line) <= 80);
}
