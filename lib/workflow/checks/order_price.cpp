#include "workflow/checks/order_price.h"

namespace domspool {

namespace {

const std::string kTrusteeFee = "trusteeservice";
const std::string kLocalContactFee = "localcontactservice";

std::string fee_of(const Order& order) {
    return std::string(entry_of(order.kind).fee);
}

int years_of(const Order& order) {
    return entry_of(order.kind).has_years ? order.years : 1;
}

bool has_trustee(const Order& order) {
    return order.owner.id.starts_with("TRUST4");
}

bool has_local_contact(const Order& order) {
    return order.admin.id.starts_with("NETIM4");
}

// A fee that is not told is not taken for none.
std::int64_t told_fee(const PriceRecord& record, const std::string& name) {
    const auto found = record.fee_cents.find(name);
    if (found != record.fee_cents.end()) return found->second;
    throw PreflightEnd{Verdict::What::not_now, "", "queryDomainPrice tells no fee for " + name};
}

Money quoted_price(const Order& order, const PriceRecord& record) {
    std::int64_t cents = told_fee(record, fee_of(order)) * years_of(order);
    if (has_trustee(order)) cents += told_fee(record, kTrusteeFee);
    if (has_local_contact(order)) cents += told_fee(record, kLocalContactFee);
    return {cents, record.currency};
}

void require_within_limit(const Order& order, const PreflightSettings& settings,
                          const Money& price) {
    const auto& limit = order.max_price ? order.max_price : settings.max_price;
    if (!limit) return;
    if (limit->currency != price.currency) {
        not_possible("the limit " + to_text(*limit) + " is in another currency than the price " +
                     to_text(price));
    }
    if (price.cents <= limit->cents) return;
    not_possible("the price " + to_text(price) + " is above the limit " + to_text(*limit) +
                 "; max_price " + to_text(price) + " in the row admits it");
}

// With the price check off the price list stands in, so that limits and ceilings still hold.
void require_listed_price(const Order& order, const PreflightSettings& settings, Verdict& verdict) {
    const auto cents = listed_fee(order, verdict.rules);
    if (!cents) return;
    verdict.price = Money{*cents, verdict.rules.fee_currency};
    require_within_limit(order, settings, *verdict.price);
}

}  // namespace

std::optional<std::int64_t> listed_fee(const Order& order, const ExtensionRules& rules) {
    if (fee_of(order).empty()) return 0;
    const auto listed = [&](const std::string& name) -> std::optional<std::int64_t> {
        const auto found = rules.fee_cents.find(name);
        return found == rules.fee_cents.end() ? std::nullopt : std::optional(found->second);
    };
    const auto fee = listed(fee_of(order));
    if (!fee) return std::nullopt;
    std::int64_t cents = *fee * years_of(order);
    if (has_trustee(order)) cents += listed(kTrusteeFee).value_or(0);
    if (has_local_contact(order)) cents += listed(kLocalContactFee).value_or(0);
    return cents;
}

void require_price(const PreflightParts& parts, const Secret& auth_code, Verdict& verdict) {
    const Order& order = parts.order;
    const PreflightSettings& settings = parts.settings;
    if (fee_of(order).empty()) return;
    if (!settings.price) return require_listed_price(order, settings, verdict);
    const PriceRecord record = parts.queries.price(order.domain, auth_code);
    const Money price = quoted_price(order, record);
    verdict.price = price;
    if (record.is_premium && !order.max_price) {
        not_possible("a premium name at " + to_text(price) +
                     "; only the row's own max_price admits it: max_price " + to_text(price));
    }
    require_within_limit(order, settings, price);
}

}  // namespace domspool
