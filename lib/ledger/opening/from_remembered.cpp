#include "ledger/opening/from_remembered.h"

#include "ledger/sql/row_readers.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace domspool {

namespace {

struct Row {
    std::string kind, item;
    FieldMap fields;
    std::string noted_at;
};

[[noreturn]] void refuse(const Row& row) {
    throw_unreadable("'" + row.kind + "' of '" + row.item + "' in `remembered`");
}

std::int64_t number_in(const Row& row, const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) refuse(row);
    return number;
}

std::string time_in(const Row& row, const std::string& name) {
    const auto time = from_iso(field_of(row.fields, name));
    if (!time) refuse(row);
    return to_iso(*time);
}

std::optional<std::string> time_if_any(const Row& row, const std::string& name) {
    if (field_of(row.fields, name).empty()) return std::nullopt;
    return time_in(row, name);
}

// One of these, or the row is not believed.
const std::string& word_in(const Row& row, const std::string& name,
                           std::initializer_list<std::string_view> known) {
    const std::string& word = field_of(row.fields, name);
    if (std::ranges::find(known, word) == known.end()) refuse(row);
    return word;
}

void move_perhaps_sent(store::Connection& connection, const Row& row) {
    const std::string& before = word_in(row, "before", {"accepted", "in_progress", "held"});
    const auto look = time_if_any(row, "look_utc");
    auto& made = connection.prepare(
        "INSERT INTO perhaps_sent (order_id, before, held_for, reason, kept_domain, look_at, "
        "look_boot, look_since_boot, look_date) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    made.bind(number_in(row, row.item)).bind(before);
    made.bind(before == "held" ? to_word(HeldFor::earlier) : "");
    made.bind(field_of(row.fields, "reason"));
    made.bind(number_in(row, field_of(row.fields, "kept_domain"))).bind(look);
    made.bind(look ? std::optional(field_of(row.fields, "look_boot")) : std::nullopt);
    made.bind(look ? std::optional(number_in(row, field_of(row.fields, "look_since_boot")))
                   : std::nullopt);
    made.bind(field_of(row.fields, "look_date")).run();
}

void move_word(store::Connection& connection, const Row& row) {
    connection
        .prepare(
            "INSERT INTO watched_words (order_id, position, word, said, said_at, look_due_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(number_in(row, row.item))
        .bind(number_in(row, field_of(row.fields, "position")))
        .bind(word_in(row, "word", {"done", "failed"}))
        .bind(field_of(row.fields, "said"))
        .bind(time_in(row, "at"))
        .bind(time_in(row, "look_due"))
        .run();
}

void move_known(store::Connection& connection, const std::string& sql, const Row& row) {
    connection.prepare(sql).bind(row.item).bind(write_fields(row.fields)).bind(row.noted_at).run();
}

void move_pass(store::Connection& connection, const Row& row) {
    connection.run("INSERT INTO one_pass (the_one) VALUES (1) ON CONFLICT DO NOTHING");
    if (row.item == "begun") {
        connection
            .prepare("UPDATE one_pass SET begun_at = $1, begun_boot = $2, begun_since_boot = $3")
            .bind(time_in(row, "utc"))
            .bind(field_of(row.fields, "boot_id"))
            .bind(number_in(row, field_of(row.fields, "since_boot")))
            .run();
        return;
    }
    if (row.item != "outage") refuse(row);
    connection.prepare("UPDATE one_pass SET outage_since = $1, outage_told_at = $2")
        .bind(time_in(row, "since"))
        .bind(time_if_any(row, "told"))
        .run();
}

void move_spool_file(store::Connection& connection, const Row& row) {
    const bool is_read = row.kind == "spool_file";
    auto& made = connection.prepare(
        "INSERT INTO spool_files (name, batch_id, is_refusal_told) VALUES ($1, $2, $3) "
        "ON CONFLICT (name) DO UPDATE SET "
        "batch_id = COALESCE(excluded.batch_id, spool_files.batch_id), "
        "is_refusal_told = spool_files.is_refusal_told + excluded.is_refusal_told");
    made.bind(row.item);
    made.bind(is_read ? std::optional(number_in(row, field_of(row.fields, "batch")))
                      : std::nullopt);
    made.bind(is_read ? 0 : 1).run();
}

template <typename First, typename Second>
void move_pair(store::Connection& connection, const std::string& sql, const First& first,
               const Second& second) {
    connection.prepare(sql).bind(first).bind(second).run();
}

void move_files_left_alone(store::Connection& connection, const Row& row) {
    for (const auto& [name, mark] : row.fields) {
        move_pair(connection, "INSERT INTO files_left_alone (name, mark) VALUES ($1, $2)", name,
                  mark);
    }
}

void move_row(store::Connection& connection, const Row& row) {
    const auto field = [&](const char* name) { return field_of(row.fields, name); };
    if (row.kind == "perhaps_sent") return move_perhaps_sent(connection, row);
    if (row.kind == "spoken_word") return move_word(connection, row);
    if (row.kind == "contact") {
        return move_known(
            connection,
            "INSERT INTO known_contacts (contact_id, fields, asked_at) VALUES ($1, $2, $3)", row);
    }
    if (row.kind == "extension") {
        return move_known(
            connection,
            "INSERT INTO known_extensions (extension, fields, asked_at) VALUES ($1, $2, $3)", row);
    }
    if (row.kind == "pass") return move_pass(connection, row);
    if (row.kind == "spool_file" || row.kind == "spool_refusal") {
        return move_spool_file(connection, row);
    }
    if (row.kind == "spool_left_alone") return move_files_left_alone(connection, row);
    if (row.kind == "empty_look") {
        return move_pair(connection, "UPDATE attempts SET look_date = $1 WHERE attempt_id = $2",
                         field("date"), number_in(row, row.item));
    }
    if (row.kind == "restarted") {
        connection.prepare("UPDATE operations SET restart_told = 1 WHERE operation_id = $1")
            .bind(number_in(row, row.item))
            .run();
        return;
    }
    if (row.kind == "made_contact") {
        return move_pair(connection,
                         "INSERT INTO made_contacts (contact_id, made_at) VALUES ($1, $2)",
                         row.item, row.noted_at);
    }
    if (row.kind == "seen_ds") {
        return move_pair(connection, "INSERT INTO seen_ds (domain, until) VALUES ($1, $2)",
                         row.item, time_in(row, "until"));
    }
    if (row.kind == "key") {
        connection.prepare("UPDATE stamp SET digest_key = $1").bind(field("key")).run();
        return;
    }
    if (row.kind == "ledger") {
        connection.prepare("UPDATE stamp SET home = $1").bind(field("database")).run();
        return;
    }
    if (row.kind == "success") {
        return move_pair(connection, "INSERT INTO good_ends (program, ended_at) VALUES ($1, $2)",
                         row.item, time_in(row, "at"));
    }
    if (row.kind == "wiped_file") {
        return move_pair(connection,
                         "INSERT INTO wiped_files (content_hash, batch_id) "
                         "VALUES ($1, $2)",
                         row.item, number_in(row, field("batch")));
    }
    if (row.kind == "archived") {
        return move_pair(connection, "UPDATE batches SET archive = $1 WHERE batch_id = $2",
                         field("file"), number_in(row, row.item));
    }
    if (row.kind == "result_place") {
        return move_pair(connection, "UPDATE batches SET promised_result = $1 WHERE batch_id = $2",
                         field("path"), number_in(row, row.item));
    }
    refuse(row);
}

}  // namespace

void move_remembered(store::Connection& connection) {
    std::vector<Row> rows;
    auto& row = connection.prepare(
        "SELECT kind, item, fields, noted_at FROM remembered ORDER BY kind, item");
    while (row.next_row()) {
        rows.push_back({row.text(0), row.text(1), fields_in(row, 2), row.text(3)});
    }
    for (const Row& each : rows) move_row(connection, each);
    connection.run("DROP TABLE remembered");
}

}  // namespace domspool
