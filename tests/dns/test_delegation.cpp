#include "dns/delegation.h"
#include "dns/loopback_net.h"
#include "dns/parent_zone.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

using State = Delegation::State;

namespace {

Delegation delegation_of(const char* domain) {
    return read_delegation(DomainName::from_stored(domain), net().settings());
}

}  // namespace

TEST_CASE("today's name servers are read from the zone above") {
    const Delegation delegation = delegation_of("good.example");
    CHECK(delegation.state == State::delegated);
    CHECK(delegation.nameservers ==
          std::vector<std::string>{"ns1.hosting.test", "ns2.hosting.test"});
    CHECK(delegation.parent == "example");
    CHECK(delegation.told_by == "a.nic.example (127.0.0.20)");
    CHECK(delegation.glue.empty());
}

TEST_CASE("the names of a delegation are in lower case") {
    CHECK(delegation_of("capital.example").nameservers ==
          std::vector<std::string>{"ns1.hosting.test", "ns2.hosting.test"});
}

TEST_CASE("glue comes with the delegation") {
    const Delegation delegation = delegation_of("glue.example");
    CHECK(delegation.nameservers == std::vector<std::string>{"a.glue.example", "b.glue.example"});
    CHECK(delegation.glue.at("a.glue.example") == std::vector<std::string>{"127.0.0.21"});
    CHECK(delegation.glue.at("b.glue.example") == std::vector<std::string>{"127.0.0.22"});
}

TEST_CASE("a domain nobody has is not delegated") {
    const Delegation delegation = delegation_of("nobody.example");
    CHECK(delegation.state == State::not_delegated);
    CHECK(delegation.nameservers.empty());
    CHECK(delegation.reason.find("nobody.example is not delegated") != std::string::npos);
}

TEST_CASE("a parent that does not answer leaves the delegation unreadable") {
    const Delegation delegation = delegation_of("shop.shut");
    CHECK(delegation.state == State::unreadable);
    CHECK(delegation.reason == "closed.hosting.test (127.0.0.25): nothing listens over UDP");
}

TEST_CASE("without a resolver the delegation is unreadable") {
    DnsSettings settings = net().settings();
    settings.resolver = kClosedAddress;
    const Delegation delegation =
        read_delegation(DomainName::from_stored("good.example"), settings);
    CHECK(delegation.state == State::unreadable);
    CHECK(delegation.reason.find("127.0.0.25: nothing listens") != std::string::npos);
}

TEST_CASE("the parent is the nearest zone, not the nearest name") {
    const auto domain = DomainName::from_stored("shop.deep.down.example");
    CHECK(find_parent(domain, net().settings()).name == "example");
    const auto top = DomainName::from_stored("shop.unheard-of");
    CHECK(find_parent(top, net().settings()).name == "");
}
