// spool-run is killed at every crash point it passes, and run again: each file ends in one place,
// each domain is ordered exactly once by the registrar's own log.
#include "crash/passings.h"
#include "support/kept_shop.h"
#include "support/spool_shop.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <signal.h>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr int kMostRounds = 12;
// More than the longest call with the settings below: so old a doubt may be settled.
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

    Shop& shop() { return shop_; }

    std::vector<std::string> passings_of(const std::string& program) {
        const Scratch scratch;
        ProgramCall call = shop_.call(program, {});
        call.environment["DOMSPOOL_CRASH_LOG"] = scratch / "passings";
        run_program(call);
        return passings_in(scratch / "passings");
    }

    // Killed there, and at once run again, before any doubt may be settled.
    void kill_at(const std::string& passing, const std::string& program) {
        CHECK(shop_.run_until(passing, program, {}).signal == SIGKILL);
        shop_.run("spool-run", {});
        shop_.let_pass(kLongestCall);
    }

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
    std::string said_;
};

}  // namespace

TEST_CASE("killed at any crash point, the next spool-run takes each file and order once") {
    std::set<std::string> reached;
    SpoolNight night;
    const auto check_killed = [&](const KeptShop& before, const char* program,
                                  const std::string& passing) {
        CAPTURE(program);
        CAPTURE(passing);
        before.put_back();
        night.kill_at(passing, program);
        CHECK(night.finish() == "");
        reached.insert(point_of(passing));
    };
    const KeptShop before_run(night.shop());
    const auto passings = night.passings_of("spool-run");
    const KeptShop before_pass(night.shop());
    const auto later_passings = night.passings_of("pending-check");
    for (const std::string& passing : passings) check_killed(before_run, "spool-run", passing);
    for (const std::string& passing : later_passings) {
        const bool is_of_spool = passing.starts_with("spool_");
        if (is_of_spool) check_killed(before_pass, "pending-check", passing);
    }
    for (const std::string_view name : kCrashPoints) {
        if (!name.starts_with("spool_")) continue;
        CAPTURE(name);
        CHECK(reached.contains(std::string(name)));
    }
    CHECK(reached.contains("call_returned"));
}
