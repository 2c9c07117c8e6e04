// Measures the programs against a sandbox on loopback and prints settings and figures. What must be
// exact (numbers of calls) is checked; what depends on the machine is only printed.
//   bench [idle] [pass] [lanes] [calls] [orders [COUNT]]     default: all, with 10,000 orders
#include "support/shop.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <set>
#include <stdexcept>
#include <sys/utsname.h>
#include <unistd.h>

namespace {

using namespace domspool::test;
using std::chrono::duration;
using std::chrono::steady_clock;

void require(bool is_so, const std::string& what) {
    if (!is_so) throw std::runtime_error("not so: " + what);
}

ProgramEnd run_well(ProgramCall call) {
    call.time_limit = std::chrono::minutes(10);
    const ProgramEnd end = run_program(call);
    require(end.code == 0, call.program + " ends well: " + end.err);
    return end;
}

// An owner contact to order with: the one of an order made for it.
std::string owner_id(Shop& shop) {
    const std::string path = shop.write("owner.csv", registrations({"owner-shop.com"}));
    run_well(shop.call("domain-register", {path}));
    return shop.registrar().domains().at(0).owner;
}

std::string orders_by_id(const std::string& owner, const std::string& stem, int count) {
    std::string text = "domain,years,owner\n";
    for (int i = 0; i < count; ++i) {
        text += stem + "-" + std::to_string(i) + ".com,1," + owner + "\n";
    }
    return text;
}

double milliseconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1000.0;
}

void measure_idle_pass() {
    constexpr int kRuns = 50;
    Shop shop;
    std::vector<double> times;
    for (int i = 0; i < kRuns; ++i) {
        times.push_back(milliseconds(run_well(shop.call("pending-check", {})).cpu));
    }
    require(shop.registrar().calls().empty(), "no call is made");
    std::sort(times.begin(), times.end());
    std::cout << "pending-check with nothing to do, " << kRuns << " runs: CPU " << times[kRuns / 2]
              << " ms in the middle, " << times.back() << " ms at most; no call\n";
}

void measure_pass() {
    constexpr int kPending = 1000, kEnded = 20;
    Shop shop({{"checks.price", "false"}}, {"--hold-pending", "--balance", "1000000"});
    const std::string owner = owner_id(shop);
    const std::string path = shop.write("slow.csv", orders_by_id(owner, "slow", kPending));
    run_well(shop.call("domain-register", {path, "--quiet"}));
    std::vector<std::int64_t> pending;
    for (const SandboxOperation& operation : shop.registrar().operations()) {
        if (operation.status == "Pending") pending.push_back(operation.id);
    }
    require(pending.size() == kPending, "all are pending");
    std::string commands;
    for (std::size_t i = 0; i < kEnded; ++i) {
        commands += "finish " + std::to_string(pending[i * (kPending / kEnded)]) + "\n";
    }
    shop.registrar().control(commands);

    const std::int64_t before = shop.registrar().calls().back().number;
    const auto begun = steady_clock::now();
    const ProgramEnd end = run_well(shop.call("pending-check", {"--now"}));
    const duration<double> taken = steady_clock::now() - begun;
    std::map<std::string, int> count;
    for (const SandboxCall& call : shop.registrar().calls(before)) ++count[call.function];
    const int read_back = count["domainInfo"];
    int others = 0;
    for (const auto& [function, times] : count) others += function == "domainInfo" ? 0 : times;
    std::cout << "pending-check with " << kPending << " pending of which " << kEnded
              << " ended: " << others << " calls and " << read_back << " domainInfo; "
              << taken.count() << " s, CPU " << milliseconds(end.cpu) << " ms, peak "
              << end.peak_kilobytes / 1024 << " MB\n";
    for (const auto& [function, times] : count) {
        if (times > 0) std::cout << "    " << function << " " << times << "\n";
    }
    require(others == kEnded + 3 && read_back == kEnded,
            "open, list, one per end, close, read-back");
}

// Every reply takes 200 ms, as over a long way.
void measure_lanes(int lanes) {
    constexpr int kEnded = 60;
    Shop shop({{"checks.price", "false"}, {"registrar.lanes", std::to_string(lanes)}},
              {"--hold-pending", "--balance", "1000000"});
    const std::string path = shop.write("slow.csv", orders_by_id(owner_id(shop), "slow", kEnded));
    run_well(shop.call("domain-register", {path, "--quiet"}));
    std::string commands;
    for (const SandboxOperation& operation : shop.registrar().operations()) {
        if (operation.status == "Pending")
            commands += "finish " + std::to_string(operation.id) + "\n";
    }
    shop.registrar().control(commands + "misbehave *:delay=0.2:always");
    const auto begun = steady_clock::now();
    run_well(shop.call("pending-check", {"--now"}));
    const duration<double> taken = steady_clock::now() - begun;
    std::cout << "pending-check, " << kEnded << " ended, 200 ms a reply, " << lanes
              << (lanes == 1 ? " lane: " : " lanes: ") << taken.count() << " s\n";
    std::size_t done = 0;
    for (const auto& [domain, order] : shop.orders()) done += order.at("state") == "done" ? 1 : 0;
    require(done == kEnded + 1, "all are done");
}

