#include "sandbox/model/zone_above.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace domspool::sandbox;

namespace {

using Texts = std::vector<std::string>;

constexpr std::uint8_t kTypeA = 1, kTypeDs = 43;

// "shop.com" of a type, as it goes over the wire.
Bytes question(const std::string& first, const std::string& second, std::uint8_t type) {
    Bytes bytes = {0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    for (const std::string& label : {first, second}) {
        bytes.push_back(static_cast<std::uint8_t>(label.size()));
        bytes.insert(bytes.end(), label.begin(), label.end());
    }
    for (const int byte : {0, 0, int(type), 0, 1}) bytes.push_back(static_cast<std::uint8_t>(byte));
    return bytes;
}

FindDs finding(const Texts& records) {
    return [records](const std::string&) { return PublishedDs{records, 7}; };
}

struct Header {
    int id, is_answer, has_authority, code, answers, authorities;
};
Header header_of(const std::optional<Bytes>& answer) {
    REQUIRE(answer);
    REQUIRE(answer->size() >= 12);
    const Bytes& a = *answer;
    return {a[0] << 8 | a[1], a[2] >> 7, a[2] >> 2 & 1, a[3] & 15, a[7], a[9]};
}

}  // namespace

TEST_CASE("a DS is shown as it was given, made up where a domain is only signed, else not") {
    Domain domain{"shop.com", true, {}};
    CHECK(ds_records(domain).empty());
    domain.fields["IsSigned"] = "1";
    CHECK(ds_records(domain) == Texts{"12345 13 2 " + std::string(64, 'A')});
    domain.fields["dnskey"] = "257 3 8 AAAA";
    domain.fields["ds"] = "17 2 ABCD;18 4 EF";
    CHECK(ds_records(domain) == Texts{"17 8 2 ABCD", "18 8 4 EF"});
    // What the registry has need not be what the registrar says of it.
    domain.fields["IsSigned"] = "0";
    CHECK(ds_records(domain).size() == 2);
}

TEST_CASE("the zone above answers with authority whether there is a DS") {
    const auto asked = question("Shop", "COM", kTypeDs);
    const Header with = header_of(answer_of_parent(asked, finding({"17 8 2 ABCD", "18 8 2 AB"})));
    CHECK(with.id == 0x1234);
    CHECK(with.is_answer == 1);
    CHECK(with.has_authority == 1);
    CHECK(with.code == 0);
    CHECK(with.answers == 2);
    const Header without = header_of(answer_of_parent(asked, finding({})));
    CHECK(without.code == 0);
    CHECK(without.has_authority == 1);
    CHECK(without.answers == 0);
    CHECK(without.authorities == 1);
}

TEST_CASE("the domain is looked for in lower case") {
    std::string looked_for;
    answer_of_parent(question("Shop", "COM", kTypeDs), [&](const std::string& domain) {
        looked_for = domain;
        return PublishedDs{};
    });
    CHECK(looked_for == "shop.com");
}

TEST_CASE("nothing else is answered, and what is no question not at all") {
    constexpr int kRefused = 5;
    for (const auto& asked :
         {question("shop", "com", kTypeA), question("shop", "unsold", kTypeDs)}) {
        const Header refused = header_of(answer_of_parent(asked, finding({"17 8 2 ABCD"})));
        CHECK(refused.code == kRefused);
        CHECK(refused.answers == 0);
        CHECK(refused.has_authority == 0);
    }
    Bytes answer = question("shop", "com", kTypeDs);
    answer[2] = 0x80;
    CHECK_FALSE(answer_of_parent(answer, finding({})));
    CHECK_FALSE(answer_of_parent({}, finding({})));
    CHECK_FALSE(answer_of_parent({1, 2, 3}, finding({})));
}
