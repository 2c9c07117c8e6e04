#include "ledger/ledger_care.h"
#include "ledger/ledger_case.h"
#include "support/holds.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace domspool;
using namespace domspool::test;

namespace {

std::string state_of(LedgerCase& with, OrderId order) {
    return std::string(to_word(with.ledger().order(order).state));
}

void tamper(const LedgerCase& with, const std::string& sql) {
    store::Connection connection(with.path(), {store::Access::read_write, true});
    connection.run(sql);
}

// A backup made now is in the ledger's place, and nothing is open.
void put_back_backup(LedgerCase& with) {
    const std::string backup = with.scratch() / "backup.db";
    Ledger::back_up(with.path(), backup);
    with.close();
    std::ignore = ledger_care::restore(with.path(), backup, kStamp, utc(100));
}

}  // namespace

TEST_CASE("a sound ledger has no faults, whatever its orders have been through") {
    LedgerCase with;
    with.done_order("a.example");
    with.failed_order("b.example");
    const ClaimedOrder doubtful = with.planned("c.example", three_steps());
    with.finish(doubtful, with.begin(doubtful), AttemptOutcome::in_doubt, doubt_move());
    const ClaimedOrder waiting = with.planned("d.example");
    with.finish(waiting, with.begin(waiting), AttemptOutcome::pending, waiting_move(), 4711);
    std::ignore = with.order_for("e.example");
    CHECK(ledger_care::verify(with.path(), kStamp) == std::vector<std::string>{});
}

TEST_CASE("what the rules rule out is found, with the orders concerned") {
    LedgerCase with;
    const OrderId done = with.done_order("a.example");
    const ClaimedOrder waiting = with.planned("b.example");
    with.finish(waiting, with.begin(waiting), AttemptOutcome::pending, waiting_move(), 4711);
    const auto only_fault = [&] {
        const auto faults = ledger_care::verify(with.path(), kStamp);
        REQUIRE(faults.size() == 1);
        return faults[0];
    };
    SUBCASE("an order done whose step is not") {
        tamper(with, "UPDATE steps SET state = 'planned' WHERE order_id = " + std::to_string(done));
        CHECK(only_fault() ==
              "1 order (" + std::to_string(done) + ") are done, but their main step is not");
    }
    SUBCASE("an order that waits for nothing") {
        tamper(with, "UPDATE operations SET is_open = 0 WHERE operation_id = 4711");
        CHECK(holds(only_fault(), "wait, but no operation of theirs is followed"));
    }
    SUBCASE("a doubt without an attempt") {
        tamper(with, "UPDATE orders SET state = 'in_doubt' WHERE order_id = " +
                         std::to_string(waiting.order.id));
        CHECK(holds(only_fault(), "are in doubt, but no attempt of theirs is"));
    }
    SUBCASE("an order whose own step is an open end, and that was not cancelled") {
        tamper(with, "UPDATE steps SET state = 'open_end' WHERE order_id = " +
                         std::to_string(waiting.order.id));
        CHECK(holds(only_fault(), "have a main step that is an open end, but were not cancelled"));
    }
    SUBCASE("a hold of all sending that cannot be read, over or not") {
        const bool is_over = [] {
            bool over = false;
            SUBCASE("open") {}
            SUBCASE("over") {
                over = true;
            }
            return over;
        }();
        with.write([&](LedgerWrite& w) {
            w.hold_sending(with.run(), "ada", "a wrong file", utc(9));
            if (is_over) w.release_sending(with.run(), "ada", utc(10));
        });
        tamper(with, is_over ? "UPDATE sending_holds SET released_at = 'yesterday'"
                             : "UPDATE sending_holds SET held_at = 'yesterday'");
        CHECK(only_fault() == "hold 1 of all sending does not tell by whom, when or why");
        if (!is_over) CHECK_THROWS_AS(with.ledger().sending_hold(), store::StoreError);
    }
    SUBCASE("an order executed twice") {
        tamper(
            with,
            "INSERT INTO attempts (order_id, position, run_id, begun_at, begun_boot, "
            "begun_since_boot, picture, outcome, ended_at, ended_boot, ended_since_boot) "
            "SELECT order_id, position, run_id, begun_at, begun_boot, begun_since_boot, picture, "
            "outcome, ended_at, ended_boot, ended_since_boot FROM attempts "
            "WHERE outcome = 'done'");
        CHECK(holds(only_fault(), "were executed twice"));
    }
}

TEST_CASE("a ledger older than its .runs file is not as it must be") {
    LedgerCase with;
    const std::string copy = with.scratch() / "copy.db";
    with.end_run();
    Ledger::back_up(with.path(), copy);
    with.reopen();
    with.close();
    std::filesystem::copy_file(copy, with.path(),
                               std::filesystem::copy_options::overwrite_existing);
    tamper(with, "UPDATE stamp SET is_copy = 0");
    const auto faults = ledger_care::verify(with.path(), kStamp);
    REQUIRE(faults.size() == 1);
    CHECK(holds(faults[0], "domain-orders reconcile"));
}

