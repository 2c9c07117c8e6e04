// The signs of life that a run leaves: the metrics file and the heartbeat.
#include "support/shop.h"
#include "support/stub_server.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <sys/stat.h>

using namespace domspool::test;

namespace {

constexpr const char* kToken = "token-Vb6-gecko";

SettingChanges signals_to(const StubServer& server, const std::string& metrics_file) {
    return {{"signals.heartbeat_url", server.url() + kToken + "/{program}"},
            {"signals.metrics_file", metrics_file}};
}

struct Watched {
    StubServer server;
    Scratch metrics;
    Shop shop;

    explicit Watched(std::vector<std::string> sandbox = {"--delay", "0"})
        : shop(signals_to(server, metrics / "domspool.prom"), std::move(sandbox)) {
        server.otherwise([](const StubRequest&) { return replies(200, "OK"); });
    }
    std::string metrics_text() const { return read_text(metrics / "domspool.prom"); }
    // "" if the program never had a success.
    std::string success_of(const std::string& program) const {
        const std::string text = metrics_text();
        std::smatch parts;
        const std::regex line("last_success_timestamp_seconds\\{program=\"" + program +
                              "\"\\} ([0-9.]+)");
        return std::regex_search(text, parts, line) ? parts[1].str() : "";
    }
    std::string log() const { return read_text(shop / "domspool.log"); }
    void order(const std::string& domain) {
        const ProgramEnd end =
            shop.run("domain-register", {shop.write(domain + ".csv", registrations({domain}))});
        CHECK(end.code == 0);
    }
};

}  // namespace

TEST_CASE("a good pass of pending-check asks for the heartbeat once and writes the metrics") {
    Watched with;
    const ProgramEnd end = with.shop.run("pending-check", {});
    CHECK(end.code == 0);
    REQUIRE(with.server.requests().size() == 1);
    CHECK(with.server.requests()[0].head.starts_with("GET /2.0/" + std::string(kToken) +
                                                     "/pending-check HTTP/1.1\r\n"));
    struct stat about {};
    REQUIRE(::stat((with.metrics / "domspool.prom").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0644);
    CHECK(with.success_of("pending-check") != "");
    CHECK(with.success_of("summary-report") == "");
    CHECK(std::distance(std::filesystem::directory_iterator(with.metrics.path()), {}) == 1);
}

TEST_CASE("an order by hand is counted, and no sign that cron is alive") {
    Watched with({"--delay", "600"});
    with.order("slow-shop.com");
    CHECK(with.server.requests().empty());
    CHECK(with.metrics_text().find("domspool_orders{state=\"waiting\"} 1\n") != std::string::npos);
    CHECK(with.success_of("domain-register") != "");
    CHECK(with.success_of("pending-check") == "");
    CHECK(with.shop.run("pending-check", {}).code == 0);
    // Each program knows of the others.
    CHECK(with.success_of("pending-check") != "");
}

TEST_CASE("while the registrar is away pending-check keeps quiet, and gives no sign of life") {
    Watched with({"--delay", "600"});
    with.order("slow-shop.com");
    with.shop.registrar().kill();
    const ProgramEnd end = with.shop.run("pending-check", {});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(with.server.requests().empty());
    CHECK(with.success_of("pending-check") == "");
    with.shop.registrar().restart();
    CHECK(with.shop.run("pending-check", {}).code == 0);
    CHECK(with.server.requests().size() == 1);
    CHECK(with.success_of("pending-check") != "");
}

TEST_CASE("a heartbeat that fails fails nothing, and its token stands in no log") {
    struct Case {
        StubReaction reaction;
        const char* logged;
    };
    for (const Case& each :
         {Case{replies(500, "no"), "heartbeat_refused"},
          Case{{{StubAction::What::cut, "", {}}}, "heartbeat_failed"},
          Case{{{StubAction::What::send, "nonsense", {}}, {StubAction::What::close, "", {}}},
               "heartbeat_failed"}}) {
        CAPTURE(each.logged);
        Watched with;
        with.server.next(each.reaction);
        const ProgramEnd end = with.shop.run("pending-check", {});
        CHECK(end.code == 0);
        CHECK(end.out == "");
        CHECK(end.err == "");
        CHECK(with.log().find(each.logged) != std::string::npos);
        CHECK(with.log().find(kToken) == std::string::npos);
        CHECK(with.success_of("pending-check") != "");
    }
}

TEST_CASE("metrics that cannot be written fail nothing") {
    Watched with;
    with.shop.write_settings({{"signals.metrics_file", "/nowhere/domspool.prom"}});
    const ProgramEnd end = with.shop.run("pending-check", {});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(with.log().find("metrics_not_written") != std::string::npos);
    CHECK(with.server.requests().size() == 1);
}

TEST_CASE("a report that was not delivered is no success") {
    Watched with;
    with.shop.write_settings({{"report.from", "domains@example.net"},
                              {"report.to", "[ops@example.net]"},
                              {"report.smtp", "{ port: 1 }"}});
    CHECK(with.shop.run("summary-report", {}).code == 75);
    CHECK(with.success_of("summary-report") == "");
    CHECK(with.server.requests().empty());
}
