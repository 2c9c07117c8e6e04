#include "ledger/ledger_case.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/schema.h"
#include "ledger/sql_diary.h"
#include "store/migration.h"
#include "support/postgresql_server.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace domspool;
using namespace domspool::test;

namespace {

// Every verb once, every question once: all of the ledger's SQL is run.
void orders_and_attempts(LedgerCase& with) {
    IntakeRow transfer = row(3, "b.example", "K-1");
    transfer.kind = OrderKind::transfer;
    transfer.auth_code = Secret("(kept)");
    with.failed_order("failed.example");
    with.take(
        {row(2, "failed.example"), transfer, row(4, "twice.example"), row(5, "twice.example")});
    with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), {}, 1, utc(5)); });
    with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), BatchId{1}, 1, utc(5)); });
    const ClaimedOrder order = with.planned("a.example", three_steps());
    with.take({row(2, "a.example", "", {{"years", "4"}}), row(3, "open.example")});
    IntakeRow named = row(2, "open.example");
    named.named.order = 1;
    with.take({named, row(3, "a.example")});
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { return w.claim_order(with.run(), 99); }),
                    std::out_of_range);
    with.write([&](LedgerWrite& w) {
        w.set_price(order.claim, {900, "EUR"});
        w.postpone(order.claim, "not now", utc(5));
        w.begin_attempt(order.claim, {1, {}, 900, at(5)}, SpendCeiling{1000, utc(0)});
    });
    with.finish(order, 1, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) {
        w.note_empty_look(order.claim, 1, at(6), "");
        w.settle_doubt(order.claim, 1, end_as(AttemptOutcome::refused), "seen", planned_again(1));
    });
    const AttemptId attempt = with.begin(order, 2);
    with.finish(order, attempt, AttemptOutcome::pending, waiting_move(2), 4711);
}

void operations_and_memory(LedgerCase& with) {
    const ClaimedOrder order = with.planned("c.example");
    with.finish(order, with.begin(order, 1, 100), AttemptOutcome::pending, waiting_move(), 4712);
    ForeignOperation foreign;
    foreign.id = 90;
    with.write([&](LedgerWrite& w) {
        w.note_asked(4711, "Pending", true, utc(9));
        w.note_listed({4711}, utc(9));
        w.note_age_warned(4711);
        w.note_foreign(foreign);
        w.forget_foreign_except({});
        w.hold_sending(with.run(), "ada", "a wrong file", utc(9));
        w.note_hold_told(utc(9));
        w.release_sending(with.run(), "ada", utc(9));
        w.end_operation(order.claim, 4712, "Failed", "", failed_move(), utc(9));
        w.reserve_contact("ada", order.order.id);
        w.remember_contact("ada", "AB1", utc(9));
        w.forget_contact("ada");
        w.wipe_auth_codes(utc(0));
        const ReportId taken = w.begin_report("<1@example.net>", utc(9));
        w.keep_report_mail(taken, "text");
        w.withdraw_report(taken);
        w.end_report(w.begin_report("<2@example.net>", utc(9)), utc(9));
        w.note_result_written(order.order.batch, utc(9));
        w.release(order.claim);
    });
    const BatchId batch = with.begin_batch("half");
    with.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
    with.begin_batch("quarter");
    with.begin(with.planned("d.example"));
    with.end_run();
    with.ledger().recover_dead_runs(at(50));
    with.reopen();
}

