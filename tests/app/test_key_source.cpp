#include "app/key_source.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

// The example of RFC 4509, 2.3.
const std::string kKey =
    "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAph"
    "XdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";

FieldMap given(const std::string& flags, const std::string& key) {
    return {{"keys", "given"},
            {"flags", flags},
            {"protocol", "3"},
            {"algorithm", "5"},
            {"public_key", key}};
}

DomainName domain() {
    return DomainName::from_stored("dskey.example.com");
}

}  // namespace

TEST_CASE("a key of the order is completed by the record that stands for it in the parent") {
    const KeyArguments keys = key_source({})(domain(), given("256", kKey));
    CHECK(keys.trouble.empty());
    CHECK(keys.arguments ==
          FieldMap{{"flags", "256"},
                   {"protocol", "3"},
                   {"algorithm", "5"},
                   {"public_key", kKey},
                   {"key_tag", "60485"},
                   {"digest_type", "2"},
                   {"digest", "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a"}});
}

TEST_CASE("a key that is none is trouble, with nothing to send") {
    for (const auto& [flags, key] :
         {std::pair<std::string, std::string>{"256", "%%%"}, {"many", kKey}, {"256", ""}}) {
        CAPTURE(flags);
        CAPTURE(key);
        const KeyArguments keys = key_source({})(domain(), given(flags, key));
        CHECK(keys.arguments.empty());
        CHECK_FALSE(keys.trouble.empty());
    }
}

TEST_CASE("keys that cannot be read from the servers now are trouble, with the reason") {
    DnsSettings nobody;
    nobody.resolver = "127.0.0.1";
    nobody.port = 1;
    nobody.timeout_seconds = 1;
    const KeyArguments keys = key_source(nobody)(domain(), {{"keys", "auto"}});
    CHECK(keys.arguments.empty());
    CHECK(keys.trouble.find("servers of the domain are not known") != std::string::npos);
}
