#include "jobs/order_submission.h"
#include "support/engine.h"
#include "support/holds.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;

namespace {

BatchId registrations(Engine& engine, int number, const std::string& prefix = "d") {
    std::vector<FieldMap> rows;
    for (int i = 0; i < number; ++i) {
        rows.push_back({{"domain", prefix + std::to_string(i) + ".com"},
                        {"years", "1"},
                        {"owner", "AE1"},
                        {"nameservers", "ns1.example.org ns2.example.org"}});
    }
    return engine.batch(OrderKind::register_domain, rows);
}

}  // namespace

TEST_CASE("twenty registrations cost one call each, a read-back each, and what all share") {
    Engine engine;
    registrations(engine, 20);
    engine.submit();
    const auto& registrar = engine.registrar;
    CHECK(registrar.times_asked("domainCreate") == 20);
    CHECK(registrar.times_asked("domainInfo") == 20);
    CHECK(registrar.times_asked("queryDomainList") == 1);
    CHECK(registrar.times_asked("queryOpePending") == 1);
    CHECK(registrar.times_asked("contactInfo AE1") == 1);
    CHECK(registrar.times_asked("domainTldInfo com") == 1);
    CHECK(registrar.times_asked("queryOpeList com") == 1);
    CHECK(registrar.times_asked("queryResellerAccount") == 1);
    CHECK(registrar.diary.size() == 46);
    CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 20}});
}

TEST_CASE("three calls for an order by contact id, five with a contact of its own and a lock") {
    for (const bool is_inline : {false, true}) {
        CAPTURE(is_inline);
        Engine engine;
        engine.settings.preflight.price = true;
        std::vector<FieldMap> rows;
        for (int i = 0; i < 20; ++i) {
            FieldMap row = is_inline ? Engine::inline_owner(std::string(1, char('A' + i)) + "da")
                                     : FieldMap{{"owner", "AE1"}};
            row["domain"] = "d" + std::to_string(i) + ".com";
            row["years"] = "1";
            if (is_inline) row["lock"] = "on";
            rows.push_back(row);
        }
        engine.batch(OrderKind::register_domain, rows);
        engine.submit();
        auto& registrar = engine.registrar;
        CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 20}});
        for (const char* call : {"queryDomainPrice", "domainCreate", "domainInfo"}) {
            CHECK(registrar.times_asked(call) == 20);
        }
        for (const char* call : {"contactCreate", "domainSetPreference"}) {
            CHECK(registrar.times_asked(call) == (is_inline ? 20 : 0));
        }
        // Of all: the account, its domains, what is pending, the extension twice, AE1.
        CHECK(registrar.diary.size() == (is_inline ? 20 * 5 + 5 : 20 * 3 + 6));
    }
}

TEST_CASE("what a contact and an extension are is asked once a day, over all runs") {
    Engine engine;
    registrations(engine, 1, "a");
    engine.submit();
    registrations(engine, 1, "b");
    engine.clock.advance(std::chrono::hours(23));
    engine.submit();
    CHECK(engine.registrar.times_asked("contactInfo") == 1);
    CHECK(engine.registrar.times_asked("domainTldInfo") == 1);
    registrations(engine, 1, "c");
    engine.clock.advance(std::chrono::minutes(61));
    engine.submit();
    CHECK(engine.registrar.times_asked("contactInfo") == 2);
    CHECK(engine.registrar.times_asked("domainTldInfo") == 2);
}

TEST_CASE("below twenty arrivals each domain is asked about by itself") {
    Engine engine;
    registrations(engine, 19);
    engine.submit();
    CHECK(engine.registrar.times_asked("queryDomainList") == 0);
    CHECK(engine.registrar.times_asked("domainInfo") == 38);
}

TEST_CASE("a price above the list's does not overdraw the balance") {
    Engine engine;
    engine.settings.preflight.price = true;
    engine.submission.as_far_as_funds_go = true;
    engine.registrar.account_record.balance_cents = 3000;
    engine.registrar.default_price.fee_cents["registration"] = 1600;  // The list says 10.00 EUR.
    registrations(engine, 3);
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    REQUIRE(end.stopped);
    CHECK(holds(end.stopped->text, "the funds left are 14.00 EUR, and d1.com costs 16.00 EUR"));
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"accepted", 2}, {"done", 1}});
}

