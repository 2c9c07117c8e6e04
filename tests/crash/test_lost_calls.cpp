// A line that loses calls before they have any effect, breaks handshakes, or is away for a while:
// one run orders all the same, and nothing twice.
#include "support/relay.h"
#include "support/shop.h"
#include "support/tls_identity.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <signal.h>
#include <thread>

using namespace domspool::test;
using namespace std::chrono_literals;
using What = StubAction::What;

namespace {

// As it is installed, but for the gaps: a call lasts 36 s at most, two looks are a second apart.
SettingChanges patient(SettingChanges settings = {}) {
    settings.merge(SettingChanges{{"registrar.retry_seconds", "60"},
                                  {"registrar.sync_delay_seconds", "1"},
                                  {"pending.doubt_look_seconds", "1"},
                                  {"pending.stay_minutes", "30"},
                                  {"checks.dns_test", "never"}});
    return settings;
}

std::vector<std::string> shops(int number) {
    std::vector<std::string> domains;
    for (int i = 1; i <= number; ++i) domains.push_back("shop-" + std::to_string(i) + ".com");
    return domains;
}

ProgramEnd register_all(const Shop& shop, const std::vector<std::string>& domains) {
    ProgramCall call =
        shop.call("domain-register", {shop.write("orders.csv", registrations(domains))});
    call.time_limit = 1800s;
    return run_program(call);
}

// What a run over a line has done, by the registrar's own log.
struct Seen {
    int done = 0, twice = 0, lost_twice = 0, other = 0;
    std::size_t calls = 0, lost = 0;
};

Seen seen_in(Shop& shop, const std::vector<std::string>& domains) {
    Seen seen;
    std::map<std::string, int> executed, lost;
    for (const SandboxCall& call : shop.registrar().calls()) {
        ++seen.calls;
        if (call.sending != "sent") ++seen.lost;
        if (call.function != "domainCreate") continue;
        (call.sending == "sent" ? executed : lost)[call.target] += 1;
    }
    const auto orders = shop.orders();
    for (const std::string& domain : domains) {
        const std::string& state = orders.at(domain).at("state");
        if (state == "done")
            ++seen.done;
        else if (state == "held" && lost[domain] == 2)
            ++seen.lost_twice;  // By the rule: the second sending is the last one.
        else
            ++seen.other;
        seen.twice += executed[domain] > 1 ? 1 : 0;
        CHECK_MESSAGE((executed[domain] == 1) == (state == "done"), domain << " is " << state);
    }
    return seen;
}

void lose_calls(const std::string& rate, int seed, int orders, const std::string& lanes) {
    const auto domains = shops(orders);
    Shop shop(patient({{"registrar.lanes", lanes}}),
              {"--delay", "0", "--balance", "100000", "--seed", std::to_string(seed), "--misbehave",
               "*:drop_before:" + rate});
    const auto begun = std::chrono::steady_clock::now();
    const ProgramEnd end = register_all(shop, domains);
    const auto took =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    const Seen seen = seen_in(shop, domains);
    MESSAGE("rate " << rate << ", seed " << seed << ": " << seen.done << " of " << orders
                    << " ordered, " << seen.lost_twice << " held whose two sendings were lost, "
                    << seen.twice << " twice; " << seen.lost << " of " << seen.calls
                    << " calls lost, " << took.count() << " s");
    CAPTURE(end.err);
    CHECK(seen.done + seen.lost_twice == orders);
    CHECK(seen.other == 0);
    CHECK(seen.twice == 0);
    CHECK(seen.lost > 0);
    CHECK(end.code == (seen.lost_twice == 0 ? 0 : 1));
    CHECK(speaks_as_it_ends(end));
}

bool is_long() {
    return std::getenv("DOMSPOOL_LONG_TESTS") != nullptr;
}

}  // namespace

TEST_CASE("over a line that loses calls before any effect one run orders all, and none twice") {
    if (!is_long()) {
        for (const int seed : {1, 2}) lose_calls("0.05", seed, 40, "2");
        return;
    }
    for (const char* rate : {"0.01", "0.05"}) {
        for (int seed = 1; seed <= 5; ++seed) lose_calls(rate, seed, 200, "2");
    }
}

TEST_CASE("with every third TLS handshake broken all is ordered, each once") {
    const TlsAuthority authority;
    StubServer front(authority.issue("127.0.0.1"));
    Scratch scratch;
    authority.write_certificate(scratch / "ca.pem");
    for (const What end : {What::reset, What::cut}) {
        CAPTURE(static_cast<int>(end));
        Shop shop(patient(
            {{"registrar.endpoint", front.url()}, {"registrar.ca_file", scratch / "ca.pem"}}));
        // Each call over a connection of its own.
        front.otherwise([&](const StubRequest& request) -> StubReaction {
            std::string reply = handed_on(request, shop.registrar().port());
            reply.insert(reply.find("\r\n") + 2, "Connection: close\r\n");
            return {{What::send, reply, {}}, {What::close, "", {}}};
        });
        front.break_handshakes(3, end);
        const auto domains = shops(6);
        const ProgramEnd run = register_all(shop, domains);
        CAPTURE(run.err);
        CHECK(run.code == 0);
        CHECK(run.err == "");
        const Seen seen = seen_in(shop, domains);
        CHECK(seen.done == 6);
        CHECK(seen.twice == 0);
        const std::string log = read_text(shop / "domspool.log");
        CHECK(log.find("the TLS handshake with '127.0.0.1' was broken off") != std::string::npos);
        CHECK(log.find("cannot trust") == std::string::npos);
    }
}

TEST_CASE("a registrar that is away for a moment keeps nothing from being ordered") {
    Shop shop(patient());
    const auto domains = shops(4);
    const std::string path = shop.write("orders.csv", registrations(domains));
    shop.registrar().stop();
    RunningProgram program(shop.call("domain-register", {path}));
    std::this_thread::sleep_for(2s);
    shop.registrar().restart();
    const ProgramEnd end = program.wait();
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(seen_in(shop, domains).done == 4);
}

TEST_CASE("a run that is called off while it waits for the line, or for a doubt, ends at once") {
    Shop shop(patient());
    const std::string path = shop.write("orders.csv", registrations(shops(2)));
    SUBCASE("for the line") {
        shop.registrar().stop();
    }
    SUBCASE("for a doubt") {
        shop.registrar().control("misbehave domainCreate:drop_before");
    }
    RunningProgram program(shop.call("domain-register", {path}));
    std::this_thread::sleep_for(4s);
    const auto called_off = std::chrono::steady_clock::now();
    program.send(SIGTERM);
    const ProgramEnd end = program.wait();
    CHECK(std::chrono::steady_clock::now() - called_off < 10s);
    CHECK(end.code == 75);
    CHECK(end.err.find("stopped by a signal") != std::string::npos);
}
