#include "bin/limit_options.h"

#include "workflow/checks/order_price.h"

#include <chrono>
#include <numeric>

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

bool is_main_step_to_come(const OrderRecord& order) {
    return order.state == OrderState::accepted;
}

// At listed prices, as far as the extensions' fees are known.
std::int64_t cents_still_to_spend(RunSetup& setup) {
    std::int64_t cents = 0;
    OrderFilter filter;
    filter.state = OrderState::accepted;
    for (const OrderRecord& record : setup.ledger().orders(filter)) {
        if (!is_main_step_to_come(record)) continue;
        const ReadOrder read = read_order(record.kind, record.fields);
        if (!read.order) continue;
        const auto rules = setup.knowledge().rules(record.domain.extension(), setup.view());
        const auto* known = std::get_if<ExtensionRules>(&rules);
        if (known != nullptr) cents += listed_fee(*read.order, *known).value_or(0);
    }
    return cents;
}

// Whole units, so that a rounded fee does not stop the run again.
std::string ceiling_that_lets_all_pass(RunSetup& setup) {
    const auto today = std::chrono::floor<std::chrono::days>(setup.clock().now().utc);
    const std::int64_t out = setup.ledger().money_out_since(today);
    std::int64_t rest = 0;
    try {
        rest = cents_still_to_spend(setup);
    } catch (const QueryFailure&) {
        return "";  // No answer, no figure: the settings' own words must do.
    }
    const std::int64_t units = (out + rest + 99) / 100;
    return std::to_string(units) + " " + setup.settings().limits.max_price.currency;
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

void leave_out_too_many(Program& program, const Settings& settings, std::vector<OrderFile>& files) {
    const int most = settings.limits.max_orders_per_run;
    if (most == 0) return;
    const int all = std::accumulate(files.begin(), files.end(), 0,
                                    [](int sum, const OrderFile& file) { return sum + file.rows; });
    int taken = 0;
    std::erase_if(files, [&](const OrderFile& file) {
        if (taken + file.rows <= most) {
            taken += file.rows;
            return false;
        }
        program.complain(ExitCode::service_refused,
                         "'" + file.request.file.name + "' has " + std::to_string(file.rows) +
                             " orders, limits.max_orders_per_run is " + std::to_string(most) +
                             "; nothing of it was ordered. To order it:\n  " +
                             program.command_with("max-orders", std::to_string(all)));
        return true;
    });
}

std::string way_past_limit(const Program& program, RunSetup& setup, const std::string& reason) {
    if (reason.starts_with("limits.max_spend_per_day")) {
        const std::string amount = ceiling_that_lets_all_pass(setup);
        if (amount.empty()) return "";
        return "\nTo pass it once:\n  " + program.command_with("max-spend", amount);
    }
    return "";
}

}  // namespace domspool
