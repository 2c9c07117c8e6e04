#include "ledger/ledger_case.h"
#include "ledger/sql/intake_preview.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

IntakeRow transfer(int line, const std::string& domain, const std::string& code) {
    IntakeRow wanted = row(line, domain);
    wanted.kind = OrderKind::transfer;
    wanted.auth_code = Secret(code);
    return wanted;
}

}  // namespace

TEST_CASE("what would become of a file's rows is what becomes of them once it is taken") {
    LedgerCase with;
    with.order_for("open.example");
    with.done_order("done.example", "K-1");
    with.done_order("used.example", "K-2");
    with.failed_order("failed.example");
    IntakeRow bad = row(8, "bad domain");
    bad.problems = {"new.csv:8: domain 'bad domain': holds ' '"};
    with.done_order("likely.example");
    IntakeRow named = row(10, "done.example", "K-1");
    named.kind = OrderKind::trade;
    named.named.order = 2;
    const std::vector<IntakeRow> rows{
        row(2, "open.example"),
        row(3, "done.example", "K-1"),
        row(4, "failed.example"),
        row(5, "twice.example"),
        row(6, "twice.example"),
        row(7, "other.example", "K-2", {{"years", "9"}}),
        bad,
        row(9, "new.example"),
        named,
        row(11, "likely.example"),
    };
    const auto foreseen = foresee_intake(with.path(), {"new.csv", "new", utc(1)}, rows);
    REQUIRE(foreseen.size() == rows.size());
    CHECK(foreseen[0].earlier_order == 1);
    CHECK(foreseen[1].earlier_order == 2);
    CHECK(foreseen[2].instead_of == 4);
    CHECK(foreseen[3].problems.size() == 1);
    CHECK(foreseen[4].problems.size() == 1);
    CHECK(foreseen[5].problems.size() == 1);
    CHECK(foreseen[6].problems == bad.problems);
    CHECK(foreseen[7].problems.empty());
    CHECK_FALSE(foreseen[7].earlier_order);
    CHECK(foreseen[8].problems.size() == 1);
    CHECK(foreseen[9].resembles == 5);
    CHECK(foreseen[0].same_by == SameBy::likeness);
    CHECK(foreseen[1].same_by == SameBy::reference);

    const BatchId batch = with.take(rows, "new");
    std::size_t at = 0;
    with.ledger().rows_of_batch(batch, [&](BatchRow&& taken) {
        const RowPreview& before = foreseen.at(at++);
        CHECK(taken.line == before.line);
        CHECK(taken.problems == before.problems);
        CHECK(taken.earlier_order == before.earlier_order);
        CHECK(taken.same_by == before.same_by);
        if (taken.order) CHECK(taken.order->instead_of == before.instead_of);
        if (taken.order) CHECK(taken.order->resembles == before.resembles);
    });
    CHECK(at == rows.size());
}

TEST_CASE("foreseeing leaves nothing in the ledger") {
    LedgerCase with;
    with.order_for("open.example");
    const auto rows_before = with.number("SELECT COUNT(*) FROM batch_rows");
    foresee_intake(with.path(), {"new.csv", "new", utc(1)},
                   {row(2, "a.example"), row(3, "b.example")});
    CHECK(with.number("SELECT COUNT(*) FROM batch_rows") == rows_before);
    CHECK(with.number("SELECT COUNT(*) FROM orders") == 1);
    CHECK(with.number("SELECT COUNT(*) FROM batches") == 1);
}

TEST_CASE("a kept code is found, and a missing one is said") {
    LedgerCase with;
    with.take({transfer(2, "a.example", "s3cret")}, "first");
    const auto foreseen =
        foresee_intake(with.path(), {"new.csv", "new", utc(1)},
                       {transfer(2, "a.example", "(kept)"), transfer(3, "b.example", "(kept)")});
    CHECK(foreseen[0].earlier_order == 1);
    REQUIRE(foreseen[1].problems.size() == 1);
    CHECK(foreseen[1].problems[0].find("keeps no code") != std::string::npos);
}