void questions(LedgerCase& with) {
    const Ledger& ledger = with.ledger();
    OrderFilter filter;
    filter.state = OrderState::accepted;
    filter.kind = OrderKind::register_domain;
    filter.batch = 1;
    filter.domain = "a.example";
    filter.reference = "K-1";
    filter.operation = 4711;
    filter.accepted_before = filter.accepted_after = utc(0);
    filter.limit = 5;
    ledger.orders(filter);
    ledger.orders({});
    ledger.events(1);
    ledger.auth_code(1);
    ledger.attempts(1);
    ledger.batch(1);
    ledger.batch_of_content("hash-1");
    ledger.rows_of_batch(1, [](BatchRow&&) {});
    ledger.batches_with_result_due();
    ledger.count_by_state({});
    ledger.count_by_state(1);
    ledger.known_extension("example", utc(0));
    ledger.known_contact("AE1", utc(0));
    ledger.is_made_here("AE1");
    ledger.is_restart_told(4711);
    ledger.perhaps_sent(1);
    ledger.ds_remembered_until(DomainName::from_stored("a.example"));
    ledger.spool_file("1-1-a.csv");
    ledger.open_operations();
    ledger.open_doubts();
    ledger.orders_with_due_follow_ups(utc(0));
    ledger.owner_of(4711);
    ledger.attempts_under_way();
    ledger.foreign_operations();
    ledger.is_domain_blocked_by_foreign(DomainName::from_stored("a.example"));
    ledger.money_out_since(utc(0));
    ledger.sending_hold();
    ledger.orders_cancelled_by_others();
    for (const std::optional<ReportId>& report :
         {std::optional<ReportId>(), std::optional<ReportId>(1)}) {
        ledger.events_for_report(report);
        ledger.orders_for_report(report, [](OrderRecord&&) {});
    }
    ledger.open_report();
    ledger.last_report_at();
    ledger.ends_by_day(utc(0));
}

// What the store says to SQLite itself is no text for two databases.
bool is_sqlites_own(const std::string& text) {
    for (const char* word :
         {"PRAGMA", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "CREATE", "ALTER",
          "DROP", "--", "SELECT COUNT(*) FROM sqlite_master"}) {
        if (text.rfind(word, 0) == 0) return true;
    }
    return false;
}

// $2 never before $1: SQLite numbers them by appearance, PostgreSQL by number.
bool numbers_in_order(const std::string& text) {
    int highest = 0;
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
        const int number = std::stoi(text.substr(at + 1));
        if (number > highest + 1) return false;
        highest = std::max(highest, number);
    }
    return true;
}

// Tables with a row per account or day, and indexes that hold only what is not over.
bool is_small(const std::string& line) {
    for (const char* name :
         {"stamp", "spending", "schema_versions", "SCAN t", "CONSTANT ROW", "runs_not_ended",
          "attempts_in_doubt", "a_step_is_sent_once", "orders_in_progress", "operations_open",
          "operations_foreign", "sending_holds", "one_hold_is_open", "main_steps_open_end",
          "orders_with_code", "batches_with_result_due", "reports", "events_not_reported",
          "notes_not_reported"}) {
        if (line.find(name) != std::string::npos) return true;
    }
    return false;
}

int parameters_of(const std::string& text) {
    int highest = 0;
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
        highest = std::max(highest, std::stoi(text.substr(at + 1)));
    }
    return highest;
}

std::vector<std::string> all_texts() {
    const SqlDiary diary;
    LedgerCase with;
    orders_and_attempts(with);
    operations_and_memory(with);
    questions(with);
    // What made the tables may speak of columns that are gone.
    std::set<std::string> making;
    for (const schema::Version& version : schema::versions(store::Dialect::sqlite)) {
        making.insert(version.statements.begin(), version.statements.end());
    }
    std::vector<std::string> texts;
    for (const auto& [text, times] : diary.texts()) {
        if (!is_sqlites_own(text) && !making.contains(text)) texts.push_back(text);
    }
    return texts;
}

}  // namespace

TEST_CASE("the ledger's SQL is one text that PostgreSQL takes as well") {
    const std::vector<std::string> texts = all_texts();
    CHECK(texts.size() > 90);
    for (const std::string& text : texts) CHECK_MESSAGE(numbers_in_order(text), text);

    Scratch scratch;
    PostgresqlServer server(scratch / "postgresql");
    std::vector<std::string> script;
    for (const schema::Version& version : schema::versions(store::Dialect::postgresql)) {
        script.insert(script.end(), version.statements.begin(), version.statements.end());
    }
    script.push_back("CREATE TABLE schema_versions (version BIGINT PRIMARY KEY, what TEXT)");
    CHECK(server.complaints_about(script) == "");
    script.clear();
    int number = 0;
    for (const std::string& text : texts) {
        script.push_back("PREPARE s" + std::to_string(++number) + " AS " + text);
    }
    CHECK(server.complaints_about(script) == "");
}

TEST_CASE("PostgreSQL would tell of a text it does not take") {
    Scratch scratch;
    PostgresqlServer server(scratch / "postgresql");
    const std::string said = server.complaints_about(
        {"PREPARE s1 AS INSERT OR REPLACE INTO runs (program) VALUES ($1)"});
    CHECK(said.find("ERROR") != std::string::npos);
}

