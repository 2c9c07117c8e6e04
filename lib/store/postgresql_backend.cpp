// A PostgreSQL database through its own library: Poco's connector takes no URI, prepares a
// statement anew each time it runs, and does not tell the SQLSTATE.
#include "store/backend.h"
#include "store/error_words.h"
#include "store/libpq.h"
#include "util/failure.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace domspool::store {

namespace {

// Columns by the numbers of pg_type, which never change.
enum Type : unsigned {
    boolean = 16,
    name = 19,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    text = 25,
    unknown = 705,
    varchar = 1043,
    numeric = 1700
};

constexpr const char* kPooler =
    "a connection pooler stands before its server; name the server itself";

// The one that writes holds this advisory lock of the database.
constexpr const char* kBecomeWriter = "SELECT pg_advisory_xact_lock(1685024115, 0)";

struct ClearResult {
    void operator()(PGresult* result) const { libpq().clear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

struct Finish {
    void operator()(PGconn* connection) const { libpq().finish(connection); }
};
using Session = std::unique_ptr<PGconn, Finish>;

std::string field(const PGresult* result, int code) {
    const char* words = libpq().error_field(result, code);
    return words == nullptr ? "" : words;
}

StoreError error_in(const PGresult* result) {
    return error_of_state(field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_CONSTRAINT_NAME));
}

Result whole(Result result) {
    const auto status = libpq().result_status(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    throw error_in(result.get());
}

// Of a connection that was not made; no row can stand in it. One line.
std::string first_line(const char* words) {
    const std::string all(words);
    return all.substr(0, all.find('\n'));
}

[[noreturn]] void throw_not_connected(PGconn* session) {
    std::string words = first_line(libpq().words(session));
    const auto says = [&](const char* part) { return words.find(part) != std::string::npos; };
    if (says("unsupported startup parameter")) words += "; " + std::string(kPooler);
    const bool is_not_trusted = says("SSL was required") || says("certificate");
    const bool is_ours = says("FATAL:") || is_not_trusted || says("no password supplied") ||
                         words.starts_with("invalid ");
    const bool is_for_a_while = !is_ours || says("starting up") || says("shutting down") ||
                                says("recovery mode") || says("too many") || says("reserved");
    throw StoreError(is_for_a_while ? Trouble::lost : Trouble::missing, words);
}

// Sockets, and what never leaves the machine. An address that cannot be read is refused later.
bool goes_over_a_network(const std::string& uri) {
    struct Free {
        void operator()(PQconninfoOption* parts) const { libpq().free_parts(parts); }
    };
    const std::unique_ptr<PQconninfoOption, Free> parts(libpq().parts_of(uri.c_str(), nullptr));
    const auto is_far = [](std::string_view host) {
        return !host.starts_with('/') && !host.starts_with('@') && !host.starts_with("127.") &&
               host != "localhost" && host != "::1";
    };
    for (const auto* part = parts.get(); part != nullptr && part->keyword != nullptr; ++part) {
        const std::string_view keyword = part->keyword;
        if (keyword != "host" && keyword != "hostaddr") continue;
        if (part->val != nullptr && *part->val != '\0' && is_far(part->val)) return true;
    }
    return false;
}

// Set for a role or database, they would end sessions that wait for a registrar. Older servers do
// not know them, and would refuse them among the options.
void switch_off_timeouts(PGconn* session) {
    std::ignore = whole(
        Result(libpq().exec(session,
                            "SELECT set_config(name, '0', false) FROM pg_settings "
                            "WHERE name IN ('idle_session_timeout', 'transaction_timeout')")));
}

Session connect(const std::string& uri, const Connection::Options& options) {
    // Notices would go to standard error. Idle for 60 s, then six questions 10 s apart.
    static_assert(kVanishedAfter == std::chrono::seconds(60 + 6 * 10));
    static constexpr const char* kForAll =
        "-c client_min_messages=error -c client_encoding=UTF8 -c lock_timeout=10000 "
        "-c statement_timeout=0 "
        "-c synchronous_commit=on -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 "
        "-c tcp_keepalives_count=6 -c idle_in_transaction_session_timeout=0 "
        "-c default_transaction_isolation=read\\ committed -c timezone=UTC";
    const std::string with_access =
        std::string(kForAll) +
        (options.access == Access::read_only ? " -c default_transaction_read_only=on" : "");
    // What stands before the address may be said otherwise in it. Over a network nobody is to stand
    // in for the server: libpq alone would ask for no certificate.
    const char* const words[] = {
        "sslmode", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "dbname",  "options",         "application_name",    "connect_timeout",  nullptr};
    const char* const values[] = {goes_over_a_network(uri) ? "verify-full" : "prefer",
                                  "60",
                                  "10",
                                  "6",
                                  "120000",
                                  uri.c_str(),
                                  with_access.c_str(),
                                  "domspool",
                                  "10",
                                  nullptr};
    Session session(libpq().connect(words, values, 1));
    if (session == nullptr) throw std::bad_alloc();
    if (libpq().status(session.get()) != CONNECTION_OK) throw_not_connected(session.get());
    libpq().set_notice_processor(
        session.get(), [](void*, const char*) {}, nullptr);
    switch_off_timeouts(session.get());
    return session;
}

// $2 never before $1, so the highest number is the count.
int parameters_in(std::string_view sql) {
    int highest = 0;
    for (auto at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
        highest = std::max(highest, std::atoi(sql.data() + at + 1));
    }
    return highest;
}

class PostgresqlStatement : public BackendStatement {
  public:
    PostgresqlStatement(PGconn* session, std::string name, std::string_view sql,
                        std::int64_t& rows_changed)
        : session_(session),
          name_(std::move(name)),
          rows_changed_(rows_changed),
          values_(static_cast<std::size_t>(parameters_in(sql))) {
        const std::string text(sql);
        std::ignore =
            whole(Result(libpq().prepare(session_, name_.c_str(), text.c_str(), 0, nullptr)));
    }

    int parameters() const override { return static_cast<int>(values_.size()); }
    void bind(int parameter, std::int64_t value) override { at(parameter) = std::to_string(value); }
    void bind(int parameter, std::string_view text) override { at(parameter) = std::string(text); }
    void bind_null(int parameter) override { at(parameter).reset(); }
    void clear_bindings() override { std::fill(values_.begin(), values_.end(), std::nullopt); }

    bool next_row() override {
        if (!result_) run();
        ++row_;
        return row_ < libpq().rows(result_.get());
    }
    void reset() override {
        result_.reset();
        row_ = -1;
    }

    int columns() const override { return libpq().columns(result_.get()); }
    bool is_null(int column) const override {
        return libpq().is_null(result_.get(), row_, column) == 1;
    }
    std::int64_t integer(int column) const override {
        require_type(column, {Type::int8, Type::int4, Type::int2, Type::numeric, Type::boolean});
        const std::string_view digits = value(column);
        if (libpq().column_type(result_.get(), column) == Type::boolean) return digits == "t";
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc() || end != digits.data() + digits.size()) wrong_type(column);
        return number;
    }
    std::string text(int column) const override {
        require_type(column, {Type::text, Type::varchar, Type::name, Type::unknown});
        return std::string(value(column));
    }

  private:
    std::optional<std::string>& at(int parameter) {
        return values_.at(static_cast<std::size_t>(parameter) - 1);
    }
    void run() {
        std::vector<const char*> values;
        for (const auto& value : values_) values.push_back(value ? value->c_str() : nullptr);
        result_ = whole(Result(libpq().exec_prepared(session_, name_.c_str(), parameters(),
                                                     values.data(), nullptr, nullptr, 0)));
        const char* count = libpq().command_rows(result_.get());
        if (*count != '\0') rows_changed_ = std::atoll(count);
        row_ = -1;
    }
    std::string_view value(int column) const {
        return {libpq().value(result_.get(), row_, column),
                static_cast<std::size_t>(libpq().length(result_.get(), row_, column))};
    }
    void require_type(int column, std::initializer_list<unsigned> types) const {
        const unsigned type = libpq().column_type(result_.get(), column);
        const bool is_one = std::find(types.begin(), types.end(), type) != types.end();
        if (!is_one || is_null(column)) wrong_type(column);
    }
    [[noreturn]] void wrong_type(int column) const {
        throw_wrong_type(libpq().column_name(result_.get(), column));
    }

    PGconn* session_;
    const std::string name_;
    std::int64_t& rows_changed_;
    std::vector<std::optional<std::string>> values_;
    Result result_;
    int row_ = -1;
};

class PostgresqlBackend : public Backend {
  public:
    PostgresqlBackend(const std::string& uri, const Connection::Options& options)
        : session_(connect(uri, options)) {}

