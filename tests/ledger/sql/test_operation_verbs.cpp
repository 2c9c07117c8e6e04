#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

ClaimedOrder waiting_order(LedgerCase& with, const std::string& domain, OperationId operation) {
    const ClaimedOrder order = with.planned(domain);
    with.finish(order, with.begin(order), AttemptOutcome::pending, waiting_move(), operation);
    return order;
}

ForeignOperation foreign(OperationId id, const std::string& target, int seconds = 0) {
    ForeignOperation seen;
    seen.id = id;
    seen.code = "domainCreate";
    seen.target = target;
    seen.status = "Pending";
    seen.first_seen = seen.last_seen = utc(seconds);
    return seen;
}

DomainName name(const std::string& text) {
    return DomainName::from_stored(text);
}

int note(LedgerCase& with, const ForeignOperation& seen) {
    return with.write([&](LedgerWrite& w) { return w.note_foreign(seen); });
}

}  // namespace

TEST_CASE("a pending operation is open, and told with its order and call") {
    LedgerCase with;
    const ClaimedOrder order = waiting_order(with, "a.example", 4711);
    const auto open = with.ledger().open_operations();
    REQUIRE(open.size() == 1);
    CHECK(open[0].id == 4711);
    CHECK(open[0].order == order.order.id);
    CHECK(open[0].position == 1);
    CHECK(open[0].function == "domainCreate");
    CHECK(open[0].domain.ascii() == "a.example");
    CHECK(open[0].kind == OrderKind::register_domain);
    CHECK(open[0].since == utc(60));
    CHECK_FALSE(open[0].asked_at);
    CHECK(open[0].failed_questions == 0);
    CHECK_FALSE(open[0].age_warned);
}

TEST_CASE("a final status that was read ends the operation and moves its order") {
    LedgerCase with;
    const ClaimedOrder order = waiting_order(with, "a.example", 4711);
    with.write([&](LedgerWrite& w) {
        w.end_operation(order.claim, 4711, "Done", "registered", done_move(), utc(300));
    });
    CHECK(with.ledger().open_operations().empty());
    CHECK(with.ledger().order(order.order.id).state == OrderState::done);
    CHECK(with.ledger().order(order.order.id).ended_at == utc(300));
    CHECK(with.ledger().batches_with_result_due().size() == 1);
    CHECK(with.word("SELECT status || ' ' || message FROM operations") == "Done registered");
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) {
        w.end_operation(order.claim, 4711, "Done", "", done_move(), utc(300));
    }),
                    std::logic_error);
}

TEST_CASE("an operation cannot be ended under another order's claim") {
    LedgerCase with;
    waiting_order(with, "a.example", 1);
    const ClaimedOrder other = waiting_order(with, "b.example", 2);
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) {
        w.end_operation(other.claim, 1, "Done", "", done_move(), utc(300));
    }),
                    std::logic_error);
    CHECK(with.ledger().open_operations().size() == 2);
}

TEST_CASE("questions about an operation are counted while they fail") {
    LedgerCase with;
    waiting_order(with, "a.example", 4711);
    const auto ask = [&](const std::string& status, bool answered, int seconds) {
        with.write([&](LedgerWrite& w) { w.note_asked(4711, status, answered, utc(seconds)); });
        return with.ledger().open_operations().at(0);
    };
    CHECK(ask("E99", false, 100).failed_questions == 1);
    CHECK(ask("E99", false, 200).failed_questions == 2);
    CHECK(with.word("SELECT status FROM operations") == "");  // A fault is no status.
    const OpenOperation answered = ask("Pending", true, 300);
    CHECK(answered.failed_questions == 0);
    CHECK(answered.asked_at == utc(300));
    CHECK(with.word("SELECT status FROM operations") == "Pending");
    ask("E99", false, 400);
    with.write([&](LedgerWrite& w) { w.note_listed({4711}, utc(500)); });
    CHECK(with.ledger().open_operations().at(0).failed_questions == 0);
}

TEST_CASE("an age warning is remembered") {
    LedgerCase with;
    waiting_order(with, "a.example", 4711);
    with.write([&](LedgerWrite& w) { w.note_age_warned(4711); });
    CHECK(with.ledger().open_operations().at(0).age_warned);
}

TEST_CASE("a foreign operation blocks its domain at once and is told when it is seen again") {
    LedgerCase with;
    CHECK(note(with, foreign(900, "a.example")) == 1);
    CHECK(with.ledger().is_domain_blocked_by_foreign(name("a.example")));
    CHECK_FALSE(with.ledger().is_domain_blocked_by_foreign(name("b.example")));
    REQUIRE(with.ledger().foreign_operations().size() == 1);
    CHECK_FALSE(with.ledger().foreign_operations()[0].reported);
    CHECK(note(with, foreign(900, "a.example", 600)) == 2);
    const ForeignOperation seen = with.ledger().foreign_operations()[0];
    CHECK(seen.reported);
    CHECK(seen.passes == 2);
    CHECK(seen.first_seen == utc(0));
    CHECK(seen.last_seen == utc(600));
    CHECK(seen.code == "domainCreate");
    CHECK(seen.target == "a.example");
    CHECK_FALSE(with.ledger().owner_of(900));
    CHECK(with.ledger().open_operations().empty());
}

TEST_CASE("a foreign operation that left the list blocks no longer") {
    LedgerCase with;
    note(with, foreign(900, "a.example"));
    note(with, foreign(901, "b.example"));
    waiting_order(with, "c.example", 902);
    with.write([&](LedgerWrite& w) { w.forget_foreign_except({901}); });
    CHECK_FALSE(with.ledger().is_domain_blocked_by_foreign(name("a.example")));
    CHECK(with.ledger().is_domain_blocked_by_foreign(name("b.example")));
    CHECK(with.ledger().foreign_operations().size() == 1);
    CHECK(with.ledger().open_operations().size() == 1);      // Ours stays.
    CHECK(note(with, foreign(900, "a.example", 900)) == 1);  // Seen anew, not again.
    CHECK(with.ledger().is_domain_blocked_by_foreign(name("a.example")));
}

TEST_CASE("an answer with an operation known as foreign takes it over") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    note(with, foreign(900, "a.example"));
    with.finish(order, attempt, AttemptOutcome::pending, waiting_move(), 900);
    CHECK(with.ledger().foreign_operations().empty());
    CHECK_FALSE(with.ledger().is_domain_blocked_by_foreign(name("a.example")));
    CHECK(with.ledger().owner_of(900) == attempt);
    CHECK(with.ledger().open_operations().at(0).order == order.order.id);
    CHECK(note(with, foreign(900, "a.example", 600)) == 0);  // Ours now.
    CHECK(with.ledger().owner_of(900) == attempt);
}

TEST_CASE("a doubt that adopts an operation known as foreign takes it over") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    with.finish(order, attempt, AttemptOutcome::in_doubt, doubt_move());
    note(with, foreign(900, "a.example"));
    with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end_as(AttemptOutcome::pending, 900),
                       "adopted operation 900", waiting_move());
    });
    CHECK(with.ledger().foreign_operations().empty());
    CHECK(with.ledger().owner_of(900) == attempt);
}
