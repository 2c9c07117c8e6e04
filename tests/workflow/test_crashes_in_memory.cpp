// The engine under everything that can go wrong at once: replies lost with and without effect,
// operations that end any way, questions without answers, a ledger that refuses a write, runs that
// die between any two lines. In the end each domain was registered at most once, and every order
// says truly what became of it.
#include "support/engine.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <set>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::FakeRegistrar;
using namespace std::chrono_literals;

namespace {

// Stands for SIGKILL: nothing in the product catches it.
struct Death {};

class Chaos {
  public:
    explicit Chaos(unsigned seed) : random_(seed) {
        engine_.registrar.next_operation = 5000;
        engine_.registrar.shows_pending_domains = chance(50);
        engine_.registrar.lateness = std::chrono::seconds(number(0, 599));
        engine_.pending.min_interval = 0s;
        engine_.refusals_in_a_row = 4;
        take_orders();
        engine_.registrar.before_call = [this](const std::string& line) { at_call(line); };
        engine_.before_commit = [this] { at_commit(); };
        engine_.after_commit = [this] { may_die(); };
        at_crash_points([this](std::string_view name) {
            passed.insert(std::string(name));
            may_die();
        });
    }
    ~Chaos() { at_crash_points(nullptr); }

    void run() {
        is_wild_ = true;
        for (int round = 0; round < 14; ++round) live_a_while();
        is_wild_ = false;
        for (int round = 0; round < 60 && !is_quiet(); ++round) live_a_while();
    }

    void check() {
        CHECK(is_quiet());
        for (const OrderId id : orders_) check_order(engine_.look_at(id));
        CHECK(engine_.ledger().open_operations().size() == waiting_for_held_);
    }

    int held = 0, done = 0, failed = 0, done_without_id = 0;
    std::set<std::string> passed;  // points

  private:
    int number(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
    bool chance(int percent) { return number(1, 100) <= percent; }

    void take_orders() {
        const int count = number(3, 7);
        for (int i = 0; i < count; ++i) {
            FieldMap given;
            if (chance(40)) given = Engine::inline_owner(chance(50) ? "Ada" : "Bob");
            if (chance(30)) given["lock"] = "on";
            if (chance(20)) given["privacy"] = "on";
            orders_.push_back(engine_.registration("d" + std::to_string(i) + ".com", given));
        }
    }

    void may_die() {
        if (is_wild_ && chance(2)) throw Death{};
    }

    void at_commit() {
        may_die();
        if (is_wild_ && chance(1)) throw std::runtime_error("the disk is full");
    }

    void at_call(const std::string& line) {
        const std::string function = line.substr(0, line.find(' '));
        if (function == "domainCreate") check_intent(line.substr(line.find(' ') + 1));
        if (!is_wild_) return;
        may_die();
        const bool changes = function == "domainCreate" || function == "contactCreate" ||
                             function == "domainSetPreference";
        if (changes)
            script_answer(function);
        else if (chance(4))
            engine_.registrar.will_not_answer(function, trouble());
    }

    // Whatever is sent stands in the ledger as an open attempt, and nobody else has one.
    void check_intent(const std::string& domain) {
        OrderFilter filter;
        filter.domain = domain;
        int open = 0;
        for (const OrderRecord& order : engine_.ledger().orders(filter)) {
            for (const AttemptRecord& attempt : engine_.ledger().attempts(order.id)) {
                if (!attempt.outcome && attempt.function == "domainCreate") ++open;
            }
        }
        CHECK(open == 1);
    }

    void script_answer(const std::string& function) {
        FakeRegistrar& registrar = engine_.registrar;
        const bool makes_operation = function != "contactCreate";
        const Unproven unproven{"E99-M9901", "E99-M9901 : not now"};
        switch (number(1, 15)) {
            case 1:
                return registrar.will_answer(function, InDoubt{"cut"}, Effect::at_once);
            case 2:
                return registrar.will_answer(function, InDoubt{"cut"}, Effect::none);
            case 3:
                if (!makes_operation) return;
                return registrar.will_answer(function, InDoubt{"cut"}, Effect::pending);
            case 4:
                if (!makes_operation) return;
                return registrar.will_answer(function, InDoubt{"cut"}, Effect::late);
            case 5:
                if (!makes_operation) return;
                return registrar.will_answer(function, Pending{0, "Pending", ""});
            case 6:
                return registrar.will_answer(function, Refused{"E11-M1101", "refused", {}});
            case 7:
                return registrar.will_answer(
                    function, TryLater{TryLater::Why::session_dead, "E02-M0201", "expired"});
            case 8:
                return registrar.will_answer(
                    function, TryLater{TryLater::Why::unreachable, "", "no connection"});
            case 9:
                return registrar.will_answer(function, unproven, Effect::at_once);
            case 10:
                return registrar.will_answer(function, unproven, Effect::none);
            case 11:
                if (!makes_operation) return;
                return registrar.will_answer(function, unproven, Effect::pending);
            case 12:
                if (!makes_operation) return;
                return registrar.will_answer(function, unproven, Effect::late);
            default:
                return;  // Done.
        }
    }

    QueryFailure trouble() {
        switch (number(1, 3)) {
            case 1:
                return {QueryFailure::Why::unreachable, "", "time-out"};
            case 2:
                return {QueryFailure::Why::refused, "E99-M9901", "not now"};
            default:
                return {QueryFailure::Why::unreadable, "", "HTTP 502"};
        }
    }

    void live_a_while() {
        if (chance(60) || !is_wild_) survive([&] { engine_.submit(); });
        end_some_operations();
        pass_time();
        survive([&] { engine_.pass(); });
    }

    template <typename Act>
    void survive(Act act) {
        try {
            act();
        } catch (const Death&) {
            engine_.reopen();
        } catch (const RunFailure& failure) {
            CHECK(failure.code() == ExitCode::cannot_write);
            engine_.reopen();
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()) == "the disk is full");
            engine_.reopen();
        }
    }

