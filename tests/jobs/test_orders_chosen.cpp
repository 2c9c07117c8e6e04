#include "jobs/doubt_decisions.h"
#include "jobs/orders_chosen.h"
#include "jobs/retry.h"
#include "support/orders_of_every_state.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<OrderId> chosen_for(Engine& engine, const std::string& verb,
                                const OrderFilter& filter = {}) {
    return orders_chosen(engine.ledger(), verb, filter, engine.clock.now().utc);
}

// Each order is decided on by itself, in a world of its own: what is chosen is taken.
void check_that_chosen_is_what_is_taken(const std::string& verb,
                                        const std::function<Decided(Engine&, OrderId)>& decide) {
    OrdersOfEveryState world;
    Engine& engine = world.engine;
    engine.clock.advance(std::chrono::minutes(2));  // What was sent moments ago is nobody's yet.
    const std::vector<OrderId> chosen = chosen_for(engine, verb);
    CHECK_FALSE(chosen.empty());
    for (const OrderRecord& order : engine.ledger().orders({})) {
        CAPTURE(verb);
        CAPTURE(order.id);
        CAPTURE(order.domain.ascii());
        CAPTURE(std::string(to_word(order.state)));
        const bool is_chosen = std::ranges::find(chosen, order.id) != chosen.end();
        const Decided decided = decide(engine, order.id);
        CAPTURE(decided.words);
        CHECK(is_chosen == (decided.code == ExitCode::all_well));
    }
}

}  // namespace

TEST_CASE("orders of every state: what a filter chooses is what the decision is for") {
    check_that_chosen_is_what_is_taken("hold", [](Engine& engine, OrderId order) {
        return hold_order(Scene(engine).parts(), order);
    });
    check_that_chosen_is_what_is_taken("release", [](Engine& engine, OrderId order) {
        return release_order(Scene(engine).parts(), order);
    });
    check_that_chosen_is_what_is_taken("resolve", [](Engine& engine, OrderId order) {
        return resolve_by_word(Scene(engine).parts(), order, Word::failed, "seen");
    });
    check_that_chosen_is_what_is_taken("retry", [](Engine& engine, OrderId order) {
        return retry_orders(Scene(engine).parts(), {order}).decided.at(0);
    });
}

TEST_CASE("to be cancelled is whatever has not ended, so that what is refused is told") {
    OrdersOfEveryState world;
    std::size_t open = 0;
    for (const OrderRecord& order : world.engine.ledger().orders({})) open += !is_end(order.state);
    CHECK(chosen_for(world.engine, "cancel").size() == open);
}

TEST_CASE("to be dismissed is what reports tell, but no doubt and no hold") {
    OrdersOfEveryState world;
    Engine& engine = world.engine;
    engine.clock.advance(std::chrono::hours(30));  // Nothing settles itself any more.
    const auto told = engine.ledger().orders_for_a_person(engine.clock.now().utc);
    std::size_t may_go = 0;
    for (const OrderForAPerson& each : told) {
        may_go += each.order.state != OrderState::held && each.order.state != OrderState::in_doubt;
    }
    REQUIRE(may_go > 0);
    REQUIRE(may_go < told.size());
    const std::vector<OrderId> chosen = chosen_for(engine, "dismiss");
    CHECK(chosen.size() == may_go);
    for (const OrderId order : chosen) {
        CHECK(dismiss_order(Scene(engine).parts(), order, "seen", {}).code == ExitCode::all_well);
    }
    CHECK(chosen_for(engine, "dismiss").empty());
}

TEST_CASE("a filter narrows what is chosen, oldest first") {
    OrdersOfEveryState world;
    Engine& engine = world.engine;
    OrderFilter waiting;
    waiting.state = OrderState::waiting;
    const std::vector<OrderId> chosen = chosen_for(engine, "hold", waiting);
    REQUIRE(chosen.size() > 1);
    CHECK(std::ranges::is_sorted(chosen));
    for (const OrderId order : chosen) CHECK(engine.state_of(order) == "waiting");
    OrderFilter done;
    done.state = OrderState::done;
    CHECK(chosen_for(engine, "hold", done).empty());
    OrderFilter other;
    other.batch = 999;
    CHECK(chosen_for(engine, "hold", other).empty());
}

TEST_CASE("a failed order whose place is taken is repeated no more, and sent if that is left") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    const OrderId failed = engine.registration("example.com");
    engine.submit();
    CHECK(chosen_for(engine, "retry") == std::vector<OrderId>{failed});
    REQUIRE(retry_orders(Scene(engine).parts(), {failed}).batch);
    CHECK(chosen_for(engine, "retry") == std::vector<OrderId>{failed});
    engine.submit();
    CHECK(chosen_for(engine, "retry").empty());
}

TEST_CASE("a batch that repeats hundreds names the first of them") {
    Engine engine;
    std::vector<FieldMap> rows;
    for (int i = 0; i < 12; ++i) {
        engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
        rows.push_back(
            {{"domain", "d" + std::to_string(i) + ".com"}, {"years", "1"}, {"owner", "AE1"}});
    }
    engine.batch(OrderKind::register_domain, rows);
    engine.submit();
    const std::vector<OrderId> failed = chosen_for(engine, "retry");
    REQUIRE(failed.size() == 12);
    const Retried retried = retry_orders(Scene(engine).parts(), failed);
    REQUIRE(retried.batch);
    CHECK(engine.ledger().batch(*retried.batch)->name ==
          "retry of 1 2 3 4 5 6 7 8 9 10 and 2 more");
}