// Of orders that meet no fault, what all of a run share left out.
void measure_calls(const std::string& what, const std::string& text, int count, int expected) {
    Shop shop({}, {"--delay", "0", "--balance", "1000000"});
    const std::string owner = text.find("OWNER") == std::string::npos ? "" : owner_id(shop);
    std::string rows = text.substr(0, text.find('\n') + 1);
    const std::string row = text.substr(rows.size());
    for (int i = 0; i < count; ++i) {
        std::string one = row;
        for (const auto& [mark, value] :
             {std::pair<std::string, std::string>{"NAME", "shop-" + std::to_string(i)},
              {"OWNER", owner},
              {"FIRST", std::string("Ada") + char('a' + i / 26) + char('a' + i % 26)}}) {
            if (const auto at = one.find(mark); at != std::string::npos)
                one.replace(at, mark.size(), value);
        }
        rows += one;
    }
    const auto earlier = shop.registrar().calls();
    const std::string path = shop.write("many.csv", rows);
    run_well(shop.call("domain-register", {path, "--quiet"}));
    const std::set<std::string> of_orders{"domainCreate", "domainInfo", "contactCreate",
                                          "queryDomainPrice", "domainSetPreference"};
    int calls = 0, shared = 0;
    const std::int64_t before = earlier.empty() ? 0 : earlier.back().number;
    for (const SandboxCall& call : shop.registrar().calls(before)) {
        of_orders.contains(call.function) ? ++calls : ++shared;
    }
    std::cout << count << " registrations " << what << ": " << static_cast<double>(calls) / count
              << " calls each, and " << shared << " for all\n";
    require(calls == expected * count, "calls for each order");
}

void measure_calls() {
    measure_calls("by contact id", "domain,years,owner\nNAME.com,1,OWNER\n", 60, 3);
    measure_calls("with a contact of their own and a lock",
                  "domain,years,lock,owner.firstName,owner.lastName,owner.bodyForm,owner.address1,"
                  "owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language\n"
                  "NAME.com,1,on,FIRST,Example,IND,1 Main Street,75001,Paris,FR,+33 123456789,"
                  "ada@example.com,EN\n",
                  60, 5);
}

void measure_orders(int count) {
    Shop shop({{"checks.price", "false"},
               {"registrar.lanes", "1"},
               {"limits.max_spend_per_day", "10000000 EUR"}},
              {"--delay", "0", "--balance", "10000000"});
    const std::string path = shop.write("many.csv", orders_by_id(owner_id(shop), "shop", count));
    const auto begun = steady_clock::now();
    const ProgramEnd end = run_well(shop.call("domain-register", {path, "--quiet"}));
    const duration<double> taken = steady_clock::now() - begun;
    std::set<std::string> ordered;
    std::size_t creations = 0;
    for (const SandboxCall& call : shop.registrar().calls()) {
        if (call.function != "domainCreate" || !call.outcome.starts_with("Done")) continue;
        ordered.insert(call.target);
        ++creations;
    }
    require(creations == static_cast<std::size_t>(count) + 1 && ordered.size() == creations,
            "each domain is ordered once");
    std::cout << count << " registrations, contact ids, price check off, one lane, every attempt "
              << "and outcome synced: " << taken.count() << " s, " << count / taken.count()
              << " orders/s, CPU " << milliseconds(end.cpu) / 1000 << " s, peak "
              << static_cast<double>(end.peak_kilobytes) / 1024 << " MB\n";
}

void print_machine() {
    utsname about{};
    ::uname(&about);
    std::cout << "build type " << BUILD_TYPE << ", " << ::sysconf(_SC_NPROCESSORS_ONLN)
              << " processors, " << about.sysname << " " << about.release
              << "; the sandbox runs beside the programs\n";
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> wanted(words + 1, words + count);
    const auto wants = [&](const char* what) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), what) != wanted.end();
    };
    try {
        const bool has_number =
            !wanted.empty() && wanted.back().find_first_not_of("0123456789") == std::string::npos;
        print_machine();
        if (wants("idle")) measure_idle_pass();
        if (wants("pass")) measure_pass();
        if (wants("lanes")) {
            measure_lanes(1);
            measure_lanes(8);
        }
        if (wants("calls")) measure_calls();
        if (wants("orders")) measure_orders(has_number ? std::stoi(wanted.back()) : 10'000);
    } catch (const std::exception& failure) {
        std::cerr << "bench: " << failure.what() << "\n";
        return 1;
    }
    return 0;
}
