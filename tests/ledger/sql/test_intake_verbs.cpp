#include "ledger/ledger_case.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<BatchRow> rows_of(LedgerCase& with, BatchId batch) {
    std::vector<BatchRow> rows;
    with.ledger().rows_of_batch(batch, [&](BatchRow&& row) { rows.push_back(std::move(row)); });
    return rows;
}

bool mentions(const std::vector<std::string>& problems, const std::string& words) {
    for (const std::string& problem : problems) {
        if (problem.find(words) != std::string::npos) return true;
    }
    return false;
}

IntakeRow with_code(IntakeRow row, const std::string& code) {
    row.kind = OrderKind::transfer;
    row.auth_code = Secret(code);
    return row;
}

using Counts = std::map<std::string, int>;

}  // namespace

TEST_CASE("the good rows of a file become orders, in order of their lines") {
    LedgerCase with;
    IntakeRow bad = row(3, "not a domain");
    bad.problems = {"hash.csv:3: domain 'not a domain': holds ' '", "hash.csv:3: a second\nline"};
    bad.normalised.clear();
    const BatchId batch = with.take({row(4, "c.example"), row(2, "a.example", "K-1"), bad}, "hash");
    const auto record = with.ledger().batch(batch);
    REQUIRE(record);
    CHECK(record->complete);
    CHECK_FALSE(record->finished);
    CHECK(record->rows == 3);
    CHECK(record->name == "hash.csv");
    CHECK(record->content_hash == "hash");
    CHECK(record->taken_at == utc(0));
    CHECK(record->columns == std::vector<std::string>{"domain", "years", "owner"});
    CHECK(with.ledger().count_by_state(batch) == Counts{{"accepted", 2}, {"refused", 1}});

    const auto rows = rows_of(with, batch);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].line == 2);
    CHECK(rows[0].given.at("domain") == "a.example");
    CHECK(rows[0].reference == "K-1");
    REQUIRE(rows[0].order);
    CHECK(rows[0].order->id == 1);
    CHECK(rows[0].order->fields.at("years") == "1");
    CHECK(rows[0].order->accepted_at == utc(1));
    CHECK(rows[1].problems == bad.problems);
    CHECK(rows[1].domain == "not a domain");
    CHECK_FALSE(rows[1].order);
    CHECK(rows[2].order->id == 2);
    CHECK(rows[2].order->line == 4);
}

TEST_CASE("an incomplete batch has no orders and is found by its content") {
    LedgerCase with;
    const BatchId batch = with.begin_batch("hash");
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {row(2, "a.example")}); });
    const auto found = with.ledger().batch_of_content("hash");
    REQUIRE(found);
    CHECK(found->id == batch);
    CHECK_FALSE(found->complete);
    CHECK_FALSE(found->finished);
    CHECK(with.ledger().orders({}).empty());
    CHECK_FALSE(with.ledger().batch_of_content("other"));
    with.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
    CHECK_FALSE(with.ledger().batch(batch));
}

TEST_CASE("a complete batch cannot be abandoned, completed twice or added to") {
    LedgerCase with;
    const BatchId batch = with.take({row(2, "a.example")});
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { w.abandon_batch(batch); }), std::logic_error);
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { w.enter_rows(batch, {row(3, "b.example")}); }),
                    std::logic_error);
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) {
        return w.complete_batch(batch, {{}, OnError::accept_good_rows}, utc(1));
    }),
                    std::logic_error);
    CHECK(with.ledger().orders({}).size() == 1);
}

TEST_CASE("two rows in one line are not one row lost") {
    LedgerCase with;
    const BatchId batch = with.begin_batch("hash");
    CHECK(trouble_in([&] {
              with.write([&](LedgerWrite& w) {
                  w.enter_rows(batch, {row(2, "a.example"), row(2, "b.example")});
              });
          }) == store::Trouble::unique_broken);
}

