// spool-run is killed at every crash point it passes, and run again: each file ends in one place,
// each domain is ordered exactly once by the registrar's own log.
#include "support/spool_shop.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <signal.h>

#include <chrono>
#include <memory>
#include <set>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr int kMostRounds = 12;
// The longest call with the settings below: the least a doubt must be old to be settled.
constexpr auto kLongestCall = std::chrono::seconds(37);

using Names = std::vector<std::string>;

const std::string kTransfer =
    "domain,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language,auth_code,nameservers\n"
    "moving-shop.com,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "Se-cret-1,ns1.sandbox.example ns2.sandbox.example\n";

// A good file, a transfer whose code is to be wiped, and a bad file with a code.
class SpoolNight {
  public:
    SpoolNight()
        : shop_({{"registrar.lanes", "1"},
                 {"registrar.sync_delay_seconds", "1"},
                 {"auth_code_keep_days", "0"}},
                {"--delay", "0"}) {
        shop_.registrar().control("add-domain moving-shop.com outside authID=Se-cret-1");
        shop_.drop("register-1.csv", registrations({"now-shop.com", "slow-shop.com"}));
        shop_.drop("transfer-1.csv", kTransfer);
        shop_.drop("bad.csv", "domain,auth_code\nx.com,Se-cret-2\n");
    }

    SpoolShop& shop() { return shop_; }

    // Whether it was killed there.
    bool run(const std::string& crash_point) {
        const ProgramEnd end = shop_.run_until(crash_point, "spool-run", {});
        ended_ = std::chrono::steady_clock::now();
        return end.signal == SIGKILL;
    }
    bool pass(const std::string& crash_point) {
        return shop_.run_until(crash_point, "pending-check", {"--now"}).signal == SIGKILL;
    }

    void wait_until_doubts_are_old() const { std::this_thread::sleep_until(ended_ + kLongestCall); }

    std::string finish() {
        for (int round = 0; round < kMostRounds; ++round) {
            const ProgramEnd run = shop_.run("spool-run", {});
            const ProgramEnd pass = shop_.run("pending-check", {"--now"});
            if (faults().empty()) return "";
            said_ = run.out + run.err + pass.out + pass.err;
        }
        return faults() + said_;
    }

  private:
    std::string faults() {
        std::string faults;
        const auto require = [&](bool is_so, const std::string& what) {
            if (!is_so) faults += what + "\n";
        };
        require(shop_.files_in("incoming").empty(), "something is left in incoming");
        require(shop_.files_in("active").empty(), "something is left in active");
        require(shop_.files_in("refused") == Names{"bad.csv", "bad.csv.problems.txt"},
                "the bad file is not where it belongs, once");
        const Names archived = shop_.archived();
        require(archived.size() == 4, std::to_string(archived.size()) + " files in done");
        for (const char* domain : {"now-shop.com", "slow-shop.com"}) {
            require(shop_.times_executed("domainCreate", domain) == 1,
                    std::string(domain) + " was not ordered exactly once");
        }
        require(shop_.times_executed("domainTransferIn", "moving-shop.com") == 1,
                "the transfer was not ordered exactly once");
        const auto orders = shop_.orders();
        require(orders.size() == 3, std::to_string(orders.size()) + " orders in the ledger");
        for (const auto& [domain, order] : orders) {
            require(order.at("state") == "done", domain + " is " + order.at("state"));
        }
        require(SpoolShop::all_text_below(shop_.spool()).find("Se-cret-") == std::string::npos,
                "a code is not wiped");
        require(times_reported("refused: bad.csv") == 1, "the bad file is not reported once");
        for (const std::string& name : archived) {
            const bool is_result = name.ends_with(".result.csv");
            const bool is_up_to_date =
                !is_result || shop_.archived_text(name).find(",done,") != std::string::npos;
            require(is_up_to_date, name + " is out of date");
        }
        return faults;
    }

    std::size_t times_reported(const std::string& words) {
        const std::string report = shop_.run("summary-report", {"--text"}).out;
        std::size_t times = 0;
        for (std::size_t at = report.find(words); at != std::string::npos;
             at = report.find(words, at + 1)) {
            ++times;
        }
        return times;
    }

    SpoolShop shop_;
    std::chrono::steady_clock::time_point ended_;
    std::string said_;
};

struct Stopped {
    std::string where;
    std::unique_ptr<SpoolNight> night;
};

}  // namespace

TEST_CASE("killed at any crash point, the next spool-run takes each file and order once") {
    std::vector<Stopped> all;
    std::set<std::string> reached;
    for (const std::string_view name : kCrashPoints) {
        for (int passing = 1;; ++passing) {
            auto night = std::make_unique<SpoolNight>();
            const std::string at = std::string(name) + ":" + std::to_string(passing);
            bool is_killed = night->run(at);
            std::string where = "spool-run at " + at;
            if (!is_killed && name.starts_with("spool_")) {
                is_killed = night->pass(at);
                where = "pending-check at " + at;
            }
            if (!is_killed) break;
            reached.insert(std::string(name));
            // At once again, before any doubt may be settled.
            night->run("none");
            all.push_back({where, std::move(night)});
        }
    }
    for (const std::string_view name : kCrashPoints) {
        if (!name.starts_with("spool_")) continue;
        CAPTURE(name);
        CHECK(reached.contains(std::string(name)));
    }
    CHECK(reached.contains("call_returned"));
    if (!all.empty()) all.back().night->wait_until_doubts_are_old();
    for (Stopped& each : all) {
        CAPTURE(each.where);
        CHECK(each.night->finish() == "");
        each.night.reset();
    }
}
