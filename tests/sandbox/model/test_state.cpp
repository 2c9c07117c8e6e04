#include "sandbox/model/state.h"
#include "store/connection.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace domspool;
using namespace domspool::sandbox;
using domspool::test::Scratch;

namespace {

constexpr std::int64_t kMoney = 5000;

const Fields kPerson = {{"firstName", "Ada"}, {"lastName", "Sample"}};

}  // namespace

TEST_CASE("what was stored is there again, and the opening balance counts once") {
    const Scratch scratch;
    std::string contact;
    {
        State state(scratch / "state.db", kMoney);
        contact = state.add_contact(kPerson, true).id;
        state.set_domain({.name = "a.com", .in_account = true, .fields = {{"note", "x\n=\\y"}}});
        state.set_balance_cents(1234);
        state.set_clock_ahead(-60'000);
        state.add_session({.id = "s1", .opened_at = 1, .active_at = 2, .language = "FR"});
    }
    State state(scratch / "state.db", kMoney);
    CHECK(state.balance_cents() == 1234);
    CHECK(state.clock_ahead() == -60'000);
    CHECK(state.contact(contact)->fields == kPerson);
    CHECK(field_of(state.domain("a.com")->fields, "note") == "x\n=\\y");
    CHECK(state.session("s1")->language == "FR");
    CHECK(state.add_contact(kPerson, false).id != contact);
}

TEST_CASE("a state is for its user alone and for one process at a time") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    struct stat about {};
    REQUIRE(::stat((scratch / "state.db").c_str(), &about) == 0);
    CHECK((about.st_mode & 077) == 0);
    try {
        State second(scratch / "state.db", kMoney);
        FAIL("opened twice");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
    }
}

TEST_CASE("a state of another version is refused") {
    const Scratch scratch;
    { State state(scratch / "state.db", kMoney); }
    {
        store::Connection connection(scratch / "state.db", {.access = store::Access::read_write});
        connection.run("UPDATE account SET schema_version = 99");
    }
    CHECK_THROWS_AS(State(scratch / "state.db", kMoney), store::StoreError);
}

TEST_CASE("what a lost transaction changed in memory is read anew") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    std::int64_t lost = 0;
    {
        store::Transaction transaction(state.connection());
        state.set_balance_cents(1);
        state.set_clock_ahead(99);
        lost =
            state.add_operation({.code = "domainCreate", .target = "a.com", .status = "Pending"});
    }
    state.reload();
    CHECK(state.balance_cents() == kMoney);
    CHECK(state.clock_ahead() == 0);
    CHECK_FALSE(state.operation(lost).has_value());
}

TEST_CASE("the operation due first comes first, and one without a date never") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    const auto add = [&](std::optional<Millis> due) {
        return state.add_operation(
            {.code = "domainCreate", .target = "a.com", .status = "Pending", .due_at = due});
    };
    add(std::nullopt);
    const auto later = add(200), sooner = add(100);
    CHECK_FALSE(state.operation_due(99).has_value());
    CHECK(state.operation_due(300)->id == sooner);
    Operation ended = *state.operation(sooner);
    ended.status = "Done";
    state.set_operation(ended);
    CHECK(state.operation_due(300)->id == later);
    CHECK(state.pending_operations().size() == 2);
    CHECK(state.has_pending("a.com"));
    CHECK_FALSE(state.has_pending("b.com"));
}

TEST_CASE("idle sessions are ended by their last activity") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    state.add_session({.id = "old", .opened_at = 1, .active_at = 10});
    state.add_session({.id = "new", .opened_at = 1, .active_at = 11});
    state.end_sessions_idle_since(10);
    REQUIRE(state.sessions().size() == 1);
    CHECK(state.sessions().front().id == "new");
    state.touch_session("new", 50);
    state.end_sessions_idle_since(49);
    CHECK(state.sessions().size() == 1);
}

TEST_CASE("availability queries are counted by day") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    CHECK(state.count_checks(7, 2) == 2);
    CHECK(state.count_checks(7, 3) == 5);
    CHECK(state.count_checks(8, 1) == 1);
}

TEST_CASE("the call log is read from a number on") {
    const Scratch scratch;
    State state(scratch / "state.db", kMoney);
    for (const char* function : {"hello", "queryOpe", "sessionClose"}) {
        state.log_call({.at = 5,
                        .function = function,
                        .target = "t",
                        .parameters = "p",
                        .outcome = "o",
                        .sending = "sent"});
    }
    std::string seen;
    state.each_call(1, [&](const CallEntry& entry) {
        seen += std::to_string(entry.number) + entry.function + " ";
    });
    CHECK(seen == "2queryOpe 3sessionClose ");
}
