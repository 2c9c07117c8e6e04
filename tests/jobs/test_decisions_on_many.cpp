#include "jobs/decisions.h"
#include "jobs/decisions_on_many.h"
#include "ledger/sql/sending_hold.h"
#include "support/decision_scene.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr int kOrders = 5;

// A file of five registrations.
struct File : Engine {
    File() {
        std::vector<FieldMap> rows;
        for (int i = 0; i < kOrders; ++i) {
            rows.push_back(
                {{"domain", "d" + std::to_string(i) + ".com"}, {"years", "1"}, {"owner", "AE1"}});
        }
        number = batch(OrderKind::register_domain, rows);
        OrderFilter filter;
        filter.batch = number;
        filter.oldest_first = true;
        for (const OrderRecord& order : ledger().orders(filter)) orders.push_back(order.id);
        REQUIRE(orders.size() == kOrders);
    }
    BatchDecided hold(const std::string& reason = "") {
        return hold_batch(Scene(*this).parts(), number, reason);
    }
    BatchDecided release() { return release_batch(Scene(*this).parts(), number, ""); }

    BatchId number = 0;
    std::vector<OrderId> orders;
};

SendingDecided hold_all(Engine& engine) {
    return hold_all_sending(Scene(engine).parts(), "the wrong file");
}

}  // namespace

// ---- A file's orders

TEST_CASE("a file is held whole: nothing of it is sent until it is released") {
    File file;
    const OrderId other = file.registration("other.com");
    const BatchDecided held = file.hold("the wrong file");
    CHECK(held.decided.size() == kOrders);
    CHECK(held.others.empty());
    CHECK(held.decided[0].state == OrderState::held);
    CHECK(held.decided[0].reason.starts_with("paused by ada: the wrong file;"));
    for (const OrderId order : file.orders) {
        CHECK(file.state_of(order) == "held");
        CHECK(history_tells(file, order, "decision", "held by ada: the wrong file"));
    }
    file.submit();
    CHECK(file.registrar.times_asked("domainCreate") == 1);
    CHECK(file.state_of(other) == "done");
    const BatchDecided released = file.release();
    CHECK(released.decided.size() == kOrders);
    file.submit();
    for (const OrderId order : file.orders) CHECK(file.state_of(order) == "done");
    CHECK(file.registrar.times_asked("domainCreate") == kOrders + 1);
}

TEST_CASE("what has ended or is held already stays as it is, and that is no failure") {
    File file;
    file.submission.most_orders = 2;
    file.submit();
    hold_order(Scene(file).parts(), file.orders[4]);
    const BatchDecided held = file.hold();
    CHECK(held.decided.size() == 2);
    REQUIRE(held.others.size() == 3);
    CHECK(held.others[0].order.id == file.orders[0]);
    CHECK(held.others[0].code == ExitCode::all_well);
    CHECK(held.others[0].why == "it is done: there is nothing left to pause");
    CHECK(held.others[2].order.id == file.orders[4]);
    CHECK(held.others[2].code == ExitCode::all_well);
}

TEST_CASE("orders that a live run has in its hands are left to it, the others are held") {
    File file;
    const auto run = file.ledger().begin_run("spool-run", Sends::yes, file.clock.now());
    file.ledger().write([&](LedgerWrite& w) { return w.claim_order(run->id(), file.orders[1]); });
    const BatchDecided held = file.hold();
    CHECK(held.decided.size() == kOrders - 1);
    REQUIRE(held.others.size() == 1);
    CHECK(held.others[0].order.id == file.orders[1]);
    CHECK(held.others[0].code == ExitCode::try_later);
    CHECK(file.state_of(file.orders[1]) == "accepted");
}

TEST_CASE("an order whose step may be at work again is not released with its file") {
    File file;
    for (int i = 0; i < kOrders; ++i) {
        file.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    }
    file.submit();
    file.registrar.finish(1001, "Failed", "no");
    file.clock.advance(std::chrono::minutes(11));
    file.pass();
    REQUIRE(file.state_of(file.orders[0]) == "failed");
    file.ledger().write([&](LedgerWrite& w) {
        const auto claimed = w.claim_order(1, file.orders[0]);
        OrderMove move;
        move.state = OrderState::held;
        move.held_for = HeldFor::person;
        move.reason = "one of a row";
        w.move_order(claimed->claim, move, file.clock.now().utc);
        w.release(claimed->claim);
    });
    const BatchDecided released = file.release();
    CHECK(released.decided.empty());
    REQUIRE(released.others.size() == kOrders);
    CHECK(released.others[0].code == ExitCode::some_orders_wrong);
    CHECK(holds(released.others[0].why, "at work again"));
    CHECK(released.others[1].code == ExitCode::all_well);
}

