// A person at an engine's orders: each decision in a run of its own.
#pragma once

#include "jobs/order_kinds.h"
#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/order_in_hand.h"
#include "workflow/steps/answer_cache.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace domspool::test {

inline const InDoubt kLostReply{"no reply within 60 s"};

class Scene {
  public:
    explicit Scene(Engine& engine)
        : engine_(engine),
          run_(engine.ledger().begin_run("test-decision", Sends::yes, engine.clock.now())),
          cache_(engine.ledger(), engine.clock, {}),
          rules_(20) {}

    DecisionParts parts() {
        return {engine_.ledger(),
                run_->id(),
                engine_.clock,
                "ada",
                engine_.pending.doubts,
                [this]() -> AnswerCache& { return cache_; },
                [this] {
                    Lane lane;
                    lane.queries = {&engine_.registrar, [](RegistrarQueries*) {}};
                    lane.commands = {&engine_.registrar, [](RegistrarCommands*) {}};
                    lane.runner = std::make_unique<OrderRunner>(RunnerParts{
                        engine_.ledger(), *run_, *lane.queries, *lane.commands, cache_, rules_,
                        engine_.clock, engine_.settings, plan_order, engine_.is_called_off});
                    return lane;
                }};
    }

  private:
    Engine& engine_;
    std::unique_ptr<Run> run_;
    AnswerCache cache_;
    StoppingRules rules_;
};

inline bool history_tells(Engine& engine, OrderId order, const std::string& kind,
                          const std::string& part) {
    const auto events = engine.ledger().events(order);
    return std::any_of(events.begin(), events.end(), [&](const EventRecord& event) {
        return event.kind == kind && holds(event.text, part);
    });
}

// A registration whose reply was lost, old enough to be looked for.
struct Doubtful : Engine {
    explicit Doubtful(Effect effect = Effect::none) {
        registrar.will_answer("domainCreate", kLostReply, effect);
        order = registration("example.com");
        submit();
        REQUIRE(state_of(order) == "in_doubt");
        clock.advance(std::chrono::minutes(2));
    }
    OrderId order = 0;
};

// A registration that is pending as operation 1001.
struct Pendings : Engine {
    Pendings() {
        registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
        order = registration("example.com");
        submit();
        REQUIRE(state_of(order) == "waiting");
    }
    OrderId order = 0;
};

}  // namespace domspool::test