TEST_CASE("above the balance nothing of the batch is sent") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 2999;
    registrations(engine, 3);
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "30.00 EUR"));
    CHECK(holds(end.stopped->text, "29.99 EUR"));
    CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"accepted", 3}});
    SUBCASE("unless it shall go as far as the funds: two of the three") {
        engine.submission.as_far_as_funds_go = true;
        const auto second = engine.submit();
        CHECK(engine.registrar.times_asked("domainCreate") == 2);
        REQUIRE(second.stopped);
        CHECK(second.stopped->code == ExitCode::service_refused);
        CHECK(holds(second.stopped->text, "9.99 EUR"));
        CHECK(holds(second.stopped->text, "d2.com costs 10.00 EUR"));
        CHECK(engine.ledger().count_by_state({}) ==
              std::map<std::string, int>{{"accepted", 1}, {"done", 2}});
        CHECK(holds(engine.look_at(3).reason, "the funds left are 9.99 EUR"));
    }
    SUBCASE("unless the balance is not checked") {
        engine.submission.check_balance = false;
        engine.submit();
        CHECK(engine.registrar.times_asked("domainCreate") == 3);
    }
    SUBCASE("and goes once there are funds") {
        engine.registrar.account_record.balance_cents = 3000;
        CHECK_FALSE(engine.submit().stopped);
        CHECK(engine.registrar.times_asked("domainCreate") == 3);
    }
}

TEST_CASE("the floor is kept, and must be in the account's currency") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 3000;
    engine.submission.balance_floor = Money{1, "EUR"};
    registrations(engine, 3);
    CHECK(engine.submit().stopped);
    engine.submission.balance_floor = Money{1, "USD"};
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(holds(end.stopped->text, "USD"));
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
}

TEST_CASE("as far as the funds go: the floor stays, over all lanes, and each cent is used") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 5500;
    engine.submission.balance_floor = Money{500, "EUR"};
    engine.submission.as_far_as_funds_go = true;
    engine.submission.lanes = 4;
    registrations(engine, 12);
    CHECK(engine.submit().stopped);
    CHECK(engine.registrar.times_asked("domainCreate") == 5);
}

TEST_CASE("what an order did not cost pays for the next one") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 2000;
    engine.submission.as_far_as_funds_go = true;
    engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "no", {}});
    registrations(engine, 4);
    CHECK(engine.submit().stopped);
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"accepted", 1}, {"done", 2}, {"failed", 1}});
}

TEST_CASE("an order that is pending has its price kept") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 1000;
    engine.submission.as_far_as_funds_go = true;
    engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    registrations(engine, 2);
    CHECK(engine.submit().stopped);
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}

TEST_CASE("a balance that cannot be read sends nothing") {
    Engine engine;
    engine.registrar.account_record.balance_cents.reset();
    registrations(engine, 1);
    CHECK(engine.submit().stopped);
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
}

TEST_CASE("nothing accepted: no call") {
    Engine engine;
    CHECK(engine.submit().orders == 0);
    CHECK(engine.registrar.diary.empty());
}

TEST_CASE("an unreachable registrar: 75, nothing marked sent") {
    Engine engine;
    registrations(engine, 3);
    engine.registrar.will_not_answer("domainTldInfo",
                                     {QueryFailure::Why::unreachable, "", "no connection"});
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(engine.registrar.diary.size() == 1);
    CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"accepted", 3}});
}

TEST_CASE("a batch named sends its own orders and no others") {
    Engine engine;
    registrations(engine, 1, "a");
    engine.submission.batch = registrations(engine, 2, "b");
    CHECK(engine.submit().orders == 2);
    CHECK(engine.registrar.times_asked("domainCreate a0.com") == 0);
    CHECK(engine.registrar.times_asked("domainCreate b") == 2);
}

TEST_CASE("four lanes share the work and no order is sent twice") {
    Engine engine;
    engine.submission.lanes = 4;
    registrations(engine, 60);
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 60);
    CHECK(end.told.size() == 60);
    for (const auto& [domain, arrivals] : engine.registrar.arrivals) CHECK(arrivals == 1);
    CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 60}});
}

TEST_CASE("what a lane throws ends the run and is thrown on") {
    Engine engine;
    engine.submission.lanes = 2;
    registrations(engine, 10);
    engine.registrar.before_call = [](const std::string& line) {
        if (line == "domainCreate d3.com") throw std::runtime_error("a bug");
    };
    CHECK_THROWS_WITH(engine.submit(), "a bug");
}

TEST_CASE("an outcome the ledger will not take is spilled, the run stops, the next one knows it") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    const BatchId batch = registrations(engine, 2);
    bool is_full = false;
    engine.registrar.before_call = [&](const std::string& line) {
        is_full = is_full || line.starts_with("domainCreate");
    };
    engine.before_commit = [&] {
        if (is_full) throw std::runtime_error("disk full");
    };
    try {
        engine.submit();
        FAIL("the run went on");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::cannot_write);
    }
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    engine.before_commit = nullptr;
    engine.registrar.before_call = nullptr;
    engine.reopen();
    engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate d0.com") == 1);
    OrderFilter filter;
    filter.batch = batch;
    filter.oldest_first = true;
    const auto orders = engine.ledger().orders(filter);
    CHECK(orders[0].state == OrderState::waiting);
    CHECK(orders[0].operation == 1001);
    CHECK(orders[1].state == OrderState::done);
}