// ---- All sending

TEST_CASE("while all sending is held a run sends nothing and asks nothing; released, all goes on") {
    File file;
    CHECK(hold_all(file).code == ExitCode::all_well);
    const RunEnd held = file.submit();
    REQUIRE(held.stopped);
    CHECK(held.stopped->code == ExitCode::service_refused);
    CHECK(held.stopped->is_hold);
    CHECK(held.stopped->text == words_of(*file.ledger().sending_hold()));
    CHECK(held.orders == kOrders);
    CHECK(file.registrar.diary.empty());
    for (const OrderId order : file.orders) CHECK(file.state_of(order) == "accepted");
    const SendingDecided released = release_all_sending(Scene(file).parts());
    CHECK(released.code == ExitCode::all_well);
    CHECK_FALSE(file.submit().stopped);
    for (const OrderId order : file.orders) CHECK(file.state_of(order) == "done");
}

TEST_CASE("what is held is not held once more, what is not held is not released") {
    Engine engine;
    CHECK(release_all_sending(Scene(engine).parts()).code == ExitCode::some_orders_wrong);
    hold_all(engine);
    const SendingDecided again = hold_all_sending(Scene(engine).parts(), "another reason");
    CHECK(again.code == ExitCode::some_orders_wrong);
    CHECK(holds(again.words, "the wrong file"));
    CHECK(engine.ledger().sending_hold()->reason == "the wrong file");
}

TEST_CASE("a hold in the middle of a run: the call at hand is the last, what it brought is kept") {
    File file;
    file.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate d1.com") hold_all(file);
    };
    const RunEnd held = file.submit();
    REQUIRE(held.stopped);
    CHECK(held.stopped->is_hold);
    CHECK(file.registrar.times_asked("domainCreate") == 2);
    CHECK(file.state_of(file.orders[0]) == "done");
    CHECK(file.state_of(file.orders[1]) == "done");
    for (int i = 2; i < kOrders; ++i) {
        CHECK(file.state_of(file.orders[static_cast<std::size_t>(i)]) == "accepted");
    }
    CHECK(file.ledger().money_out_since(UtcTime{}) == 2000);
    release_all_sending(Scene(file).parts());
    file.submit();
    for (const OrderId order : file.orders) CHECK(file.state_of(order) == "done");
    CHECK(file.registrar.times_asked("domainCreate") == kOrders);
}

TEST_CASE("a hold during an order's own call keeps its follow-ups back, not its read-back") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"lock", "on"}, {"privacy", "on"}});
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) hold_all(engine);
    };
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
    engine.registrar.before_call = nullptr;
    engine.passes(2);
    CHECK(engine.look_at(order).steps[1].state == StepState::done);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
    release_all_sending(Scene(engine).parts());
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 2);
}

TEST_CASE("a contact made when the hold came is used by its order later, not made twice") {
    Engine engine;
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("contactCreate")) hold_all(engine);
    };
    engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK_FALSE(is_end(engine.look_at(order).state));
    release_all_sending(Scene(engine).parts());
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
}

TEST_CASE("several lanes stop at a hold, each after its call at hand") {
    Engine engine;
    engine.submission.lanes = 4;
    std::vector<FieldMap> rows;
    for (int i = 0; i < 60; ++i) {
        rows.push_back(
            {{"domain", "d" + std::to_string(i) + ".com"}, {"years", "1"}, {"owner", "AE1"}});
    }
    engine.batch(OrderKind::register_domain, rows);
    std::atomic<int> sent = 0, sent_then = -1;
    engine.registrar.before_call = [&](const std::string& line) {
        if (!line.starts_with("domainCreate")) return;
        if (++sent != 10) return;
        hold_all(engine);
        sent_then = sent.load();
    };
    engine.submit();
    REQUIRE(sent_then >= 10);
    CHECK(sent <= sent_then + 3);
    engine.registrar.before_call = nullptr;
    release_all_sending(Scene(engine).parts());
    engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 60);
    CHECK(engine.ledger().count_by_state({}).at("done") == 60);
}

TEST_CASE("while all sending is held what is pending can be cancelled") {
    Pendings with;
    hold_all(with);
    CHECK(cancel_order(Scene(with).parts(), with.order).code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "cancelled");
}
