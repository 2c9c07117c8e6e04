#include "support/engine.h"

#include "jobs/order_kinds.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace domspool::test {

namespace {

const LedgerStamp kStamp{"api.example.net", "AB123"};

// The registrar is the test's: the lane does not own it.
template <typename Interface>
std::shared_ptr<Interface> borrowed(Interface& registrar) {
    return {&registrar, [](Interface*) {}};
}

ExtensionRecord sold(const std::string& extension, bool offers_settings) {
    ExtensionRecord record;
    record.extension = extension;
    record.period_create = "1-10";
    record.fee_currency = "EUR";
    record.fee_cents = {{"registration", 1000}, {"transfer", 1000}, {"trade", 0}};
    for (const char* flag :
         {"haseppcode", "hasregistrarlock", "hasautorenew", "haswhoisprivacy", "hasdnssec"}) {
        record.flags[flag] = offers_settings;
    }
    return record;
}

void open_shop(FakeRegistrar& registrar, const Clock& clock) {
    registrar.clock = &clock;
    registrar.account_record.balance_cents = 1'000'000;
    registrar.account_record.default_nameservers = {"ns1.example.net", "ns2.example.net"};
    registrar.extension_records = {{"com", sold("com", true)}, {"plain", sold("plain", false)}};
    for (const char* extension : {"com", "plain"}) {
        registrar.open_flags[extension] = {{"domaincreate", true},
                                           {"domaintransferin", true},
                                           {"domaintransferowner", true},
                                           {"domainchangedns", true}};
    }
    registrar.contact_records["AE1"] = {"AE1", true, {{{"firstName", "Anna"}}, {}, {}}};
    registrar.contact_records["AT1"] = {"AT1", false, {{{"firstName", "Tom"}}, {}, {}}};
}

}  // namespace

