#include "ledger/ledger_case.h"

#include "ledger/ledger_place.h"
#include "support/postgresql_server.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace domspool::test {

Moment at(int seconds) {
    return {utc(seconds), "boot-one", std::chrono::seconds(1000 + seconds)};
}

UtcTime utc(int seconds) {
    const auto day = std::chrono::sys_days(std::chrono::year(2026) / 3 / 14);
    return day + std::chrono::hours(12) + std::chrono::seconds(seconds);
}

IntakeRow row(int line, const std::string& domain, const std::string& reference,
              const FieldMap& more) {
    IntakeRow row;
    row.line = line;
    row.domain = domain;
    row.reference = reference;
    row.given = {{"domain", domain}, {"years", "1"}, {"owner", "AB9"}};
    if (!reference.empty()) row.given["reference"] = reference;
    for (const auto& [name, value] : more) row.given[name] = value;
    row.normalised = row.given;
    return row;
}

std::vector<PlannedStep> one_step() {
    return {{StepPhase::main, "domainCreate", {{"ns1", "ns1.example.net"}}}};
}

std::vector<PlannedStep> three_steps() {
    return {{StepPhase::before, "contactCreate", {{"firstName", "Ada"}}},
            {StepPhase::main, "domainCreate", {{"owner", "step:1"}}},
            {StepPhase::after, "domainSetPreference", {{"code", "lock"}, {"value", "1"}}}};
}

namespace {

OrderMove move_to(int position, OrderState state, StepState step_state) {
    OrderMove move;
    move.state = state;
    move.position = position;
    move.step_state = step_state;
    move.keeps_domain = !is_end(state);
    return move;
}

}  // namespace

OrderMove done_move(int position) {
    return move_to(position, OrderState::done, StepState::done);
}

OrderMove waiting_move(int position) {
    return move_to(position, OrderState::waiting, StepState::waiting);
}

OrderMove doubt_move(int position) {
    return move_to(position, OrderState::in_doubt, StepState::in_doubt);
}

OrderMove failed_move(int position) {
    OrderMove move = move_to(position, OrderState::failed, StepState::failed);
    move.code = "E03-M0104";
    move.message = "The domain is already registered";
    move.reason = "domainCreate was refused";
    return move;
}

OrderMove planned_again(int position, OrderState state) {
    OrderMove move = move_to(position, state, StepState::planned);
    move.keeps_domain = state != OrderState::accepted;
    return move;
}

AttemptEnd end_as(AttemptOutcome outcome, std::optional<OperationId> operation, int seconds) {
    AttemptEnd end;
    end.outcome = outcome;
    end.operation = operation;
    end.at = at(seconds);
    return end;
}

namespace {

bool is_on_postgresql() {
    const char* wished = std::getenv("DOMSPOOL_TEST_LEDGER");
    return wished != nullptr && std::string(wished) == "postgresql";
}

PostgresqlServer& server() {
    prefer_memory();
    static const Scratch place;
    static PostgresqlServer its(place / "postgresql");
    return its;
}

std::string new_ledger(const Scratch& scratch) {
    if (!is_on_postgresql()) return scratch / "ledger.db";
    return server().new_ledger(scratch.path().string());
}

// The server hears of a killed program in a moment, unlike the kernel.
void wait_for_sessions_to_end(int left) {
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (server().sessions() > left) {
        REQUIRE(std::chrono::steady_clock::now() < patience_ends);
    }
}

}  // namespace

LedgerCase::LedgerCase() : path_(new_ledger(scratch_)) {
    Ledger::init(path_, kStamp, utc(0));
    reopen();
}

std::string LedgerCase::database() const {
    return database_of(path_);
}

std::string LedgerCase::files() const {
    return files_beside(path_);
}

void LedgerCase::close() {
    run_.reset();
    ledger_.reset();
}

void LedgerCase::reopen() {
    close();
    ledger_ = Ledger::open(path_, kStamp);
    run_ = ledger_->begin_run("test", Sends::yes, at(0));
}

BatchId LedgerCase::begin_batch(const std::string& hash) {
    return write([&](LedgerWrite& w) {
        return w.begin_batch({hash + ".csv", hash, run(), utc(0)});
    });
}

