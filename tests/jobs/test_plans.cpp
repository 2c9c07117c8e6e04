#include "jobs/order_kinds.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

Order order_of(OrderKind kind, const FieldMap& given) {
    const ReadOrder read = read_order(kind, given);
    for (const FieldFault& fault : read.faults) MESSAGE(fault.field << ": " << fault.reason);
    REQUIRE(read.order);
    return *read.order;
}

// An extension that offers everything but EPP codes.
ExtensionRules generous() {
    ExtensionRules rules;
    rules.has_registrar_lock = rules.has_autorenew = true;
    rules.has_whois_privacy = rules.has_dnssec = true;
    return rules;
}

std::vector<std::string> told(const Order& order, const ExtensionRules& rules = generous()) {
    const ContactDefaults defaults;
    const PlanRequest request{order, rules, defaults, "AB123", {"ns1.registrar.example"}};
    std::vector<std::string> lines;
    for (const PlannedStep& step : plan_order(request)) {
        std::string line = std::string(to_word(step.phase)) + " " + step.function;
        for (const auto& [name, value] : step.arguments) {
            if (name.size() > 2 && step.function == "contactCreate") continue;
            line += " " + name + "=" + value;
        }
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_CASE("a registration is planned as the tutorial tells it, the lock last") {
    const Order order = order_of(OrderKind::register_domain, {{"domain", "example.com"},
                                                              {"years", "2"},
                                                              {"owner", "AE1"},
                                                              {"lock", "on"},
                                                              {"privacy", "off"},
                                                              {"auto_renew", "on"},
                                                              {"dnssec", "on"},
                                                              {"zone_template", "3"}});
    const std::vector<std::string> expected = {
        "main domainCreate admin=AB123 billing=AB123 ns1=ns1.registrar.example owner=AE1 "
        "tech=AB123 template=3 years=2",
        "after readBack",
        "after domainSetDNSsec value=1",
        "after domainSetPreference code=whois_privacy value=0",
        "after domainSetPreference code=auto_renew value=1",
        "after domainSetPreference code=registrar_lock value=1",
    };
    CHECK(told(order) == expected);
}

TEST_CASE("a transfer asks for a new EPP code, then zone, DNSSEC, settings") {
    ExtensionRules rules = generous();
    rules.has_epp_code = true;
    const Order order = order_of(OrderKind::transfer, {{"domain", "example.com"},
                                                       {"owner", "AE1"},
                                                       {"auth_code", "x"},
                                                       {"ns1", "ns1.example.net"},
                                                       {"ns2", "ns2.example.net"},
                                                       {"zone_template", "3"},
                                                       {"lock", "on"}});
    const std::vector<std::string> expected = {
        "main domainTransferIn admin=AB123 billing=AB123 ns1=ns1.example.net ns2=ns2.example.net "
        "owner=AE1 tech=AB123",
        "after readBack",
        "after domainAuthID to_registrant=0",
        "after domainZoneInit template=3",
        "after domainSetPreference code=registrar_lock value=1",
    };
    CHECK(told(order, rules) == expected);
}

TEST_CASE("a transfer that keeps its name servers sends those of today") {
    const Order order = order_of(OrderKind::transfer,
                                 {{"domain", "example.com"}, {"owner", "AE1"}, {"auth_code", "x"}});
    CHECK(told(order).front() ==
          "main domainTransferIn admin=AB123 billing=AB123 ns1=ns1.registrar.example owner=AE1 "
          "tech=AB123");
}

TEST_CASE("a nameserver change with dnssec off unsigns first and waits, any other wish follows") {
    const auto steps = [](const std::string& dnssec, const ExtensionRules& rules = generous()) {
        return told(
            order_of(OrderKind::nameservers, {{"domain", "example.com"},
                                              {"nameservers", "ns1.example.net ns2.example.net"},
                                              {"dnssec", dnssec}}),
            rules);
    };
    const std::string change = "main domainChangeDNS ns1=ns1.example.net ns2=ns2.example.net";
    using Steps = std::vector<std::string>;
    CHECK(steps("off") == Steps{"before readParentDs", "before domainSetDNSsec value=0",
                                "before awaitNoDs ttl=step:1", change, "after readBack"});
    CHECK(steps("on") == Steps{change, "after readBack", "after domainSetDNSsec value=1"});
    CHECK(steps("auto") == Steps{change, "after readBack",
                                 "after domainSetDNSSecExt keys=auto ns1=ns1.example.net "
                                 "ns2=ns2.example.net"});
    CHECK(steps("keep") == Steps{change, "after readBack"});
    ExtensionRules without = generous();
    without.has_dnssec = false;
    CHECK(steps("off", without) == Steps{change, "after readBack"});
}

TEST_CASE("a trade changes the registrant") {
    const Order order = order_of(OrderKind::trade, {{"domain", "example.com"}, {"owner", "AE1"}});
    CHECK(told(order) ==
          std::vector<std::string>{"main domainTransferOwner owner=AE1", "after readBack"});
}

TEST_CASE("a nameserver change sets the whole new set, then the zone") {
    const Order order =
        order_of(OrderKind::nameservers, {{"domain", "example.com"},
                                          {"nameservers", "ns1.example.net ns2.example.net"},
                                          {"zone_template", "5"}});
    CHECK(told(order) ==
          std::vector<std::string>{"main domainChangeDNS ns1=ns1.example.net ns2=ns2.example.net",
                                   "after readBack", "after domainZoneInit template=5"});
}

TEST_CASE("a new EPP code is asked for unless the order says no, or there is none to renew") {
    const auto code_steps = [](const FieldMap& more, bool has_epp_code) {
        FieldMap given{{"domain", "example.com"},
                       {"owner", "AE1"},
                       {"auth_code", "x"},
                       {"nameservers", "ns1.example.net ns2.example.net"}};
        given.insert(more.begin(), more.end());
        ExtensionRules rules = generous();
        rules.has_epp_code = has_epp_code;
        std::vector<std::string> steps = told(order_of(OrderKind::transfer, given), rules);
        std::erase_if(steps, [](const std::string& step) {
            return step.find("domainAuthID") == std::string::npos;
        });
        return steps;
    };
    const std::vector<std::string> to_us{"after domainAuthID to_registrant=0"};
    const std::vector<std::string> to_owner{"after domainAuthID to_registrant=1"};
    CHECK(code_steps({}, true) == to_us);
    CHECK(code_steps({{"new_auth_code", "yes"}}, true) == to_us);
    CHECK(code_steps({{"new_auth_code", "owner"}}, true) == to_owner);
    CHECK(code_steps({{"new_auth_code", "no"}}, true).empty());
    CHECK(code_steps({}, false).empty());
}
