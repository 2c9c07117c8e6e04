// One night over a line that loses calls: orders of all kinds are dropped into the spool, spool-run
// sends them once, pending-check comes by every ten minutes for an hour. What could have ended and
// did not is a failure of liveness, what the registrar executed twice one of safety; its own call
// log is the measure.
//   lossy_night [--orders N] [--loss PERCENT] [--where before|after] [--seed N]
//                                                    default: 1000 orders, 5, before, seed 1
// Prints a report. Exits with 1 where anything was ordered twice or is lost, more is held than two
// losses in a row explain, or less has ended than kEnded says for the loss; of either a few may.
#include "crash/lossy_line.h"
#include "support/spool_shop.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <stdlib.h>

namespace {

using namespace domspool::test;
using std::chrono::minutes;

struct Share {
    double loss_percent, before, after;  // that must have ended, in percent
};
// Before the first byte all orders count, after it those of one changing call.
constexpr Share kEnded[] = {{0.5, 99.9, 99.9}, {5, 99, 99}, {20, 97, 94}};

constexpr const char* kOwner =
    "Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN";

struct Files {
    std::string register_short = "domain,years,owner\n",
                transfer = "domain,auth_code,owner,nameservers\n", trade = "domain,owner\n",
                nameservers = "domain,nameservers\n",
                register_long =
                    "domain,years,lock,owner.firstName,owner.lastName,owner.address1,"
                    "owner.zipCode,owner.city,owner.country,owner.phone,owner.email,"
                    "owner.language\n";
    std::string preparations;
    std::set<std::string> of_one_call;
    int orders = 0;
};

Files files_of(int orders, const std::string& owner, const std::string& other_owner) {
    Files files;
    for (int i = 0; i < orders; ++i) {
        const std::string domain = "night-" + std::to_string(i) + ".com";
        ++files.orders;
        if (i % 5 != 4) files.of_one_call.insert(domain);
        switch (i % 5) {
            case 0:
                files.register_short += domain + ",1," + owner + "\n";
                break;
            case 1:
                files.preparations +=
                    "add-domain " + domain + " outside authID=code-" + std::to_string(i) + "\n";
                files.transfer += domain + ",code-" + std::to_string(i) + "," + owner +
                                  ",ns1.example.net ns2.example.net\n";
                break;
            case 2:
                files.preparations += "add-domain " + domain + " idOwner=" + owner +
                                      " ns=ns1.example.net,ns2.example.net\n";
                files.trade += domain + "," + other_owner + "\n";
                break;
            case 3:
                files.preparations +=
                    "add-domain " + domain + " ns=ns1.example.net,ns2.example.net\n";
                files.nameservers += domain + ",ns1.example.org ns2.example.org\n";
                break;
            default:
                files.register_long += domain + ",1,on," + kOwner + "\n";
        }
    }
    return files;
}

struct Ends {
    int all = 0, ended = 0, of_one_call = 0, of_one_call_ended = 0, held = 0;
    std::map<std::string, int> states;
    std::vector<std::string> not_ended;
};

bool has_ended(const std::string& state) {
    static const std::set<std::string> kEnds = {"done", "done_open_ends", "failed", "cancelled",
                                                "skipped"};
    return kEnds.contains(state);
}

Ends ends_in(const Shop& shop, const Files& files) {
    Ends ends;
    for (const auto& [domain, order] : shop.orders()) {
        if (!domain.starts_with("night-")) continue;
        const std::string& state = order.at("state");
        const bool is_over = has_ended(state);
        ++ends.all;
        ++ends.states[state];
        ends.held += state == "held" ? 1 : 0;
        ends.ended += is_over ? 1 : 0;
        if (!is_over) ends.not_ended.push_back(domain + " " + state + ": " + order.at("message"));
        if (!files.of_one_call.contains(domain)) continue;
        ++ends.of_one_call;
        ends.of_one_call_ended += is_over ? 1 : 0;
    }
    return ends;
}

int ordered_twice(Shop& shop) {
    std::map<std::string, int> executed;
    for (const SandboxCall& call : shop.registrar().calls()) {
        const bool is_paid = call.function == "domainCreate" ||
                             call.function == "domainTransferIn" ||
                             call.function == "domainTransferOwner";
        const bool has_effect =
            call.outcome.starts_with("Done") || call.outcome.starts_with("Pending");
        if (is_paid && has_effect) ++executed[call.target];
    }
    return static_cast<int>(std::count_if(executed.begin(), executed.end(), [](const auto& each) {
        return each.first.starts_with("night-") && each.second > 1;
    }));
}

// A contact made by hand, over a line that loses nothing.
std::string owner_named(Shop& shop, const std::string& domain, const std::string& row) {
    const std::string path = shop.write(
        domain + ".csv",
        "domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,"
        "owner.country,owner.phone,owner.email,owner.language\n" +
            domain + ",1," + row + "\n");
    const ProgramEnd end = shop.run("domain-register", {path});
    if (end.code != 0) throw std::runtime_error("cannot prepare: " + end.err);
    for (const SandboxDomain& each : shop.registrar().domains()) {
        if (each.name == domain) return each.owner;
    }
    throw std::runtime_error("cannot prepare " + domain);
}

// Of few orders so many may meet two losses in a row.
constexpr int kByBadLuck = 3;

double percent(int part, int whole) {
    return whole == 0 ? 100.0 : 100.0 * part / whole;
}

class Night {
  public:
    Night(int orders, double loss, LossyLine::Loses where, unsigned seed)
        : loss_(loss),
          where_(where),
          line_(where, seed),
          shop_({{"registrar.endpoint", line_.url()},
                 {"registrar.lanes", "4"},
                 {"registrar.retry_seconds", "60"},
                 {"registrar.sync_delay_seconds", "1"},
                 {"pending.doubt_look_seconds", "60"},
                 {"pending.stay_minutes", "0"},
                 {"checks.dns_test", "never"}},
                {"--delay", "0", "--balance", "10000000"}),
          orders_(orders) {
        line_.lead_to(shop_.registrar().port());
        files_ = files_of(orders_, owner_named(shop_, "first.com", kOwner),
                          owner_named(shop_, "second.com",
                                      "Otto,Brook,2 Mill Lane,75002,Paris,FR,+33 123456780,"
                                      "otto@example.net,EN"));
        shop_.registrar().control(files_.preparations);
        line_.lose(loss_ / 100);
    }

