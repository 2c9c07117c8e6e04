#include "bin/order_options.h"

#include "jobs/order_kinds.h"

namespace domspool {

namespace {

constexpr std::int64_t kMost = 1'000'000;

std::optional<Money> amount_of(const CommandLine& line, const std::string& option,
                               const Settings& settings) {
    const auto text = line.value(option);
    if (!text) return std::nullopt;
    const auto money = parse_money(*text);
    if (!money) {
        throw RunFailure(ExitCode::usage, "'--" + option +
                                              "' must be an amount with its currency such as '50 "
                                              "EUR', not '" +
                                              *text + "'");
    }
    const std::string& currency = settings.limits.max_price.currency;
    if (money->currency == currency) return money;
    throw RunFailure(ExitCode::usage,
                     "'--" + option + "' must be in the currency of the limits, " + currency);
}

}  // namespace

std::vector<OptionSpec> limit_options() {
    return {
        {"max-orders", "N", "instead of limits.max_orders_per_run, this once; 0: no limit"},
        {"max-spend", "AMOUNT", "instead of limits.max_spend_per_day, this once: '800 EUR'"},
        {"max-price", "AMOUNT", "instead of limits.max_price, this once"},
        {"balance-floor", "AMOUNT", "instead of limits.balance_floor, this once"},
        {"max-refusals", "N", "instead of limits.max_refusals_in_a_row, this once"},
        {"as-far-as-funds-go", "", "begin although the balance does not suffice for all"},
    };
}

std::optional<OrderState> state_in(const CommandLine& line) {
    const auto word = line.value("state");
    if (!word) return std::nullopt;
    const auto state = order_state_of(*word);
    if (!state) line.refuse("there is no state '" + *word + "'");
    return state;
}

void pass_limits_once(const CommandLine& line, Settings& settings) {
    Settings::Limits& limits = settings.limits;
    if (const auto number = line.number("max-orders", 0, kMost)) {
        limits.max_orders_per_run = static_cast<int>(*number);
    }
    if (const auto number = line.number("max-refusals", 1, kMost)) {
        limits.max_refusals_in_a_row = static_cast<int>(*number);
    }
    if (const auto money = amount_of(line, "max-spend", settings)) limits.max_spend_per_day = money;
    if (const auto money = amount_of(line, "balance-floor", settings))
        limits.balance_floor = *money;
    if (const auto money = amount_of(line, "max-price", settings)) limits.max_price = *money;
}

OrderRunSettings order_run_settings(const Program& program, const Settings& settings) {
    OrderRunSettings run;
    run.submission.lanes = settings.registrar.lanes;
    run.submission.most_orders = settings.limits.max_orders_per_run;
    run.submission.check_balance = settings.checks.balance;
    run.submission.balance_floor = settings.limits.balance_floor;
    run.submission.as_far_as_funds_go = program.line().has("as-far-as-funds-go");
    run.stay.doubts = doubt_settings(settings);
    run.stay.min_interval = std::chrono::seconds(settings.pending.min_interval_seconds);
    run.stay.longest = std::chrono::minutes(settings.pending.stay_minutes);
    run.currency = settings.limits.max_price.currency;
    run.command_with = [&program](const std::string& option, const std::string& value) {
        return program.command_with(option, value);
    };
    return run;
}

OrderRunParts order_run_parts(RunSetup& setup) {
    setup.require_all();
    return {{setup.ledger(),
             setup.run().id(),
             setup.cache(),
             setup.rules(),
             setup.clock(),
             [&setup] { return setup.open_lane(plan_order); },
             [&setup] { return setup.is_called_off(); },
             {}},
            setup.queries(),
            setup.log(),
            [&setup](std::chrono::milliseconds time) { return setup.wait(time); }};
}

DryRunSettings dry_run_settings(const Program& program, const Settings& settings) {
    return {settings.ledger,
            settings.limits.max_price.currency,
            settings.limits.max_spend_per_day,
            settings.checks.balance,
            settings.limits.balance_floor,
            program.line().has("as-far-as-funds-go")};
}

DryRunParts dry_run_parts(RunSetup& setup) {
    return {setup.ledger(),
            setup.clock(),
            [&]() -> AnswerCache& { return setup.cache(); },
            [&]() -> RegistrarQueries& { return setup.queries(); },
            [&]() -> const PreflightSettings& { return setup.preflight_settings(); },
            [&] { return setup.is_called_off(); }};
}

}  // namespace domspool
