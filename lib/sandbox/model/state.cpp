#include "sandbox/model/state.h"

#include "util/failure.h"

namespace domspool::sandbox {

namespace {

using Text = std::string_view;  // A std::string alone could be meant as an optional one, too.

constexpr std::int64_t kFirstOperation = 5000001;
constexpr std::int64_t kFirstContact = 501;

// 1: the first.
constexpr std::int64_t kSchemaVersion = 1;

const char* const kTables[] = {
    "CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, schema_version INTEGER NOT NULL, "
    "balance_cents INTEGER NOT NULL, clock_ahead INTEGER NOT NULL, check_day INTEGER NOT NULL, "
    "checks INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, "
    "active_at INTEGER NOT NULL, language TEXT NOT NULL, is_synchronous INTEGER NOT NULL, "
    "sync_delay INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS contacts (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
    "is_owner INTEGER NOT NULL, fields TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS domains (name TEXT PRIMARY KEY, in_account INTEGER NOT NULL, "
    "fields TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS operations (id INTEGER PRIMARY KEY, code TEXT NOT NULL, "
    "target TEXT NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL, "
    "submitted_at INTEGER NOT NULL, due_at INTEGER, failure TEXT NOT NULL, effect TEXT NOT NULL, "
    "fee_cents INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS operations_due ON operations (due_at) WHERE status = 'Pending'",
    "CREATE INDEX IF NOT EXISTS operations_open ON operations (target) WHERE status = 'Pending'",
    "CREATE TABLE IF NOT EXISTS calls (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, "
    "function TEXT NOT NULL, target TEXT NOT NULL, parameters TEXT NOT NULL, "
    "outcome TEXT NOT NULL, sending TEXT NOT NULL)",
};

constexpr const char* kOperationColumns =
    "id, code, target, status, message, submitted_at, due_at, failure, effect, fee_cents";

std::string select_operations(const char* condition) {
    return std::string("SELECT ") + kOperationColumns + " FROM operations " + condition;
}

Session read_session(const store::Statement& row) {
    return {.id = row.text(0),
            .opened_at = row.integer(1),
            .active_at = row.integer(2),
            .language = row.text(3),
            .is_synchronous = row.integer(4) != 0,
            .sync_delay = row.integer(5)};
}

Contact read_contact(const store::Statement& row) {
    return {
        .id = row.text(0), .is_owner = row.integer(1) != 0, .fields = decode_fields(row.text(2))};
}

Domain read_domain(const store::Statement& row) {
    return {.name = row.text(0),
            .in_account = row.integer(1) != 0,
            .fields = decode_fields(row.text(2))};
}

// "*.COM" as GLOB text; brackets and question marks stand for themselves.
std::string glob_of(const std::string& filter) {
    std::string glob;
    for (const char c : filter) {
        if (c >= 'A' && c <= 'Z') {
            glob += static_cast<char>(c - 'A' + 'a');
        } else if (c == '[' || c == '?') {
            glob += std::string("[") + c + "]";
        } else {
            glob += c;
        }
    }
    return glob.empty() ? "*" : glob;
}

}  // namespace

// A second sandbox on the same file would not see what this one keeps in memory.
ByteLockFile State::locked_beside(const std::string& path) {
    ByteLockFile lock(path + ".lock", ByteLockFile::IfMissing::create);
    if (!lock.try_lock(0)) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "cannot use the state file '" + path +
                             "': another registrar-sandbox has it; end that one first");
    }
    return lock;
}

State::State(const std::string& path, std::int64_t opening_balance_cents)
    : lock_(locked_beside(path)),
      connection_(path, {.access = store::Access::create, .synced = false}) {
    make_tables();
    open_account(opening_balance_cents);
    reload();
}

void State::make_tables() {
    for (const char* const table : kTables) connection_.run(table);
}

void State::open_account(std::int64_t opening_balance_cents) {
    connection_
        .prepare(
            "INSERT INTO account (id, schema_version, balance_cents, clock_ahead, check_day, "
            "checks) VALUES (1, $1, $2, 0, 0, 0) ON CONFLICT (id) DO NOTHING")
        .bind(kSchemaVersion)
        .bind(opening_balance_cents)
        .run();
}

void State::reload() {
    auto& account = connection_.prepare(
        "SELECT schema_version, balance_cents, clock_ahead FROM account WHERE id = 1");
    std::int64_t version = 0;
    while (account.next_row()) {
        version = account.integer(0);
        balance_cents_ = account.integer(1);
        clock_ahead_ = account.integer(2);
    }
    if (version != kSchemaVersion) {
        throw store::StoreError(store::Trouble::other,
                                "the sandbox's state is of another version; take a new file");
    }
    auto& numbers = connection_.prepare(
        "SELECT (SELECT MAX(id) FROM operations), (SELECT MAX(number) FROM contacts)");
    while (numbers.next_row()) {
        next_operation_ = numbers.integer_or_null(0).value_or(kFirstOperation - 1) + 1;
        next_contact_ = numbers.integer_or_null(1).value_or(kFirstContact - 1) + 1;
    }
}

