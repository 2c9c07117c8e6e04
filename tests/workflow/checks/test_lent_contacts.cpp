#include "support/holds.h"
#include "workflow/checks/lent_contacts.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;

namespace {

std::string trouble(OrderKind kind, FieldMap given, bool trustee = true, bool local = true) {
    given["domain"] = "example.fr";
    if (kind == OrderKind::register_domain) given["years"] = "1";
    const ReadOrder read = read_order(kind, given);
    REQUIRE(read.order);
    ExtensionRules rules;
    rules.extension = "fr";
    rules.has_trustee_service = trustee;
    rules.has_local_contact_service = local;
    return trouble_with_lent_contacts(*read.order, rules);
}

constexpr auto kRegister = OrderKind::register_domain;

}  // namespace

TEST_CASE("a trustee owns and a local contact administers where the extension has them") {
    CHECK(trouble(kRegister, {{"owner", "TRUST4FR"}, {"admin", "NETIM4FR"}}).empty());
    CHECK(trouble(OrderKind::trade, {{"owner", "TRUST4FR"}}).empty());
    CHECK(trouble(kRegister, {{"owner", "GK521"}, {"admin", "GK522"}}, false, false).empty());
}

TEST_CASE("a service the extension does not offer is no way to order") {
    CHECK(holds(trouble(kRegister, {{"owner", "TRUST4FR"}}, false), "'.fr' offers no trustee"));
    CHECK(holds(trouble(kRegister, {{"owner", "GK521"}, {"admin", "NETIM4FR"}}, true, false),
                "'.fr' offers no local contact"));
}

TEST_CASE("a transfer to a trustee would be another call, which is not ordered in its place") {
    CHECK(holds(trouble(OrderKind::transfer, {{"owner", "TRUST4FR"}}), "then trade it"));
}

TEST_CASE("the registrar's contacts stand in no other role") {
    CHECK(holds(trouble(kRegister, {{"owner", "NETIM4FR"}}), "as admin only"));
    CHECK(holds(trouble(kRegister, {{"owner", "GK521"}, {"admin", "TRUST4FR"}}), "as owner only"));
    CHECK(holds(trouble(kRegister, {{"owner", "GK521"}, {"tech", "NETIM4FR"}}), "as admin only"));
}
