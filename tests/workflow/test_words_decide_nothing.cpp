// Orders of every kind, with lost answers, silent questions, persons who decide, and time that
// passes: once as it is, once with every text for people in the ledger replaced by "x" after each
// act. The registrar is asked the same, and every order comes to the same end for the same causes.
#include "jobs/decisions.h"
#include "jobs/doubt_decisions.h"
#include "store/connection.h"
#include "support/decision_scene.h"
#include "support/orders_of_every_state.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <vector>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::FakeRegistrar;
using domspool::test::Scene;
using namespace std::chrono_literals;

namespace {

const FieldMap kKey = {
    {"flags", "257"},    {"protocol", "3"},    {"algorithm", "13"}, {"public_key", "AQPSKmynfz=="},
    {"key_tag", "4711"}, {"digest_type", "2"}, {"digest", "ab"}};

enum class Texts { as_written, replaced };

constexpr const char* kReplacing[] = {
    "UPDATE orders SET reason = 'x', message = 'x'",
    "UPDATE steps SET note = 'x'",
    "UPDATE attempts SET text = 'x', settled = CASE WHEN settled_as IS NULL THEN '' ELSE 'x' END",
    "UPDATE operations SET message = 'x'",
    "UPDATE events SET text = 'x'",
};

void replace_texts_in(Engine& engine) {
    store::Connection ledger(engine.scratch / "ledger.db", {store::Access::read_write, true});
    for (const char* sql : kReplacing) ledger.run(sql);
}

class Life {
  public:
    Life(unsigned seed, Texts texts) : random_(seed), texts_(texts) {
        engine_.submission.most_claimed = 1;  // The same order of calls whatever time they take.
        engine_.registrar.next_operation = 5000;
        engine_.pending.min_interval = 0s;
        engine_.refusals_in_a_row = 4;
        engine_.settings.read_parent_ds = [this](const DomainName&) { return parent_shows(); };
        engine_.settings.zone_keys = [this](const DomainName&, const FieldMap&) {
            return is_wild_ ? KeyArguments{{}, "no key yet", true} : KeyArguments{kKey, ""};
        };
        engine_.registrar.before_call = [this](const std::string& line) { at_call(line); };
        take_orders();
    }

    void live() {
        for (int round = 0; round < 24; ++round) {
            is_wild_ = round < 14;
            engine_.submit();
            replace_texts();
            end_some_operations();
            if (is_wild_) decide();
            replace_texts();
            engine_.clock.advance(std::chrono::minutes(number(5, is_wild_ ? 3000 : 6000)));
            engine_.pass();
            replace_texts();
        }
    }

    // What was asked and what stands, without a word that is for people.
    std::string told() {
        std::string text;
        for (const std::string& line : engine_.registrar.diary) text += line + "\n";
        for (const OrderId id : orders_) text += told(engine_.look_at(id)) + "\n";
        return text;
    }

    std::set<HeldFor> held_for;
    std::set<OrderState> states;
    std::set<Evidence> evidence;
    std::set<WaitsFor> waited_for;

