#include "jobs/retry.h"
#include "support/decision_scene.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

int times(const Engine& engine, const std::string& call) {
    return engine.registrar.times_asked(call);
}

}  // namespace

TEST_CASE("a failed order is repeated by a new one in its place, once") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    const OrderId failed = engine.registration("example.com");
    engine.submit();
    REQUIRE(engine.state_of(failed) == "failed");
    const Retried retried = retry_orders(Scene(engine).parts(), {failed});
    REQUIRE(retried.batch);
    CHECK(retried.decided.at(0).code == ExitCode::all_well);
    OrderFilter of_batch;
    of_batch.batch = retried.batch;
    const auto made = engine.ledger().orders(of_batch);
    REQUIRE(made.size() == 1);
    CHECK(made[0].instead_of == failed);
    CHECK(made[0].state == OrderState::accepted);
    CHECK(made[0].fields == engine.look_at(failed).fields);
    CHECK(history_tells(engine, failed, "decision", "repeated by ada"));

    const Retried again = retry_orders(Scene(engine).parts(), {failed});
    CHECK_FALSE(again.batch);
    CHECK(again.unsent == std::vector<BatchId>{*retried.batch});
    engine.submit();
    CHECK(engine.state_of(made[0].id) == "done");
    const Retried after = retry_orders(Scene(engine).parts(), {failed});
    CHECK_FALSE(after.batch);
    CHECK(after.unsent.empty());
    CHECK(after.decided.at(0).code == ExitCode::some_orders_wrong);
    CHECK(times(engine, "domainCreate") == 2);
}

TEST_CASE("an operation that failed for a moment has failed, and is there to be repeated") {
    Engine engine;
    engine.registrar.will_answer(
        "domainCreate", Refused{"", "the registry is temporarily unavailable", OperationId(4711)});
    const OrderId failed = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(failed) == "failed");
    engine.submit();
    CHECK(times(engine, "domainCreate") == 1);
    REQUIRE(retry_orders(Scene(engine).parts(), {failed}).batch);
    engine.submit();
    CHECK(times(engine, "domainCreate") == 2);
}

TEST_CASE("only what failed is repeated") {
    Engine engine;
    const OrderId accepted = engine.registration("example.com");
    const Retried retried = retry_orders(Scene(engine).parts(), {accepted});
    CHECK_FALSE(retried.batch);
    CHECK(retried.decided.at(0).code == ExitCode::some_orders_wrong);
    CHECK(holds(retried.decided.at(0).words, "accepted"));
}

TEST_CASE("a transfer is repeated with the code the ledger keeps, and refused once it is wiped") {
    Engine engine;
    engine.registrar.will_answer("domainTransferIn", Refused{"E15-M1503", "locked", std::nullopt});
    const OrderId failed =
        engine.order(OrderKind::transfer, {{"domain", "example.com"},
                                           {"owner", "AE1"},
                                           {"auth_code", "s3cret-code"},
                                           {"nameservers", "ns1.example.net ns2.example.net"}});
    engine.submit();
    REQUIRE(engine.state_of(failed) == "failed");
    const Retried retried = retry_orders(Scene(engine).parts(), {failed});
    REQUIRE(retried.batch);
    engine.registrar.will_answer("domainTransferIn", Refused{"E15-M1503", "locked", std::nullopt});
    engine.submit();
    CHECK(times(engine, "domainTransferIn example.com with code") == 2);
    engine.ledger().write([&](LedgerWrite& w) { w.wipe_auth_codes(engine.clock.now().utc + 1h); });
    OrderFilter of_batch;
    of_batch.batch = retried.batch;
    const OrderId second = engine.ledger().orders(of_batch).at(0).id;
    const Decided refused = retry_orders(Scene(engine).parts(), {second}).decided.at(0);
    CHECK(refused.code == ExitCode::some_orders_wrong);
    CHECK(holds(refused.words, "code"));
}
