#include "jobs/decisions.h"
#include "jobs/decisions_on_many.h"
#include "jobs/doubt_decisions.h"
#include "support/decision_scene.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

Decided say(Engine& engine, OrderId order, Word word) {
    return resolve_by_word(Scene(engine).parts(), order, word, "seen in the web panel");
}
Decided resend(Engine& engine, OrderId order, const std::string& force = "") {
    return resolve_by_sending(Scene(engine).parts(), order, force);
}

int times(const Engine& engine, const std::string& call) {
    return engine.registrar.times_asked(call);
}

}  // namespace

TEST_CASE("a doubt ends done by a person's word, kept with person, time and reason") {
    Doubtful with(Effect::at_once);
    CHECK(say(with, with.order, Word::done).code == ExitCode::all_well);
    const auto attempts = with.ledger().attempts(with.order);
    CHECK(holds(attempts.at(0).settled, "ada"));
    CHECK(holds(attempts.at(0).settled, "seen in the web panel"));
    CHECK(history_tells(with, with.order, "decision", "seen in the web panel"));
    with.passes(1);  // The read-back.
    CHECK(with.state_of(with.order) == "done");
    CHECK(holds(with.look_at(with.order).reason, "id unknown"));
    CHECK(times(with, "domainCreate") == 1);
}

TEST_CASE("a doubt ends failed by a person's word, and its money is free again") {
    Doubtful with;
    CHECK(say(with, with.order, Word::failed).code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "failed");
    CHECK(with.ledger().open_doubts().empty());
    CHECK(with.ledger().money_out_since(with.clock.now().utc) == 0);
    CHECK_FALSE(with.look_at(with.order).keeps_domain);
}

TEST_CASE("a call of moments ago is not spoken of yet") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", kLostReply, Effect::none);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(say(engine, order, Word::failed).code == ExitCode::try_later);
    CHECK(resend(engine, order, "I am in a hurry").code == ExitCode::try_later);
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK(times(engine, "domainCreate") == 1);
}

TEST_CASE("a word against what the registrar shows is reported, once") {
    SUBCASE("said to have failed, and there it is") {
        Doubtful with(Effect::at_once);
        say(with, with.order, Word::failed);
        with.clock.advance(11min);
        const PendingReport report = with.pass();
        REQUIRE(report.warnings.size() == 1);
        CHECK(holds(report.warnings[0], "contradicts"));
        CHECK(with.state_of(with.order) == "held");
        CHECK(history_tells(with, with.order, "contradiction", "seen in the web panel"));
        // Only a word got it there: it is not sent again by a release.
        CHECK(release_order(Scene(with).parts(), with.order).code == ExitCode::some_orders_wrong);
        CHECK(say(with, with.order, Word::done).code == ExitCode::all_well);
        with.passes(2);
        CHECK(with.state_of(with.order) == "done");
    }
    SUBCASE("said to have failed, and days later an operation for it is pending") {
        Doubtful with;
        say(with, with.order, Word::failed);
        with.passes(1);
        CHECK(with.state_of(with.order) == "failed");
        with.registrar.pending_rows.push_back({2001, "domainCreate", "example.com", "", ""});
        with.clock.advance(25h);
        CHECK(holds(with.pass().warnings.at(0), "2001"));
        CHECK(with.state_of(with.order) == "held");
    }
    SUBCASE("said to be done, and it is not there") {
        Doubtful with;
        say(with, with.order, Word::done);
        with.clock.advance(11min);
        const PendingReport report = with.pass();
        REQUIRE_FALSE(report.warnings.empty());
        CHECK(holds(report.warnings[0], "contradicts"));
        with.passes(2);  // It might have been shown yet.
        CHECK(with.state_of(with.order) == "done_open_ends");
        with.clock.advance(25h);
        CHECK(with.pass().what == PendingReport::What::nothing_to_do);
    }
}

TEST_CASE("a word that is confirmed is watched no longer") {
    Doubtful with(Effect::at_once);
    say(with, with.order, Word::done);
    with.clock.advance(11min);
    CHECK(with.pass().warnings.empty());
    with.clock.advance(25h);
    CHECK(with.pass().what == PendingReport::What::nothing_to_do);
}

TEST_CASE("resend sends after two looks far enough apart, and not before") {
    Doubtful with;
    hold_order(Scene(with).parts(), with.order);
    const Decided first = resend(with, with.order);
    CHECK(first.code == ExitCode::try_later);
    CHECK(times(with, "domainCreate") == 1);
    with.clock.advance(9min);
    CHECK(resend(with, with.order).code == ExitCode::try_later);
    with.clock.advance(2min);
    CHECK(resend(with, with.order).code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "domainCreate") == 2);
    CHECK(with.registrar.arrivals["example.com"] == 1);
}

