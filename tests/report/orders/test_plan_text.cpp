#include "report/machine/json_lines.h"
#include "report/orders/plan_text.h"
#include "support/holds.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;

namespace {

PlannedRow registration() {
    PlannedRow row;
    row.outcome.line = 2;
    row.outcome.domain = "example.com";
    row.outcome.price = Money{950, "EUR"};
    row.steps = {{StepPhase::before, "contactCreate", {{"firstName", "Ada"}}},
                 {StepPhase::main, "domainCreate", {{"owner", "step:1"}, {"ns1", ""}}},
                 {StepPhase::after, "domainSetDNSsec", {{"value", "1"}}}};
    return row;
}

}  // namespace

TEST_CASE("a plan numbers its steps, and says which step makes what another one takes") {
    CHECK(plan_text(registration(), {}) ==
          "line 2: register example.com would be sent, for 9.50 EUR\n"
          "    1. before     contactCreate: firstName=Ada\n"
          "    2. order      domainCreate: owner=(of step 1)\n"
          "    3. once done  domainSetDNSsec: value=1\n");
}

TEST_CASE("what would not be sent has a reason and no price") {
    PlannedRow row = registration();
    row.steps.clear();
    row.would = Would::fail;
    row.outcome.message = "years 9 is no period of '.com'";
    CHECK(plan_text(row, {}) ==
          "line 2: register example.com would fail, and not be sent: years 9 is no period of "
          "'.com'\n");
}

TEST_CASE("control characters of an order do not reach the terminal") {
    PlannedRow row = registration();
    row.steps[0].arguments["note"] = "a\x1b]0;b\x07\nforged";
    row.outcome.reference = "K\x1b[2J";
    row.notes = {"'.com' offers\x1b no lock"};
    const std::string text = plan_text(row, {});
    CHECK_FALSE(holds(text, "\x1b"));
    CHECK_FALSE(holds(text, "\x07"));
    CHECK_FALSE(holds(text, "\nforged"));
    CHECK_FALSE(holds(json_line(row), "\x1b"));
}

TEST_CASE("a bill tells what is spent, and what stands against it") {
    Bill bill;
    bill.orders = 2;
    bill.price = Money{2000, "EUR"};
    bill.balance = Money{10000, "EUR"};
    bill.floor = Money{500, "EUR"};
    bill.ceiling = Money{3000, "EUR"};
    bill.out_today_cents = 700;
    CHECK(bill_text(bill) ==
          "\n2 orders would be sent, for 20.00 EUR\n"
          "balance: 100.00 EUR, after them 80.00 EUR; it must not fall below 5.00 EUR\n"
          "limits.max_spend_per_day: 30.00 EUR; out today 7.00 EUR, with them 27.00 EUR\n"
          "Nothing was ordered or changed.\n");
}

TEST_CASE("what would become of a row is one word of its own in JSON") {
    PlannedRow row = registration();
    row.notes = {"'.com' offers no lock"};
    const std::string line = json_line(row);
    CHECK(holds(line, "\"would\":\"send\""));
    CHECK(holds(line, "\"notes\":[\"'.com' offers no lock\"]"));
    CHECK(holds(line, "\"function\":\"domainCreate\""));
}
