// Orders of every kind, brought to where each state of an order is one of theirs, and on from
// there.
#pragma once

#include "jobs/decisions.h"
#include "support/decision_scene.h"

#include <string>
#include <vector>

namespace domspool::test {

// In the account, with name servers and perhaps DNSSEC.
inline void own_domain(FakeRegistrar& registrar, const std::string& domain, bool is_signed) {
    DomainRecord& record = registrar.domain_records[domain];
    record.domain = domain;
    record.status = "ACTIVE, DELEGATED";
    record.id_owner = "AE1";
    record.nameservers = {"ns1.example.net", "ns2.example.net"};
    record.is_signed = is_signed;
}

class OrdersOfEveryState {
  public:
    // As it stands in the middle: tests/workflow/older_ledger.sql was dumped here.
    OrdersOfEveryState() {
        engine.registrar.next_operation = 5000;
        engine.pending.min_interval = std::chrono::seconds(0);
        engine.settings.read_parent_ds = [this](const DomainName&) { return in_parent_; };
        engine.registrar.before_call = [this](const std::string& line) { answer(line); };
        take_orders();
        hold_order(Scene(engine).parts(), orders_.at("wait-held.com"));
        for (int i = 0; i < 8; ++i) pass();
        take_late_orders();
        asks_in_vain_ = false;
    }

    // Until nothing is left to do: what was held is let go on, all operations end, the DS goes.
    void go_on() {
        in_parent_ = {ParentDs::State::absent, {}, 0, ""};
        engine.registrar.pending_rows.erase(
            std::remove_if(engine.registrar.pending_rows.begin(),
                           engine.registrar.pending_rows.end(),
                           [](const PendingRow& row) { return row.id == kForeign; }),
            engine.registrar.pending_rows.end());
        engine.registrar.finish(lost_);  // Held for want of this answer, it goes on by itself.
        pass();
        for (int i = 0; i < 20; ++i) {
            for (const auto& [domain, order] : orders_) release_order(Scene(engine).parts(), order);
            const auto rows = engine.registrar.pending_rows;
            for (const PendingRow& row : rows) engine.registrar.finish(row.id);
            engine.clock.advance(std::chrono::hours(5));
            engine.submit();
            pass();
        }
    }

    std::string states() {
        std::string text;
        for (const auto& [domain, id] : orders_) {
            const OrderRecord order = engine.look_at(id);
            text += domain + " " + std::string(to_word(order.state));
            for (const StepRecord& step : order.steps) {
                text += ", " + step.function + " " + std::string(to_word(step.state)) + " " +
                        std::to_string(step.tries);
            }
            text += "\n";
        }
        return text;
    }
    std::string asked() {
        std::string text;
        for (const std::string& line : engine.registrar.diary) text += line + "\n";
        return text;
    }

    Engine engine;

  private:
    static constexpr OperationId kForeign = 4000;

    void pass() {
        engine.clock.advance(std::chrono::minutes(11));
        engine.pass();
    }

    // One after the other: what is asked does not hang on how quick a lane is.
    void send(const std::string& domain, OrderId order) {
        orders_[domain] = order;
        engine.submit();
    }

    void take_orders() {
        engine.registrar.contact_records["AE2"] = {"AE2", true, {{{"firstName", "Eve"}}, {}, {}}};
        const FieldMap lock{{"lock", "on"}};
        for (const char* domain : {"done.com", "refused.com", "wait.com", "differs.com",
                                   "wait-held.com", "wait-lost.com", "id-unknown.com"}) {
            send(domain, engine.registration(domain, lock));
        }
        send("adopted.com", engine.registration("adopted.com"));
        send("inline.com", engine.registration("inline.com", Engine::inline_owner()));
        engine.registrar.pending_rows.push_back(
            {kForeign, "domainRenew", "blocked.com", "Pending", ""});
        send("blocked.com", engine.registration("blocked.com"));
        orders_["held.com"] = engine.registration("held.com");
        hold_order(Scene(engine).parts(), orders_["held.com"], "not yet");
        orders_["cancelled.com"] = engine.registration("cancelled.com");
        cancel_order(Scene(engine).parts(), orders_["cancelled.com"]);
        FieldMap transfer{{"domain", "moves.com"},
                          {"owner", "AE1"},
                          {"auth_code", "x1"},
                          {"nameservers", "ns1.example.net ns2.example.net"}};
        send("moves.com", engine.order(OrderKind::transfer, transfer));
        own_domain(engine.registrar, "traded.com", false);
        send("traded.com",
             engine.order(OrderKind::trade, {{"domain", "traded.com"}, {"owner", "AE2"}}));
        own_domain(engine.registrar, "signed.com", true);
        own_domain(engine.registrar, "served.com", false);
        own_domain(engine.registrar, "same.com", false);
        for (const char* domain : {"signed.com", "served.com", "same.com"}) {
            const bool is_same = std::string(domain) == "same.com";
            const std::string servers =
                is_same ? "ns1.example.net ns2.example.net" : "ns1.example.org ns2.example.org";
            send(domain, engine.order(OrderKind::nameservers, {{"domain", domain},
                                                               {"nameservers", servers},
                                                               {"dnssec", is_same ? "" : "off"}}));
        }
    }

    void take_late_orders() {
        for (const char* domain : {"doubt.com", "retried.com", "unread.com"}) {
            send(domain, engine.registration(domain, {{"lock", "on"}}));
        }
    }

    void answer(const std::string& line) {
        FakeRegistrar& registrar = engine.registrar;
        const auto is = [&](const char* begin) { return line.starts_with(begin); };
        if (is("domainCreate wait") || is("domainTransferOwner traded.com")) {
            registrar.will_answer(line.substr(0, line.find(' ')), Pending{0, "Pending", ""});
        }
        if (is("domainCreate refused.com")) {
            registrar.will_answer("domainCreate", Refused{"E11-M1101", "refused", {}});
        }
        if (is("domainCreate doubt.com") && doubts_++ == 0) {
            registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::none);
        }
        if (is("domainCreate id-unknown.com")) {
            registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
        }
        if (is("domainCreate adopted.com")) {
            registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::pending);
        }
        if (is("domainSetPreference retried.com") && retries_++ == 0) {
            registrar.will_answer("domainSetPreference", Refused{"E11-M1101", "not now", {}});
        }
        if (is("domainInfo unread.com") && registrar.arrivals.contains("unread.com") &&
            unread_++ == 0) {
            registrar.will_not_answer("domainInfo",
                                      {QueryFailure::Why::unreadable, "", "HTTP 502"});
        }
        if (is("domainInfo differs.com") && registrar.arrivals.contains("differs.com")) {
            registrar.domain_records.at("differs.com").id_tech = "AT9";
        }
        if (is("domainCreate wait-lost.com")) lost_ = registrar.next_operation;
        // It leaves the list, and nobody tells what became of it.
        if (is("queryOpePending") && lost_ > 0 && asks_in_vain_) {
            std::erase_if(registrar.pending_rows,
                          [this](const PendingRow& row) { return row.id == lost_; });
        }
        if (is("queryOpe ") && asks_in_vain_) {
            registrar.will_not_answer("queryOpe", {QueryFailure::Why::refused, "E16-M1601", "no"});
        }
    }

    std::map<std::string, OrderId> orders_;
    ParentDs in_parent_{ParentDs::State::present, {{{4711, 13, 2, "ab"}}}, 3600, ""};
    OperationId lost_ = 0;
    bool asks_in_vain_ = true;
    int doubts_ = 0, retries_ = 0, unread_ = 0;
};

}  // namespace domspool::test
