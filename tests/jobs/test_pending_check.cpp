#include "jobs/pending_check.h"

#include <doctest/doctest.h>

#include "support/engine.h"

#include <algorithm>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using namespace std::chrono_literals;

namespace {

using Diary = std::vector<std::string>;
using What = PendingReport::What;

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Registrations that are pending, with operations 1001, 1002 ...; the diary is empty.
struct Waiting {
    explicit Waiting(int number, const FieldMap& more = {}) {
        std::vector<FieldMap> rows;
        for (int i = 0; i < number; ++i) {
            engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
            FieldMap row = more;
            row["domain"] = "d" + std::to_string(i) + ".com";
            row["years"] = "1";
            row["owner"] = "AE1";
            rows.push_back(row);
        }
        engine.submission.most_orders = 0;
        const BatchId batch = engine.batch(OrderKind::register_domain, rows);
        engine.submit();
        OrderFilter filter;
        filter.batch = batch;
        filter.oldest_first = true;
        for (const OrderRecord& order : engine.ledger().orders(filter)) orders.push_back(order.id);
        REQUIRE(engine.ledger().open_operations().size() == static_cast<std::size_t>(number));
        engine.registrar.diary.clear();
    }
    PendingReport pass_after(std::chrono::seconds time) {
        engine.clock.advance(time);
        return engine.pass();
    }
    std::string state(int index) {
        return engine.state_of(orders[static_cast<std::size_t>(index)]);
    }
    // It leaves the list; queryOpe says what it is told.
    void leave_list(OperationId id) {
        std::erase_if(engine.registrar.pending_rows,
                      [&](const PendingRow& row) { return row.id == id; });
    }

    Engine engine;
    std::vector<OrderId> orders;
};

}  // namespace

TEST_CASE("nothing open: no call, no run") {
    Engine engine;
    engine.registration("example.com");
    engine.submit();
    engine.registrar.diary.clear();
    engine.clock.advance(1h);
    Knowledge knowledge(engine.ledger(), engine.clock, {});
    StoppingRules rules(20);
    const auto none = [](const char* what) { FAIL(what << " was made for nothing"); };
    const PendingReport report = check_pending(
        engine.pending, {engine.ledger(), engine.clock, knowledge, rules, engine.registrar,
                         [&]() -> OrderRunner& {
                             none("a runner");
                             throw 1;
                         },
                         [&]() -> RunId {
                             none("a run");
                             return 0;
                         },
                         engine.is_called_off});
    CHECK(report.what == What::nothing_to_do);
    CHECK(engine.registrar.diary.empty());
}

TEST_CASE("of 1,000 pending 20 ended: one list, 20 questions, 20 read-backs, nothing more") {
    Waiting waiting(1000);
    for (OperationId id = 1001; id <= 1020; ++id) waiting.engine.registrar.finish(id);
    const PendingReport report = waiting.pass_after(10min);
    CHECK(report.what == What::passed);
    CHECK(report.ended == 20);
    CHECK(report.still_pending == 980);
    CHECK(report.warnings.empty());
    const auto& registrar = waiting.engine.registrar;
    // With the opening and the closing of the session: 23, and one domainInfo per order Done.
    CHECK(registrar.times_asked("queryOpePending") == 1);
    CHECK(registrar.times_asked("queryOpe ") == 20);
    CHECK(registrar.times_asked("domainInfo") == 20);
    CHECK(registrar.diary.size() == 41);
    CHECK(waiting.engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"done", 20}, {"waiting", 980}});
}

TEST_CASE("a pass less than five minutes after the last ends quietly, as does one beside another") {
    Waiting waiting(1);
    CHECK(waiting.pass_after(10min).what == What::passed);
    CHECK(waiting.pass_after(299s).what == What::too_soon);
    CHECK(waiting.engine.registrar.diary.size() == 1);
    CHECK(waiting.pass_after(1s).what == What::passed);
    waiting.engine.clock.advance(10min);
    const auto lock = waiting.engine.ledger().try_pass_lock();
    REQUIRE(lock != nullptr);
    CHECK(waiting.engine.pass().what == What::too_soon);
    CHECK(waiting.engine.registrar.diary.size() == 2);
}

