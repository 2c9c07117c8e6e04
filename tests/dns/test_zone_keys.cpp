#include "dns/loopback_net.h"
#include "dns/zone_keys.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

using namespace domspool;
using namespace domspool::test;

namespace {

const std::vector<std::string> kUsual = {"ns1.hosting.test", "ns2.hosting.test"};

DomainName name_of(const char* domain) {
    return DomainName::from_stored(domain);
}

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

ZoneKey key_with(int flags, int algorithm, const std::string& public_key) {
    ZoneKey key;
    key.flags = flags;
    key.protocol = 3;
    key.algorithm = algorithm;
    key.public_key = public_key;
    return key;
}

}  // namespace

TEST_CASE("a DS is made as RFC 4509 shows it") {
    const ZoneKey key = completed(
        name_of("dskey.example.com"),
        key_with(256, 5,
                 "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYw"
                 "YqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmAD"
                 "jFDc2w/rljwvFw=="));
    CHECK(key.key_tag == 60485);
    CHECK(key.digest_type == 2);
    CHECK(key.digest == "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a");
}

TEST_CASE("a DS for elliptic curves is made as RFC 6605 shows it") {
    const ZoneKey p256 = completed(
        name_of("example.net"),
        key_with(257, 13,
                 "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQ"
                 "Lc8NAA=="));
    CHECK(p256.key_tag == 55648);
    CHECK(p256.digest == "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17");

    const ZoneKey p384 =
        key_with(257, 14,
                 "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrb"
                 "YQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40");
    CHECK(ds_of(name_of("example.net"), p384, 4) ==
          DsData{10771, 14, 4,
                 "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c"
                 "3008a946df983d6"});
}

TEST_CASE("a key or digest type that makes no sense is refused") {
    CHECK_THROWS_AS(ds_of(name_of("example.net"), key_with(257, 13, "***"), 2),
                    std::invalid_argument);
    CHECK_THROWS_AS(ds_of(name_of("example.net"), key_with(257, 13, "AAAA"), 9),
                    std::invalid_argument);
}

TEST_CASE("the keys of a signed zone are read, the key signing key preferred") {
    const ZoneKeys keys = read_zone_keys(name_of("signed.example"), kUsual, net().settings());
    CHECK(keys.reason == "");
    REQUIRE(keys.state == ZoneKeys::State::signed_zone);
    CHECK(keys.keys.size() == 2);
    const auto entries = keys.entry_keys();
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].flags == 257);
    CHECK(entries[0].protocol == 3);
    CHECK(entries[0].algorithm == 13);
    CHECK(entries[0].signs_the_keys);
    const DsData expected = ds_in(net().key_of("signed").ds_line);
    CHECK(entries[0].key_tag == expected.key_tag);
    CHECK(ds_of(name_of("signed.example"), entries[0], expected.digest_type) == expected);
    CHECK(net().key_of("signed").key_line.find(entries[0].public_key) != std::string::npos);
}

TEST_CASE("a single key without the flag of a key signing key is taken") {
    const ZoneKeys keys = read_zone_keys(name_of("single.example"), kUsual, net().settings());
    REQUIRE(keys.state == ZoneKeys::State::signed_zone);
    REQUIRE(keys.entry_keys().size() == 1);
    CHECK(keys.entry_keys()[0].flags == 256);
}

TEST_CASE("a key that is published but signs nothing is no entry") {
    const ZoneKeys keys = read_zone_keys(name_of("standby.example"), kUsual, net().settings());
    REQUIRE(keys.state == ZoneKeys::State::signed_zone);
    CHECK(keys.keys.size() == 2);
    REQUIRE(keys.entry_keys().size() == 1);
    CHECK(keys.entry_keys()[0].key_tag == ds_in(net().key_of("standby").ds_line).key_tag);
}

TEST_CASE("a revoked key is no entry") {
    ZoneKeys keys;
    ZoneKey revoked = key_with(257 | 128, 13, "AAAA");
    revoked.signs_the_keys = true;
    keys.keys = {revoked};
    CHECK(keys.entry_keys().empty());
}

TEST_CASE("a zone without keys is unsigned") {
    const ZoneKeys keys = read_zone_keys(name_of("good.example"), kUsual, net().settings());
    CHECK(keys.state == ZoneKeys::State::unsigned_zone);
    CHECK(keys.keys.empty());
}

TEST_CASE("servers with different keys leave the keys unreadable") {
    const ZoneKeys keys = read_zone_keys(
        name_of("differing.example"), {"ns1.hosting.test", "stale.hosting.test"}, net().settings());
    CHECK(keys.state == ZoneKeys::State::unreadable);
    CHECK(keys.reason == "ns1.hosting.test and stale.hosting.test show different keys");
    CHECK(keys.keys.empty());
}

TEST_CASE("a server that is down leaves the keys unreadable") {
    const ZoneKeys keys = read_zone_keys(
        name_of("signed.example"), {"ns1.hosting.test", "closed.hosting.test"}, net().settings());
    CHECK(keys.state == ZoneKeys::State::unreadable);
    CHECK(keys.reason == "closed.hosting.test (127.0.0.25): nothing listens over UDP");
    const ZoneKeys lame = read_zone_keys(name_of("lame.example"), kUsual, net().settings());
    CHECK(lame.state == ZoneKeys::State::unreadable);
    CHECK(read_zone_keys(name_of("signed.example"), {}, net().settings()).state ==
          ZoneKeys::State::unreadable);
}

TEST_CASE("every address of a server is asked, and one that is down counts for nothing") {
    const std::vector<ShownKeys> all = keys_shown(
        name_of("signed.example"), {"ns1.hosting.test", "half.hosting.test"}, net().settings());
    REQUIRE(all.size() == 3);
    const auto shown = [&](ShownKeys::What what) {
        return std::count_if(all.begin(), all.end(),
                             [what](const ShownKeys& seen) { return seen.what == what; });
    };
    CHECK(shown(ShownKeys::What::keys) == 2);
    CHECK(shown(ShownKeys::What::not_the_zone) == 1);
    const auto one_up =
        keys_shown(name_of("signed.example"), {"oneup.hosting.test"}, net().settings());
    REQUIRE(one_up.size() == 1);
    CHECK(one_up[0].what == ShownKeys::What::keys);
    const auto down =
        keys_shown(name_of("signed.example"), {"down.hosting.test"}, net().settings());
    REQUIRE(down.size() == 2);
    CHECK(down[0].what == ShownKeys::What::silence);
}

TEST_CASE("more keys than anybody needs, and more servers, are not looked at") {
    const ZoneKeys many = read_zone_keys(name_of("manykeys.example"), kUsual, net().settings());
    CHECK(many.state == ZoneKeys::State::unreadable);
    CHECK(many.reason ==
          "ns1.hosting.test (127.0.0.21): it shows more than 16 keys or signatures of them");
    std::vector<std::string> servers;
    for (int i = 0; i < 4000; ++i) servers.push_back("n" + std::to_string(i) + ".test");
    const ZoneKeys crowd = read_zone_keys(name_of("good.example"), servers, net().settings());
    CHECK(crowd.state == ZoneKeys::State::unreadable);
    CHECK(crowd.reason == "4000 name servers are too many to ask");
}
