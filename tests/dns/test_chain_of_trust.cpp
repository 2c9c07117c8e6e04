#include "dns/chain_of_trust.h"
#include "dns/loopback_net.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const std::vector<std::string> kUsual = {"ns1.hosting.test", "ns2.hosting.test"};

DomainName name_of(const char* domain) {
    return DomainName::from_stored(domain);
}

}  // namespace

TEST_CASE("the chain of trust holds when every server has the key of the DS") {
    const auto chain = check_chain(name_of("signed.example"), kUsual, net().settings());
    CHECK(chain.state == ChainOfTrust::State::holds);
    CHECK(chain.ds_seconds == 3600);
    CHECK(chain.reason == "");
}

TEST_CASE("the chain of trust breaks with another key, a silent key, or none") {
    const auto swapped = check_chain(name_of("swapped.example"), kUsual, net().settings());
    CHECK(swapped.state == ChainOfTrust::State::broken);
    CHECK(swapped.reason ==
          "ns1.hosting.test has no key that signs its keys and fits a DS of "
          "swapped.example in the zone above");
    const auto standby = check_chain(name_of("standby.example"), kUsual, net().settings());
    CHECK(standby.state == ChainOfTrust::State::broken);
    const auto unsigned_half = check_chain(
        name_of("differing.example"), {"ns1.hosting.test", "stale.hosting.test"}, net().settings());
    CHECK(unsigned_half.state == ChainOfTrust::State::broken);
    CHECK(unsigned_half.reason.starts_with("stale.hosting.test has no key"));
    const auto lame = check_chain(name_of("signed.example"), {"a.nic.example"}, net().settings());
    CHECK(lame.state == ChainOfTrust::State::broken);
    CHECK(lame.reason ==
          "a.nic.example (127.0.0.20): answers NOERROR without authority for signed.example");
}

TEST_CASE("an unsigned domain has no chain to break, an unreadable one is not called so") {
    const auto good = check_chain(name_of("good.example"), kUsual, net().settings());
    CHECK(good.state == ChainOfTrust::State::not_signed);
    CHECK(good.ds_seconds == 0);
    CHECK(check_chain(name_of("shop.shut"), kUsual, net().settings()).state ==
          ChainOfTrust::State::unreadable);
    CHECK(check_chain(name_of("signed.example"), {"closed.hosting.test"}, net().settings()).state ==
          ChainOfTrust::State::unreadable);
}

TEST_CASE("every address of a server must have the key, not only the first one") {
    // The second address of half.hosting.test has not the zone, that of down.hosting.test is down.
    const auto half = check_chain(name_of("signed.example"),
                                  {"ns1.hosting.test", "half.hosting.test"}, net().settings());
    CHECK(half.state == ChainOfTrust::State::broken);
    CHECK(half.reason ==
          "half.hosting.test (127.0.0.23): answers REFUSED without authority for signed.example");
    const auto one_up = check_chain(name_of("signed.example"),
                                    {"ns1.hosting.test", "oneup.hosting.test"}, net().settings());
    CHECK(one_up.state == ChainOfTrust::State::holds);
}

TEST_CASE("where servers of the parent show different DS records, each must be fitted") {
    using Bytes = ScriptedUdpServer::Bytes;
    const auto look = [](int key_tag) {
        const ScriptedUdpServer parent(kFreeAddress, net().port(), [=](const Bytes& question) {
            return std::vector<Bytes>{answer_to(question, 0x84, 0, 1, 0, ds_in_wire(key_tag))};
        });
        return check_chain(name_of("shop.both"), kUsual, net().settings()).state;
    };
    CHECK(check_chain(name_of("shop.both"), kUsual, net().settings()).state ==
          ChainOfTrust::State::holds);
    CHECK(look(4711) == ChainOfTrust::State::broken);
}

TEST_CASE("a server that cannot answer for a moment breaks no chain") {
    using Bytes = ScriptedUdpServer::Bytes;
    const ScriptedUdpServer ill(kFreeAddress, net().port(), [](const Bytes& question) {
        return std::vector<Bytes>{answer_to(question, 0x80, 2, 0, 0, {})};
    });
    CHECK(check_chain(name_of("signed.example"), {"ns1.hosting.test", "free.hosting.test"},
                      net().settings())
              .state == ChainOfTrust::State::unreadable);
}