  private:
    int number(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
    bool chance(int percent) { return number(1, 100) <= percent; }

    void take_orders() {
        const std::string servers = "ns1.example.org ns2.example.org";
        for (int i = 0; i < 2; ++i) {
            const std::string end = std::to_string(i) + ".com";
            FieldMap wishes;
            if (chance(50)) wishes["lock"] = "on";
            orders_.push_back(engine_.registration("r" + end, wishes));
            orders_.push_back(engine_.registration("o" + end, Engine::inline_owner()));
            wishes["domain"] = "t" + end;
            wishes["auth_code"] = "x1";
            wishes["owner"] = "AE1";
            orders_.push_back(engine_.order(OrderKind::transfer, wishes));
            test::own_domain(engine_.registrar, "c" + end, false);
            orders_.push_back(
                engine_.order(OrderKind::trade, {{"domain", "c" + end}, {"owner", "AE2"}}));
            test::own_domain(engine_.registrar, "s" + end, false);  // Has them already.
            orders_.push_back(engine_.order(
                OrderKind::nameservers,
                {{"domain", "s" + end}, {"nameservers", "ns1.example.net ns2.example.net"}}));
            test::own_domain(engine_.registrar, "n" + end, chance(50));
            orders_.push_back(engine_.order(
                OrderKind::nameservers,
                {{"domain", "n" + end}, {"nameservers", servers}, {"dnssec", "off"}}));
            test::own_domain(engine_.registrar, "k" + end, false);
            orders_.push_back(engine_.order(
                OrderKind::nameservers,
                {{"domain", "k" + end}, {"nameservers", servers}, {"dnssec", "auto"}}));
        }
    }

    ParentDs parent_shows() {
        switch (is_wild_ ? number(1, 3) : 1) {
            case 1:
                return {ParentDs::State::absent, {}, 0, ""};
            case 2:
                return {ParentDs::State::present, {{{4711, 13, 2, "ab"}}}, 86400, ""};
            default:
                return {ParentDs::State::unreadable, {}, 0, "the parent is silent"};
        }
    }

    void at_call(const std::string& line) {
        if (!is_wild_) return;
        const std::string function = line.substr(0, line.find(' '));
        const bool changes = function.starts_with("domainSet") || function == "contactCreate" ||
                             function == "domainCreate" || function == "domainTransferIn" ||
                             function == "domainTransferOwner" || function == "domainChangeDNS";
        if (changes)
            answer(function);
        else if (chance(function == "queryOpe" ? 40 : 6))
            engine_.registrar.will_not_answer(
                function, chance(70) ? QueryFailure{QueryFailure::Why::refused, "E99-M9901", "no"}
                                     : QueryFailure{QueryFailure::Why::unreadable, "", "HTTP 502"});
    }

    void answer(const std::string& function) {
        FakeRegistrar& registrar = engine_.registrar;
        const bool makes_operation = function != "contactCreate";
        const int way = number(1, makes_operation ? 12 : 6);
        const Unproven unproven{"E99-M9901", "E99-M9901 : not now"};
        if (way == 1) registrar.will_answer(function, InDoubt{"cut"}, Effect::at_once);
        if (way == 2) registrar.will_answer(function, InDoubt{"cut"}, Effect::none);
        if (way == 3) registrar.will_answer(function, Refused{"E11-M1101", "refused", {}});
        if (way == 4) registrar.will_answer(function, unproven, Effect::none);
        if (way == 7) registrar.will_answer(function, InDoubt{"cut"}, Effect::pending);
        if (way == 8) registrar.will_answer(function, Pending{0, "Pending", ""});
        if (way == 9) registrar.will_answer(function, Pending{0, "Pending", ""});
        if (way == 10) registrar.will_answer(function, unproven, Effect::pending);
    }

    void end_some_operations() {
        const auto rows = engine_.registrar.pending_rows;
        for (const PendingRow& row : rows) {
            if (is_wild_ && chance(50)) continue;
            const char* ends[] = {"Done", "Done", "Done", "Failed", "Cancelled"};
            engine_.registrar.finish(row.id, ends[number(0, 4)], "so it ended");
            // Now and then what it was to bring is not there.
            if (chance(15) && row.target) engine_.registrar.domain_records.erase(*row.target);
        }
    }

    void decide() {
        const OrderId order =
            orders_[static_cast<std::size_t>(number(0, static_cast<int>(orders_.size()) - 1))];
        Scene scene(engine_);
        switch (number(1, 8)) {
            case 1:
            case 2:
                return note(hold_order(scene.parts(), order, "to be looked at"));
            case 3:
            case 4:
                return note(release_order(scene.parts(), order));
            case 5:
                return note(cancel_order(scene.parts(), order));
            case 6:
                return note(resolve_by_word(scene.parts(), order, Word::done, "seen"));
            case 7:
                return note(resolve_by_word(scene.parts(), order, Word::failed, "seen"));
            default:
                return note(resolve_by_sending(scene.parts(), order, chance(50) ? "seen" : ""));
        }
    }

    void note(const Decided& decided) { codes_ += std::to_string(int(decided.code)) + " "; }

    void replace_texts() {
        for (const OrderId id : orders_) {
            const OrderRecord order = engine_.look_at(id);
            held_for.insert(order.held_for);
            states.insert(order.state);
            for (const StepRecord& step : order.steps) {
                evidence.insert(step.evidence);
                waited_for.insert(step.waits_for);
            }
        }
        if (texts_ == Texts::as_written) return;
        replace_texts_in(engine_);
    }

    std::string told(const OrderRecord& order) {
        std::string text = order.domain.ascii() + " " + std::string(to_word(order.state)) + " " +
                           std::string(to_word(order.held_for)) + " " + order.code;
        for (const StepRecord& step : order.steps) {
            text += "; " + step.function + " " + std::string(to_word(step.state)) + " " +
                    std::string(to_word(step.evidence)) + " " +
                    std::string(to_word(step.waits_for)) + " " + std::to_string(step.tries);
        }
        return text + " " + codes_;
    }

    std::mt19937 random_;
    Texts texts_;
    Engine engine_;
    bool is_wild_ = true;
    std::vector<OrderId> orders_;
    std::string codes_;  // of the decisions
};

template <typename Value>
void add(std::set<Value>& all, const std::set<Value>& more) {
    all.insert(more.begin(), more.end());
}

}  // namespace

TEST_CASE("orders in the middle of every state go on the same without their words") {
    test::OrdersOfEveryState plain, without_words;
    replace_texts_in(without_words.engine);
    plain.go_on();
    without_words.go_on();
    CHECK(without_words.states() == plain.states());
    CHECK(without_words.asked() == plain.asked());
}

TEST_CASE("no decision reads a sentence of the ledger") {
    std::set<HeldFor> held_for;
    std::set<OrderState> states;
    std::set<Evidence> evidence;
    std::set<WaitsFor> waited_for;
    for (unsigned seed = 1; seed <= 80; ++seed) {
        CAPTURE(seed);
        Life plain(seed, Texts::as_written), without_words(seed, Texts::replaced);
        plain.live();
        without_words.live();
        CHECK(plain.told() == without_words.told());
        add(held_for, plain.held_for);
        add(states, plain.states);
        add(evidence, plain.evidence);
        add(waited_for, plain.waited_for);
    }
    // The lives come by what could be told by words alone.
    CHECK(states.size() == 10);
    CHECK(evidence.contains(Evidence::adopted));
    CHECK(waited_for == std::set{WaitsFor::nothing, WaitsFor::answer, WaitsFor::no_ds,
                                 WaitsFor::forgotten_ds, WaitsFor::zone_key, WaitsFor::shown});
    for (const HeldFor cause : {HeldFor::person, HeldFor::doubt, HeldFor::no_answer,
                                HeldFor::not_shown, HeldFor::checks}) {
        CHECK_MESSAGE(held_for.contains(cause), to_word(cause));
    }
}
