#include "orders/contact_rules.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

// What each rule takes and refuses is told by test_contact.cpp; here is the table itself.

TEST_CASE("nine fields are required by themselves") {
    // (API, "Contacts"); bodyForm follows from bodyName, and isOwner from the role.
    std::string required;
    for (const contact_rules::Rule& rule : contact_rules::all()) {
        if (rule.is_required) required += std::string(required.empty() ? "" : " ") + rule.name;
    }
    CHECK(required == "firstName lastName address1 zipCode city country phone email language");
}

TEST_CASE("rules are found by the registrar's spelling only") {
    REQUIRE(contact_rules::named("zipCode"));
    CHECK(std::string(contact_rules::named("zipCode")->name) == "zipCode");
    CHECK(contact_rules::named("zipcode") == nullptr);
    CHECK(contact_rules::named("isOwner") == nullptr);
}

TEST_CASE("a form that was made once is kept") {
    for (const contact_rules::Rule& rule : contact_rules::all()) {
        for (const char* value : {"+33 303030303", "ann@example.org", "FR", "1984-02-29", "x y"}) {
            const std::string once = rule.form(value);
            CHECK(rule.form(once) == once);
        }
    }
}

TEST_CASE("no value of any rule breaks an XML text") {
    for (const contact_rules::Rule& rule : contact_rules::all()) {
        CAPTURE(rule.name);
        for (const char* value : {"a\x01z", "a\nz", "a\xffz", "a\uffffz"}) {
            CHECK(rule.reason(value) != "");
        }
    }
}
