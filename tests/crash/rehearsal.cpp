#include "crash/rehearsal.h"

#include <signal.h>

#include <algorithm>
#include <stdexcept>

namespace domspool::test {

namespace {

// A doubt takes up to three passes (two looks, then the second sending); each may meet another.
constexpr int kMostRounds = 12;

SettingChanges rehearsal_settings() {
    return {
        {"registrar.lanes", "1"},
        // Makes the longest call 36 s: the least a doubt must be old before it may be settled.
        {"registrar.sync_delay_seconds", "1"},
    };
}

std::vector<std::string> held(std::vector<std::string> options) {
    options.push_back("--hold-pending");
    return options;
}

std::string order_file() {
    std::string text = registrations(Rehearsal::domains());
    std::string with_lock;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        with_lock += text.substr(begin, end - begin) + (begin == 0 ? ",lock\n" : ",on\n");
        begin = end + 1;
    }
    return with_lock;
}

}  // namespace

const std::vector<std::string>& Rehearsal::domains() {
    static const std::vector<std::string> all = {"now-shop.com", "slow-shop.com", "last-shop.com"};
    return all;
}

Rehearsal::Rehearsal(std::vector<std::string> sandbox_options)
    : shop_(rehearsal_settings(), held(std::move(sandbox_options))),
      file_(shop_.write("orders.csv", order_file())) {}

bool Rehearsal::order(const std::string& crash_point) {
    const std::vector<std::string> words = {file_, "--result", shop_ / "result.csv"};
    const ProgramEnd end = crash_point.empty()
                               ? shop_.run("domain-register", words)
                               : shop_.run_until(crash_point, "domain-register", words);
    latest_run_ = std::chrono::steady_clock::now();
    said_ = "domain-register: " + std::to_string(end.code) + " " + end.out + end.err;
    return end.signal == SIGKILL;
}

bool Rehearsal::pass(const std::string& crash_point) {
    const ProgramEnd end = crash_point.empty()
                               ? shop_.run("pending-check", {"--now"})
                               : shop_.run_until(crash_point, "pending-check", {"--now"});
    latest_run_ = std::chrono::steady_clock::now();
    said_ += "pending-check: " + std::to_string(end.code) + " " + end.out + end.err;
    return end.signal == SIGKILL;
}

void Rehearsal::end_operations() {
    shop_.registrar().control("hold off\nfinish-all\n");
}

void Rehearsal::forget_all() {
    for (const auto& entry : std::filesystem::directory_iterator(shop_.folder())) {
        if (entry.path().filename().string().starts_with("ledger.db")) {
            std::filesystem::remove(entry.path());
        }
    }
    const ProgramEnd init = shop_.run("domain-orders", {"init"});
    if (init.code != 0) throw std::runtime_error("domain-orders init: " + init.err);
}

bool Rehearsal::are_all_done() {
    const auto orders = shop_.orders();
    return orders.size() == domains().size() &&
           std::all_of(orders.begin(), orders.end(),
                       [](const auto& order) { return order.second.at("state") == "done"; });
}

std::string Rehearsal::finish() {
    end_operations();
    for (int round = 0; round < kMostRounds; ++round) {
        order();
        end_operations();
        pass();
        if (are_all_done()) return "";
    }
    std::string states;
    for (const auto& [domain, order] : shop_.orders()) {
        states += "\n" + domain + " is " + order.at("state") + ": " + order.at("message");
    }
    return "not all are done:" + states + "\n" + said_;
}

std::string Rehearsal::operation_of(const std::string& domain) {
    for (const SandboxOperation& operation : shop_.registrar().operations()) {
        const bool is_it = operation.code == "domainCreate" && operation.target == domain;
        if (is_it) return std::to_string(operation.id);
    }
    return "none";
}

std::string Rehearsal::faults_of(const std::string& domain, bool may_be_unknown) {
    std::string faults;
    const auto require = [&](bool is_so, const std::string& what) {
        if (!is_so) faults += domain + ": " + what + "\n";
    };
    const auto times = [&](const char* function) {
        const std::size_t count = shop_.times_executed(function, domain);
        require(count == 1,
                std::string(function) + " executed " + std::to_string(count) + " times");
    };
    times("domainCreate");
    times("domainSetPreference");
    const auto orders = shop_.orders();
    const std::string& known = orders.at(domain).at("operation_id");
    if (known == operation_of(domain)) return faults;
    const ProgramEnd show = shop_.run("domain-orders", {"show", domain});
    require(may_be_unknown && known == "(null)",
            "its operation is " + operation_of(domain) + ", the ledger knows " + known);
    require(show.out.find("id unknown") != std::string::npos,
            "does not say that the id is unknown, and why it is done: " + show.out);
    return faults;
}

std::string Rehearsal::faults(bool may_be_unknown) {
    std::string faults;
    for (const std::string& domain : domains()) faults += faults_of(domain, may_be_unknown);
    const std::size_t contacts = shop_.times_executed("contactCreate");
    if (contacts != 1) faults += std::to_string(contacts) + " contacts were made\n";
    for (const SandboxDomain& domain : shop_.registrar().domains()) {
        if (!domain.locked) faults += domain.name + " is not locked\n";
    }
    return faults;
}

}  // namespace domspool::test