TEST_CASE("a last pass in the future is warned about and does not stop the passes") {
    Waiting waiting(1);
    waiting.pass_after(10min);
    waiting.engine.clock.set_utc("2026-11-01T02:00:00.000Z");
    waiting.engine.clock.reboot();
    const PendingReport report = waiting.pass_after(1min);
    CHECK(report.what == What::passed);
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "clock"));
}

TEST_CASE("an id in the list is asked about after a day, or when its row tells something else") {
    Waiting waiting(2);
    waiting.pass_after(23h);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 0);
    waiting.pass_after(1h);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 2);
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 2);
    waiting.engine.registrar.pending_rows[1].status = "Waiting for documents";
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe 1002") == 2);
    CHECK(waiting.engine.registrar.times_asked("queryOpe 1001") == 1);
    CHECK(waiting.state(1) == "waiting");
}

TEST_CASE("an operation that ended Done is followed by read-back and follow-ups in the same pass") {
    Waiting waiting(1, {{"lock", "on"}, {"privacy", "on"}});
    waiting.engine.registrar.finish(1001);
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.engine.look_at(waiting.orders[0]).operation == 1001);
    CHECK(waiting.engine.registrar.domain_records.at("d0.com").locked == true);
    REQUIRE(report.news.size() == 1);
    CHECK(report.news[0].state == OrderState::done);
    CHECK(waiting.engine.registrar.times_asked("domainCreate") == 0);
}

TEST_CASE("failed and cancelled operations end their orders with the registrar's words") {
    Waiting waiting(3);
    waiting.engine.registrar.finish(1001, "FAILED", "the name is reserved");
    waiting.engine.registrar.finish(1002, "Cancelled", "by support");
    waiting.engine.registrar.finish(1003, "KO", "no");
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "failed");
    CHECK(waiting.engine.look_at(waiting.orders[0]).message == "the name is reserved");
    CHECK(waiting.state(1) == "cancelled");
    CHECK(holds(waiting.engine.look_at(waiting.orders[1]).reason, "by support"));
    CHECK(waiting.state(2) == "failed");
    CHECK(waiting.engine.ledger().money_out_since(UtcTime{}) == 0);
    CHECK(waiting.engine.registrar.times_asked("domainInfo") == 0);
}

TEST_CASE("a status that is not known is kept, warned about, and ends nothing") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001, "Archived");
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "'Archived'"));
    waiting.engine.registrar.operations[1001].status = "Done";
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
}

TEST_CASE("a reply about another call is not believed") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.operations[1001].type = "domainRenew";
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "domainRenew"));
    waiting.engine.registrar.operations[1001].type = "DOMAINCREATE";
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
}

TEST_CASE(
    "twenty missing ids that are all pending: the list is not believed and no more is asked") {
    Waiting waiting(25);
    waiting.engine.registrar.pending_rows.clear();
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 20);
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "not believed"));
    CHECK(waiting.engine.ledger().open_operations().size() == 25);
}

TEST_CASE("one of the first twenty that ended makes the list believable") {
    Waiting waiting(25);
    waiting.engine.registrar.pending_rows.clear();
    waiting.engine.registrar.operations[1020].status = "Done";
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 25);
    CHECK(report.warnings.empty());
    CHECK(report.ended == 1);
}