    Dialect dialect() const override { return Dialect::postgresql; }
    std::unique_ptr<BackendStatement> prepare(std::string_view sql) override {
        return std::make_unique<PostgresqlStatement>(
            session_.get(), "s" + std::to_string(++statements_), sql, rows_changed_);
    }

    // READ COMMITTED: each statement after the lock sees what the writer before has committed.
    void begin() override {
        execute("BEGIN");
        try {
            execute(kBecomeWriter);
        } catch (const StoreError&) {
            roll_back();
            throw;
        }
    }
    // A transaction in which a statement failed is rolled back by COMMIT, without an error.
    void commit() override {
        const Result result = execute("COMMIT");
        if (std::string_view(libpq().command_status(result.get())) != "COMMIT") {
            throw StoreError(Trouble::other, "the database did not commit what failed before");
        }
    }
    void set_savepoint() override { execute("SAVEPOINT verb"); }
    void keep_savepoint() override { execute("RELEASE SAVEPOINT verb"); }
    void roll_back() noexcept override { try_to("ROLLBACK"); }
    void roll_back_to_savepoint() noexcept override {
        try_to("ROLLBACK TO SAVEPOINT verb; RELEASE SAVEPOINT verb");
    }
    bool is_in_transaction() const override {
        const auto status = libpq().transaction_status(session_.get());
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
    }
    std::int64_t rows_changed() const override { return rows_changed_; }
    std::string question_for_table() const override {
        return "SELECT COUNT(*) FROM pg_class WHERE relname = $1 AND relkind = 'r' "
               "AND pg_table_is_visible(oid)";
    }

