#include "crash/rehearsal.h"

#include "store/connection.h"

#include <algorithm>
#include <stdexcept>

namespace domspool::test {

namespace {

// A doubt takes up to three passes (two looks, then the second sending); each may meet another. A
// slow domain takes one for each of its follow-ups.
constexpr int kMostRounds = 20;
constexpr int kRoundsPerOrdering = 4;
// Its kind is in its name.
constexpr const char* kDropped = "spool/incoming/register-1.csv";

SettingChanges settings_of(const Scene& scene) {
    SettingChanges settings = scene.settings;
    settings["registrar.lanes"] = "1";
    settings["spool.settle_seconds"] = "0";
    // Makes the longest call 36 s: the least a doubt must be old before it may be settled.
    settings["registrar.sync_delay_seconds"] = "1";
    return settings;
}

std::vector<std::string> held(std::vector<std::string> options) {
    options.push_back("--hold-pending");
    return options;
}

}  // namespace

Rehearsal::Rehearsal(Scene scene, std::vector<std::string> sandbox_options)
    : scene_(std::move(scene)),
      shop_(settings_of(scene_), held(std::move(sandbox_options))),
      file_(shop_.write(is_dropped() ? kDropped : "orders.csv", scene_.order_file)) {
    if (!scene_.preparations.empty()) shop_.registrar().control(scene_.preparations);
}

ProgramEnd Rehearsal::run(const std::string& program, const std::vector<std::string>& arguments,
                          const Environment& environment) {
    ProgramCall call = shop_.call(program, arguments);
    for (const auto& [name, value] : environment) {
        std::string& all = call.environment[name];
        // Another library may be loaded already.
        all = name == "LD_PRELOAD" && !all.empty() ? all + ":" + value : value;
    }
    ProgramEnd end = run_program(call);
    said_ += program + ": " + std::to_string(end.code) + " " + end.out + end.err;
    return end;
}

ProgramEnd Rehearsal::order(const Environment& environment) {
    said_.clear();
    if (is_dropped()) return run(scene_.program, {}, environment);
    return run(scene_.program, {file_, "--result", shop_ / "result.csv"}, environment);
}

ProgramEnd Rehearsal::pass(const Environment& environment) {
    return run("pending-check", {"--now"}, environment);
}

ProgramEnd Rehearsal::step(int number, const Environment& environment) {
    if (number > 1) end_operations();
    if (number == 2 && !scene_.later_settings.empty()) shop_.write_settings(scene_.later_settings);
    if (number == 3) shop_.let_pass(scene_.pause);
    const bool orders_again = scene_.pause.count() > 0 && number % 2 == 1;
    return number == 1 || orders_again ? order(environment) : pass(environment);
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

void Rehearsal::let_doubts_grow_old() {
    const auto time = longest_call() + std::chrono::seconds(1);
    shop_.let_pass(time);
    shop_.registrar().control("advance " + std::to_string(time.count()));
}

std::unique_ptr<KeptShop> Rehearsal::kept_before(int number) {
    for (int earlier = 1; earlier < number; ++earlier) step(earlier);
    return std::make_unique<KeptShop>(shop_);
}

// Asked often, so no program is started for it.
std::map<std::string, Rehearsal::OrderSeen> Rehearsal::orders_seen() const {
    store::Connection ledger(shop_ / "ledger.db", {.access = store::Access::read_only});
    auto& row =
        ledger.prepare("SELECT domain, state, reason || ' ' || message, operation_id FROM orders");
    std::map<std::string, OrderSeen> orders;
    while (row.next_row()) {
        OrderSeen order{.state = row.text(1), .words = row.text(2), .operation = {}};
        if (const auto id = row.integer_or_null(3)) order.operation = std::to_string(*id);
        if (!orders.emplace(row.text(0), order).second) {
            throw std::runtime_error("two orders for " + row.text(0));
        }
    }
    return orders;
}

bool Rehearsal::are_all_done() {
    const auto orders = orders_seen();
    return orders.size() == scene_.domains.size() &&
           std::all_of(orders.begin(), orders.end(),
                       [](const auto& each) { return each.second.state == "done"; });
}

std::string Rehearsal::finish() {
    if (!scene_.later_settings.empty()) shop_.write_settings(scene_.later_settings);
    for (int round = 0; round < kMostRounds; ++round) {
        end_operations();
        shop_.let_pass(scene_.pause);
        // What is left then is mostly a matter of passes.
        if (scene_.pause.count() > 0 || round % kRoundsPerOrdering == 0) order();
        end_operations();
        pass();
        if (are_all_done()) return "";
    }
    std::string states;
    for (const auto& [domain, order] : orders_seen()) {
        states += "\n" + domain + " is " + order.state + ": " + order.words;
    }
    return "not all are done:" + states + "\n" + said_;
}

std::vector<std::string> Rehearsal::operations_of(const std::string& domain) {
    std::vector<std::string> ids;
    for (const SandboxOperation& operation : shop_.registrar().operations()) {
        const bool is_it = operation.code == scene_.main_function && operation.target == domain;
        if (is_it) ids.push_back(std::to_string(operation.id));
    }
    return ids;
}

std::string Rehearsal::faults_of(const std::string& domain, const OrderSeen& order,
                                 const Leeway& leeway) {
    const std::vector<std::string> ids = operations_of(domain);
    if (ids.size() == 1 && order.operation == ids.front()) return "";
    if (!leeway.id_unknown || order.operation) {
        return domain + ": its operation is " + (ids.empty() ? "none" : ids.front()) +
               ", the ledger knows " + order.operation.value_or("none") + "\n";
    }
    const ProgramEnd show = shop_.run("domain-orders", {"show", domain});
    if (show.out.find("id unknown") != std::string::npos) return "";
    return domain + " does not say that the id is unknown, and why it is done: " + show.out;
}

std::string Rehearsal::faults_of_spool(const Leeway& leeway) {
    std::string faults;
    std::size_t archived = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(shop_.folder() / "spool")) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file() || name.starts_with(".domspool-")) continue;
        const std::string path = entry.path().string();
        const bool is_in_done = path.find("/done/") != std::string::npos;
        if (is_in_done) ++archived;
        if (!is_in_done) faults += "still in the spool: " + path + "\n";
    }
    if (archived == 2 || (archived == 3 && leeway.file_twice)) return faults;
    return faults + std::to_string(archived) + " files in done, not file and result\n";
}

std::string Rehearsal::faults(const Leeway& leeway) {
    std::string faults = faults_of_calls(scene_, shop_.registrar().calls(), leeway);
    const auto orders = orders_seen();
    for (const std::string& domain : scene_.domains) {
        faults += faults_of(domain, orders.at(domain), leeway);
    }
    if (is_dropped()) faults += faults_of_spool(leeway);
    return faults;
}

}  // namespace domspool::test
