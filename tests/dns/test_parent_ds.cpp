#include "dns/loopback_net.h"
#include "dns/parent_ds.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace domspool;
using namespace domspool::test;

namespace {

// "name TTL IN DS tag algorithm type digest", as ldns-keygen writes it.
DsData ds_in(const std::string& line) {
    std::istringstream words(line);
    std::string name, word;
    words >> name;
    while (words >> word && word != "DS") continue;
    DsData ds;
    words >> ds.key_tag >> ds.algorithm >> ds.digest_type >> ds.digest;
    return ds;
}

using Bytes = ScriptedUdpServer::Bytes;
using State = ParentDs::State;

constexpr int kAuthoritative = 0x84, kNotAuthoritative = 0x80;
constexpr int kFine = 0, kServerFailure = 2, kNoSuchName = 3, kRefused = 5;

DomainName name_of(const char* domain) {
    return DomainName::from_stored(domain);
}

ParentDs asked(const char* domain) {
    return read_parent_ds(name_of(domain), net().settings());
}

// What is found when free.hosting.test answers so: alone for "odd", beside a server that has no DS
// of shop.two and one of keyed.two.
ParentDs told(const char* domain, const ScriptedUdpServer::Script& script) {
    const ScriptedUdpServer server(kFreeAddress, net().port(), script);
    return asked(domain);
}

ScriptedUdpServer::Script saying(int flags, int code, int answers, int authorities,
                                 const Bytes& records) {
    return [=](const Bytes& question) {
        return std::vector<Bytes>{answer_to(question, flags, code, answers, authorities, records)};
    };
}

ScriptedUdpServer::Script denying(const std::string& zone, int code = kFine) {
    return saying(kAuthoritative, code, 0, 1, soa_in_wire(zone));
}

}  // namespace

TEST_CASE("the DS of a domain is read from the zone above, with its TTL") {
    const ParentDs ds = read_parent_ds(name_of("signed.example"), net().settings());
    REQUIRE(ds.state == ParentDs::State::present);
    REQUIRE(ds.sets.size() == 1);
    REQUIRE(ds.sets[0].size() == 1);
    CHECK(ds.sets[0][0] == ds_in(net().key_of("signed").ds_line));
    CHECK(ds.ttl_seconds == 3600);
}

TEST_CASE("no DS, and a DS that cannot be read, are two things") {
    CHECK(read_parent_ds(name_of("good.example"), net().settings()).state ==
          ParentDs::State::absent);
    const ParentDs shut = read_parent_ds(name_of("shop.shut"), net().settings());
    CHECK(shut.state == ParentDs::State::unreadable);
    CHECK(shut.reason == "closed.hosting.test (127.0.0.25): nothing listens over UDP");
}

TEST_CASE("only a server of the parent that answers for it can say that there is no DS") {
    CHECK(told("shop.odd", denying("odd")).state == State::absent);
    CHECK(told("shop.odd", denying("odd", kNoSuchName)).state == State::absent);
    // Of the domain itself, of another zone, and of nobody.
    CHECK(told("shop.odd", denying("@")).state == State::unreadable);
    CHECK(told("shop.odd", denying("other")).state == State::unreadable);
    CHECK(told("shop.odd", saying(kAuthoritative, kFine, 0, 0, {})).state == State::unreadable);
    CHECK(told("shop.odd", saying(kNotAuthoritative, kFine, 0, 1, soa_in_wire("odd"))).state ==
          State::unreadable);
    for (const int code : {kServerFailure, kRefused}) {
        CAPTURE(code);
        CHECK(told("shop.odd", denying("odd", code)).state == State::unreadable);
    }
    CHECK(told("shop.odd", [](const Bytes&) { return std::vector<Bytes>(); }).state ==
          State::unreadable);
    CHECK(asked("shop.odd").state == State::unreadable);
}

TEST_CASE("an answer that was cut, and cannot be fetched whole, says nothing") {
    const ParentDs cut =
        told("shop.odd", saying(kAuthoritative | 2, kFine, 0, 1, soa_in_wire("odd")));
    CHECK(cut.state == State::unreadable);
    CHECK(cut.reason == "free.hosting.test (127.0.0.27): nothing listens over TCP");
}

TEST_CASE("one server of the parent with a DS outweighs all that have none") {
    CHECK(told("shop.two", denying("two")).state == State::absent);
    const ParentDs ds = told("shop.two", saying(kAuthoritative, kFine, 1, 0, ds_in_wire(7)));
    CHECK(ds.state == State::present);
    REQUIRE(ds.sets.size() == 1);
    CHECK(ds.sets[0] == std::vector<DsData>{{7, 13, 2, std::string(64, 'c')}});
    // Also one that does not say it with authority.
    CHECK(told("shop.two", saying(kNotAuthoritative, kFine, 1, 0, ds_in_wire(7))).state ==
          State::present);
}

TEST_CASE("servers of the parent that are lame or silent leave the word to the others") {
    for (const int code : {kServerFailure, kRefused}) {
        CHECK(told("shop.two", denying("two", code)).state == State::absent);
        CHECK(told("keyed.two", denying("two", code)).state == State::present);
    }
    CHECK(asked("shop.two").state == State::absent);
}

TEST_CASE("each set of DS records that the parent's servers show is kept") {
    const ParentDs ds = told("keyed.two", saying(kAuthoritative, kFine, 1, 0, ds_in_wire(7)));
    CHECK(ds.state == State::present);
    CHECK(ds.sets.size() == 2);
    CHECK(ds.ttl_seconds == 3600);
    CHECK(told("keyed.two", denying("two")).sets.size() == 1);
}

TEST_CASE("more DS records than a registry takes are no reason to call a domain unsigned") {
    Bytes records;
    for (int i = 0; i < 40; ++i) {
        const Bytes one = ds_in_wire(i);
        records.insert(records.end(), one.begin(), one.end());
    }
    const ParentDs ds = told("shop.two", saying(kAuthoritative, kFine, 40, 0, records));
    CHECK(ds.state == State::unreadable);
    CHECK(ds.reason == "free.hosting.test (127.0.0.27): shows 40 DS records, which is absurd");
}

TEST_CASE("a parent with thousands of servers is asked by a few threads, and soon over") {
    ParentDs ds;
    const std::size_t threads = most_threads_during([&] { ds = asked("shop.crowd"); });
    CHECK(ds.state == State::unreadable);
    CHECK(threads <= 30);
}

TEST_CASE("in a rehearsal its registrar alone is asked, at its own port") {
    DnsSettings settings;
    settings.resolver = kClosedAddress;
    settings.timeout_seconds = 1;
    settings.rehearsal_parent = {kFreeAddress, net().port()};
    const auto state_of = [&](const ScriptedUdpServer::Script& script) {
        const ScriptedUdpServer server(kFreeAddress, net().port(), script);
        return read_parent_ds(name_of("shop.com"), settings).state;
    };
    CHECK(state_of(denying("com")) == State::absent);
    CHECK(state_of(saying(kAuthoritative, kFine, 1, 0, ds_in_wire(7))) == State::present);
    CHECK(state_of(denying("com", kRefused)) == State::unreadable);
    const ParentDs closed = read_parent_ds(name_of("shop.com"), settings);
    CHECK(closed.state == State::unreadable);
    CHECK(closed.reason == "the registrar of the rehearsal (127.0.0.27): nothing listens over UDP");
}
