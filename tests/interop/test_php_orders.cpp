// The programs against a registrar written in PHP, from an order file to its end.
#include "interop/php_registrar.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <thread>

using namespace domspool::test;

namespace {

// A doubt may not be settled before the longest call has passed: the registrar might still be at
// it. With a syncDelay of 1 s that is 36 s (DESIGN 6), and no setting makes it less.
constexpr std::chrono::seconds kLongestCall{36};

std::map<std::string, std::string> states_in(const Shop& shop) {
    std::map<std::string, std::string> states;
    for (const auto& [domain, order] : shop.orders()) states[domain] = order.at("state");
    return states;
}

using States = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("an order file is registered, followed and settled at a registrar in PHP") {
    PhpRegistrar registrar;
    Shop shop(
        {{"registrar.endpoint", registrar.endpoint()}, {"registrar.sync_delay_seconds", "1"}});
    shop.write("secret", "sandbox\n");
    const std::string file = shop.write(
        "new.csv",
        registrations({"first.com", "slow-second.com", "crash-third.com", "exit-fourth.com"}));
    const ProgramEnd ordered = shop.run("domain-register", {file});
    const auto sent = std::chrono::steady_clock::now();
    INFO(ordered.out << ordered.err);
    CHECK(ordered.code == 1);  // Two are in doubt.
    CHECK(states_in(shop) == States{{"first.com", "done"},
                                    {"slow-second.com", "waiting"},
                                    {"crash-third.com", "in_doubt"},
                                    {"exit-fourth.com", "in_doubt"}});

    registrar.finish_all();
    const ProgramEnd early = shop.run("pending-check", {"--now"});
    CAPTURE(early.err);
    CHECK(states_in(shop).at("slow-second.com") == "done");
    std::this_thread::sleep_until(sent + kLongestCall + std::chrono::seconds(1));
    for (int pass = 0; pass < 3; ++pass) shop.run("pending-check", {"--now"});
    for (const auto& [domain, state] : states_in(shop)) {
        CAPTURE(domain);
        CHECK(state == "done");
        CHECK(registrar.count_calls("domainCreate " + domain) == 1);
    }
    CHECK(registrar.count_calls("contactCreate") == 1);
    CHECK(registrar.has_no_session());
}
