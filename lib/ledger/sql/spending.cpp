#include "ledger/sql/spending.h"

#include "ledger/ledger_questions.h"
#include "store/connection.h"
#include "util/failure.h"

namespace domspool {

namespace {

std::string day_of(UtcTime time) {
    return to_iso(time).substr(0, 10);
}

std::string amount(std::int64_t cents) {
    const std::string text = to_text(Money{cents, ""});
    return text.substr(0, text.find(' '));
}

std::int64_t money_out(store::Connection& connection, UtcTime since) {
    auto& row = connection.prepare(
        "SELECT CAST(COALESCE(SUM(cents), 0) AS BIGINT) FROM spending WHERE day >= $1");
    row.bind(day_of(since));
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    const std::int64_t cents = row.integer(0);
    row.run();
    return cents;
}

}  // namespace

void reserve_money(store::Connection& connection, std::int64_t cents, UtcTime begun,
                   const std::optional<SpendCeiling>& ceiling) {
    DOMSPOOL_ASSERT(cents >= 0);
    if (cents == 0) return;
    // Added first and asked afterwards: two runs cannot both find the last euro free.
    connection
        .prepare(
            "INSERT INTO spending (day, cents) VALUES ($1, $2) "
            "ON CONFLICT (day) DO UPDATE SET cents = spending.cents + excluded.cents")
        .bind(day_of(begun))
        .bind(cents)
        .run();
    if (!ceiling) return;
    const std::int64_t out = money_out(connection, ceiling->since);
    if (out <= ceiling->cents) return;
    throw CeilingReached("limits.max_spend_per_day is " + amount(ceiling->cents) + ": " +
                         amount(out - cents) + " are out since " + to_minute(ceiling->since) +
                         ", and the next order costs " + amount(cents) +
                         "; raise the limit, or let it run again tomorrow");
}

void give_money_back(store::Connection& connection, std::int64_t cents, UtcTime begun) {
    if (cents == 0) return;
    connection.prepare("UPDATE spending SET cents = cents - $1 WHERE day = $2")
        .bind(cents)
        .bind(day_of(begun))
        .run();
    DOMSPOOL_ASSERT(connection.rows_changed() == 1);
}

std::int64_t LedgerQuestions::money_out_since(UtcTime since) const {
    const Asking asking(*this);
    return money_out(connection_, since);
}

}  // namespace domspool
