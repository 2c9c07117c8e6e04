#include "orders/order_file.h"
#include "report/orders/result_rows.h"
#include "report/terminal/csv_line.h"
#include "support/order_records.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

using Previous = ResultRows::PreviousNameservers;

const std::string kLedger = "5f1a0000000000000000000000000000";
const std::string kMark = "\xEF\xBB\xBF";

std::string golden(const std::string& name) {
    return read_text(std::string(SOURCE_DIR) + "/tests/golden/report/" + name);
}

struct Read {
    FileReading reading;
    std::vector<OrderRow> rows;
};

Read read_csv(const std::string& text, OrderKind kind = OrderKind::register_domain) {
    std::istringstream in(text);
    Read read;
    read.reading = read_order_file(in, {"orders.csv", FileFormat::csv, kind, {}},
                                   [&](OrderRow&& row) { read.rows.push_back(std::move(row)); });
    return read;
}

// A batch row as intake would enter it.
BatchRow accepted_row(const OrderRow& read) {
    OrderRecord order{.domain = read.order->domain};
    order.id = 100 + read.line;
    order.line = read.line;
    order.kind = read.kind;
    order.fields = read.normalised;
    order.has_auth_code = !read.auth_code.empty();
    BatchRow row;
    row.line = read.line;
    row.kind = read.kind;
    row.given = read.given;
    row.domain = read.order->domain.ascii();
    row.order = order;
    return row;
}

}  // namespace

TEST_CASE("a result file has the input's columns, then what became of each row") {
    OrderRecord done = order_in(OrderState::done, 12);
    done.operation = 4711;
    done.price = Money{1250, "EUR"};
    BatchRow first = row_of(done);
    first.given = {
        {"domain", "Example.COM"}, {"reference", "K-1"}, {"note", "he said \"hi\", twice"}};
    BatchRow second = refused_row(3, "a_b", "orders.csv:3: domain 'a_b': is no domain name");
    second.given = {{"domain", "a_b"}, {"note", "two\nlines"}};
    const ResultRows rows({"Domain", "reference", "note"}, Previous::left_out, kLedger);
    CHECK(rows.header() + rows.row(first) + rows.row(second) == golden("result.csv"));
}

TEST_CASE("the result of nameserver orders shows the servers before") {
    const ResultRows rows({"domain", "ns1", "ns2"}, Previous::shown, kLedger);
    BatchRow row = row_of(order_in(OrderState::done, 12));
    row.given = {{"domain", "example.com"}, {"ns1", "ns1.example.net"}, {"ns2", "ns2.example.net"}};
    CHECK(rows.header() ==
          kMark +
              "domain,ns1,ns2,state,order_id,operation_id,code,message,price,ledger,"
              "previous_nameservers\n");
    CHECK(rows.row(row, "a.example.org b.example.org") ==
          "example.com,ns1.example.net,ns2.example.net,done,12,,,,," + kLedger +
              ",a.example.org b.example.org\n");
}

TEST_CASE("result columns of a file dropped again are not doubled") {
    const ResultRows rows({"domain", "State", "order_id", "operation_id", "code", "message",
                           "price", "Ledger", "previous_nameservers"},
                          Previous::left_out, kLedger);
    CHECK(rows.header() ==
          kMark + "domain,state,order_id,operation_id,code,message,price,ledger\n");
}

TEST_CASE("of an EPP code stands whether it is kept or wiped, never itself") {
    const ResultRows rows({"domain", "auth_code"}, Previous::left_out, kLedger);
    OrderRecord order = order_in(OrderState::waiting, 12);
    order.fields["auth_code"] = "(kept)";
    order.has_auth_code = true;
    CHECK(rows.row(row_of(order)) == "example.com,(kept),waiting,12,,,,," + kLedger + "\n");
    order.has_auth_code = false;
    CHECK(rows.row(row_of(order)) == "example.com,(wiped),waiting,12,,,,," + kLedger + "\n");
    order.fields.erase("auth_code");
    CHECK(rows.row(row_of(order)) == "example.com,,waiting,12,,,,," + kLedger + "\n");
}

TEST_CASE("cells a spreadsheet would run are neutralised, and only those") {
    CHECK(neutralised("=1+1") == "'=1+1");
    CHECK(neutralised("+33.123456789") == "'+33.123456789");
    CHECK(neutralised("-1") == "'-1");
    CHECK(neutralised("@SUM(A1)") == "'@SUM(A1)");
    CHECK(neutralised("\t=1") == "'\t=1");
    CHECK(neutralised("\r=1") == "'\r=1");
    CHECK(neutralised("'=1") == "''=1");
    CHECK(neutralised("'quoted'") == "'quoted'");
    CHECK(neutralised("a=b") == "a=b");
    CHECK(neutralised("").empty());
}

TEST_CASE("a registrar's message cannot become a formula or a second line") {
    OrderRecord order = order_in(OrderState::failed, 12);
    order.code = "E12-M1204";
    order.message = order.reason = "=HYPERLINK(\"http://evil.example\")\nsecond";
    const ResultRows rows({"domain"}, Previous::left_out, kLedger);
    CHECK(rows.row(row_of(order)) ==
          "example.com,failed,12,,E12-M1204,"
          "\"'=HYPERLINK(\"\"http://evil.example\"\")\\nsecond\",," +
              kLedger + "\n");
}

