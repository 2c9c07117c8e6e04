#include "ledger/perhaps_sent.h"

namespace domspool {

namespace {

constexpr const char* kPerhapsSent = "perhaps_sent";

std::optional<Moment> first_look_in(const FieldMap& fields) {
    const auto utc = from_iso(field_of(fields, "look_utc"));
    if (!utc) return std::nullopt;
    return Moment{*utc, field_of(fields, "look_boot"),
                  std::chrono::milliseconds(std::stoll(field_of(fields, "look_since_boot")))};
}

// Nothing: forgotten.
std::optional<PerhapsSent> order_in(OrderId order, const FieldMap& fields) {
    const auto before = order_state_of(field_of(fields, "before"));
    const auto held_for = held_for_of(field_of(fields, "held_for"));
    if (!before || !held_for) return std::nullopt;
    return PerhapsSent{order,
                       *before,
                       *held_for,
                       field_of(fields, "reason"),
                       field_of(fields, "kept_domain") == "1",
                       first_look_in(fields),
                       field_of(fields, "look_date")};
}

}  // namespace

std::vector<PerhapsSent> orders_perhaps_sent(const Ledger& ledger) {
    std::vector<PerhapsSent> orders;
    for (const auto& [key, fields] : ledger.recall_all(kPerhapsSent)) {
        if (auto order = order_in(std::stoll(key), fields)) orders.push_back(std::move(*order));
    }
    return orders;
}

std::optional<PerhapsSent> perhaps_sent(const Ledger& ledger, OrderId order) {
    const auto fields = ledger.recall(kPerhapsSent, std::to_string(order), UtcTime{});
    return fields ? order_in(order, *fields) : std::nullopt;
}

void remember_perhaps_sent(LedgerWrite& w, const PerhapsSent& order, UtcTime now) {
    FieldMap fields{{"before", std::string(to_word(order.before))},
                    {"held_for", std::string(to_word(order.held_for))},
                    {"reason", order.reason},
                    {"kept_domain", order.kept_domain ? "1" : "0"}};
    if (order.first_look) {
        fields["look_utc"] = to_iso(order.first_look->utc);
        fields["look_boot"] = order.first_look->boot_id;
        fields["look_since_boot"] = std::to_string(order.first_look->since_boot.count());
        fields["look_date"] = order.first_date;
    }
    w.remember(kPerhapsSent, std::to_string(order.order), fields, now);
}

void forget_perhaps_sent(LedgerWrite& w, OrderId order, UtcTime now) {
    w.remember(kPerhapsSent, std::to_string(order), {}, now);
}

}  // namespace domspool
