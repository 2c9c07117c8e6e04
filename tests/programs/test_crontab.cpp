// cron/crontab, run by Debian's cron in a root of its own, each line every minute: a day in fast
// motion. Nothing is set but what cron sets: no HOME worth the name, no terminal, no locale.
#include "support/not_run.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <regex>
#include <sstream>
#include <thread>
#include <unistd.h>

using namespace domspool::test;

namespace {

constexpr auto kLongest = std::chrono::minutes(5);
constexpr uid_t kUser = 4242;  // as cron_world.sh has it

// The shipped lines of these programs, due every minute.
std::string crontab_in_fast_motion() {
    std::istringstream in(read_text(std::string(SOURCE_DIR) + "/cron/crontab"));
    static const std::regex job(
        "([^# =]+ +){5}(domspool +(spool-run|pending-check|domain-orders).*)");
    std::string text;
    for (std::string line; std::getline(in, line);) {
        std::smatch parts;
        if (line.find('=') != std::string::npos && line.front() != '#') text += line + "\n";
        if (std::regex_match(line, parts, job)) text += "* * * * *  " + parts[2].str() + "\n";
    }
    return text;
}

bool may_mount() {
    return ::geteuid() == 0 && ::access("/usr/sbin/cron", X_OK) == 0 &&
           run_program({.program = "/usr/bin/unshare",
                        .arguments = {"--mount", "/bin/mount", "--make-rprivate", "/"}})
                   .code == 0;
}

void give_to_service(const std::filesystem::path& folder) {
    REQUIRE(::chown(folder.c_str(), kUser, kUser) == 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        REQUIRE(::lchown(entry.path().c_str(), kUser, kUser) == 0);
    }
}

// As the result file in done/ tells it: a program of ours, run as root, would leave files that the
// service may not write to.
std::string state_of(const SpoolShop& shop, const std::string& domain) {
    const std::string name = "1-register-day.result.csv";
    const auto archived = shop.archived();
    if (std::find(archived.begin(), archived.end(), name) == archived.end()) return "";
    const auto records = csv_records(shop.archived_text(name));
    const auto column = [&](const std::string& field) {
        return static_cast<std::size_t>(std::find(records[0].begin(), records[0].end(), field) -
                                        records[0].begin());
    };
    for (const auto& record : records) {
        if (record.at(column("domain")) == domain) return record.at(column("state"));
    }
    return "";
}

std::size_t number_of(const std::filesystem::path& folder) {
    std::size_t number = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        number += entry.path().filename().string().starts_with('.') ? 0 : 1;
    }
    return number;
}

}  // namespace

TEST_CASE("cron orders a dropped file and follows it to its end; it mails what needs a person") {
    if (!may_mount()) return not_run("cron, root and the right to mount are needed");
    SpoolShop shop;
    shop.drop("register-day.csv",
              registrations({"now-shop.com", "slow-shop.com", "taken-shop.com"}));
    give_to_service(shop.folder());
    const Scratch world;
    const std::string crontab = shop.write("crontab", crontab_in_fast_motion());
    REQUIRE(crontab_in_fast_motion().find("* * * * *  domspool  spool-run\n") != std::string::npos);
    ProgramCall call{.program = "/usr/bin/unshare",
                     .arguments = {"--mount", "--pid", "--fork", "--kill-child",
                                   std::string(SOURCE_DIR) + "/tests/programs/cron_world.sh",
                                   world / "root", PROGRAM_DIR, crontab, shop / "config.yaml"}};
    call.time_limit = kLongest;
    RunningProgram cron(call);
    const auto give_up_at = std::chrono::steady_clock::now() + kLongest - std::chrono::seconds(20);
    const auto is_day_over = [&] {
        return state_of(shop, "now-shop.com") == "done" &&
               state_of(shop, "slow-shop.com") == "done" &&
               number_of(shop.folder() / "backup") > 0 && number_of(world.path() / "root/mail") > 0;
    };
    // Cron looks once a minute; so does nobody else.
    while (!is_day_over() && std::chrono::steady_clock::now() < give_up_at) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    const std::filesystem::path mails = world.path() / "root/mail";
    const std::string mail = SpoolShop::all_text_below(mails.string());
    CAPTURE(mail);
    CHECK(state_of(shop, "now-shop.com") == "done");
    CHECK(state_of(shop, "slow-shop.com") == "done");
    CHECK(state_of(shop, "taken-shop.com") == "failed");
    CHECK(shop.times_executed("domainCreate", "now-shop.com") == 1);
    CHECK(shop.times_executed("domainCreate", "slow-shop.com") == 1);
    CHECK(shop.archived_text("1-register-day.result.csv").find(",failed,") != std::string::npos);
    CHECK(number_of(shop.folder() / "backup") > 0);
    // One mail, of the run that had news.
    CHECK(number_of(mails) == 1);
    CHECK(mail.find("To: ops@example.net") != std::string::npos);
    CHECK(mail.find("Subject: Cron") != std::string::npos);
    CHECK(mail.find("register-day.csv:4: domain 'taken-shop.com': failed") != std::string::npos);
}
