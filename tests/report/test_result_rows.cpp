#include "report/result_rows.h"

#include "orders/order_file.h"
#include "report/csv_line.h"
#include "support/order_records.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

using Previous = ResultRows::PreviousNameservers;

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
    const ResultRows rows({"Domain", "reference", "note"}, Previous::left_out);
    CHECK(rows.header() + rows.row(first) + rows.row(second) == golden("result.csv"));
}

TEST_CASE("the result of nameserver orders shows the servers before") {
    const ResultRows rows({"domain", "ns1", "ns2"}, Previous::shown);
    BatchRow row = row_of(order_in(OrderState::done, 12));
    row.given = {{"domain", "example.com"}, {"ns1", "ns1.example.net"}, {"ns2", "ns2.example.net"}};
    CHECK(rows.header() ==
          "domain,ns1,ns2,state,order_id,operation_id,code,message,price,previous_nameservers\n");
    CHECK(rows.row(row, "a.example.org b.example.org") ==
          "example.com,ns1.example.net,ns2.example.net,done,12,,,,,"
          "a.example.org b.example.org\n");
}

TEST_CASE("result columns of a file dropped again are not doubled") {
    const ResultRows rows({"domain", "State", "order_id", "operation_id", "code", "message",
                           "price", "previous_nameservers"},
                          Previous::left_out);
    CHECK(rows.header() == "domain,state,order_id,operation_id,code,message,price\n");
}

TEST_CASE("of an EPP code stands whether it is kept or wiped, never itself") {
    const ResultRows rows({"domain", "auth_code"}, Previous::left_out);
    OrderRecord order = order_in(OrderState::waiting, 12);
    order.fields["auth_code"] = "(kept)";
    order.has_auth_code = true;
    CHECK(rows.row(row_of(order)) == "example.com,(kept),waiting,12,,,,\n");
    order.has_auth_code = false;
    CHECK(rows.row(row_of(order)) == "example.com,(wiped),waiting,12,,,,\n");
    order.fields.erase("auth_code");
    CHECK(rows.row(row_of(order)) == "example.com,,waiting,12,,,,\n");
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
    const ResultRows rows({"domain"}, Previous::left_out);
    CHECK(rows.row(row_of(order)) ==
          "example.com,failed,12,,E12-M1204,"
          "\"'=HYPERLINK(\"\"http://evil.example\"\")\\nsecond\",\n");
}

TEST_CASE("a result file dropped again says the same orders") {
    const std::string given =
        "domain,years,owner,note,tag\n"
        "example.com,1,AB1001,=1+1,\"commas, and \"\"quotes\"\"\"\n"
        "example.net,2,AB1001,'=quoted,@tag\n"
        "b\xC3\xBC"
        "cher.example,1,AB1001,-,+33.1\n";
    const Read first = read_csv(given);
    REQUIRE(first.reading.file_problems.empty());
    REQUIRE(first.rows.size() == 3);
    const ResultRows rows(first.reading.columns, Previous::left_out);
    std::string result = rows.header();
    for (const OrderRow& row : first.rows) {
        REQUIRE(row.order);
        result += rows.row(accepted_row(row));
    }
    const Read again = read_csv(result);
    CHECK(again.reading.file_problems.empty());
    REQUIRE(again.rows.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(again.rows[i].faults.empty());
        CHECK(again.rows[i].normalised == first.rows[i].normalised);
    }
}

TEST_CASE("an older result of the same rows is known by its input and its orders") {
    const ResultRows rows({"domain", "note"}, Previous::left_out);
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
