#include "crash/soak_outside.h"

#include <algorithm>
#include <stdexcept>

namespace domspool::test {

namespace {

constexpr int kRestartedLast = 40;

const std::set<std::string>& main_codes() {
    static const std::set<std::string> codes = {"domainCreate", "domainTransferIn",
                                                "domainTransferOwner", "domainChangeDNS"};
    return codes;
}

}  // namespace

void Outside::stir(const std::vector<std::string>& owned) {
    ++moment_;
    if (once_in(10)) finish_pending();
    if (once_in(40)) shop_.registrar().control("expire-sessions\n");
    if (once_in(60)) refuse_one();
    if (once_in(240)) restart_one();
    if (once_in(240) && !owned.empty()) {
        start_foreign(
            owned[static_cast<std::size_t>(number(0, static_cast<int>(owned.size()) - 1))]);
    }
}

std::vector<SandboxOperation> Outside::operations(const std::string& status) {
    std::vector<SandboxOperation> all = shop_.registrar().operations();
    std::erase_if(all, [&](const SandboxOperation& each) { return each.status != status; });
    return all;
}

void Outside::finish_pending() {
    for (const SandboxOperation& operation : operations("Pending")) {
        if (!is_kept_pending(operation.id)) steer("finish " + std::to_string(operation.id));
    }
}

bool Outside::is_kept_pending(std::int64_t operation) const {
    const auto since = restarted_.find(operation);
    return since != restarted_.end() && moment_ - since->second < kRestartedLast;
}

// False: the operation has come to its end by itself since it was seen.
bool Outside::steer(const std::string& command) {
    try {
        shop_.registrar().control(command + "\n");
        return true;
    } catch (const std::runtime_error& refusal) {
        if (std::string(refusal.what()).find("operation ") == std::string::npos) throw;
        return false;
    }
}

void Outside::refuse_one() {
    for (const SandboxOperation& operation : operations("Pending")) {
        const std::string id = std::to_string(operation.id);
        if (!main_codes().contains(operation.code) || foreign_.contains(id)) continue;
        if (restarted_.contains(operation.id)) continue;
        if (steer("fail " + id + " refused by the registry")) ++refused_;
        return;
    }
}

// Nobody restarts what has been ordered anew since.
bool Outside::is_ordered_anew(const SandboxOperation& operation) {
    const std::vector<SandboxOperation> all = shop_.registrar().operations();
    return std::any_of(all.begin(), all.end(), [&](const SandboxOperation& each) {
        return each.id > operation.id && each.target == operation.target &&
               each.code == operation.code && each.status != "Failed";
    });
}

// As when a reseller asks for it: of an order that the ledger knows as failed.
void Outside::restart_one() {
    const ProgramEnd list = shop_.run("domain-orders", {"list", "--json", "--state", "failed"});
    const std::vector<SandboxOperation> failed = operations("Failed");
    for (const auto& row : json_lines(list.out)) {
        const std::string& id = row.at("operation_id");
        const auto found = std::find_if(failed.begin(), failed.end(), [&](const auto& each) {
            return std::to_string(each.id) == id;
        });
        if (found == failed.end() || is_ordered_anew(*found)) continue;
        shop_.registrar().control("hold on\nrevive " + id + "\nhold off\n");
        restarted_.emplace(found->id, moment_);
        ++restarted_in_all_;
        return;
    }
}

void Outside::start_foreign(const std::string& domain) {
    const std::vector<SandboxOperation> pending = operations("Pending");
    const bool is_busy = std::any_of(pending.begin(), pending.end(),
                                     [&](const auto& each) { return each.target == domain; });
    if (is_busy) return;
    const std::string answer = shop_.registrar().control(
        "start-operation domainChangeDNS " + domain + " ns=ns1.other.example,ns2.other.example\n");
    foreign_.insert(answer.substr(3, answer.find('\n') - 3));
}

std::optional<std::string> Outside::order_in_state(const std::string& state) {
    const ProgramEnd list = shop_.run("domain-orders", {"list", "--json", "--state", state});
    const auto rows = json_lines(list.out);
    if (rows.empty()) return std::nullopt;
    return rows[static_cast<std::size_t>(number(0, static_cast<int>(rows.size()) - 1))].at(
        "order_id");
}

std::optional<ProgramCall> Outside::decision() {
    if (once_in(60)) {
        if (const auto order = order_in_state("failed")) {
            return shop_.call("domain-orders", {"retry", *order});
        }
    }
    if (once_in(100)) {
        static const char* const states[] = {"accepted", "waiting"};
        if (const auto order = order_in_state(states[number(0, 1)])) {
            return shop_.call("domain-orders", {"cancel", *order});
        }
    }
    return std::nullopt;
}

}  // namespace domspool::test
