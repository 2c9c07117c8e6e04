#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/restarted_operations.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

namespace {

// The operation of its one order, 1001, has failed, and support has started it again.
struct Restarted : Waiting {
    explicit Restarted(const FieldMap& fields = {}) : Waiting(1, fields) {
        engine.registrar.finish(1001, "Failed", "no funds at the registry");
        pass_after(10min);
        REQUIRE(state(0) == "failed");
        engine.pending.watch_foreign = true;
    }
    // As it was ordered.
    void show_domain() {
        DomainRecord& domain = engine.registrar.domain_records["d0.com"];
        domain.status = "ACTIVE, DELEGATED";
        domain.id_owner = "AE1";
        domain.id_admin = domain.id_tech = domain.id_billing = "AB123";
        domain.nameservers = {"ns1.example.net", "ns2.example.net"};
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
        restarted.show_domain();
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