TEST_CASE("a fault for one id does not stop the others; after three passes the domain tells") {
    Waiting waiting(2);
    const auto fault = [&] {
        waiting.engine.registrar.will_not_answer(
            "queryOpe", {QueryFailure::Why::refused, "E16-M1601", "E16-M1601 : unknown"});
    };
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.finish(1002);
    fault();
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    CHECK(waiting.state(1) == "done");
    SUBCASE("the domain is there as ordered") {
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "waiting");
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "done");
        CHECK(waiting.engine.look_at(waiting.orders[0]).operation == 1001);
    }
    SUBCASE("the domain is not there: held, until an answer comes") {
        waiting.engine.registrar.domain_records.erase("d0.com");
        for (int i = 0; i < 3; ++i) {
            fault();
            waiting.pass_after(10min);
        }
        CHECK(waiting.state(0) == "held");
        CHECK(waiting.engine.look_at(waiting.orders[0]).keeps_domain);
        waiting.engine.registrar.operations[1001].status = "Failed";
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "failed");
    }
    SUBCASE("an answer in between counts anew") {
        waiting.engine.registrar.operations[1001].status = "Pending";
        fault();
        waiting.pass_after(10min);
        waiting.pass_after(10min);
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "waiting");
    }
}

TEST_CASE("an order held by a person stays held when its operation is Done") {
    Waiting waiting(1, {{"lock", "on"}});
    const auto run =
        waiting.engine.ledger().begin_run("hold", Sends::no, waiting.engine.clock.now());
    waiting.engine.ledger().write([&](LedgerWrite& w) {
        const auto claimed = w.claim_order(run->id(), waiting.orders[0]);
        OrderMove hold;
        hold.state = OrderState::held;
        hold.reason = "a person wants to look";
        w.move_order(claimed->claim, hold, waiting.engine.clock.now().utc);
        w.release(claimed->claim);
    });
    waiting.engine.registrar.finish(1001);
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "held");
    CHECK(holds(waiting.engine.look_at(waiting.orders[0]).reason, "operation 1001 is Done"));
    CHECK(waiting.engine.registrar.times_asked("domainSetPreference") == 0);
    CHECK(waiting.engine.ledger().open_operations().empty());
}

TEST_CASE("an operation nobody here started is told once, blocks its domain, and is forgotten") {
    Waiting waiting(1);
    waiting.engine.registrar.pending_rows.push_back({700, "domainTransferIn", "other.com", "", ""});
    CHECK(waiting.pass_after(10min).warnings.empty());
    CHECK(
        waiting.engine.ledger().is_domain_blocked_by_foreign(DomainName::from_stored("other.com")));
    const PendingReport second = waiting.pass_after(10min);
    REQUIRE(second.warnings.size() == 1);
    CHECK(holds(second.warnings[0], "operation 700"));
    CHECK(waiting.pass_after(10min).warnings.empty());

    const OrderId order = waiting.engine.registration("other.com");
    waiting.leave_list(700);
    waiting.engine.submit();
    CHECK(waiting.engine.state_of(order) == "accepted");
    waiting.pass_after(10min);
    waiting.engine.submit();
    CHECK(waiting.engine.state_of(order) == "done");
}

TEST_CASE("what a live run is just sending is not foreign") {
    Waiting waiting(1);
    const OrderId order = waiting.engine.registration("live.com");
    Ledger& ledger = waiting.engine.ledger();
    const auto run = ledger.begin_run("live", Sends::yes, waiting.engine.clock.now());
    ledger.write([&](LedgerWrite& w) {
        const auto claimed = w.claim_order(run->id(), order);
        w.store_plan(claimed->claim, {{StepPhase::main, "domainCreate", {}}});
        AttemptIntent intent;
        intent.position = 1;
        intent.at = waiting.engine.clock.now();
        w.begin_attempt(claimed->claim, intent, std::nullopt);
    });
    waiting.engine.registrar.pending_rows.push_back({700, "domainCreate", "live.com", "", ""});
    waiting.pass_after(10min);
    waiting.pass_after(10min);
    CHECK(ledger.foreign_operations().empty());
    CHECK(waiting.engine.state_of(order) == "in_progress");
}