    // Only the space of rows that were overwritten is given back; the log is the server's affair.
    bool cut_log(std::chrono::milliseconds) override {
        execute("VACUUM");
        return true;
    }
    void back_up_to(const std::string&) override {
        throw StoreError(Trouble::other, "a database in PostgreSQL is backed up by pg_dump");
    }

    std::string unfit() override {
        if (word("SELECT current_setting('fsync')") != "on") {
            return "its server does not sync (fsync = off); switch that on";
        }
        if (word("SELECT pg_backend_pid()") != std::to_string(libpq().backend_pid(session_.get())))
            return kPooler;
        if (word("SELECT pg_encoding_to_char(encoding) FROM pg_database "
                 "WHERE datname = current_database()") != "UTF8" ||
            word("SELECT datcollate FROM pg_database WHERE datname = current_database()") != "C") {
            return "its texts are not UTF-8 sorted by bytes; make it with: createdb "
                   "--template=template0 --encoding=UTF8 --locale=C ...";
        }
        if (is_replica()) return "its server is a replica; name the one that takes changes";
        return "";
    }

    // The first digits of a log file's name are the server's life, as its replicas count them.
    std::string identity_of(const std::string& table) override {
        if (is_replica()) return "";
        const bool may_ask =
            word("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')") == "t";
        const std::string server =
            may_ask ? "(SELECT system_identifier FROM pg_control_system())" : "0";
        return word("SELECT concat_ws('-', " + server +
                    ", substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), "
                    "(SELECT oid FROM pg_database WHERE datname = current_database()), "
                    "CAST(to_regclass('" +
                    table + "') AS OID))");
    }

  private:
    bool is_replica() { return word("SELECT pg_is_in_recovery()") == "t"; }
    Result execute(const char* text) { return whole(Result(libpq().exec(session_.get(), text))); }
    void try_to(const char* text) noexcept {
        try {
            execute(text);
        } catch (const std::exception&) {
            // The session is broken, and its transaction with it.
        }
    }
    std::string word(const std::string& question) {
        const Result result = execute(question.c_str());
        if (libpq().rows(result.get()) != 1) return "";
        return libpq().value(result.get(), 0, 0);
    }

    Session session_;
    std::int64_t rows_changed_ = 0;
    int statements_ = 0;
};

}  // namespace

std::unique_ptr<Backend> open_postgresql(const std::string& uri,
                                         const Connection::Options& options) {
    return std::make_unique<PostgresqlBackend>(uri, options);
}

}  // namespace domspool::store