MemoryDisk::MemoryDisk() {
    if (std::filesystem::exists("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
}

Engine::Engine() {
    open_shop(registrar, clock);
    settings.preflight.price = false;
    settings.preflight.reseller_id = "AB123";
    settings.preflight.check_chain = [](const DomainName&, const auto&) {
        return ChainOfTrust{ChainOfTrust::State::not_signed, ""};
    };
    settings.max_spend_per_day = Money{10'000'000, "EUR"};
    settings.check_balance = true;
    submission.lanes = 1;
    pending.doubts = {std::chrono::seconds(60), std::chrono::seconds(600)};
    REQUIRE(Ledger::init(scratch / "ledger.db", kStamp, clock.now().utc));
    reopen();
}

void Engine::reopen() {
    ledger_.reset();
    ledger_ = Ledger::open(scratch / "ledger.db", kStamp);
    ledger_->before_commit = [this] {
        if (before_commit) before_commit();
    };
    ledger_->after_commit = [this] {
        if (after_commit) after_commit();
    };
}

OrderId Engine::registration(const std::string& domain, FieldMap more) {
    more["domain"] = domain;
    more.try_emplace("years", "1");
    if (!more.contains("owner") && !more.contains("owner.firstName")) more["owner"] = "AE1";
    return order(OrderKind::register_domain, more);
}

OrderId Engine::order(OrderKind kind, const FieldMap& given) {
    const BatchId taken = batch(kind, {given});
    std::optional<OrderId> order;
    ledger_->rows_of_batch(taken, [&](BatchRow&& row) {
        for (const std::string& problem : row.problems) MESSAGE(problem);
        if (row.order) order = row.order->id;
    });
    REQUIRE(order.has_value());
    return *order;
}

BatchId Engine::batch(OrderKind kind, const std::vector<FieldMap>& rows) {
    std::vector<IntakeRow> entries;
    for (const FieldMap& given : rows) {
        FieldMap without_code = given;
        without_code.erase("auth_code");
        ReadOrder read = read_order(kind, given);
        for (const FieldFault& fault : read.faults) MESSAGE(fault.field << ": " << fault.reason);
        REQUIRE(read.order.has_value());
        IntakeRow entry;
        entry.line = static_cast<int>(entries.size()) + 2;
        entry.kind = kind;
        entry.given = without_code;
        entry.normalised = read.normalised;
        entry.domain = read.order->domain.ascii();
        entry.reference = read.order->reference;
        entry.auth_code = Secret(field_of(given, "auth_code"));
        entries.push_back(std::move(entry));
    }
    const auto run = ledger_->begin_run("test-intake", Sends::no, clock.now());
    const auto now = clock.now().utc;
    const std::string content = "file " + std::to_string(++batches_);
    return ledger_->write([&](LedgerWrite& w) {
        const BatchId batch = w.begin_batch({"orders.csv", content, run->id(), now});
        w.enter_rows(batch, entries);
        REQUIRE(w.complete_batch(batch, {{"domain"}, OnError::accept_good_rows}, now));
        return batch;
    });
}

Lane Engine::open_lane(Run& run, AnswerCache& cache, StoppingRules& rules, bool with_planner) {
    Lane lane;
    lane.queries = borrowed<RegistrarQueries>(registrar);
    lane.commands = borrowed<RegistrarCommands>(registrar);
    RunnerParts parts{*ledger_, run,      *lane.queries, *lane.commands, cache,         rules,
                      clock,    settings, nullptr,       is_called_off,  retries_.get()};
    if (with_planner) parts.planner = plan_order;
    lane.runner = std::make_unique<OrderRunner>(parts);
    return lane;
}

void Engine::give_time_for_pauses(const RetrySettings& retry) {
    retries_ = std::make_unique<RetryBudget>(
        retry, [this](std::chrono::milliseconds time) { return pause(time); });
}

bool Engine::pause(std::chrono::milliseconds time) {
    pauses.push_back(time);
    clock.advance(time);
    return is_called_off();
}

RunEnd Engine::submit() {
    return send(std::chrono::minutes(0));
}

RunEnd Engine::submit_and_stay(std::chrono::minutes longest) {
    return send(longest);
}

RunEnd Engine::send(std::chrono::minutes stays) {
    RunEnd end;
    ledger_->recover_dead_runs(clock.now());
    const auto run = ledger_->begin_run("test-submit", Sends::yes, clock.now());
    AnswerCache cache(*ledger_, clock, sheet);
    StoppingRules rules(refusals_in_a_row, after_doubts());
    std::mutex telling;
    const auto tell = [&](const OrderRecord& order) {
        const std::lock_guard lock(telling);
        end.told.push_back(order);
    };
    const SubmissionParts parts{*ledger_,      run->id(),
                                cache,         rules,
                                clock,         [&] { return open_lane(*run, cache, rules, true); },
                                is_called_off, tell};
    end.orders = submit_orders(submission, parts);
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = open_lane(*run, cache, rules, true);
        return *lane->runner;
    };
    settle_own_doubts({pending.doubts, pending.min_interval, stays},
                      {{*ledger_, clock, cache, rules, registrar, runner, [&] { return run->id(); },
                        is_called_off},
                       [this](std::chrono::milliseconds time) { return pause(time); },
                       [&] { submit_orders(submission, parts); },
                       tell,
                       nullptr});
    end.stopped = rules.reason();
    return end;
}

StoppingRules::AfterDoubts Engine::after_doubts() const {
    return retries_ ? StoppingRules::AfterDoubts::pause : StoppingRules::AfterDoubts::stop;
}

PendingReport Engine::pass() {
    ledger_->recover_dead_runs(clock.now());
    const auto run = ledger_->begin_run("test-pass", Sends::yes, clock.now());
    AnswerCache cache(*ledger_, clock, sheet);
    StoppingRules rules(refusals_in_a_row, after_doubts());
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = open_lane(*run, cache, rules, false);
        return *lane->runner;
    };
    return check_pending(pending, *ledger_, clock, [&] {
        return PassParts{*ledger_,
                         clock,
                         cache,
                         rules,
                         registrar,
                         runner,
                         [&] { return run->id(); },
                         is_called_off,
                         pass_lanes,
                         [&] { return open_lane(*run, cache, rules, false); }};
    });
}

void Engine::passes(int number) {
    for (int i = 0; i < number; ++i) {
        clock.advance(std::chrono::minutes(11));
        pass();
    }
}

FieldMap Engine::inline_owner(const std::string& first_name) {
    return {{"owner.firstName", first_name},
            {"owner.lastName", "Example"},
            {"owner.bodyForm", "IND"},
            {"owner.address1", "1 Main Street"},
            {"owner.zipCode", "75001"},
            {"owner.city", "Paris"},
            {"owner.country", "FR"},
            {"owner.phone", "+33 123456789"},
            {"owner.email", "ada@example.com"},
            {"owner.language", "EN"}};
}

}  // namespace domspool::test
