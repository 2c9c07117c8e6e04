#include "dns/dns_settings.h"

#include <doctest/doctest.h>

using namespace domspool;
using std::chrono::steady_clock;

TEST_CASE("all questions of one matter together take no more than six times the time of one") {
    DnsSettings settings;
    settings.timeout_seconds = 2;
    const auto before = steady_clock::now();
    const DnsSettings first = limited(settings);
    REQUIRE(first.until);
    CHECK(*first.until >= before + std::chrono::seconds(12));
    CHECK(*first.until <= steady_clock::now() + std::chrono::seconds(12));
}

TEST_CASE("a part of the matter has no more time than the whole") {
    DnsSettings settings;
    settings.until = steady_clock::now() - std::chrono::seconds(1);
    CHECK(limited(settings).until == settings.until);
}
