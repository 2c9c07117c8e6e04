// summary-report is killed at each of its crash points, and run again: every order is told, and a
// mail that comes twice is the same mail.
#include "support/mail_server.h"
#include "support/shop.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <set>
#include <signal.h>
#include <tuple>

using namespace domspool;
using namespace domspool::test;

namespace {

std::string smtp(const MailServer& server) {
    return "{ port: " + std::to_string(server.port()) + " }";
}

}  // namespace

TEST_CASE("killed at any point of a report, no event is lost and no mail comes as another") {
    int points = 0;
    for (const std::string_view name : kCrashPoints) {
        if (!name.starts_with("report_")) continue;
        CAPTURE(name);
        ++points;
        const MailServer server;
        Shop shop({{"report.policy", "on-change"},
                   {"report.from", "domains@example.net"},
                   {"report.to", "[ops@example.net]"},
                   {"report.smtp", smtp(server)}});
        std::ignore = shop.run("domain-register",
                               {shop.write("first.csv", registrations({"first-shop.com"}))});
        const ProgramEnd dead = shop.run_until(std::string(name) + ":1", "summary-report", {});
        CHECK(dead.signal == SIGKILL);
        std::ignore = shop.run("domain-register",
                               {shop.write("second.csv", registrations({"second-shop.com"}))});
        const ProgramEnd again = shop.run("summary-report", {});
        CHECK(again.err == "");
        CHECK(again.code == 0);
        CHECK(shop.run("summary-report", {}).code == 0);

        const auto mails = server.mails();
        std::set<std::string> different;
        std::string told;
        for (const TakenMail& mail : mails) {
            if (different.insert(mail.text).second) told += mail.part("text/plain");
        }
        CHECK(different.size() == 2);
        CHECK(mails.size() == (name == "report_taken" ? 3U : 2U));
        for (const char* domain : {"first-shop.com", "second-shop.com"}) {
            CHECK(told.find(domain) != std::string::npos);
            CHECK(told.find(domain) == told.rfind(domain));
        }
    }
    CHECK(points == 3);
}
