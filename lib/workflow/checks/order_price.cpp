#include "workflow/checks/order_price.h"

namespace domspool {

namespace {

std::string fee_name(OrderKind kind) {
    switch (kind) {
        case OrderKind::register_domain:
            return "registration";
        case OrderKind::transfer:
            return "transfer";
        case OrderKind::trade:
            return "trade";
        case OrderKind::nameservers:
            return "";
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

int years_of(const Order& order) {
    return order.kind == OrderKind::register_domain ? order.years : 1;
}

bool has_trustee(const Order& order) {
    return order.owner.id.starts_with("TRUST4");
}

bool has_local_contact(const Order& order) {
    return order.admin.id.starts_with("NETIM4");
}

std::int64_t services_fee(const Order& order, std::int64_t trustee, std::int64_t local) {
    return (has_trustee(order) ? trustee : 0) + (has_local_contact(order) ? local : 0);
}

// A fee that is not told is not taken for none.
std::int64_t told_fee(const PriceRecord& record, const std::string& name) {
    const auto found = record.fee_cents.find(name);
    if (found != record.fee_cents.end()) return found->second;
    throw PreflightEnd{Verdict::What::not_now, "", "queryDomainPrice tells no fee for " + name};
}

Money quoted_price(const Order& order, const PriceRecord& record) {
    std::int64_t cents = told_fee(record, fee_name(order.kind)) * years_of(order);
    if (has_trustee(order)) cents += told_fee(record, "trusteeservice");
    if (has_local_contact(order)) cents += told_fee(record, "localcontactservice");
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
    const auto times_years = [&](std::optional<std::int64_t> fee) -> std::optional<std::int64_t> {
        if (!fee) return std::nullopt;
        return *fee * years_of(order) + services_fee(order, rules.fee_trustee_cents.value_or(0),
                                                     rules.fee_local_contact_cents.value_or(0));
    };
    switch (order.kind) {
        case OrderKind::register_domain:
            return times_years(rules.fee_registration_cents);
        case OrderKind::transfer:
            return times_years(rules.fee_transfer_cents);
        case OrderKind::trade:
            return times_years(rules.fee_trade_cents);
        case OrderKind::nameservers:
            return 0;
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

void require_price(const PreflightParts& parts, const Secret& auth_code, Verdict& verdict) {
    const Order& order = parts.order;
    const PreflightSettings& settings = parts.settings;
    if (order.kind == OrderKind::nameservers) return;
    if (!settings.price) return require_listed_price(order, settings, verdict);
    const PriceRecord record = parts.view.price(order.domain, auth_code);
    const Money price = quoted_price(order, record);
    verdict.price = price;
    if (record.is_premium && !order.max_price) {
        not_possible("a premium name at " + to_text(price) +
                     "; only the row's own max_price admits it: max_price " + to_text(price));
    }
    require_within_limit(order, settings, price);
}

}  // namespace domspool
