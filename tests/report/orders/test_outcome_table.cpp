#include "report/orders/outcome_table.h"
#include "report/terminal/text_width.h"
#include "support/order_records.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr Look kTerminal{80, false};
constexpr Look kPipe{};

std::string golden(const std::string& name) {
    return read_text(std::string(SOURCE_DIR) + "/tests/golden/report/" + name);
}

std::string table_of(const std::vector<BatchRow>& rows, const Look& look) {
    std::string text;
    OutcomeTable table(look, [&](std::string_view piece) { text += piece; });
    for (const BatchRow& row : rows) table.add(row);
    table.finish("orders.result.csv");
    return text;
}

OrderRecord priced(OrderState state, OrderId id, const std::string& domain, std::int64_t cents) {
    OrderRecord order = order_in(state, id, domain);
    order.price = Money{cents, "EUR"};
    return order;
}

std::vector<BatchRow> one_of_each() {
    OrderRecord done = priced(OrderState::done, 12, "example.com", 1250);
    done.operation = 4711;
    OrderRecord waiting = priced(OrderState::waiting, 13, "xn--bcher-kva.example", 1250);
    waiting.operation = 4712;
    waiting.reason = "domainCreate is pending as operation 4712";
    OrderRecord failed = order_in(OrderState::failed, 14, "example.org");
    failed.code = "E12-M1204";
    failed.reason =
        "domainCreate was refused: E12-M1204: The operation is closed for this extension";
    OrderRecord held = order_in(OrderState::held, 16, "example.net");
    held.reason = "the registrar shows another owner";
    OrderRecord doubtful = priced(OrderState::in_doubt, 17, "example.info", 9900);
    doubtful.reason = "domainCreate was sent and its answer is not known: connection closed";
    return {row_of(done),
            row_of(waiting),
            row_of(failed),
            refused_row(5, "a_b",
                        "orders.csv:5: domain 'a_b': is no domain name: a label holds "
                        "'_'; letters, digits and '-' are allowed"),
            row_of(held),
            row_of(doubtful)};
}

int lines_in(const std::string& text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a terminal of 80 columns gets each row, the problems, money and what to do next") {
    CHECK(table_of(one_of_each(), kTerminal) == golden("outcome_80.txt"));
}

TEST_CASE("a pipe gets one whole line for each row") {
    CHECK(table_of(one_of_each(), kPipe) == golden("outcome_pipe.txt"));
}

TEST_CASE("no line is wider than the terminal, also with wide letters and long names") {
    std::vector<BatchRow> rows = one_of_each();
    const std::string label(60, 'a');
    rows.push_back(row_of(order_in(OrderState::done, 20, label + "." + label + ".example")));
    OrderRecord wide = order_in(OrderState::failed, 21);
    for (int i = 0; i < 100; ++i) wide.reason += "例えば";
    rows.push_back(row_of(wide));
    for (const int width : {50, 73, 74, 80, 132}) {
        std::istringstream text(table_of(rows, Look{width, false}));
        for (std::string line; std::getline(text, line);) {
            CAPTURE(line);
            CHECK(text_width(line) <= width);
        }
    }
}

TEST_CASE("colours are only in a terminal that wants them, and always end") {
    const std::string coloured = table_of(one_of_each(), Look{80, true});
    CHECK(coloured.find("\x1b[31mfailed") != std::string::npos);
    CHECK(table_of(one_of_each(), kTerminal).find('\x1b') == std::string::npos);
    std::size_t begun = 0, ended = 0;
    for (std::size_t at = 0; (at = coloured.find("\x1b[", at)) != std::string::npos; ++at) {
        (coloured.compare(at, 4, "\x1b[0m") == 0 ? ended : begun) += 1;
    }
    CHECK(begun == ended);
}

TEST_CASE("control characters and turned writing of the registrar do not reach the terminal") {
    OrderRecord order = order_in(OrderState::failed);
    order.reason =
        "bad \x1b]0;title\x07 \xE2\x80\xAE"
        "cba\r\nforged line";
    for (const Look& look : {kTerminal, kPipe}) {
        const std::string text = table_of({row_of(order)}, look);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\x07') == std::string::npos);
        CHECK(text.find('\r') == std::string::npos);
        CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
        CHECK(text.find("\nforged") == std::string::npos);
    }
}

TEST_CASE("a thousand refused rows with one mistake are one problem to read") {
    std::vector<BatchRow> rows;
    for (int line = 2; line <= 1001; ++line) {
        const std::string value = "00" + std::to_string(33'000'000 + line);
        rows.push_back(refused_row(line, "example.com",
                                   "orders.csv:" + std::to_string(line) + ": owner.phone '" +
                                       value + "': must look like +33.123456789"));
    }
    const std::string text = table_of(rows, kTerminal);
    CHECK(text.find("  owner.phone: must look like +33.123456789\n"
                    "      lines 2-1001 (1000 rows), such as '0033000002'\n") != std::string::npos);
    CHECK(text.find("result: orders.result.csv\n") != std::string::npos);
    CHECK(text.find("1000 rows: 1000 refused\n") != std::string::npos);
    CHECK(lines_in(text) < OutcomeTable::kRefusedShown + 10);
}

TEST_CASE("a terminal shows every row that needs a person, however many others there are") {
    std::vector<BatchRow> rows;
    for (int i = 0; i < 1000; ++i) {
        const std::string domain = "d" + std::to_string(i) + ".example";
        rows.push_back(row_of(order_in(OrderState::done, 12 + i, domain)));
    }
    rows.push_back(row_of(order_in(OrderState::held, 5000, "needs-you.example")));
    const std::string text = table_of(rows, kTerminal);
    CHECK(text.find("needs-you.example") != std::string::npos);
    CHECK(text.find("and 800 more rows, counted below") != std::string::npos);
    CHECK(text.find("held: domain-orders show 5000\n") != std::string::npos);
    CHECK(lines_in(table_of(rows, kPipe)) == 1 + 1001 + 3);
}

TEST_CASE("many held orders are named by one command") {
    std::vector<BatchRow> rows;
    for (int i = 0; i < 10; ++i) {
        const std::string domain = "d" + std::to_string(i) + ".example";
        rows.push_back(row_of(order_in(OrderState::held, 12 + i, domain)));
    }
    CHECK(table_of(rows, kTerminal).find("held: domain-orders list --state held --batch 3\n") !=
          std::string::npos);
}

TEST_CASE("money that may still be spent is told apart from what was ordered") {
    OutcomeTally tally;
    tally.add(row_of(priced(OrderState::done, 12, "a.example", 1250)));
    tally.add(row_of(priced(OrderState::done_open_ends, 13, "b.example", 1000)));
    tally.add(row_of(priced(OrderState::waiting, 14, "c.example", 500)));
    tally.add(row_of(priced(OrderState::accepted, 15, "d.example", 700)));  // priced, never sent
    tally.add(row_of(priced(OrderState::failed, 16, "e.example", 900)));
    OrderRecord dollars = order_in(OrderState::done, 17, "f.example");
    dollars.price = Money{301, "USD"};
    tally.add(row_of(dollars));
    CHECK(money_in_words(tally) ==
          "ordered at quoted prices: 22.50 EUR + 3.01 USD; pending: 5.00 EUR");
    CHECK(tally.total() == 6);
}

TEST_CASE("a batch without anything says so") {
    CHECK(table_of({}, kTerminal) == "0 rows\nresult: orders.result.csv\n");
    CHECK(money_in_words(OutcomeTally{}).empty());
}
