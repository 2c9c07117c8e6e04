#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/foreign_operations.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

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
