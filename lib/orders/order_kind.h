// The kinds of order: one entry each, which all else reads. Only the plan of a kind stands
// elsewhere, in jobs/order_kinds.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace domspool {

enum class OrderKind { register_domain, transfer, trade, nameservers };

// Name servers of an order. account: none given, those of the account. keep: none given, those the
// domain has today. needed: they are what is ordered.
enum class Servers { none, account, keep, needed };

// What of a domain shows that an order of the kind is done: that it is in the account, its owner,
// its name servers.
enum class ShownBy { arrival, owner, nameservers };

struct OrderKindEntry {
    OrderKind kind;
    std::string_view word;     // of the `order` field
    std::string_view program;  // that orders it
    // The fields it has beside those of all kinds (ORDER-FILES, "Fields").
    std::string_view fields;
    std::string_view main_call;  // at the registrar; in lower case its flag in queryOpeList
    std::string_view fee;        // in queryDomainPrice and domainTldInfo; "": it costs nothing
    bool has_years;              // which are needed, and times which it costs
    bool needs_owner;
    bool may_take_owner_from_registry;
    bool needs_epp_code;                // where the extension has one
    bool template_goes_with_main_call;  // as its argument; else it is applied afterwards
    Servers servers;
    // The DS the parent has today may meet its servers.
    bool meets_todays_ds;
    ShownBy shown_by;
    int usual_days;  // until its operation ends, where the extension does not say
};

// In the order people are told them.
std::span<const OrderKindEntry> order_kinds();
const OrderKindEntry& entry_of(OrderKind kind);

std::string_view to_word(OrderKind kind);
std::optional<OrderKind> order_kind_of(std::string_view word);

// Whether the domain comes into the account by it.
bool is_arrival(OrderKind kind);
// Whether what the registrar shows tells by itself that nothing is left to order. Servers can be
// changed there and back: that they were once ordered tells nothing.
bool is_told_by_what_is_shown(OrderKind kind);

}  // namespace domspool
