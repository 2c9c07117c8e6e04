// An order: one wish for one domain, checked. Built from fields in one place, for input and for
// what is read back from the ledger alike.
#pragma once

#include "orders/contact.h"
#include "orders/domain_name.h"
#include "orders/field_map.h"
#include "orders/money.h"
#include "orders/order_kind.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace domspool {

using OrderId = std::int64_t;
using BatchId = std::int64_t;

// Who a role is. not_given: settings `defaults:` decide (owner: no such thing).
struct ContactChoice {
    enum class How { not_given, id, automatic, reseller, inline_data };
    How how = How::not_given;
    std::string id;
    ContactData data;
    friend bool operator==(const ContactChoice&, const ContactChoice&) = default;
};

struct DnssecWish {
    enum class How { not_given, keep, on, off, automatic, key };
    How how = How::not_given;
    int flags = 0, protocol = 0, algorithm = 0;  // with key
    std::string public_key;                      // base64, with key
    friend bool operator==(const DnssecWish&, const DnssecWish&) = default;
};

enum class NewAuthCode { not_given, yes, no, to_owner };

struct Order {
    OrderKind kind;
    DomainName domain;
    std::string reference{};
    int years = 0;  // register only
    ContactChoice owner{}, admin{}, tech{}, billing{};
    bool has_auth_code = false;  // The code itself is kept apart, as a Secret.
    std::vector<std::string> nameservers{};
    bool keep_nameservers = false;  // transfer: none or `keep`
    std::optional<int> zone_template{};
    DnssecWish dnssec{};
    std::optional<bool> lock{}, privacy{}, auto_renew{};
    std::string tag{}, note{};
    NewAuthCode new_auth_code = NewAuthCode::not_given;
    std::optional<Money> max_price{};
    FieldMap additional{};  // per-extension data of the owner, as given: KEY -> value
};

// A field's name, and what stands there in place of a code: it is in the ledger; it is gone.
inline constexpr std::string_view kAuthCode = "auth_code";
inline constexpr std::string_view kKeptCode = "(kept)";
inline constexpr std::string_view kWipedCode = "(wiped)";

struct ReadOrder {
    std::optional<Order> order;      // absent when there are faults
    FieldMap normalised;             // what the ledger keeps; of an auth_code only "(kept)"
    std::vector<FieldFault> faults;  // all of them
};

// Fields (ORDER-FILES, "Fields"), already flat: "owner" or "owner.firstName", "nameservers" or
// "ns1".."ns5", "additional.KEY". Named contacts and defaults are resolved before. An auth_code is
// only checked here (1 to 64 printable characters): in `normalised` stands "(kept)" in its place,
// also for "(wiped)" of a result file, and in a fault nothing. What is normalised reads as itself.
ReadOrder read_order(OrderKind kind, const FieldMap& given);

// Whether two normalised orders ask for the same (reference and labels like tag count too).
bool says_the_same(const FieldMap& a, const FieldMap& b);

}  // namespace domspool