TEST_CASE("a batch is finished when all its orders have ended") {
    LedgerCase with;
    const BatchId batch = with.take({row(2, "a.example"), row(3, "b.example")}, "hash");
    const auto end = [&](OrderId id) {
        const ClaimedOrder order = with.claim(id);
        OrderMove move = failed_move();
        move.position = 0;
        with.write([&](LedgerWrite& w) { w.move_order(order.claim, move, utc(5)); });
    };
    end(1);
    CHECK_FALSE(with.ledger().batch(batch)->finished);
    end(2);
    CHECK(with.ledger().batch(batch)->finished);
    CHECK(with.ledger().batch_of_content("hash")->finished);
}

TEST_CASE("of several batches with one content a complete one answers, the newest first") {
    LedgerCase with;
    const BatchId first = with.take({row(2, "a.example")}, "hash");
    const BatchId second = with.take({row(2, "b.example")}, "hash");
    with.begin_batch("hash");  // Read by half.
    CHECK(second > first);
    CHECK(with.ledger().batch_of_content("hash")->id == second);
}

TEST_CASE("with refuse_file one bad row leaves no order") {
    LedgerCase with;
    IntakeRow bad = row(3, "b.example");
    bad.problems = {"hash.csv:3: years '0': must be 1 to 10"};
    bad.normalised.clear();
    const BatchId batch = with.begin_batch("hash");
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {row(2, "a.example"), bad}); });
    CHECK_FALSE(with.write([&](LedgerWrite& w) {
        return w.complete_batch(batch, {{}, OnError::refuse_file}, utc(1));
    }));
    CHECK(with.ledger().orders({}).empty());
    CHECK_FALSE(with.ledger().batch(batch)->complete);
    CHECK(rows_of(with, batch).size() == 2);
    with.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
}

TEST_CASE("the same domain and kind twice in one file: both rows are refused") {
    LedgerCase with;
    IntakeRow other_kind = row(5, "a.example");
    other_kind.kind = OrderKind::nameservers;
    const BatchId batch =
        with.take({row(2, "a.example"), row(3, "b.example"), row(4, "a.example"), other_kind});
    const auto rows = rows_of(with, batch);
    CHECK_FALSE(rows[0].order);
    CHECK(mentions(rows[0].problems, "line 4"));
    CHECK(rows[1].order);
    CHECK_FALSE(rows[2].order);
    CHECK(mentions(rows[2].problems, "line 2"));
    CHECK(rows[3].order);  // Another kind.
    CHECK(with.ledger().count_by_state(batch) == Counts{{"accepted", 2}, {"refused", 2}});
}

TEST_CASE("a domain that also stands in a refused row is refused with it") {
    LedgerCase with;
    IntakeRow bad = row(3, "a.example");
    bad.problems = {"hash.csv:3: years '0': must be 1 to 10"};
    bad.normalised.clear();
    const BatchId batch = with.take({row(2, "a.example"), bad});
    const auto rows = rows_of(with, batch);
    CHECK(mentions(rows[0].problems, "line 3"));
    CHECK(rows[1].problems.size() == 2);
}

TEST_CASE("a reference twice in one file: both rows are refused, with all their problems") {
    LedgerCase with;
    const BatchId batch = with.take({row(2, "a.example", "K-1"), row(3, "b.example", "K-1"),
                                     row(4, "a.example", "K-2"), row(5, "c.example", "K-3")});
    const auto rows = rows_of(with, batch);
    CHECK(rows[0].problems.size() == 2);
    CHECK(mentions(rows[0].problems, "reference 'K-1'"));
    CHECK(mentions(rows[0].problems, "domain 'a.example'"));
    CHECK(rows[1].problems.size() == 1);
    CHECK(rows[2].problems.size() == 1);
    CHECK(rows[3].order);
}

