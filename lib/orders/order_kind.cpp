#include "orders/order_kind.h"

#include "util/failure.h"

#include <algorithm>
#include <array>

namespace domspool {

namespace {

// Usual days from the registrar's own words: a registration of a real-time extension ends within
// minutes, a transfer or a change of owner may take days.
constexpr std::array kEntries = {
    OrderKindEntry{
        .kind = OrderKind::register_domain,
        .word = "register",
        .program = "domain-register",
        .fields = "years owner admin tech billing nameservers zone_template dnssec max_price "
                  "additional",
        .main_call = "domainCreate",
        .fee = "registration",
        .has_years = true,
        .needs_owner = true,
        .may_take_owner_from_registry = false,
        .needs_epp_code = false,
        .template_goes_with_main_call = true,
        .servers = Servers::account,
        .meets_todays_ds = false,
        .shown_by = ShownBy::arrival,
        .usual_days = 3,
    },
    OrderKindEntry{
        .kind = OrderKind::transfer,
        .word = "transfer",
        .program = "domain-transfer",
        .fields = "owner admin tech billing auth_code nameservers zone_template dnssec "
                  "new_auth_code max_price additional",
        .main_call = "domainTransferIn",
        .fee = "transfer",
        .has_years = false,
        .needs_owner = true,
        .may_take_owner_from_registry = true,
        .needs_epp_code = true,
        .template_goes_with_main_call = false,
        .servers = Servers::keep,
        .meets_todays_ds = true,
        .shown_by = ShownBy::arrival,
        .usual_days = 10,
    },
    OrderKindEntry{
        .kind = OrderKind::trade,
        .word = "trade",
        .program = "domain-trade",
        .fields = "owner max_price additional",
        .main_call = "domainTransferOwner",
        .fee = "trade",
        .has_years = false,
        .needs_owner = true,
        .may_take_owner_from_registry = false,
        .needs_epp_code = false,
        .template_goes_with_main_call = false,
        .servers = Servers::none,
        .meets_todays_ds = false,
        .shown_by = ShownBy::owner,
        .usual_days = 10,
    },
    OrderKindEntry{
        .kind = OrderKind::nameservers,
        .word = "nameservers",
        .program = "domain-nameservers",
        .fields = "nameservers zone_template dnssec",
        .main_call = "domainChangeDNS",
        .fee = "",
        .has_years = false,
        .needs_owner = false,
        .may_take_owner_from_registry = false,
        .needs_epp_code = false,
        .template_goes_with_main_call = false,
        .servers = Servers::needed,
        .meets_todays_ds = true,
        .shown_by = ShownBy::nameservers,
        .usual_days = 2,
    },
};

}  // namespace

std::span<const OrderKindEntry> order_kinds() {
    return kEntries;
}

const OrderKindEntry& entry_of(OrderKind kind) {
    const auto found = std::ranges::find(kEntries, kind, &OrderKindEntry::kind);
    if (found == kEntries.end()) our_bug("an order kind without an entry", __FILE__, __LINE__);
    return *found;
}

std::string_view to_word(OrderKind kind) {
    return entry_of(kind).word;
}

std::optional<OrderKind> order_kind_of(std::string_view word) {
    const auto found = std::ranges::find(kEntries, word, &OrderKindEntry::word);
    if (found == kEntries.end()) return std::nullopt;
    return found->kind;
}

bool is_arrival(OrderKind kind) {
    return entry_of(kind).shown_by == ShownBy::arrival;
}

bool is_told_by_what_is_shown(OrderKind kind) {
    return entry_of(kind).shown_by == ShownBy::nameservers;
}

}  // namespace domspool
