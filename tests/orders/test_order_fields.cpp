#include "orders/order_fields.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a name in any case has one spelling") {
    CHECK(order_fields::canonical("Auth_Code") == "auth_code");
    CHECK(order_fields::canonical("OWNER.FIRSTNAME") == "owner.firstName");
    CHECK(order_fields::canonical("billing.zipcode") == "billing.zipCode");
    CHECK(order_fields::canonical("additional.eu_citizenship") == "additional.EU_CITIZENSHIP");
    CHECK(order_fields::canonical("Owner.Additional.ES_TIPO") == "owner.additional.ES_TIPO");
    CHECK(order_fields::canonical("ns5") == "ns5");
}

TEST_CASE("other names are no fields") {
    for (const char* name : {"", "ns6", "ns0", "owner.", "owner.isOwner", "owner.ns1", "additional",
                             "additional.", "additional.A-B", "additional.A.B", "tech.additional.A",
                             "state", "auth code", "domain "}) {
        CAPTURE(name);
        CHECK_FALSE(order_fields::canonical(name));
    }
    CHECK_FALSE(order_fields::canonical("additional." + std::string(65, 'A')));
}

TEST_CASE("the nearest field is named") {
    CHECK(order_fields::unknown_reason("nameserver") ==
          "is no field; it is called 'nameservers' here");
    CHECK(order_fields::unknown_reason("auth-code") ==
          "is no field; it is called 'auth_code' here");
    CHECK(order_fields::unknown_reason("owner.first_name") ==
          "is no field; it is called 'owner.firstName' here");
    CHECK(order_fields::unknown_reason("xyzzy-quux") == "is no field");
}

TEST_CASE("fields belong to the kinds that use them") {
    using enum OrderKind;
    CHECK(order_fields::belongs_to("years", register_domain));
    CHECK_FALSE(order_fields::belongs_to("years", transfer));
    CHECK(order_fields::belongs_to("owner.city", trade));
    CHECK_FALSE(order_fields::belongs_to("tech.city", trade));
    CHECK(order_fields::belongs_to("auth_code", transfer));
    CHECK_FALSE(order_fields::belongs_to("auth_code", register_domain));
    CHECK(order_fields::belongs_to("ns3", nameservers));
    CHECK_FALSE(order_fields::belongs_to("owner.additional.X", nameservers));
    for (const OrderKind kind : {register_domain, transfer, trade, nameservers}) {
        for (const char* field : {"domain", "reference", "lock", "note"}) {
            CHECK(order_fields::belongs_to(field, kind));
        }
    }
    CHECK(order_fields::foreign_reason("admin", trade) ==
          "is not for trade orders, only for register, transfer; leave it empty");
}