TEST_CASE("rows of one kind only share a reference's uniqueness") {
    LedgerCase with;
    IntakeRow other_kind = row(3, "b.example", "K-1");
    other_kind.kind = OrderKind::transfer;
    const BatchId batch = with.take({row(2, "a.example", "K-1"), other_kind});
    CHECK(with.ledger().count_by_state(batch) == Counts{{"accepted", 2}});
}

TEST_CASE("with a reference, an order open or done with the same values is skipped") {
    LedgerCase with;
    const OrderId open = with.order_for("open.example", "K-1");
    const OrderId done = with.done_order("done.example", "K-2");
    const BatchId batch =
        with.take({row(9, "open.example", "K-1"), row(10, "done.example", "K-2")});
    const auto rows = rows_of(with, batch);
    CHECK(rows[0].earlier_order == open);
    CHECK(rows[1].earlier_order == done);
    CHECK_FALSE(rows[0].order);
    CHECK(rows[0].problems.empty());
    CHECK(with.ledger().count_by_state(batch) == Counts{{"skipped", 2}});
    CHECK(with.ledger().batch(batch)->finished);
    CHECK(with.ledger().batches_with_result_due().size() == 2);  // And that of the done order.
}

TEST_CASE("with a reference, other values are refused, whether open or done") {
    LedgerCase with;
    const OrderId open = with.order_for("open.example", "K-1");
    const OrderId done = with.done_order("done.example", "K-2");
    const BatchId batch = with.take(
        {row(2, "open.example", "K-1", {{"years", "5"}}), row(3, "other.example", "K-2")});
    const auto rows = rows_of(with, batch);
    CHECK(mentions(rows[0].problems, "order " + std::to_string(open)));
    CHECK(mentions(rows[1].problems, "order " + std::to_string(done)));
    CHECK(mentions(rows[1].problems, "reference 'K-2'"));
}

TEST_CASE("a failed order is ordered anew, linked to the old one") {
    LedgerCase with;
    const OrderId failed = with.failed_order("a.example", "K-1");
    const OrderId plain = with.failed_order("b.example");
    const BatchId batch =
        with.take({row(2, "a.example", "K-1", {{"years", "3"}}), row(3, "b.example")});
    const auto rows = rows_of(with, batch);
    REQUIRE(rows[0].order);
    CHECK(rows[0].order->instead_of == failed);
    REQUIRE(rows[1].order);
    CHECK(rows[1].order->instead_of == plain);
    // The reference is the new order's now.
    const BatchId again = with.take({row(2, "a.example", "K-1", {{"years", "3"}})});
    CHECK(rows_of(with, again)[0].earlier_order == rows[0].order->id);
}

TEST_CASE("without a reference, only an open order of the same kind and domain is the same") {
    LedgerCase with;
    const OrderId open = with.order_for("open.example");
    const OrderId done = with.done_order("done.example");
    IntakeRow other_kind = row(4, "open.example");
    other_kind.kind = OrderKind::nameservers;
    const BatchId batch = with.take({row(2, "open.example"), row(3, "done.example"), other_kind});
    const auto rows = rows_of(with, batch);
    CHECK(rows[0].earlier_order == open);
    REQUIRE(rows[1].order);  // Done is over: the checks before sending decide.
    CHECK_FALSE(rows[1].order->instead_of);
    CHECK(rows[1].order->id > done);
    CHECK(rows[2].order);
}

TEST_CASE("without a reference, an open order with other values lets the new one wait behind it") {
    LedgerCase with;
    const OrderId open = with.order_for("a.example");
    const BatchId batch = with.take({row(2, "a.example", "", {{"years", "2"}})});
    const auto rows = rows_of(with, batch);
    REQUIRE(rows[0].order);
    CHECK(rows[0].order->reason.find("order " + std::to_string(open)) != std::string::npos);
    // The latest open order is the one to compare with.
    const BatchId third = with.take({row(2, "a.example", "", {{"years", "2"}})});
    CHECK(rows_of(with, third)[0].earlier_order == rows[0].order->id);
}