    void end_some_operations() {
        const auto rows = engine_.registrar.pending_rows;
        for (const PendingRow& row : rows) {
            if (is_wild_ && chance(60)) continue;
            engine_.registrar.finish(row.id, chance(75) ? "Done" : "Failed", "so it ended");
        }
    }

    void pass_time() {
        engine_.clock.advance(std::chrono::seconds(is_wild_ ? number(1, 900) : 1200));
        if (is_wild_ && chance(5)) engine_.clock.reboot();
    }

    bool is_quiet() {
        waiting_for_held_ = 0;
        for (const OrderId id : orders_) {
            const OrderRecord order = engine_.look_at(id);
            if (!is_end(order.state) && order.state != OrderState::held) return false;
            for (const StepRecord& step : order.steps) {
                waiting_for_held_ += step.state == StepState::waiting ? 1 : 0;
            }
        }
        return true;
    }

    void check_order(const OrderRecord& order) {
        CAPTURE(order.domain.ascii());
        CAPTURE(order.reason);
        CAPTURE(to_word(order.state));
        const auto found = engine_.registrar.arrivals.find(order.domain.ascii());
        const int arrivals = found == engine_.registrar.arrivals.end() ? 0 : found->second;
        CHECK(arrivals <= 1);
        switch (order.state) {
            case OrderState::done:
            case OrderState::done_open_ends:
                ++done;
                CHECK(arrivals == 1);
                done_without_id += order.operation ? 0 : 1;
                if (!order.operation) CHECK(order.reason.find("id unknown") != std::string::npos);
                break;
            case OrderState::failed:
                ++failed;
                CHECK(arrivals == 0);
                CHECK_FALSE(order.reason.empty());
                break;
            case OrderState::held:
                ++held;
                CHECK_FALSE(order.reason.empty());
                break;
            default:
                CHECK_MESSAGE(false, "an order without an end");
        }
        CHECK_FALSE(order.claimed_by);
        CHECK(order.keeps_domain == (order.state == OrderState::held && order.keeps_domain));
    }

    std::mt19937 random_;
    Engine engine_;
    bool is_wild_ = false;
    std::vector<OrderId> orders_;
    std::size_t waiting_for_held_ = 0;
};

unsigned from_environment(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::stoul(text));
}

}  // namespace

TEST_CASE("whatever dies and gets lost, each domain is registered at most once") {
    const unsigned first = from_environment("DOMSPOOL_FIRST_SEED", 1);
    const unsigned seeds = from_environment("DOMSPOOL_SEEDS", 100);
    int held = 0, done = 0, failed = 0, done_without_id = 0;
    std::set<std::string> passed;
    for (unsigned seed = first; seed < first + seeds; ++seed) {
        CAPTURE(seed);
        Chaos chaos(seed);
        chaos.run();
        chaos.check();
        passed.merge(chaos.passed);
        held += chaos.held;
        done += chaos.done;
        failed += chaos.failed;
        done_without_id += chaos.done_without_id;
    }
    MESSAGE("done " << done << " (id unknown " << done_without_id << "), failed " << failed
                    << ", held " << held);
    // Most orders end by themselves, and the chaos reaches all ends.
    CHECK(done > held);
    CHECK(done_without_id > 0);
    CHECK(failed > 0);
    for (const std::string_view point : kCrashPoints) {
        const bool is_of_intake =
            point.starts_with("batch_") || point.starts_with("spool_") || point == "rows_entered";
        const bool is_of_a_person = point == "decided" || point == "retry_entered";
        const bool is_of_reports = point.starts_with("report_") || point.starts_with("archive_");
        CHECK_MESSAGE((is_of_intake || is_of_a_person || is_of_reports ||
                       passed.contains(std::string(point))),
                      point);
    }
}
