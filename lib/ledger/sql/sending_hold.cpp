#include "ledger/sql/sending_hold.h"

#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "util/failure.h"

namespace domspool {

namespace {

const std::string kHolds = "SELECT hold_id, person, reason, held_at, told_at FROM sending_holds ";

SendingHold read_hold(const store::Statement& row) {
    SendingHold hold;
    hold.id = row.integer(0);
    hold.person = row.text(1);
    hold.reason = row.text(2);
    hold.since = time_in(row, 3);
    hold.is_told = time_or_null(row, 4).has_value();
    if (hold.person.empty() || hold.reason.empty()) {
        throw_unreadable("a hold of all sending by nobody, or without a reason");
    }
    return hold;
}

void note(store::Connection& connection, RunId run, const std::string& kind,
          const std::string& text, UtcTime now) {
    EventRecord event;
    event.at = now;
    event.run = run;
    event.kind = kind;
    event.text = text;
    note_event(connection, event);
}

std::optional<SendingHold> open_hold(store::Connection& connection) {
    auto& row = connection.prepare(kHolds + "WHERE is_open = 1");
    if (!row.next_row()) return std::nullopt;
    SendingHold hold = read_hold(row);
    row.run();
    return hold;
}

}  // namespace

std::optional<SendingHold> LedgerQuestions::sending_hold() const {
    const Asking asking(*this);
    return open_hold(connection_);
}

void require_sending_allowed(store::Connection& connection) {
    if (const auto hold = open_hold(connection)) throw SendingHeld(words_of(*hold));
}

std::string words_of(const SendingHold& hold) {
    return "all sending is held by " + hold.person + " since " + to_minute(hold.since) + ": " +
           hold.reason + "; `domain-orders release --all` lets it go on";
}

std::vector<std::string> faults_of_holds(store::Connection& connection) {
    std::vector<std::string> faults;
    auto& row =
        connection.prepare(kHolds +
                           "UNION ALL SELECT hold_id, released_by, reason, released_at, NULL "
                           "FROM sending_holds WHERE is_open = 0 ORDER BY 1");
    while (row.next_row()) {
        try {
            std::ignore = read_hold(row);
        } catch (const store::StoreError&) {
            faults.push_back("hold " + std::to_string(row.integer(0)) +
                             " of all sending does not tell by whom, when or why");
        }
    }
    return faults;
}

bool LedgerWrite::hold_sending(RunId run, const std::string& person, const std::string& reason,
                               UtcTime now) {
    DOMSPOOL_ASSERT(!person.empty() && !reason.empty());
    if (open_hold(connection_)) return false;
    connection_.prepare("INSERT INTO sending_holds (person, reason, held_at) VALUES ($1, $2, $3)")
        .bind(person)
        .bind(reason)
        .bind(to_iso(now))
        .run();
    note(connection_, run, "sending_held", "all sending was held by " + person + ": " + reason,
         now);
    return true;
}

bool LedgerWrite::release_sending(RunId run, const std::string& person, UtcTime now) {
    DOMSPOOL_ASSERT(!person.empty());
    connection_
        .prepare(
            "UPDATE sending_holds SET is_open = 0, released_by = $1, released_at = $2 "
            "WHERE is_open = 1")
        .bind(person)
        .bind(to_iso(now))
        .run();
    if (connection_.rows_changed() == 0) return false;
    note(connection_, run, "sending_released", "all sending was released by " + person, now);
    return true;
}

void LedgerWrite::note_hold_told(UtcTime now) {
    connection_.prepare("UPDATE sending_holds SET told_at = $1 WHERE is_open = 1")
        .bind(to_iso(now))
        .run();
}

}  // namespace domspool
