#include "report/orders/order_list.h"
#include "report/terminal/text_width.h"
#include "support/order_records.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<OrderRecord> two_orders() {
    OrderRecord done = order_in(OrderState::done, 12);
    done.operation = 4711;
    OrderRecord held = order_in(OrderState::held, 13, "xn--bcher-kva.example");
    held.reason = "the registrar shows another owner";
    held.reference = "K-2";
    return {done, held};
}

}  // namespace

TEST_CASE("a terminal gets a line for each order and the reason below it") {
    // 80 columns: order 7, accepted 10, domain the rest (19), kind 11, state 14, operation 9.
    CHECK(order_list(two_orders(), Look{80, false}) ==
          "  order  accepted    domain               kind         state           operation\n"
          "     12  2026-11-24  example.com          register     done                 4711\n"
          "     13  2026-11-24  xn--bcher-kva.example (bücher.example)\n"
          "                                          register     held\n"
          "       the registrar shows another owner\n"
          "2 orders: 1 held, 1 done\n");
}

TEST_CASE("a pipe gets one line for each order, with its place, reference and message") {
    std::istringstream text(order_list(two_orders(), Look{}));
    std::string header, first, second, totals;
    std::getline(text, header);
    std::getline(text, first);
    std::getline(text, second);
    std::getline(text, totals);
    CHECK(header.ends_with("batch:line  reference     message"));
    CHECK(first.find("3:2") != std::string::npos);
    CHECK(second.find("K-2") != std::string::npos);
    CHECK(second.ends_with("the registrar shows another owner"));
    CHECK(totals == "2 orders: 1 held, 1 done");
}

TEST_CASE("no orders are a line of their own") {
    CHECK(order_list({}, Look{80, true}) == "0 orders\n");
}

TEST_CASE("a list fits the terminal") {
    const std::string label(60, 'a');
    std::vector<OrderRecord> orders = two_orders();
    orders.push_back(order_in(OrderState::done, 1234567, label + "." + label + ".example"));
    for (const int width : {50, 76, 77, 80, 132}) {
        std::istringstream text(order_list(orders, Look{width, false}));
        for (std::string line; std::getline(text, line);) CHECK(text_width(line) <= width);
    }
}

TEST_CASE("as CSV every order is a line, and no cell runs in a spreadsheet") {
    std::vector<OrderRecord> orders = two_orders();
    orders[1].reference = "=1+1";
    orders[1].message = "it said \"no\", twice";
    std::istringstream text(order_csv(orders));
    std::string header, first, second, none;
    std::getline(text, header);
    std::getline(text, first);
    std::getline(text, second);
    CHECK(header ==
          "order_id,batch,line,order,domain,reference,state,operation_id,code,message,price,"
          "accepted_at,changed_at");
    CHECK(first.starts_with("12,3,2,register,example.com,,done,4711,"));
    CHECK(second.starts_with("13,3,3,register,xn--bcher-kva.example,'=1+1,held,,"));
    CHECK_FALSE(std::getline(text, none));
}
