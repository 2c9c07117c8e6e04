#include "orders/order_kind.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("kinds have the words of the order field") {
    CHECK(to_word(OrderKind::register_domain) == "register");
    CHECK(to_word(OrderKind::transfer) == "transfer");
    CHECK(to_word(OrderKind::trade) == "trade");
    CHECK(to_word(OrderKind::nameservers) == "nameservers");
}

TEST_CASE("only these words are kinds") {
    CHECK(order_kind_of("register") == OrderKind::register_domain);
    CHECK(order_kind_of("nameservers") == OrderKind::nameservers);
    CHECK_FALSE(order_kind_of("Register"));
    CHECK_FALSE(order_kind_of("register_domain"));
    CHECK_FALSE(order_kind_of("renew"));
    CHECK_FALSE(order_kind_of(""));
}