TEST_CASE("a backup is put back only when no run lives, and the ledger there is kept") {
    LedgerCase with;
    with.done_order("a.example");
    const std::string backup = with.scratch() / "backup.db";
    Ledger::back_up(with.path(), backup);
    std::ignore = with.order_for("b.example");
    const auto busy = failure_in(
        [&] { std::ignore = ledger_care::restore(with.path(), backup, kStamp, utc(100)); });
    REQUIRE(busy);
    CHECK(busy->code() == ExitCode::try_later);
    with.close();
    const auto aside = ledger_care::restore(with.path(), backup, kStamp, utc(100));
    REQUIRE(aside);
    CHECK(std::filesystem::exists(*aside));
    const auto refused = failure_in([&] { std::ignore = Ledger::open(with.path(), kStamp); });
    REQUIRE(refused);
    CHECK(refused->code() == ExitCode::settings_or_ledger);
    CHECK(holds(refused->what(), "domain-orders reconcile"));
}

TEST_CASE("what is no ledger of this account is not put back, and nothing is changed") {
    LedgerCase with;
    with.close();
    const std::string other = with.scratch() / "other.db";
    REQUIRE(Ledger::init(other, {"api.registrar.example", "ZZ999"}, utc(0)));
    const std::string text = with.scratch() / "text.db";
    write_text(text, "no ledger\n");
    for (const std::string& file : {other, text, with.scratch() / "none.db"}) {
        CAPTURE(file);
        const auto refused = failure_in(
            [&] { std::ignore = ledger_care::restore(with.path(), file, kStamp, utc(100)); });
        REQUIRE(refused);
        CHECK(refused->code() == ExitCode::settings_or_ledger);
    }
    with.reopen();
}

TEST_CASE("after a reconcile nothing is sent that may have been sent since the copy") {
    LedgerCase with;
    const OrderId accepted = with.order_for("a.example");
    const ClaimedOrder waiting = with.planned("b.example");
    with.finish(waiting, with.begin(waiting), AttemptOutcome::pending, waiting_move(), 4711);
    const OrderId done = with.done_order("c.example");
    put_back_backup(with);
    const auto report = ledger_care::reconcile(with.path(), kStamp, at(200));
    CHECK(report.was_needed);
    CHECK(report.perhaps_sent == 1);
    with.reopen();
    CHECK(state_of(with, accepted) == "in_doubt");
    CHECK(with.ledger().order(accepted).keeps_domain);
    CHECK(state_of(with, waiting.order.id) == "waiting");
    CHECK(state_of(with, done) == "done");
    REQUIRE(with.ledger().orders_perhaps_sent().size() == 1);
    CHECK(with.ledger().perhaps_sent(accepted)->before == OrderState::accepted);
    CHECK(with.write([&](LedgerWrite& w) {
                  return w.claim_next(with.run(), std::nullopt, 10, utc(300));
              })
              .empty());
    with.end_run();
    CHECK(ledger_care::verify(with.path(), kStamp) == std::vector<std::string>{});
    CHECK_FALSE(ledger_care::reconcile(with.path(), kStamp, at(400)).was_needed);
}

TEST_CASE("the numbers of runs a copy does not know are not given again") {
    LedgerCase with;
    const std::string backup = with.scratch() / "backup.db";
    Ledger::back_up(with.path(), backup);
    for (int i = 0; i < 3; ++i) with.reopen();
    const RunId last = with.run();
    with.close();
    std::ignore = ledger_care::restore(with.path(), backup, kStamp, utc(100));
    CHECK(ledger_care::reconcile(with.path(), kStamp, at(200)).was_needed);
    with.reopen();
    CHECK(with.run() > last);
}

TEST_CASE("a zone template to come is a person's affair after a reconcile") {
    LedgerCase with;
    std::vector<PlannedStep> steps = one_step();
    steps.push_back({StepPhase::after, "domainZoneInit", {{"template", "1"}}});
    const ClaimedOrder order = with.planned("a.example", steps);
    with.finish(order, with.begin(order), AttemptOutcome::pending, waiting_move(), 4711);
    put_back_backup(with);
    CHECK(ledger_care::reconcile(with.path(), kStamp, at(200)).held == 1);
    with.reopen();
    CHECK(state_of(with, order.order.id) == "held");
    CHECK(holds(with.ledger().order(order.order.id).reason, "zone template"));
}

TEST_CASE("a ledger whose .runs file is gone or damaged sends again once reconciled") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    const RunId last = with.run();
    with.close();
    SUBCASE("gone") {
        std::filesystem::remove(with.path() + ".runs");
    }
    SUBCASE("damaged") {
        write_text(with.path() + ".runs", "something else\n");
    }
    CHECK(failure_in([&] { std::ignore = Ledger::open(with.path(), kStamp); }).has_value());
    CHECK(ledger_care::reconcile(with.path(), kStamp, at(200)).perhaps_sent == 1);
    with.reopen();
    CHECK(with.run() > last + 1000);
    CHECK(state_of(with, order) == "in_doubt");
}
