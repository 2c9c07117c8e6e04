// What is watched beside the attempts: orders perhaps sent after the ledger was copied, and what
// persons said of orders in doubt.
#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/row_readers.h"
#include "util/failure.h"

namespace domspool {

namespace {

const std::string kPerhapsSent =
    "SELECT order_id, before, held_for, reason, kept_domain, look_at, look_boot, look_since_boot, "
    "look_date FROM perhaps_sent";

// Of the table, and of which order.
std::string row_name(const store::Statement& row, const std::string& table) {
    return table + " of order " + std::to_string(row.integer(0));
}

PerhapsSent read_perhaps_sent(const store::Statement& row) {
    PerhapsSent sent;
    sent.order = row.integer(0);
    sent.before = state_in(row, 1);
    sent.held_for = held_for_in(row, 2);
    sent.reason = row.text(3);
    sent.kept_domain = row.integer(4) == 1;
    sent.first_look = moment_or_null(row, 5);
    sent.first_date = row.text(8);
    return sent;
}

PerhapsSent perhaps_sent_in(const store::Statement& row) {
    return in_row(row_name(row, "perhaps_sent"), [&] { return read_perhaps_sent(row); });
}

std::string_view to_word(Word word) {
    return word == Word::done ? "done" : "failed";
}

Word word_in(const store::Statement& row, int column) {
    for (const Word word : {Word::done, Word::failed}) {
        if (to_word(word) == row.text(column)) return word;
    }
    throw_unreadable("a person's word");
}

}  // namespace

std::vector<PerhapsSent> LedgerQuestions::orders_perhaps_sent() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(kPerhapsSent + " ORDER BY order_id");
    std::vector<PerhapsSent> orders;
    while (row.next_row()) orders.push_back(perhaps_sent_in(row));
    return orders;
}

std::optional<PerhapsSent> LedgerQuestions::perhaps_sent(OrderId order) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(kPerhapsSent + " WHERE order_id = $1");
    row.bind(order);
    if (!row.next_row()) return std::nullopt;
    return perhaps_sent_in(row);
}

void LedgerWrite::note_perhaps_sent(const PerhapsSent& sent) {
    const auto& look = sent.first_look;
    forget_perhaps_sent(sent.order);
    auto& made = connection_.prepare(
        "INSERT INTO perhaps_sent (order_id, before, held_for, reason, kept_domain, look_at, "
        "look_boot, look_since_boot, look_date) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    made.bind(sent.order).bind(domspool::to_word(sent.before));
    made.bind(domspool::to_word(sent.held_for)).bind(sent.reason).bind(sent.kept_domain ? 1 : 0);
    made.bind(look ? std::optional(to_iso(look->utc)) : std::nullopt);
    made.bind(look ? std::optional(look->boot_id) : std::nullopt);
    made.bind(look ? std::optional(look->since_boot.count()) : std::nullopt);
    made.bind(sent.first_date).run();
}

void LedgerWrite::forget_perhaps_sent(OrderId order) {
    connection_.prepare("DELETE FROM perhaps_sent WHERE order_id = $1").bind(order).run();
}

std::vector<WatchedWord> LedgerQuestions::watched_words() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT order_id, position, word, said, said_at, look_due_at FROM watched_words "
        "ORDER BY order_id");
    std::vector<WatchedWord> words;
    while (row.next_row()) {
        words.push_back(in_row(row_name(row, "watched_words"), [&] {
            return WatchedWord{row.integer(0),  static_cast<int>(row.integer(1)),
                               word_in(row, 2), row.text(3),
                               time_in(row, 4), time_in(row, 5)};
        }));
    }
    return words;
}

void LedgerWrite::watch_word(const WatchedWord& word) {
    forget_word(word.order);
    connection_
        .prepare(
            "INSERT INTO watched_words (order_id, position, word, said, said_at, look_due_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(word.order)
        .bind(word.position)
        .bind(to_word(word.word))
        .bind(word.said)
        .bind(to_iso(word.at))
        .bind(to_iso(word.look_due))
        .run();
}

void LedgerWrite::forget_word(OrderId order) {
    connection_.prepare("DELETE FROM watched_words WHERE order_id = $1").bind(order).run();
}

}  // namespace domspool