TEST_CASE("resend, forced or not, does not send what was executed") {
    Doubtful with(Effect::at_once);
    hold_order(Scene(with).parts(), with.order);
    CHECK(resend(with, with.order, "customer waits").code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "domainCreate") == 1);
    Doubtful pending(Effect::pending);
    CHECK(resend(pending, pending.order, "customer waits").order.state == OrderState::waiting);
    CHECK(times(pending, "domainCreate") == 1);
}

TEST_CASE("force sends after one look that found nothing, and keeps the reason") {
    Doubtful with;
    CHECK(resend(with, with.order, "support said so").code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "domainCreate") == 2);
    CHECK(holds(with.ledger().attempts(with.order).at(0).settled, "support said so"));
    CHECK(holds(with.ledger().attempts(with.order).at(0).settled, "ada"));
}

TEST_CASE("while all sending is held nothing is sent anew, not even by force") {
    Doubtful with;
    hold_all_sending(Scene(with).parts(), "the wrong file");
    for (const char* force : {"", "customer waits"}) {
        const Decided refused = resend(with, with.order, force);
        CHECK(refused.code == ExitCode::service_refused);
        CHECK(holds(refused.words, "all sending is held by ada"));
    }
    CHECK(with.state_of(with.order) == "in_doubt");
    CHECK(times(with, "domainCreate") == 1);
}

TEST_CASE("a hold between the look and the second sending keeps it back, and that is said") {
    Doubtful with;
    CHECK(resend(with, with.order).code == ExitCode::try_later);
    with.clock.advance(11min);
    with.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainInfo")) hold_all_sending(Scene(with).parts(), "wait");
    };
    const Decided kept_back = resend(with, with.order);
    CHECK(kept_back.code == ExitCode::service_refused);
    CHECK(holds(kept_back.words, "nothing more was sent: all sending is held"));
    CHECK(times(with, "domainCreate") == 1);
    with.registrar.before_call = nullptr;
    release_all_sending(Scene(with).parts());
    with.submit();
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "domainCreate") == 2);
}

TEST_CASE("without a look nothing is sent, not even by force") {
    Doubtful with;
    with.registrar.will_not_answer("queryOpePending",
                                   QueryFailure(QueryFailure::Why::unreachable, "", "no line"));
    CHECK(resend(with, with.order, "customer waits").code == ExitCode::try_later);
    CHECK(with.state_of(with.order) == "in_doubt");
    CHECK(times(with, "domainCreate") == 1);
}

TEST_CASE("an order held since nothing is learned of its operation is ended by a word") {
    Pendings with;
    with.registrar.pending_rows.clear();
    for (int i = 0; i < 3; ++i) {
        with.registrar.will_not_answer(
            "queryOpe", QueryFailure(QueryFailure::Why::refused, "E99-M9999", "unknown"));
        with.passes(1);
    }
    REQUIRE(with.state_of(with.order) == "held");
    CHECK(say(with, with.order, Word::failed).code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "failed");
    CHECK(with.ledger().open_operations().empty());
}

TEST_CASE("nothing in doubt: a word is refused, and the words name state and way") {
    Pendings with;
    const Decided waiting = say(with, with.order, Word::done);
    CHECK(waiting.code == ExitCode::some_orders_wrong);
    CHECK(holds(waiting.words, "waiting"));
    CHECK(holds(waiting.words, "domain-orders cancel"));
    Engine engine;
    const OrderId order = engine.registration("example.com");
    hold_order(Scene(engine).parts(), order);
    CHECK(holds(say(engine, order, Word::failed).words, "domain-orders release"));
    CHECK(engine.state_of(order) == "held");
}

TEST_CASE(
    "what an answer without proof left open is sent again at a person's wish, after two looks") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Unproven{"E99-M9901", "not now"}, Effect::none);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    engine.clock.advance(2min);
    CHECK(resend(engine, order).code == ExitCode::try_later);
    CHECK(times(engine, "domainCreate") == 1);
    engine.clock.advance(11min);
    CHECK(resend(engine, order).code == ExitCode::all_well);
    CHECK(engine.state_of(order) == "done");
    CHECK(times(engine, "domainCreate") == 2);
}

TEST_CASE("a wish sends nothing a third time, force does") {
    Doubtful with;
    with.registrar.will_answer("domainCreate", kLostReply, Effect::none);
    with.passes(5);
    REQUIRE(with.state_of(with.order) == "held");
    REQUIRE(times(with, "domainCreate") == 2);
    const Decided refused = resend(with, with.order);
    CHECK(refused.code == ExitCode::some_orders_wrong);
    CHECK(holds(refused.words, "sent twice"));
    CHECK(holds(refused.words, "--force --reason TEXT"));
    CHECK(times(with, "domainCreate") == 2);
    // Released it is looked for once more, and not sent.
    CHECK(release_order(Scene(with).parts(), with.order).order.state == OrderState::in_doubt);
    with.passes(2);
    CHECK(with.state_of(with.order) == "held");
    CHECK(resend(with, with.order, "support said so").code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "domainCreate") == 3);
}