TEST_CASE("a result file dropped again says the same orders") {
    const std::string given =
        "domain,years,owner,note,tag\n"
        "example.org,1,AB1001,0071,2026-03-01\n"
        "example.info,1,AB1001,'0071,1234567890123456\n"
        "example.com,1,AB1001,=1+1,\"commas, and \"\"quotes\"\"\"\n"
        "example.net,2,AB1001,'=quoted,@tag\n"
        "b\xC3\xBC"
        "cher.example,1,AB1001,-x,+33.1\n";
    const Read first = read_csv(given);
    REQUIRE(first.reading.file_problems.empty());
    REQUIRE(first.rows.size() == 5);
    const ResultRows rows(first.reading.columns, Previous::left_out, kLedger);
    std::string result = rows.header();
    for (const OrderRow& row : first.rows) {
        REQUIRE(row.order);
        result += rows.row(accepted_row(row));
    }
    const Read again = read_csv(result);
    CHECK(again.reading.file_problems.empty());
    REQUIRE(again.rows.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(again.rows[i].given == first.rows[i].given);
        CHECK(again.rows[i].named.order == 100 + first.rows[i].line);
        CHECK(again.rows[i].named.ledger == kLedger);
        CHECK(again.rows[i].faults.empty());
        CHECK(again.rows[i].normalised == first.rows[i].normalised);
    }
}

TEST_CASE("an older result of the same rows is known by its input and its orders") {
    const ResultRows rows({"domain", "note"}, Previous::left_out, kLedger);
    OrderRecord waiting = order_in(OrderState::waiting, 12);
    OrderRecord done = order_in(OrderState::done, 12);
    done.operation = 4711;
    BatchRow before = row_of(waiting), now = row_of(done);
    before.given["note"] = now.given["note"] = "a \"note\",\nin lines";
    const std::string old_text = rows.header() + rows.row(before);
    const auto is_same = [&](const std::string& existing) {
        ResultComparison comparison(existing);
        comparison.compare(rows.header());
        comparison.compare(rows.row(now));
        return comparison.is_same_batch();
    };
    CHECK(is_same(old_text));
    CHECK_FALSE(is_same(""));
    CHECK_FALSE(is_same("domain,note\n"));
    CHECK_FALSE(is_same(rows.header()));                            // a row less
    CHECK_FALSE(is_same(old_text + rows.row(before)));              // a row more
    CHECK_FALSE(is_same(old_text.substr(0, old_text.size() - 1)));  // cut
    CHECK_FALSE(is_same("#" + old_text));                           // another header
    BatchRow other = before;
    other.given["note"] = "my own remark";
    CHECK_FALSE(is_same(rows.header() + rows.row(other)));
    other = row_of(order_in(OrderState::waiting, 13));
    other.given = before.given;
    CHECK_FALSE(is_same(rows.header() + rows.row(other)));  // another order
}

TEST_CASE("a result of before there was a column for the ledger is known, unguarded as it was") {
    const ResultRows rows({"domain", "zip"}, Previous::left_out, kLedger);
    BatchRow row = row_of(order_in(OrderState::done, 12));
    row.given = {{"domain", "example.com"}, {"zip", "01000"}};
    const auto is_same = [&](const std::string& existing) {
        ResultComparison comparison(existing);
        comparison.compare(rows.header());
        comparison.compare(rows.row(row));
        comparison.compare(ResultRows::end(1));
        return comparison.is_same_batch();
    };
    const std::string header = "domain,zip,state,order_id,operation_id,code,message,price\n";
    CHECK(is_same(header + "example.com,01000,waiting,12,,,,\n"));
    CHECK_FALSE(is_same(header + "example.com,01001,waiting,12,,,,\n"));
    CHECK_FALSE(is_same(header + "example.com,01000,waiting,13,,,,\n"));
    CHECK_FALSE(is_same(header));
    CHECK(is_same(rows.header() + rows.row(row) + "#end,1\n"));
    CHECK_FALSE(is_same(rows.header() + rows.row(row)));
    CHECK_FALSE(is_same(rows.header() + rows.row(row) + "#end,2\n"));
}

TEST_CASE("a row that is an earlier order keeps its number, operation and price") {
    const ResultRows rows({"domain"}, Previous::left_out, kLedger);
    OrderRecord earlier = order_in(OrderState::done, 7);
    earlier.operation = 4711;
    earlier.price = Money{1500, "EUR"};
    BatchRow row = refused_row(2, "example.com", "");
    row.problems.clear();
    row.earlier_order = 7;
    row.same_by = SameBy::number;
    row.earlier = earlier;
    CHECK(rows.row(row) ==
          "example.com,skipped,7,4711,,order 7 is done,15.00 EUR," + kLedger + "\n");
}

TEST_CASE("a refused row goes on naming the order it named, and the ledger that has it") {
    const ResultRows rows({"domain"}, Previous::left_out, kLedger);
    BatchRow row = refused_row(2, "example.com", "orders.csv:2: years '01': is wrong");
    row.named = {7, "0c0d0000000000000000000000000000"};
    CHECK(rows.row(row) ==
          "example.com,refused,7,,,orders.csv:2: years '01': is wrong,,"
          "0c0d0000000000000000000000000000\n");
}
