#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/operation_following.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

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

TEST_CASE("a status that is not known is kept, warned about, and ends nothing") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001, "Archived");
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "'Archived'"));
    waiting.engine.registrar.finish(1001);
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
