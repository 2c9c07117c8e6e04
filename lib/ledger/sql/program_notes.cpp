// What one run of a program leaves for the next one: when a pass began, a registrar out of reach,
// runs that ended well, files of the spool, promised results.
#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/row_readers.h"

namespace domspool {

namespace {

void update_pass(store::Connection& connection, const std::string& values,
                 const std::vector<std::optional<std::string>>& texts) {
    connection.run("INSERT INTO one_pass (the_one) VALUES (1) ON CONFLICT DO NOTHING");
    auto& update = connection.prepare("UPDATE one_pass SET " + values);
    for (const auto& text : texts) update.bind(text);
    update.run();
}

}  // namespace

std::optional<Moment> LedgerQuestions::last_pass_begun() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT begun_at, begun_boot, begun_since_boot FROM one_pass");
    if (!row.next_row()) return std::nullopt;
    return in_row("one_pass", [&] { return moment_or_null(row, 0); });
}

void LedgerWrite::note_pass_begun(const Moment& now) {
    update_pass(connection_,
                "begun_at = $1, begun_boot = $2, begun_since_boot = CAST($3 AS BIGINT)",
                {to_iso(now.utc), now.boot_id, std::to_string(now.since_boot.count())});
}

std::optional<OutageNote> LedgerQuestions::outage() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT outage_since, outage_told_at FROM one_pass");
    if (!row.next_row()) return std::nullopt;
    return in_row("one_pass", [&]() -> std::optional<OutageNote> {
        const auto since = time_or_null(row, 0);
        if (!since) return std::nullopt;
        return OutageNote{*since, time_or_null(row, 1)};
    });
}

void LedgerWrite::note_outage(const OutageNote& outage) {
    update_pass(connection_, "outage_since = $1, outage_told_at = $2",
                {to_iso(outage.since), iso_or_null(outage.told_at)});
}

void LedgerWrite::forget_outage() {
    connection_.run("UPDATE one_pass SET outage_since = NULL, outage_told_at = NULL");
}

std::map<std::string, UtcTime> LedgerQuestions::good_ends() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT program, ended_at FROM good_ends");
    std::map<std::string, UtcTime> ends;
    while (row.next_row()) {
        ends.emplace(row.text(0),
                     in_row("good_ends of " + row.text(0), [&] { return time_in(row, 1); }));
    }
    return ends;
}

void LedgerWrite::note_good_end(const std::string& program, UtcTime now) {
    connection_
        .prepare(
            "INSERT INTO good_ends (program, ended_at) VALUES ($1, $2) "
            "ON CONFLICT (program) DO UPDATE SET ended_at = excluded.ended_at")
        .bind(program)
        .bind(to_iso(now))
        .run();
}

std::optional<RefusedLogin> LedgerQuestions::refused_login() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT refused_at, tries, settings_mark, told_at, words FROM refused_login");
    if (!row.next_row()) return std::nullopt;
    return in_row("refused_login", [&] {
        return RefusedLogin{time_in(row, 0), static_cast<int>(row.integer(1)), row.text(2),
                            time_in(row, 3), row.text(4)};
    });
}

void LedgerWrite::note_refused_login(const RefusedLogin& refused) {
    auto& made = connection_.prepare(
        "INSERT INTO refused_login (the_one, refused_at, tries, settings_mark, told_at, words) "
        "VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT (the_one) DO UPDATE SET "
        "refused_at = excluded.refused_at, tries = excluded.tries, "
        "settings_mark = excluded.settings_mark, told_at = excluded.told_at, "
        "words = excluded.words");
    made.bind(to_iso(refused.at)).bind(refused.tries).bind(refused.settings_mark);
    made.bind(to_iso(refused.told_at)).bind(refused.words).run();
}

void LedgerWrite::forget_refused_login() {
    connection_.run("DELETE FROM refused_login");
}

std::optional<UtcTime> LedgerQuestions::told_at(const std::string& line) const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT told_at FROM told_lines WHERE line = $1");
    row.bind(line);
    if (!row.next_row()) return std::nullopt;
    return in_row("told_lines", [&] { return time_in(row, 0); });
}

void LedgerWrite::note_told(const std::string& line, UtcTime now, UtcTime forget_before) {
    connection_.prepare("DELETE FROM told_lines WHERE told_at < $1")
        .bind(to_iso(forget_before))
        .run();
    connection_
        .prepare(
            "INSERT INTO told_lines (line, told_at) VALUES ($1, $2) "
            "ON CONFLICT (line) DO UPDATE SET told_at = excluded.told_at")
        .bind(line)
        .bind(to_iso(now))
        .run();
}

bool LedgerWrite::count_availability_check(const std::string& day, int most) {
    connection_.prepare("DELETE FROM availability_checks WHERE day < $1").bind(day).run();
    auto& row = connection_.prepare(
        "INSERT INTO availability_checks (day, asked) VALUES ($1, 1) "
        "ON CONFLICT (day) DO UPDATE SET asked = availability_checks.asked + 1 "
        "WHERE availability_checks.asked < CAST($2 AS BIGINT) RETURNING asked");
    row.bind(day).bind(most);
    const bool is_counted = row.next_row();
    connection_.let_go();
    return is_counted;
}

std::optional<SpoolFileNote> LedgerQuestions::spool_file(const std::string& active_name) const {
    const Asking asking(*this);
    auto& row =
        connection_.prepare("SELECT batch_id, is_refusal_told FROM spool_files WHERE name = $1");
    row.bind(active_name);
    if (!row.next_row()) return std::nullopt;
    return SpoolFileNote{row.integer_or_null(0), row.integer(1) == 1};
}

void LedgerWrite::note_spool_file(const std::string& active_name, const SpoolFileNote& file) {
    auto& made = connection_.prepare(
        "INSERT INTO spool_files (name, batch_id, is_refusal_told) VALUES ($1, $2, $3) "
        "ON CONFLICT (name) DO UPDATE SET batch_id = excluded.batch_id, "
        "is_refusal_told = excluded.is_refusal_told");
    made.bind(active_name).bind(file.batch).bind(file.is_refusal_told ? 1 : 0).run();
}

std::set<std::string> LedgerQuestions::wiped_files() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT content_hash FROM wiped_files");
    std::set<std::string> hashes;
    while (row.next_row()) hashes.insert(row.text(0));
    return hashes;
}

void LedgerWrite::note_wiped_file(const std::string& content_hash, BatchId batch) {
    connection_
        .prepare(
            "INSERT INTO wiped_files (content_hash, batch_id) VALUES ($1, $2) "
            "ON CONFLICT (content_hash) DO UPDATE SET batch_id = excluded.batch_id")
        .bind(content_hash)
        .bind(batch)
        .run();
}

std::map<std::string, std::string> LedgerQuestions::files_left_alone() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT name, mark FROM files_left_alone");
    std::map<std::string, std::string> marks;
    while (row.next_row()) marks.emplace(row.text(0), row.text(1));
    return marks;
}

void LedgerWrite::note_files_left_alone(const std::map<std::string, std::string>& marks) {
    connection_.run("DELETE FROM files_left_alone");
    for (const auto& [name, mark] : marks) {
        connection_.prepare("INSERT INTO files_left_alone (name, mark) VALUES ($1, $2)")
            .bind(name)
            .bind(mark)
            .run();
    }
}

void LedgerWrite::promise_result(BatchId batch, const std::string& path) {
    connection_.prepare("UPDATE batches SET promised_result = $1 WHERE batch_id = $2")
        .bind(path)
        .bind(batch)
        .run();
}

}  // namespace domspool
