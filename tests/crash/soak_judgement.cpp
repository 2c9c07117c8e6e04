#include "crash/soak_judgement.h"

#include "ledger/ledger_place.h"
#include "store/connection.h"

#include <algorithm>
#include <stdexcept>

namespace domspool::test {

namespace {

using Row = std::map<std::string, std::string>;

std::string function_of(const std::string& kind) {
    if (kind == "register") return "domainCreate";
    if (kind == "transfer") return "domainTransferIn";
    if (kind == "trade") return "domainTransferOwner";
    return "domainChangeDNS";
}

std::string without_digits(const std::string& text) {
    std::string plain;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        if (is_digit && plain.ends_with('N')) continue;
        plain += is_digit ? 'N' : c;
    }
    return plain;
}

class Judge {
  public:
    Judge(Shop& shop, const std::vector<Wish>& wishes, const std::set<std::string>& foreign)
        : wishes_(wishes), foreign_(foreign) {
        const ProgramEnd list = shop.run("domain-orders", {"list", "--json"});
        if (list.code != 0) throw std::runtime_error("domain-orders list: " + list.err);
        for (Row& row : json_lines(list.out)) orders_[row.at("reference")].push_back(row);
        for (const SandboxDomain& domain : shop.registrar().domains()) {
            domains_.emplace(domain.name, domain);
        }
        for (const SandboxOperation& operation : shop.registrar().operations()) {
            operations_.emplace(std::to_string(operation.id), operation);
        }
        for (const SandboxCall& call : shop.registrar().calls()) count(call);
        store::Connection ledger(database_of(shop.ledger()), {.access = store::Access::read_only});
        read_doubts(ledger);
        read_skipped(ledger);
    }

    Judgement all() {
        for (const Wish& wish : wishes_) {
            const auto found = orders_.find(wish.reference);
            if (found == orders_.end()) {
                result_.lost.push_back(named(wish) + ": not in the ledger");
                continue;
            }
            judge_wish(wish, found->second);
        }
        for (const auto& [what, count] : effects_) judge_effects(what, count);
        return result_;
    }

  private:
    // "domainCreate shop-1.com"
    using What = std::string;

    static std::string named(const Wish& wish) {
        return wish.kind + " " + wish.domain + " (" + wish.reference + ")";
    }

    void read_skipped(store::Connection& ledger) {
        auto& row =
            ledger.prepare("SELECT order_id FROM steps WHERE phase = 'main' AND state = 'skipped'");
        while (row.next_row()) main_skipped_.insert(std::to_string(row.integer(0)));
    }

    void read_doubts(store::Connection& ledger) {
        auto& settled = ledger.prepare(
            "SELECT CAST(settled_as AS TEXT), COUNT(*) FROM attempts"
            " WHERE settled_as IS NOT NULL GROUP BY settled_as");
        while (settled.next_row()) {
            result_.doubts[settled.text(0)] = static_cast<int>(settled.integer(1));
        }
        auto& again = ledger.prepare(
            "SELECT COUNT(*) FROM attempts AS a WHERE EXISTS (SELECT 1 FROM attempts AS earlier"
            " WHERE earlier.order_id = a.order_id AND earlier.position = a.position"
            " AND earlier.attempt_id < a.attempt_id AND earlier.outcome = 'in_doubt')");
        if (again.next_row()) result_.second_sendings = static_cast<int>(again.integer(0));
        auto& unproven = ledger.prepare("SELECT COUNT(*) FROM attempts WHERE is_unproven = 1");
        if (unproven.next_row()) result_.unproven = static_cast<int>(unproven.integer(0));
    }

    void count(const SandboxCall& call) {
        ++result_.all_calls;
        if (call.sending != "sent") ++result_.misdeeds[call.sending];
        const bool is_done = call.outcome.starts_with("Done");
        if (!is_done && !call.outcome.starts_with("Pending")) return;
        ++result_.calls[call.function];
        const auto blank = call.outcome.find(' ');
        const auto operation =
            operations_.find(blank == std::string::npos ? "" : call.outcome.substr(blank + 1));
        const bool came_true = operation == operations_.end() || operation->second.status == "Done";
        if (!came_true) return;
        ++effects_[call.function + " " + call.target];
        if (call.function == "domainChangeDNS") servers_set_[call.target] += call.parameters + "\n";
    }

    void judge_wish(const Wish& wish, const std::vector<Row>& rows) {
        const What what = function_of(wish.kind) + " " + wish.domain;
        for (const Row& row : rows) {
            const std::string& state = row.at("state");
            ++result_.states[state];
            if (state == "held") {
                ++result_.held_for[without_digits(row.at("message"))];
                ++may_be_[what];
            } else if (main_skipped_.contains(row.at("order_id")) && state != "skipped") {
                judge_so_already(wish, row);
            } else if (is_ordered(row)) {
                ++done_[what];
                judge_done(wish, row);
            } else if (waits_for_held(row)) {
                ++result_.behind_held;
            } else if (state != "failed" && state != "cancelled" && state != "skipped") {
                result_.lost.push_back(named(wish) + ": still " + state + ": " + row.at("message"));
            }
        }
    }

