#include "report/orders/settling.h"
#include "support/order_records.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

using Commands = std::vector<std::string>;

Commands commands_for(OrderState state, bool keeps_domain = false) {
    OrderRecord order = order_in(state, 41);
    order.keeps_domain = keeps_domain;
    return settling_commands(order, "");
}

}  // namespace

TEST_CASE("what was perhaps sent is resolved, what was not is released or cancelled") {
    Commands resolve = {"domain-orders resolve 41 --resend",
                        "domain-orders resolve 41 --done --reason TEXT",
                        "domain-orders resolve 41 --failed --reason TEXT"};
    CHECK(commands_for(OrderState::in_doubt, true) == resolve);
    resolve.insert(resolve.begin(), "domain-orders release 41");
    CHECK(commands_for(OrderState::held, true) == resolve);
    CHECK(commands_for(OrderState::held) ==
          Commands{"domain-orders release 41", "domain-orders cancel 41"});
}

TEST_CASE("a failed order is repeated, a pending one cancelled, an ended one left alone") {
    CHECK(commands_for(OrderState::failed) == Commands{"domain-orders retry 41"});
    CHECK(commands_for(OrderState::waiting, true).back() == "domain-orders cancel 41");
    CHECK(commands_for(OrderState::done).empty());
    CHECK(commands_for(OrderState::skipped).empty());
    CHECK(commands_for(OrderState::cancelled).empty());
}

TEST_CASE("settings that are not the usual ones are named in each command") {
    CHECK(settling_commands(order_in(OrderState::failed, 41), " --config /srv/shop.yaml") ==
          Commands{"domain-orders retry 41 --config /srv/shop.yaml"});
}
