#include "support/engine.h"
#include "workflow/pending/refused_logins.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::Effect;
using domspool::test::Engine;

namespace {

using What = PendingReport::What;

// An order whose operation is pending: each pass has something to ask.
struct Waiting : Engine {
    Waiting() {
        registrar.will_answer("domainCreate", Pending{});
        registration("example.com");
        submit();
        registrar.diary.clear();
    }
    // The registrar refuses the next login, if there is one.
    PendingReport refused_pass(std::chrono::minutes later) {
        clock.advance(later);
        registrar.will_not_answer("queryOpePending", QueryFailure(QueryFailure::Why::login_refused,
                                                                  "E01-M0101", "wrong password"));
        return pass();
    }
    int logins() const { return registrar.times_asked("queryOpePending"); }
};

}  // namespace

TEST_CASE("a refused login is tried again after 10 minutes, an hour, then once a day") {
    Waiting waiting;
    std::vector<int> tried_at;
    int told = 0;
    for (int minute = 0; minute <= 3 * 24 * 60; minute += 10) {
        const int before = waiting.logins();
        const PendingReport report = waiting.refused_pass(minute == 0 ? 0min : 10min);
        CHECK(report.what == What::login_refused);
        if (waiting.logins() > before) tried_at.push_back(minute);
        told += report.tell_login ? 1 : 0;
    }
    CHECK(tried_at == std::vector<int>{0, 10, 70, 70 + 1440, 70 + 2 * 1440});
    CHECK(told == 3);  // At once, then once a day.
}

TEST_CASE("what the login is made from has changed: tried again at once, and told anew") {
    Waiting waiting;
    waiting.pending.login_mark = "password of Monday";
    CHECK(waiting.refused_pass(0min).tell_login);
    CHECK_FALSE(waiting.refused_pass(10min).tell_login);
    waiting.pending.login_mark = "password of Tuesday";
    CHECK(waiting.refused_pass(10min).tell_login);
    CHECK(waiting.logins() == 3);
}

TEST_CASE("a person who asks has it tried, and a login that went well is the end of it") {
    Waiting waiting;
    waiting.refused_pass(0min);
    waiting.refused_pass(10min);
    waiting.pending.is_asked = true;
    waiting.refused_pass(10min);
    CHECK(waiting.logins() == 3);
    forget_refused_login(waiting.ledger());
    waiting.pending.is_asked = false;
    CHECK_FALSE(is_login_to_be_left(waiting.ledger(), "", waiting.clock.now().utc));
    waiting.refused_pass(10min);
    CHECK(waiting.logins() == 4);
}

TEST_CASE("a clock that was set back keeps no pass for ever") {
    Waiting waiting;
    waiting.refused_pass(0min);
    waiting.clock.set_utc("2025-11-24T02:00:00.000Z");
    CHECK_FALSE(is_login_to_be_left(waiting.ledger(), "", waiting.clock.now().utc));
}