namespace {

// The operation of its one order, 1001, has failed, and support has started it again.
struct Restarted : Waiting {
    explicit Restarted(const FieldMap& fields = {}) : Waiting(1, fields) {
        engine.registrar.finish(1001, "Failed", "no funds at the registry");
        pass_after(10min);
        REQUIRE(state(0) == "failed");
        engine.pending.watch_foreign = true;
    }
    void restart() {
        engine.registrar.pending_rows = {{1001, "domainCreate", "d0.com", "", ""}};
        engine.registrar.operations[1001].status = "Pending";
    }
};

}  // namespace

TEST_CASE("an order whose failed operation is pending again waits for it again") {
    Restarted restarted;
    restarted.restart();
    // A list that still shows it proves nothing.
    restarted.engine.registrar.operations[1001].status = "Failed";
    CHECK(restarted.pass_after(10min).warnings.empty());
    CHECK(restarted.state(0) == "failed");
    restarted.restart();
    const PendingReport report = restarted.pass_after(10min);
    CHECK(restarted.state(0) == "waiting");
    const OrderRecord order = restarted.engine.look_at(restarted.orders[0]);
    CHECK(order.keeps_domain);
    CHECK(holds(order.reason, "operation 1001"));
    CHECK(holds(order.reason, "no funds at the registry"));
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "operation 1001"));
    CHECK(restarted.pass_after(10min).warnings.empty());
    CHECK(restarted.engine.ledger().foreign_operations().empty());

    SUBCASE("and is done when it is") {
        restarted.engine.registrar.pending_rows.clear();
        restarted.engine.registrar.finish(1001, "Done", "");
        restarted.pass_after(10min);
        CHECK(restarted.state(0) == "done");
        CHECK(restarted.engine.look_at(restarted.orders[0]).message == "");
    }
    SUBCASE("and fails when it does") {
        restarted.engine.registrar.pending_rows.clear();
        restarted.engine.registrar.finish(1001, "Failed", "no funds again");
        restarted.pass_after(10min);
        CHECK(restarted.state(0) == "failed");
    }
    CHECK(restarted.engine.registrar.times_asked("domainCreate") == 0);  // Not once more.
}

TEST_CASE("an operation pending again while another order stands in its place holds that one") {
    Restarted restarted;
    restarted.engine.registrar.will_answer("domainCreate", Pending{1002, "Pending", ""});
    const OrderId newer = restarted.engine.registration("d0.com");
    restarted.engine.submit();
    REQUIRE(restarted.engine.state_of(newer) == "waiting");
    restarted.restart();
    restarted.engine.registrar.pending_rows.push_back({1002, "domainCreate", "d0.com", "", ""});
    const PendingReport report = restarted.pass_after(10min);
    CHECK(restarted.state(0) == "failed");
    CHECK(restarted.engine.state_of(newer) == "held");
    const std::string reason = restarted.engine.look_at(newer).reason;
    CHECK(holds(reason, "operation 1001"));
    CHECK(holds(reason, "operation 1002"));
    CHECK(report.warnings.size() == 1);
    CHECK(restarted.pass_after(10min).warnings.empty());
}

TEST_CASE("an operation pending again whose order's reference is done by another is told once") {
    Restarted restarted(FieldMap{{"reference", "A-1"}});
    restarted.engine.registrar.will_answer("domainCreate", Done{OperationId{1002}, "", ""});
    const OrderId newer = restarted.engine.registration("d0.com", {{"reference", "A-1"}});
    restarted.engine.submit();
    REQUIRE(restarted.engine.state_of(newer) == "done");
    restarted.restart();
    const PendingReport report = restarted.pass_after(10min);
    CHECK(restarted.state(0) == "failed");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "operation 1001"));
    CHECK(holds(report.warnings[0], "order " + std::to_string(newer)));
    CHECK(restarted.pass_after(10min).warnings.empty());
}