void State::add_session(const Session& session) {
    connection_
        .prepare(
            "INSERT INTO sessions (id, opened_at, active_at, language, is_synchronous, "
            "sync_delay) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(Text(session.id))
        .bind(session.opened_at)
        .bind(session.active_at)
        .bind(Text(session.language))
        .bind(std::int64_t{session.is_synchronous})
        .bind(session.sync_delay)
        .run();
}

std::optional<Session> State::session(const std::string& id) {
    auto& row = connection_.prepare(
        "SELECT id, opened_at, active_at, language, is_synchronous, sync_delay FROM sessions "
        "WHERE id = $1");
    row.bind(Text(id));
    std::optional<Session> found;
    while (row.next_row()) found = read_session(row);
    return found;
}

void State::touch_session(const std::string& id, Millis now) {
    connection_.prepare("UPDATE sessions SET active_at = $1 WHERE id = $2")
        .bind(now)
        .bind(Text(id))
        .run();
}

void State::set_session(const Session& session) {
    connection_
        .prepare(
            "UPDATE sessions SET language = $1, is_synchronous = $2, sync_delay = $3 "
            "WHERE id = $4")
        .bind(Text(session.language))
        .bind(std::int64_t{session.is_synchronous})
        .bind(session.sync_delay)
        .bind(Text(session.id))
        .run();
}

void State::end_session(const std::string& id) {
    connection_.prepare("DELETE FROM sessions WHERE id = $1").bind(Text(id)).run();
}

void State::end_sessions_idle_since(Millis then) {
    connection_.prepare("DELETE FROM sessions WHERE active_at <= $1").bind(then).run();
}

void State::end_all_sessions() {
    connection_.run("DELETE FROM sessions");
}

std::vector<Session> State::sessions() {
    auto& row = connection_.prepare(
        "SELECT id, opened_at, active_at, language, is_synchronous, sync_delay FROM sessions "
        "ORDER BY opened_at, id");
    std::vector<Session> all;
    while (row.next_row()) all.push_back(read_session(row));
    return all;
}

void State::set_balance_cents(std::int64_t cents) {
    connection_.prepare("UPDATE account SET balance_cents = $1 WHERE id = 1").bind(cents).run();
    balance_cents_ = cents;
}

void State::set_clock_ahead(Millis ahead) {
    connection_.prepare("UPDATE account SET clock_ahead = $1 WHERE id = 1").bind(ahead).run();
    clock_ahead_ = ahead;
}

std::int64_t State::count_checks(std::int64_t day, std::int64_t names) {
    auto& row = connection_.prepare("SELECT check_day, checks FROM account WHERE id = 1");
    std::int64_t count = names;
    while (row.next_row()) {
        if (row.integer(0) == day) count += row.integer(1);
    }
    connection_.prepare("UPDATE account SET check_day = $1, checks = $2 WHERE id = 1")
        .bind(day)
        .bind(count)
        .run();
    return count;
}

Contact State::add_contact(const Fields& fields, bool is_owner) {
    const std::int64_t number = next_contact_++;
    Contact contact{initials_of(fields) + std::to_string(number), is_owner, fields};
    connection_
        .prepare("INSERT INTO contacts (number, id, is_owner, fields) VALUES ($1, $2, $3, $4)")
        .bind(number)
        .bind(Text(contact.id))
        .bind(std::int64_t{is_owner})
        .bind(Text(encode_fields(fields)))
        .run();
    return contact;
}

std::optional<Contact> State::contact(const std::string& id) {
    auto& row = connection_.prepare("SELECT id, is_owner, fields FROM contacts WHERE id = $1");
    row.bind(Text(id));
    std::optional<Contact> found;
    while (row.next_row()) found = read_contact(row);
    return found;
}

void State::set_contact(const Contact& contact) {
    connection_.prepare("UPDATE contacts SET fields = $1 WHERE id = $2")
        .bind(Text(encode_fields(contact.fields)))
        .bind(Text(contact.id))
        .run();
}

void State::delete_contact(const std::string& id) {
    connection_.prepare("DELETE FROM contacts WHERE id = $1").bind(Text(id)).run();
}

bool State::is_contact_linked(const std::string& id) {
    // A role is one line "idAdmin=GK501" of the fields.
    auto& row = connection_.prepare(
        "SELECT EXISTS (SELECT 1 FROM domains WHERE in_account = 1 AND instr(fields, $1) > 0) "
        "OR EXISTS (SELECT 1 FROM operations WHERE status = 'Pending' AND instr(effect, $1) > 0)");
    row.bind(Text("=" + id + "\n"));
    bool linked = false;
    while (row.next_row()) linked = row.integer(0) != 0;
    return linked;
}

std::vector<Contact> State::contacts() {
    auto& row = connection_.prepare("SELECT id, is_owner, fields FROM contacts ORDER BY number");
    std::vector<Contact> all;
    while (row.next_row()) all.push_back(read_contact(row));
    return all;
}

std::optional<Domain> State::domain(const std::string& name) {
    auto& row = connection_.prepare("SELECT name, in_account, fields FROM domains WHERE name = $1");
    row.bind(Text(name));
    std::optional<Domain> found;
    while (row.next_row()) found = read_domain(row);
    return found;
}

void State::set_domain(const Domain& domain) {
    connection_
        .prepare(
            "INSERT INTO domains (name, in_account, fields) VALUES ($1, $2, $3) "
            "ON CONFLICT (name) DO UPDATE SET in_account = excluded.in_account, "
            "fields = excluded.fields")
        .bind(Text(domain.name))
        .bind(std::int64_t{domain.in_account})
        .bind(Text(encode_fields(domain.fields)))
        .run();
}

void State::delete_domain(const std::string& name) {
    connection_.prepare("DELETE FROM domains WHERE name = $1").bind(Text(name)).run();
}

void State::each_domain(const std::string& filter, const std::function<void(const Domain&)>& take) {
    auto& row = connection_.prepare(
        "SELECT name, in_account, fields FROM domains WHERE name GLOB $1 ORDER BY name");
    row.bind(Text(glob_of(filter)));
    while (row.next_row()) take(read_domain(row));
}

std::int64_t State::add_operation(const Operation& operation) {
    const std::int64_t id = next_operation_++;
    connection_
        .prepare(
            "INSERT INTO operations (id, code, target, status, message, submitted_at, due_at, "
            "failure, effect, fee_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(id)
        .bind(Text(operation.code))
        .bind(Text(operation.target))
        .bind(Text(operation.status))
        .bind(Text(operation.message))
        .bind(operation.submitted_at)
        .bind(operation.due_at)
        .bind(Text(operation.failure))
        .bind(Text(encode_fields(operation.effect)))
        .bind(operation.fee_cents)
        .run();
    return id;
}

std::vector<Operation> State::operations_of(store::Statement& row) {
    std::vector<Operation> all;
    while (row.next_row()) {
        all.push_back({.id = row.integer(0),
                       .code = row.text(1),
                       .target = row.text(2),
                       .status = row.text(3),
                       .message = row.text(4),
                       .submitted_at = row.integer(5),
                       .due_at = row.integer_or_null(6),
                       .failure = row.text(7),
                       .effect = decode_fields(row.text(8)),
                       .fee_cents = row.integer(9)});
    }
    return all;
}

std::optional<Operation> State::operation(std::int64_t id) {
    static const std::string sql = select_operations("WHERE id = $1");
    const auto found = operations_of(connection_.prepare(sql).bind(id));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

void State::set_operation(const Operation& operation) {
    connection_
        .prepare(
            "UPDATE operations SET status = $1, message = $2, due_at = $3, failure = $4 "
            "WHERE id = $5")
        .bind(Text(operation.status))
        .bind(Text(operation.message))
        .bind(operation.due_at)
        .bind(Text(operation.failure))
        .bind(operation.id)
        .run();
}

std::vector<Operation> State::pending_operations() {
    static const std::string sql = select_operations("WHERE status = 'Pending' ORDER BY id");
    return operations_of(connection_.prepare(sql));
}

std::vector<Operation> State::all_operations() {
    static const std::string sql = select_operations("ORDER BY id");
    return operations_of(connection_.prepare(sql));
}

std::optional<Operation> State::operation_due(Millis now) {
    static const std::string sql =
        select_operations("WHERE status = 'Pending' AND due_at <= $1 ORDER BY due_at, id LIMIT 1");
    const auto found = operations_of(connection_.prepare(sql).bind(now));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

bool State::has_pending(const std::string& target) {
    auto& row = connection_.prepare(
        "SELECT COUNT(*) FROM operations WHERE status = 'Pending' AND target = $1");
    row.bind(Text(target));
    std::int64_t count = 0;
    while (row.next_row()) count = row.integer(0);
    return count > 0;
}

void State::log_call(const CallEntry& entry) {
    connection_
        .prepare(
            "INSERT INTO calls (at, function, target, parameters, outcome, sending) "
            "VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(entry.at)
        .bind(Text(entry.function))
        .bind(Text(entry.target))
        .bind(Text(entry.parameters))
        .bind(Text(entry.outcome))
        .bind(Text(entry.sending))
        .run();
}

void State::each_call(std::int64_t after, const std::function<void(const CallEntry&)>& take) {
    auto& row = connection_.prepare(
        "SELECT number, at, function, target, parameters, outcome, sending FROM calls "
        "WHERE number > $1 ORDER BY number");
    row.bind(after);
    while (row.next_row()) {
        take({.number = row.integer(0),
              .at = row.integer(1),
              .function = row.text(2),
              .target = row.text(3),
              .parameters = row.text(4),
              .outcome = row.text(5),
              .sending = row.text(6)});
    }
}

}  // namespace domspool::sandbox