BatchId LedgerCase::take(const std::vector<IntakeRow>& rows, const std::string& hash,
                         OnError on_error, Judging judging) {
    const BatchId batch = begin_batch(hash.empty() ? "hash-" + std::to_string(++batches_) : hash);
    write([&](LedgerWrite& w) { w.enter_rows(batch, rows); });
    write([&](LedgerWrite& w) {
        return w.complete_batch(batch, {{"domain", "years", "owner"}, on_error, false, judging},
                                utc(1));
    });
    return batch;
}

OrderId LedgerCase::order_for(const std::string& domain, const std::string& reference) {
    OrderFilter filter;
    filter.batch = take({row(2, domain, reference)});
    const auto orders = ledger_->orders(filter);
    REQUIRE(orders.size() == 1);
    return orders[0].id;
}

ClaimedOrder LedgerCase::claim(OrderId order) {
    auto claimed = write([&](LedgerWrite& w) { return w.claim_order(run(), order); });
    REQUIRE(claimed.has_value());
    return *claimed;
}

ClaimedOrder LedgerCase::planned(const std::string& domain, const std::vector<PlannedStep>& steps) {
    ClaimedOrder claimed = claim(order_for(domain));
    write([&](LedgerWrite& w) { w.store_plan(claimed.claim, steps); });
    return claimed;
}

AttemptId LedgerCase::begin(const ClaimedOrder& order, int position, std::int64_t cents,
                            int seconds) {
    return write([&](LedgerWrite& w) {
        return w.begin_attempt(order.claim,
                               {position, {{"highest_operation", "41"}}, cents, at(seconds)}, {});
    });
}

void LedgerCase::finish(const ClaimedOrder& order, AttemptId attempt, AttemptOutcome outcome,
                        const OrderMove& move, std::optional<OperationId> operation) {
    write([&](LedgerWrite& w) {
        w.finish_attempt(order.claim, attempt, end_as(outcome, operation), move);
    });
}

OrderId LedgerCase::done_order(const std::string& domain, const std::string& reference) {
    const ClaimedOrder order = claim(order_for(domain, reference));
    write([&](LedgerWrite& w) { w.store_plan(order.claim, one_step()); });
    finish(order, begin(order), AttemptOutcome::done, done_move());
    write([&](LedgerWrite& w) { w.release(order.claim); });
    return order.order.id;
}

OrderId LedgerCase::failed_order(const std::string& domain, const std::string& reference) {
    const ClaimedOrder order = claim(order_for(domain, reference));
    OrderMove move = failed_move();
    move.position = 0;
    write([&](LedgerWrite& w) {
        w.move_order(order.claim, move, utc(60));
        w.release(order.claim);
    });
    return order.order.id;
}

std::int64_t LedgerCase::number(const std::string& sql) {
    store::Connection connection(database(), {store::Access::read_only, true});
    auto& asked = connection.prepare(sql);
    REQUIRE(asked.next_row());
    return asked.integer(0);
}

std::string LedgerCase::word(const std::string& sql) {
    store::Connection connection(database(), {store::Access::read_only, true});
    auto& asked = connection.prepare(sql);
    REQUIRE(asked.next_row());
    return asked.text(0);
}

std::optional<RunFailure> failure_in(const std::function<void()>& act) {
    try {
        act();
    } catch (const RunFailure& failure) {
        return failure;
    }
    return std::nullopt;
}

std::optional<store::Trouble> trouble_in(const std::function<void()>& act) {
    try {
        act();
    } catch (const store::StoreError& error) {
        return error.trouble();
    }
    return std::nullopt;
}

void act_in_a_killed_process(const std::function<void()>& act) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const int sessions_before = is_on_postgresql() ? server().sessions() : 0;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            act();
            std::ignore = ::write(ends[1], "!", 1);
            for (;;) ::pause();
        } catch (const std::exception&) {
            ::_exit(3);
        }
    }
    ::close(ends[1]);
    char sign = 0;
    const bool has_acted = ::read(ends[0], &sign, 1) == 1;
    ::close(ends[0]);
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(has_acted);
    if (is_on_postgresql()) wait_for_sessions_to_end(sessions_before);
}

int exit_of(const std::function<bool()>& act) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            ::_exit(act() ? 0 : 1);
        } catch (const std::exception&) {
            ::_exit(3);
        }
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace domspool::test
