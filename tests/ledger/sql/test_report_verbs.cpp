// Reports in the ledger: every event is taken by one accepted report, whatever happens in between.
#include "ledger/ledger_case.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/runs/open_locks.h"
#include "store/migration.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<OrderId> orders_in(LedgerCase& with, std::optional<ReportId> report) {
    std::vector<OrderId> ids;
    with.ledger().orders_for_report(report, [&](OrderRecord&& order) { ids.push_back(order.id); });
    return ids;
}

ReportId begin(LedgerCase& with, const std::string& message_id, int seconds = 100) {
    return with.write([&](LedgerWrite& w) { return w.begin_report(message_id, utc(seconds)); });
}

void end(LedgerCase& with, ReportId report, int seconds = 110) {
    with.write([&](LedgerWrite& w) { w.end_report(report, utc(seconds)); });
}

}  // namespace

TEST_CASE("a report takes the orders that moved, and the next one only what moved since") {
    LedgerCase with;
    const OrderId first = with.done_order("a.example");
    with.order_for("untouched.example");
    CHECK(orders_in(with, {}) == std::vector{first});
    const ReportId report = begin(with, "<1@example.net>");
    CHECK(orders_in(with, {}).empty());
    CHECK(orders_in(with, report) == std::vector{first});
    const OrderId second = with.failed_order("b.example");
    end(with, report);
    CHECK(orders_in(with, {}) == std::vector{second});
    CHECK(with.ledger().last_report_at() == utc(100));
}

TEST_CASE("events that are no moves of orders come in order, with their text") {
    LedgerCase with;
    with.take({row(2, "a.example")}, "march");
    with.write([&](LedgerWrite& w) { w.event(with.run(), "warning", "old", utc(7)); });
    const auto events = with.ledger().events_for_report({});
    REQUIRE(events.size() == 2);
    CHECK(events[0].kind == "batch_taken");
    CHECK(events[0].batch == BatchId{1});
    CHECK(events[1].text == "old");
    const ReportId report = begin(with, "<1@example.net>");
    CHECK(with.ledger().events_for_report({}).empty());
    CHECK(with.ledger().events_for_report(report).size() == 2);
}

TEST_CASE("an open report is found again with its text, until it is accepted") {
    LedgerCase with;
    CHECK_FALSE(with.ledger().open_report());
    const ReportId report = begin(with, "<1@example.net>");
    CHECK(with.ledger().open_report()->mail == "");
    with.write([&](LedgerWrite& w) { w.keep_report_mail(report, "Subject: x"); });
    with.reopen();
    const auto open = with.ledger().open_report();
    REQUIRE(open);
    CHECK(open->id == report);
    CHECK(open->message_id == "<1@example.net>");
    CHECK(open->mail == "Subject: x");
    CHECK(open->begun_at == utc(100));
    CHECK_FALSE(with.ledger().last_report_at());
    end(with, report);
    CHECK_FALSE(with.ledger().open_report());
    CHECK(with.number("SELECT LENGTH(mail) FROM reports") == 0);
}

TEST_CASE("what a withdrawn report had taken is taken by the next one") {
    LedgerCase with;
    const OrderId order = with.done_order("a.example");
    const ReportId report = begin(with, "<1@example.net>");
    with.write([&](LedgerWrite& w) { w.withdraw_report(report); });
    CHECK_FALSE(with.ledger().open_report());
    CHECK_FALSE(with.ledger().last_report_at());
    CHECK(orders_in(with, {}) == std::vector{order});
}

TEST_CASE("two reports at once cannot be under way, and none carries another's message id") {
    LedgerCase with;
    const ReportId report = begin(with, "<1@example.net>");
    CHECK(trouble_in([&] { begin(with, "<2@example.net>"); }) == store::Trouble::unique_broken);
    end(with, report);
    CHECK(trouble_in([&] { begin(with, "<1@example.net>"); }) == store::Trouble::unique_broken);
}

TEST_CASE("one program at a time reports; a pass goes on meanwhile") {
    LedgerCase with;
    auto reporting = with.ledger().try_report_lock();
    REQUIRE(reporting);
    CHECK(with.ledger().try_pass_lock());
    const auto other = Ledger::open(with.path(), kStamp);
    CHECK_FALSE(other->try_report_lock());
    reporting.reset();
    CHECK(other->try_report_lock());
}

TEST_CASE("ends are counted by day and state, from a moment on") {
    LedgerCase with;
    with.done_order("a.example");
    with.done_order("b.example");
    with.failed_order("c.example");
    with.order_for("open.example");
    const std::string day = to_iso(utc(0)).substr(0, 10);
    const auto counts = with.ledger().ends_by_day(utc(-1000));
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].day == day);
    CHECK(counts[0].state == OrderState::done);
    CHECK(counts[0].orders == 2);
    CHECK(counts[1].state == OrderState::failed);
    CHECK(counts[1].orders == 1);
    CHECK(with.ledger().ends_by_day(utc(1'000'000)).empty());
}

TEST_CASE("a ledger of version 1 is brought to this one, and its events are still to be reported") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    {
        const auto locks = open_locks(path, ByteLockFile::IfMissing::create);
        store::Connection old(path, {store::Access::create, true});
        CHECK(store::migrate(old, {ledger_versions(store::Dialect::sqlite).front()}) == 0);
        old.run(
            "INSERT INTO stamp (ledger_id, endpoint_host, reseller_id, created_at) VALUES "
            "('1', 'api.registrar.example', 'AB123', '2026-11-24T11:00:00.000Z')");
        old.run(
            "INSERT INTO events (noted_at, run_id, kind, text) VALUES "
            "('2026-11-24T12:00:00.000Z', 1, 'warning', 'from before')");
    }
    const auto refused = failure_in([&] { Ledger::open(path, kStamp); });
    REQUIRE(refused);
    CHECK(std::string(refused->what()).find("domain-orders migrate") != std::string::npos);
    CHECK(Ledger::migrate(path, utc(60)));
    const auto ledger = Ledger::open(path, kStamp);
    REQUIRE(ledger->events_for_report({}).size() == 1);
    CHECK(ledger->events_for_report({})[0].text == "from before");
    CHECK_FALSE(Ledger::migrate(path, utc(61)));
}