    // A follow-up that failed is tried again in minutes or hours; its main step is done by then.
    bool is_ordered(const Row& row) {
        const std::string& state = row.at("state");
        if (state == "in_progress") ++result_.with_follow_ups_due;
        return state == "done" || state == "done_open_ends" || state == "in_progress";
    }

    // "waits for order 13, ...": and that one is held.
    bool waits_for_held(const Row& row) const {
        static const std::string kWaits = "waits for order ";
        const std::string& why = row.at("message");
        if (row.at("state") != "accepted" || !why.starts_with(kWaits)) return false;
        const std::string other = why.substr(kWaits.size(), why.find(',') - kWaits.size());
        for (const auto& [reference, rows] : orders_) {
            for (const Row& each : rows) {
                if (each.at("order_id") == other) return each.at("state") == "held";
            }
        }
        return false;
    }

    // Nobody but an earlier order of the soak can have made this owner the owner.
    void judge_so_already(const Wish& wish, const Row& row) {
        ++result_.so_already;
        const auto earlier = effects_.find(function_of(wish.kind) + " " + wish.domain);
        if (wish.kind != "trade" || earlier == effects_.end()) {
            result_.wrongly_done.push_back(named(wish) + ": is not so already");
        }
        const bool is_right = is_ordered(row) || row.at("state") == "cancelled";
        if (!is_right) result_.lost.push_back(named(wish) + ": still " + row.at("state"));
    }

    void judge_done(const Wish& wish, const Row& row) {
        const auto domain = domains_.find(wish.domain);
        if (domain == domains_.end() || !domain->second.in_account) {
            result_.wrongly_done.push_back(named(wish) + ": not in the account");
        } else {
            judge_values(wish, row, domain->second);
        }
        const std::string& id = row.at("operation_id");
        if (id == "(null)") {
            ++result_.done_without_id;
            return;
        }
        const auto operation = operations_.find(id);
        const bool is_its = operation != operations_.end() && !foreign_.contains(id) &&
                            operation->second.target == wish.domain &&
                            operation->second.code == function_of(wish.kind);
        if (!is_its || !taken_.insert(id).second) {
            result_.unknown_ids.push_back(named(wish) + ": operation " + id + " is another's");
        } else if (operation->second.status != "Done") {
            result_.wrongly_done.push_back(named(wish) + ": operation " + id + " is " +
                                           operation->second.status);
        }
    }

    // What nothing else in the soak sets back must stand there; servers are set by several, so that
    // they must have been set once.
    void judge_values(const Wish& wish, const Row& row, const SandboxDomain& domain) {
        const auto require = [&](bool is_so, const char* what) {
            if (!is_so) result_.wrongly_done.push_back(named(wish) + ": " + what);
        };
        if (wish.kind == "nameservers") {
            const std::string first = wish.nameservers.substr(0, wish.nameservers.find(' '));
            require(servers_set_[wish.domain].find("ns1=" + first + "&") != std::string::npos,
                    "its name servers were never set");
        }
        if (row.at("state") != "done") return;
        require(!wish.lock || domain.locked, "not locked");
        require(!wish.privacy || domain.privacy, "not private");
        require(!wish.auto_renew || domain.auto_renew, "not renewed automatically");
    }

    // Setting a value again is harmless; what is paid for must have taken effect once an order.
    void judge_effects(const What& what, int count) {
        const std::string function = what.substr(0, what.find(' '));
        static const std::set<std::string> paid = {"domainCreate", "domainTransferIn",
                                                   "domainTransferOwner"};
        if (!paid.contains(function)) return;
        const int most = done_[what] + may_be_[what];
        if (count > most) {
            result_.doubles.push_back(what + ": took effect " + std::to_string(count) +
                                      " times, done orders " + std::to_string(done_[what]) +
                                      ", held " + std::to_string(may_be_[what]));
        }
        if (count < done_[what]) {
            result_.wrongly_done.push_back(what + ": took effect " + std::to_string(count) +
                                           " times, done orders " + std::to_string(done_[what]));
        }
    }

    const std::vector<Wish>& wishes_;
    const std::set<std::string>& foreign_;
    std::map<std::string, std::vector<Row>> orders_;  // by reference
    std::map<std::string, SandboxDomain> domains_;
    std::map<std::string, SandboxOperation> operations_;
    std::map<What, int> effects_, done_, may_be_;
    std::map<std::string, std::string> servers_set_;  // by domain: parameters, one call a line
    std::set<std::string> taken_, main_skipped_;
    Judgement result_;
};

}  // namespace

Judgement judge(Shop& shop, const std::vector<Wish>& wishes, const std::set<std::string>& foreign) {
    return Judge(shop, wishes, foreign).all();
}

}  // namespace domspool::test
