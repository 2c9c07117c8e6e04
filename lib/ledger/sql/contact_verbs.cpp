#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "store/connection.h"

namespace domspool {

namespace {

// The order that is making the contact.
struct Reservation {
    std::optional<std::string> contact_id;
    std::optional<OrderId> order;
    bool is_given_up = false;  // the order has ended or is held: nobody is making it any more
};

std::optional<Reservation> reservation_of(store::Connection& connection,
                                          const std::string& fingerprint) {
    auto& row = connection.prepare(
        "SELECT c.contact_id, c.order_id, "
        "CASE WHEN o.ended_at IS NULL AND o.state <> 'held' THEN 0 ELSE 1 END "
        "FROM contacts c LEFT JOIN orders o ON o.order_id = c.order_id WHERE c.fingerprint = $1");
    row.bind(fingerprint);
    if (!row.next_row()) return std::nullopt;
    Reservation found{row.text_or_null(0), row.integer_or_null(1), row.integer(2) == 1};
    row.run();
    return found;
}

}  // namespace

std::variant<LedgerWrite::ContactReserved, LedgerWrite::ContactKnown, LedgerWrite::ContactElsewhere>
LedgerWrite::reserve_contact(const std::string& fingerprint, OrderId order) {
    const auto found = reservation_of(connection_, fingerprint);
    if (found && found->contact_id) return ContactKnown{*found->contact_id};
    if (found && found->order != order && !found->is_given_up) {
        return ContactElsewhere{found->order.value_or(0)};
    }
    connection_
        .prepare(
            "INSERT INTO contacts (fingerprint, order_id) VALUES ($1, $2) "
            "ON CONFLICT (fingerprint) DO UPDATE SET order_id = excluded.order_id")
        .bind(fingerprint)
        .bind(order)
        .run();
    return ContactReserved{};
}

// Also under the contact's id: what was made here is never taken for the trace of a lost sending.
void LedgerWrite::remember_contact(const std::string& fingerprint, const std::string& contact_id,
                                   UtcTime now) {
    connection_
        .prepare(
            "INSERT INTO contacts (fingerprint, contact_id, made_at) VALUES ($1, $2, $3) "
            "ON CONFLICT (fingerprint) DO UPDATE SET contact_id = excluded.contact_id, "
            "made_at = excluded.made_at")
        .bind(fingerprint)
        .bind(contact_id)
        .bind(to_iso(now))
        .run();
    connection_
        .prepare(
            "INSERT INTO made_contacts (contact_id, made_at) VALUES ($1, $2) "
            "ON CONFLICT (contact_id) DO UPDATE SET made_at = excluded.made_at")
        .bind(contact_id)
        .bind(to_iso(now))
        .run();
}

void LedgerWrite::adopt_contact(const std::string& fingerprint, const std::string& contact_id,
                                UtcTime now) {
    connection_
        .prepare(
            "INSERT INTO made_contacts (contact_id, made_at) VALUES ($1, $2) "
            "ON CONFLICT (contact_id) DO NOTHING")
        .bind(contact_id)
        .bind(to_iso(now))
        .run();
    if (connection_.rows_changed() != 1) {
        throw OwnedAlready("contact " + contact_id + " was made by another order");
    }
    remember_contact(fingerprint, contact_id, now);
}

void LedgerWrite::forget_contact(const std::string& fingerprint) {
    connection_.prepare("DELETE FROM contacts WHERE fingerprint = $1").bind(fingerprint).run();
}

bool LedgerQuestions::is_made_here(const std::string& contact_id, UtcTime since) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT COUNT(*) FROM made_contacts WHERE contact_id = $1 AND made_at >= $2");
    row.bind(contact_id).bind(to_iso(since));
    return row.next_row() && row.integer(0) > 0;
}

}  // namespace domspool