TEST_CASE("an operation older than usual is warned about once") {
    Waiting waiting(1);
    waiting.engine.pending.usual_days = [](OrderKind, const std::string& extension) {
        return extension == "com" ? 2 : 30;
    };
    CHECK(waiting.pass_after(47h).warnings.empty());
    const PendingReport late = waiting.pass_after(1h);
    REQUIRE(late.warnings.size() == 1);
    CHECK(holds(late.warnings[0], "2 days"));
    CHECK(waiting.pass_after(1h).warnings.empty());
}

TEST_CASE("an unreachable registrar is told after an hour, then once a day, until it is back") {
    Waiting waiting(1);
    const auto pass_without_network = [&](std::chrono::minutes time) {
        waiting.engine.registrar.will_not_answer(
            "queryOpePending", {QueryFailure::Why::unreachable, "", "no connection"});
        return waiting.pass_after(time);
    };
    CHECK(pass_without_network(10min).what == What::unreachable);
    CHECK_FALSE(pass_without_network(50min).tell_outage);
    const PendingReport told = pass_without_network(10min);
    CHECK(told.tell_outage);
    CHECK(holds(told.outage, "no connection"));
    CHECK_FALSE(pass_without_network(10min).tell_outage);
    CHECK(pass_without_network(24h).tell_outage);
    CHECK(waiting.pass_after(10min).what == What::passed);
    CHECK_FALSE(pass_without_network(59min).tell_outage);
}

TEST_CASE("a network that fails in the middle keeps what was learned") {
    Waiting waiting(3);
    for (OperationId id = 1001; id <= 1003; ++id) waiting.engine.registrar.finish(id);
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        if (line == "queryOpe 1002") {
            waiting.engine.registrar.will_not_answer("queryOpe",
                                                     {QueryFailure::Why::unreachable, "", "cut"});
        }
    };
    const PendingReport report = waiting.pass_after(10min);
    CHECK(report.what == What::unreachable);
    CHECK(report.news.size() == 1);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.state(1) == "waiting");
    waiting.engine.registrar.before_call = nullptr;
    waiting.pass_after(10min);
    CHECK(waiting.state(2) == "done");
}

TEST_CASE("a read-back without network ends the pass and is made up for by the next") {
    Waiting waiting(2);
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.finish(1002);
    waiting.engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::unreachable, "", "cut"});
    CHECK(waiting.pass_after(10min).what == What::unreachable);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 1);
    CHECK(waiting.state(0) == "in_progress");
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.state(1) == "done");
}

TEST_CASE("a pass that is called off asks no more") {
    Waiting waiting(3);
    for (OperationId id = 1001; id <= 1003; ++id) waiting.engine.registrar.finish(id);
    bool stop = false;
    waiting.engine.is_called_off = [&] { return stop; };
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        stop = stop || line == "queryOpe 1001";
    };
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 1);
    CHECK(waiting.engine.ledger().open_operations().size() == 2);
    for (const OrderId order : waiting.orders) {
        CHECK_FALSE(waiting.engine.look_at(order).claimed_by);
    }
}

TEST_CASE("a transfer that came through asks for a new EPP code, which may itself be pending") {
    Engine engine;
    const OrderId order =
        engine.order(OrderKind::transfer, {{"domain", "example.com"},
                                           {"owner", "AE1"},
                                           {"auth_code", "x1"},
                                           {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(order) == "waiting");
    engine.registrar.finish(1001);
    engine.registrar.will_answer("domainAuthID", Pending{0, "Pending", ""});
    engine.passes(1);
    CHECK(engine.state_of(order) == "waiting");
    CHECK(engine.look_at(order).operation == 1001);
    engine.registrar.finish(1002);
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("a dead run's open attempt is in doubt for the next pass") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.registrar.before_call = [](const std::string& line) {
        if (line.starts_with("domainCreate")) throw 9;
    };
    CHECK_THROWS_AS(engine.submit(), int);
    engine.registrar.before_call = nullptr;
    engine.reopen();
    engine.passes(1);
    CHECK(engine.state_of(order) == "in_doubt");
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.arrivals.at("example.com") == 1);
}
