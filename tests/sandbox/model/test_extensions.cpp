#include "sandbox/model/extensions.h"

#include <doctest/doctest.h>

using namespace domspool::sandbox;

TEST_CASE("a domain belongs to its longest ending") {
    REQUIRE(extension_of("shop.co.uk") != nullptr);
    CHECK(extension_of("shop.co.uk")->name == "co.uk");
    CHECK(extension_of("example.com")->name == "com");
}

TEST_CASE("what is no domain of a known extension has none") {
    for (const char* name : {"example", "example.zz", "www.example.com", "-a.com", "a-.com", ".com",
                             "under_score.com", "Example.com", ""}) {
        CAPTURE(name);
        CHECK(extension_of(name) == nullptr);
    }
}

TEST_CASE("periods are ranges and lists") {
    const Extension& eu = *extension_named("EU");  // 1-5:10
    CHECK(allows_years(eu, 1));
    CHECK(allows_years(eu, 5));
    CHECK_FALSE(allows_years(eu, 6));
    CHECK(allows_years(eu, 10));
    CHECK_FALSE(allows_years(eu, 0));
    CHECK(allows_years(*extension_named("lu"), 2));
    CHECK_FALSE(allows_years(*extension_named("lu"), 1));
    CHECK_FALSE(allows_years(*extension_named("es"), 4));
}

TEST_CASE("money is written with two digits after the point") {
    CHECK(money_text(0) == "0.00");
    CHECK(money_text(905) == "9.05");
    CHECK(money_text(109300) == "1093.00");
    CHECK(money_text(-5) == "-0.05");
}

TEST_CASE("a premium name costs more") {
    const Extension& shop = *extension_named("shop");
    CHECK(yearly_fee_cents(shop, "premium-tea.shop") == 109300);
    CHECK(yearly_fee_cents(shop, "tea.shop") == 2890);
    CHECK_FALSE(is_premium(*extension_named("com"), "premium.com"));
}

TEST_CASE("an extension without a service has its operation closed") {
    CHECK_FALSE(is_open(*extension_named("de"), "domainSetPreference.registrar_lock"));
    CHECK_FALSE(is_open(*extension_named("es"), "DOMAINSETDNSSEC"));
    CHECK_FALSE(is_open(*extension_named("is"), "domainAuthid"));
    CHECK_FALSE(is_open(*extension_named("es"), "domainTransferOwner"));
    CHECK(is_open(*extension_named("com"), "domainTransferOwner"));
}
