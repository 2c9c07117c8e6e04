#include "workflow/moves/plan_builder.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

struct Wish {
    explicit Wish(const FieldMap& more) {
        FieldMap given = {{"domain", "example.us"}, {"years", "1"}};
        given.insert(more.begin(), more.end());
        const ReadOrder read = read_order(OrderKind::register_domain, given);
        for (const FieldFault& fault : read.faults) MESSAGE(fault.field << ": " << fault.reason);
        REQUIRE(read.order);
        order = read.order;
        rules.domain_bound = {"US_APP_PURPOSE"};
    }
    PlanRequest request() const { return {*order, rules, defaults, "AB123", {}}; }

    std::optional<Order> order;
    ExtensionRules rules;
    ContactDefaults defaults;
};

FieldMap person(const std::string& role, const std::string& first_name) {
    FieldMap fields = {{"firstName", first_name},
                       {"lastName", "Example"},
                       {"bodyForm", "IND"},
                       {"address1", "1 Main Street"},
                       {"zipCode", "75001"},
                       {"city", "Paris"},
                       {"country", "FR"},
                       {"phone", "+33 123456789"},
                       {"email", "ada@example.com"},
                       {"language", "EN"}};
    FieldMap prefixed;
    for (const auto& [name, value] : fields) prefixed[role + "." + name] = value;
    return prefixed;
}

FieldMap joined(std::initializer_list<FieldMap> maps) {
    FieldMap all;
    for (const FieldMap& map : maps) all.insert(map.begin(), map.end());
    return all;
}

}  // namespace

TEST_CASE("roles left open are the reseller or the settings' contact") {
    Wish wish({{"owner", "AE1"}, {"tech", "reseller"}});
    wish.defaults.billing = "BB1";
    const PlanRequest request = wish.request();
    PlanBuilder plan(request);
    CHECK(plan.contacts_with_owner() ==
          FieldMap{{"owner", "AE1"}, {"admin", "AB123"}, {"tech", "AB123"}, {"billing", "BB1"}});
    CHECK(std::move(plan).steps().empty());
}

TEST_CASE("the owner is made with isOwner=1, equal persons of other roles once with isOwner=0") {
    Wish wish(joined({person("owner", "Ada"), person("admin", "Ada"), person("tech", "Ada"),
                      person("billing", "Bob")}));
    const PlanRequest request = wish.request();
    PlanBuilder plan(request);
    CHECK(plan.contacts_with_owner() ==
          FieldMap{
              {"owner", "step:1"}, {"admin", "step:2"}, {"tech", "step:2"}, {"billing", "step:3"}});
    const auto steps = std::move(plan).steps();
    REQUIRE(steps.size() == 3);
    CHECK(steps[0].arguments.at("isOwner") == "1");
    CHECK(steps[1].arguments.at("isOwner") == "0");
    CHECK(steps[1].arguments.at("firstName") == "Ada");
    for (const PlannedStep& step : steps) CHECK(step.function == "contactCreate");
}

TEST_CASE("domain-bound data is written to the owner, who may be known from another domain") {
    Wish wish(joined({person("owner", "Ada"), {{"additional.US_APP_PURPOSE", "P3"}}}));
    const PlanRequest request = wish.request();
    PlanBuilder plan(request);
    CHECK(plan.contacts_with_owner().at("owner") == "step:1");
    const auto steps = std::move(plan).steps();
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].arguments.at("bound.US_APP_PURPOSE.example.us") == "P3");
    CHECK(steps[1].function == "contactOwnerUpdate");
    CHECK(steps[1].arguments ==
          FieldMap{{"idContact", "step:1"}, {"bound.US_APP_PURPOSE.example.us", "P3"}});
}

TEST_CASE("the registrar's own contacts are never edited") {
    Wish wish({{"owner", "TRUST4FR"}, {"additional.US_APP_PURPOSE", "P3"}});
    const PlanRequest request = wish.request();
    PlanBuilder plan(request);
    CHECK(plan.contacts_with_owner().at("owner") == "TRUST4FR");
    CHECK(std::move(plan).steps().empty());
    CHECK(is_lent_contact("#AUTO#"));
    CHECK(is_lent_contact("NETIM4BA"));
    CHECK_FALSE(is_lent_contact("AE1"));
}

TEST_CASE("what the extension does not offer is no step; tags and notes always are") {
    Wish wish({{"owner", "AE1"},
               {"lock", "on"},
               {"privacy", "on"},
               {"auto_renew", "off"},
               {"dnssec", "on"},
               {"tag", "spring"},
               {"note", "for Ada"}});
    const PlanRequest request = wish.request();
    PlanBuilder plan(request);
    plan.dnssec();
    plan.preferences();
    const auto steps = std::move(plan).steps();
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].arguments == FieldMap{{"code", "tag"}, {"value", "spring"}});
    CHECK(steps[1].arguments == FieldMap{{"code", "note"}, {"value", "for Ada"}});
}