TEST_CASE("no question of a run reads a whole table") {
    const std::vector<std::string> texts = all_texts();
    Scratch scratch;
    Ledger::init(scratch / "ledger.db", kStamp, utc(0));
    store::Connection connection(scratch / "ledger.db", {store::Access::read_only, true});
    std::set<std::string> migrating;
    for (const schema::Version& version : schema::versions(store::Dialect::sqlite)) {
        migrating.insert(version.statements.begin(), version.statements.end());
    }
    int looked_at = 0;
    for (const std::string& text : texts) {
        // Lists of all orders and counts of all states do.
        const bool is_about_all = text.find(" FROM orders o ORDER BY") != std::string::npos ||
                                  text.find("GROUP BY") != std::string::npos;
        // Of a migration, once.
        const bool is_gone = text.find(" FROM remembered ") != std::string::npos;
        if (is_about_all || is_gone || migrating.contains(text)) continue;
        if (text.rfind("INSERT", 0) == 0) continue;
        auto& plan = connection.prepare("EXPLAIN QUERY PLAN " + text);
        for (int i = 0; i < parameters_of(text); ++i) plan.bind("1");
        while (plan.next_row()) {
            const std::string line = plan.text(3);
            if (line.find("SCAN") == 0 && !is_small(line)) FAIL_CHECK(line << ": " << text);
            ++looked_at;
        }
    }
    CHECK(looked_at > 60);
}

TEST_CASE("a ledger of version 2 keeps its rows, and its orders their references, in version 3") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    auto versions = schema::versions(store::Dialect::sqlite);
    std::vector<store::Migration> list;
    for (const schema::Version& version : versions) {
        list.push_back({version.version, version.what, version.statements});
    }
    REQUIRE(list.size() >= 3);
    store::Connection connection(path, {store::Access::create, true});
    REQUIRE(store::migrate(connection, {list[0], list[1]}) == 0);
    const std::string order =
        "INSERT INTO orders (batch_id, line, kind, domain, reference, fields, state, accepted_at, "
        "changed_at, ended_at) VALUES (1, ";
    for (const std::string& text :
         {std::string("INSERT INTO runs (program, sends, begun_at, boot_id, since_boot) "
                      "VALUES ('p', 0, 't', 'b', 0)"),
          std::string("INSERT INTO batches (name, content_hash, run_id, taken_at) "
                      "VALUES ('f', 'h', 1, 't')"),
          order + "2, 'trade', 'a.example', '0071', '', 'done', 't', 't', 't')",
          order + "3, 'trade', 'b.example', '0072', '', 'failed', 't', 't', 't')",
          std::string("INSERT INTO batch_rows (batch_id, line, kind, domain, reference, given, "
                      "normalised, verdict, earlier_order) VALUES (1, 4, 'trade', 'a.example', "
                      "'0071', '', '', 'skipped', 1)")}) {
        connection.run(text);
    }
    REQUIRE(store::migrate(connection, {list[0], list[1], list[2]}) == 2);
    CHECK(number_from(connection,
                      "SELECT COUNT(*) FROM batch_rows WHERE earlier_order = 1 "
                      "AND named_order IS NULL AND named_ledger = '' "
                      "AND same_by IS NULL") == 1);
    CHECK(number_from(connection, "SELECT COUNT(*) FROM orders WHERE resembles IS NULL") == 2);
    CHECK(number_from(connection, "SELECT COUNT(*) FROM batches WHERE states_count = 0") == 1);
    const auto take = [&](const std::string& rest) {
        return trouble_in([&] { connection.run(order + rest); });
    };
    CHECK(take("5, 'trade', 'c.example', '0071', '', 'accepted', 't', 't', NULL)") ==
          store::Trouble::unique_broken);
    CHECK_FALSE(take("6, 'trade', 'c.example', '0072', '', 'accepted', 't', 't', NULL)"));
    // One that was found to be an earlier order gives the reference back.
    connection.run(
        "UPDATE orders SET resembles = 1, state = 'skipped', ended_at = 't' WHERE line = 6");
    CHECK_FALSE(take("7, 'trade', 'c.example', '0072', '', 'accepted', 't', 't', NULL)"));
}
