#include "dns/parent_ds.h"
#include "sandbox/server/dns_server.h"
#include "support/sandbox_process.h"

#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

ParentDs shown(const SandboxProcess& sandbox, const char* domain) {
    DnsSettings settings;
    settings.timeout_seconds = 10;
    settings.rehearsal_parent = RehearsalParent{"127.0.0.1", sandbox.port()};
    return read_parent_ds(DomainName::from_stored(domain), settings);
}

}  // namespace

TEST_CASE("the sandbox is the parent of its domains, signed, unsigned and elsewhere") {
    using State = ParentDs::State;
    SandboxProcess sandbox({"--delay", "3"});
    sandbox.control(
        "add-domain signed.com IsSigned=1\nadd-domain plain.co.uk\n"
        "add-domain away.org outside ds=17_2_ABCD");
    CHECK(shown(sandbox, "plain.co.uk").state == State::absent);
    CHECK(shown(sandbox, "nobody-has-it.com").state == State::absent);
    const ParentDs made_up = shown(sandbox, "signed.com");
    CHECK(made_up.state == State::present);
    CHECK(made_up.ttl_seconds == 3);
    const ParentDs given = shown(sandbox, "away.org");
    REQUIRE(given.sets.size() == 1);
    CHECK(given.sets[0] == std::vector<DsData>{{17, 13, 2, "abcd"}});
    CHECK(shown(sandbox, "shop.unsold").state == State::unreadable);
    sandbox.control("set-domain signed.com IsSigned=0");
    CHECK(shown(sandbox, "signed.com").state == State::absent);
}

TEST_CASE("what is no question harms nobody, and a sandbox started again answers again") {
    SandboxProcess sandbox;
    Poco::Net::DatagramSocket socket;
    socket.connect(Poco::Net::SocketAddress("127.0.0.1", sandbox.port()));
    for (int i = 0; i < 50; ++i) socket.sendBytes("nonsense", i % 9);
    CHECK(shown(sandbox, "shop.com").state == ParentDs::State::absent);
    sandbox.restart();
    CHECK(shown(sandbox, "shop.com").state == ParentDs::State::absent);
    sandbox.kill();
    CHECK(shown(sandbox, "shop.com").state == ParentDs::State::unreadable);
}
