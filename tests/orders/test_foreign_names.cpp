#include "orders/foreign_names.h"
#include "orders/order_fields.h"

#include <doctest/doctest.h>

using namespace domspool;
using foreign_names::ours_for;

TEST_CASE("fields are known by what other systems call them") {
    for (const auto& [theirs, ours] : {std::pair{"company", "owner.bodyName"},
                                       {"owner.company", "owner.bodyName"},
                                       {"state", "owner.area"},
                                       {"Owner State", "owner.area"},
                                       {"admin_zip", "admin.zipCode"},
                                       {"Registrant First Name", "owner.firstName"},
                                       {"Tech-Email", "tech.email"},
                                       {"AuthInfo", "auth_code"},
                                       {"EPP Code", "auth_code"},
                                       {"period", "years"},
                                       {"Domain Name", "domain"},
                                       {"nameserver1", "ns1"},
                                       {"DNS 2", "ns2"},
                                       {"registrant", "owner"},
                                       {"vat", "owner.vatNumber"}}) {
        CAPTURE(theirs);
        CHECK(ours_for(theirs) == ours);
        CHECK(order_fields::canonical(ours));
    }
    for (const char* name : {"", "colour", "ns6", "owner.", "ownerx"}) {
        CAPTURE(name);
        CHECK(ours_for(name) == "");
    }
}

TEST_CASE("a sixth name server is told that there are five") {
    CHECK(order_fields::unknown_reason("ns6") ==
          "is no field: at most five name servers are accepted, ns1 to ns5");
    CHECK(order_fields::unknown_reason("NS13") ==
          "is no field: at most five name servers are accepted, ns1 to ns5");
}
