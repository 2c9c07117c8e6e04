#include "ledger/care/ledger_verifying.h"

#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "ledger/ledger_questions.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/runs/open_locks.h"
#include "ledger/runs/run_book.h"
#include "ledger/sql/sending_hold.h"
#include "util/failure.h"

#include <string_view>

namespace domspool {

namespace {

constexpr int kShown = 5;  // faults of the file, or orders of a fault

// Each asks for the numbers of orders for which the words hold.
struct Rule {
    std::string_view words;
    std::string_view sql;
};

constexpr Rule kRules[] = {
    {"were executed twice",
     "SELECT a.order_id FROM attempts a JOIN steps s ON s.order_id = a.order_id "
     "AND s.position = a.position WHERE s.phase = 'main' "
     "AND (a.outcome = 'done' OR a.settled_as = 'done') "
     "GROUP BY a.order_id, a.position HAVING COUNT(*) > 1"},
    {"are to be sent as if nothing had been, although their main step may have been executed",
     "SELECT DISTINCT o.order_id FROM orders o JOIN steps s ON s.order_id = o.order_id "
     "JOIN attempts a ON a.order_id = s.order_id AND a.position = s.position "
     "WHERE o.state = 'accepted' AND s.phase = 'main' "
     "AND (a.outcome IS NULL OR a.outcome IN ('done', 'in_doubt'))"},
    {"are done, but their main step is not",
     "SELECT o.order_id FROM orders o JOIN steps s ON s.order_id = o.order_id "
     "WHERE o.state IN ('done', 'done_open_ends') AND s.phase = 'main' "
     "AND s.state NOT IN ('done', 'skipped')"},
    {"have a main step that is an open end, but were not cancelled",
     "SELECT o.order_id FROM orders o JOIN steps s ON s.order_id = o.order_id "
     "WHERE s.phase = 'main' AND s.state = 'open_end' AND o.state <> 'cancelled'"},
    {"have ended, but an attempt of theirs is open",
     "SELECT DISTINCT o.order_id FROM orders o JOIN attempts a ON a.order_id = o.order_id "
     "WHERE o.ended_at IS NOT NULL AND a.outcome IS NULL"},
    {"have ended, but an operation of theirs is still followed",
     "SELECT DISTINCT o.order_id FROM orders o JOIN operations p ON p.order_id = o.order_id "
     "WHERE o.ended_at IS NOT NULL AND p.is_open = 1 AND p.is_foreign = 0"},
    {"wait, but no operation of theirs is followed and nothing is in doubt",
     "SELECT o.order_id FROM orders o WHERE o.state = 'waiting' "
     "AND NOT EXISTS (SELECT 1 FROM operations p WHERE p.order_id = o.order_id "
     "AND p.is_open = 1 AND p.is_foreign = 0) "
     "AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = o.order_id "
     "AND a.outcome = 'in_doubt' AND a.settled_as IS NULL)"},
    {"are in doubt, but no attempt of theirs is, and nothing is to be looked for",
     "SELECT o.order_id FROM orders o WHERE o.state = 'in_doubt' "
     "AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = o.order_id "
     "AND a.outcome = 'in_doubt' AND a.settled_as IS NULL) "
     "AND NOT EXISTS (SELECT 1 FROM perhaps_sent p WHERE p.order_id = o.order_id)"},
    {"have an attempt in doubt whose step says otherwise",
     "SELECT DISTINCT a.order_id FROM attempts a JOIN steps s ON s.order_id = a.order_id "
     "AND s.position = a.position WHERE a.outcome = 'in_doubt' AND a.settled_as IS NULL "
     "AND s.state <> 'in_doubt'"},
    {"have an operation that belongs to another order's attempt",
     "SELECT p.order_id FROM operations p JOIN attempts a ON a.attempt_id = p.attempt_id "
     "WHERE p.order_id <> a.order_id"},
    {"are claimed by a run that has ended",
     "SELECT o.order_id FROM orders o JOIN runs r ON r.run_id = o.claimed_by "
     "WHERE r.ended_at IS NOT NULL OR r.died = 1"},
    {"belong to a file that was not read whole",
     "SELECT o.order_id FROM orders o JOIN batches b ON b.batch_id = o.batch_id "
     "WHERE b.complete = 0"},
};

std::string fault_of(store::Connection& connection, const Rule& rule) {
    auto& row = connection.prepare(rule.sql);
    std::string numbers;
    int count = 0;
    while (row.next_row()) {
        if (++count <= kShown) numbers += " " + std::to_string(row.integer(0));
    }
    if (count == 0) return "";
    return std::to_string(count) + (count == 1 ? " order" : " orders") + " (" + numbers.substr(1) +
           (count > kShown ? " ..." : "") + ") " + std::string(rule.words);
}

bool is_older_copy(store::Connection& connection, const std::string& path) {
    const auto locks = open_locks(path, ByteLockFile::IfMissing::fail);
    return !knows_run(connection, locks->last_sending_run());
}

}  // namespace

std::vector<std::string> faults_of_file(store::Connection& connection) {
    std::vector<std::string> faults;
    if (connection.dialect() == store::Dialect::postgresql) return faults;  // pg_amcheck's affair.
    auto& check = connection.prepare("PRAGMA integrity_check");
    while (check.next_row()) {
        if (const std::string words = check.text(0); words != "ok") faults.push_back(words);
    }
    auto& foreign = connection.prepare("PRAGMA foreign_key_check");
    while (foreign.next_row()) {
        faults.push_back("a row of " + foreign.text(0) + " belongs to no row of " +
                         foreign.text(2));
    }
    if (faults.size() > kShown) faults.resize(kShown);
    return faults;
}

namespace {

std::vector<std::int64_t> numbers_in(store::Connection& connection, const std::string& sql) {
    auto& row = connection.prepare(sql);
    std::vector<std::int64_t> numbers;
    while (row.next_row()) numbers.push_back(row.integer(0));
    return numbers;
}

std::vector<std::string> words_in(store::Connection& connection, const std::string& sql) {
    auto& row = connection.prepare(sql);
    std::vector<std::string> words;
    while (row.next_row()) words.push_back(row.text(0));
    return words;
}

// What every program would stumble over: whatever is kept is read as they read it.
std::vector<std::string> faults_in_reading(store::Connection& connection) {
    const LedgerQuestions questions(connection);
    std::vector<std::string> faults;
    const auto read = [&](const auto& question) {
        if (faults.size() >= kShown) return;
        try {
            std::ignore = question();
        } catch (const store::StoreError& error) {
            if (error.trouble() != store::Trouble::corrupt) throw;
            faults.push_back(error.what());
        }
    };
    for (const OrderId id : numbers_in(connection, "SELECT order_id FROM orders ORDER BY 1")) {
        read([&] { return questions.order(id); });
        read([&] { return questions.dismissal(id); });
    }
    for (const BatchId id : numbers_in(connection, "SELECT batch_id FROM batches ORDER BY 1")) {
        read([&] { return questions.batch(id); });
    }
    read([&] { return questions.orders_perhaps_sent(); });
    read([&] { return questions.watched_words(); });
    read([&] { return questions.open_operations(); });
    read([&] { return questions.foreign_operations(); });
    read([&] { return questions.last_pass_begun(); });
    read([&] { return questions.outage(); });
    read([&] { return questions.good_ends(); });
    read([&] { return questions.refused_login(); });
    for (const std::string& each : words_in(connection, "SELECT line FROM told_lines")) {
        read([&] { return questions.told_at(each); });
    }
    for (const std::string& each : words_in(connection, "SELECT extension FROM known_extensions")) {
        read([&] { return questions.known_extension(each, UtcTime{}); });
    }
    for (const std::string& each : words_in(connection, "SELECT contact_id FROM known_contacts")) {
        read([&] { return questions.known_contact(each, UtcTime{}); });
    }
    for (const std::string& each : words_in(connection, "SELECT domain FROM seen_ds")) {
        read([&] { return questions.ds_remembered_until(DomainName::from_stored(each)); });
    }
    return faults;
}

}  // namespace

std::vector<std::string> faults_of_rows(store::Connection& connection) {
    std::vector<std::string> faults = faults_in_reading(connection);
    for (const Rule& rule : kRules) {
        std::string fault = fault_of(connection, rule);
        if (!fault.empty()) faults.push_back(std::move(fault));
    }
    for (std::string& fault : faults_of_holds(connection)) faults.push_back(std::move(fault));
    return faults;
}

namespace ledger_care {

std::vector<std::string> verify(const std::string& path, const LedgerStamp& stamp) {
    try {
        store::Connection connection(database_of(path), {store::Access::read_only, true});
        require_version(connection, path);
        require_stamp(connection, path, stamp);
        std::vector<std::string> faults = faults_of_file(connection);
        if (!faults.empty()) return faults;
        faults = faults_of_rows(connection);
        if (is_older_copy(connection, path)) {
            faults.push_back("a later run may have sent orders: run `domain-orders reconcile`");
        }
        return faults;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "verify", path);
    }
}

}  // namespace ledger_care

}  // namespace domspool