    void pass_by() {
        shop_.drop("register-a.csv", files_.register_short);
        shop_.drop("register-b.csv", files_.register_long);
        shop_.drop("transfer.csv", files_.transfer);
        shop_.drop("trade.csv", files_.trade);
        shop_.drop("nameservers.csv", files_.nameservers);
        run("spool-run");
        for (int pass = 0; pass < 6; ++pass) {
            shop_.let_pass(minutes(10));
            shop_.registrar().control("finish-all\n");
            run("pending-check");
        }
    }

    bool is_good() {
        const Ends ends = ends_in(shop_, files_);
        const int twice = ordered_twice(shop_);
        std::cout << "loss " << loss_ << " % "
                  << (where_ == LossyLine::Loses::before ? "before" : "after") << ": "
                  << line_.lost() << " lost of " << line_.requests() << " requests\norders "
                  << ends.all << " of " << files_.orders << ", ended "
                  << percent(ends.ended, ends.all) << " %; of one changing call "
                  << percent(ends.of_one_call_ended, ends.of_one_call) << " %; held " << ends.held
                  << "; ordered twice " << twice << "\n";
        for (const auto& [state, count] : ends.states)
            std::cout << "    " << count << "  " << state << "\n";
        for (std::size_t i = 0; i < std::min<std::size_t>(ends.not_ended.size(), 10); ++i) {
            std::cout << "    not ended: " << ends.not_ended[i] << "\n";
        }
        return twice == 0 && ends.all == files_.orders && ends.held <= most_held() &&
               is_enough(ends);
    }

  private:
    void run(const std::string& program) {
        ProgramCall call = shop_.call(program, {});
        call.time_limit = std::chrono::seconds(3600);
        const ProgramEnd end = run_program(call);
        if (end.code == 70 || end.signal != 0) throw std::runtime_error(program + ": " + end.err);
    }

    // Two losses of one order's own call, and one in a thousand.
    int most_held() const {
        const double share = loss_ * loss_ / 10'000 + 0.001;
        return std::max(kByBadLuck, static_cast<int>(std::ceil(share * files_.orders)));
    }

    bool is_enough(const Ends& ends) const {
        for (const Share& share : kEnded) {
            if (share.loss_percent != loss_) continue;
            const bool is_before = where_ == LossyLine::Loses::before;
            const int all = is_before ? ends.all : ends.of_one_call;
            const int ended = is_before ? ends.ended : ends.of_one_call_ended;
            const double least = is_before ? share.before : share.after;
            return all - ended <= kByBadLuck || percent(ended, all) >= least;
        }
        return true;
    }

    const double loss_;
    const LossyLine::Loses where_;
    LossyLine line_;
    SpoolShop shop_;
    const int orders_;
    Files files_;
};

std::string option(const std::vector<std::string>& words, const std::string& name,
                   const std::string& by_default) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == name) return words[i + 1];
    }
    return by_default;
}

}  // namespace

int main(int count, char** words) {
    if (std::filesystem::exists("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
    try {
        const std::vector<std::string> options(words + 1, words + count);
        const bool is_before = option(options, "--where", "before") == "before";
        Night night(std::stoi(option(options, "--orders", "1000")),
                    std::stod(option(options, "--loss", "5")),
                    is_before ? LossyLine::Loses::before : LossyLine::Loses::after,
                    static_cast<unsigned>(std::stoul(option(options, "--seed", "1"))));
        night.pass_by();
        if (!night.is_good()) throw std::runtime_error("not as it should be");
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "lossy_night: " << failure.what() << "\n";
        return 1;
    }
}