TEST_CASE("the same file read again repeats nothing that is open or done") {
    LedgerCase with;
    const std::vector<IntakeRow> file{row(2, "a.example", "K-1"), row(3, "b.example"),
                                      row(4, "c.example", "K-3")};
    with.take(file, "hash");
    const BatchId again = with.take(file, "hash");
    CHECK(with.ledger().count_by_state(again) == Counts{{"skipped", 3}});
    CHECK(with.ledger().orders({}).size() == 3);
}

TEST_CASE("a code comes with the order, out of the rows, and only to those who ask for it") {
    LedgerCase with;
    const BatchId batch = with.take({with_code(row(2, "a.example"), " 00Sesame ")});
    const auto rows = rows_of(with, batch);
    REQUIRE(rows[0].order);
    CHECK(rows[0].order->has_auth_code);
    CHECK(with.ledger().auth_code(rows[0].order->id).reveal() == " 00Sesame ");
    CHECK(rows[0].order->fields.count("auth_code") == 0);
    CHECK(with.number("SELECT COUNT(*) FROM batch_rows WHERE auth_code IS NOT NULL") == 0);
    CHECK(with.ledger().auth_code(with.order_for("b.example")).empty());
}

TEST_CASE("a kept code is the one of the earlier order") {
    LedgerCase with;
    const BatchId first = with.take({with_code(row(2, "a.example", "K-1"), "Sesame")});
    const ClaimedOrder order = with.claim(rows_of(with, first)[0].order->id);
    OrderMove move = failed_move();
    move.position = 0;
    with.write([&](LedgerWrite& w) { w.move_order(order.claim, move, utc(9)); });
    const BatchId second = with.take({with_code(row(2, "a.example", "K-1"), "(kept)"),
                                      with_code(row(3, "b.example"), "(kept)")});
    const auto rows = rows_of(with, second);
    REQUIRE(rows[0].order);
    CHECK(with.ledger().auth_code(rows[0].order->id).reveal() == "Sesame");
    CHECK_FALSE(rows[1].order);
    CHECK(mentions(rows[1].problems, "auth_code '(kept)'"));
}

TEST_CASE("rows are handed out while others ask and write") {
    LedgerCase with;
    std::vector<IntakeRow> file;
    for (int i = 0; i < 1203; ++i) file.push_back(row(i + 2, "d" + std::to_string(i) + ".example"));
    const BatchId batch = with.take(file);
    int seen = 0, last = 0;
    with.ledger().rows_of_batch(batch, [&](BatchRow&& row) {
        CHECK(row.line > last);
        last = row.line;
        if (++seen % 400 != 1) return;
        with.write([&](LedgerWrite& w) { w.event(with.run(), "note", "seen", utc(1)); });
        CHECK(with.ledger().batch(batch)->rows == 1203);
    });
    CHECK(seen == 1203);
}

TEST_CASE("a file of 50,000 rows is taken in seconds, the first time and again") {
    LedgerCase with;
    const auto take = [&](const std::string& hash) {
        const BatchId batch = with.begin_batch(hash);
        std::vector<IntakeRow> portion;
        for (int i = 0; i < 50'000; ++i) {
            const std::string n = std::to_string(i);
            portion.push_back(row(i + 2, "d" + n + ".example", i % 2 == 0 ? "K-" + n : ""));
            if (portion.size() < 20'000) continue;
            with.write([&](LedgerWrite& w) { w.enter_rows(batch, portion); });
            portion.clear();
        }
        with.write([&](LedgerWrite& w) { w.enter_rows(batch, portion); });
        with.write([&](LedgerWrite& w) {
            return w.complete_batch(batch, {{}, OnError::accept_good_rows}, utc(1));
        });
        return with.ledger().count_by_state(batch);
    };
    const auto begun = cpu_time();
    CHECK(take("first") == Counts{{"accepted", 50'000}});
    CHECK(take("again") == Counts{{"skipped", 50'000}});
    CHECK(cpu_time() - begun < std::chrono::seconds(60));
}
