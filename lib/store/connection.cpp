#include "store/connection.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "util/failure.h"

namespace domspool::store {

namespace {

constexpr int kBusyMilliseconds = 10'000;

void register_connector_once() {
    static std::once_flag flag;
    std::call_once(flag, [] { Poco::Data::SQLite::Connector::registerConnector(); });
}

Trouble trouble_of(int extended_code) {
    switch (extended_code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            return Trouble::unique_broken;
        default:
            break;
    }
    switch (extended_code & 0xff) {
        case SQLITE_CONSTRAINT:
            return Trouble::constraint_broken;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Trouble::busy;
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return Trouble::full_or_io;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Trouble::corrupt;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return Trouble::not_writable;
        case SQLITE_CANTOPEN:
            return Trouble::missing;
        default:
            return Trouble::other;
    }
}

// SQLite's message is left out: it can carry values of the row. sqlite3_errstr is a fixed text.
[[noreturn]] void fail(const std::string& act, int extended_code) {
    throw StoreError(trouble_of(extended_code), act + ": " + ::sqlite3_errstr(extended_code) +
                                                    " (SQLite " + std::to_string(extended_code) +
                                                    ")");
}

// Descriptors of the database must not live on in programs that are started.
void close_on_exec(const std::string& path) {
    std::error_code none;
    const auto real = std::filesystem::canonical(path, none).string();
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", none)) {
        const auto target = std::filesystem::read_symlink(entry.path(), none).string();
        if (target.rfind(real, 0) != 0) continue;
        const int descriptor = std::stoi(entry.path().filename().string());
        std::ignore = ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // Gone already: nothing to do.
    }
}

void require_file(const std::string& path, Access access) {
    struct stat status {};
    const bool is_there = ::stat(path.c_str(), &status) == 0;
    if (is_there || access == Access::create) return;
    throw StoreError(Trouble::missing, "cannot open '" + path + "': no such file");
}

// SQLite makes new files with 0644; whoever opens first decides, so the file is made here.
void make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        throw StoreError(Trouble::not_writable, "cannot create '" + path + "'");
    }
    ::close(file);
}

}  // namespace

struct Statement::Inner {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    int next_parameter = 1;
    bool is_running = false;

    ~Inner() { ::sqlite3_finalize(statement); }
};

struct Connection::Inner {
    std::unique_ptr<Poco::Data::Session> session;
    sqlite3* database = nullptr;
    std::string path;
    std::unordered_map<std::string, std::unique_ptr<Statement>> statements;
};

Connection::Connection(const std::string& path, const Options& options)
    : inner_(std::make_unique<Inner>()) {
    register_connector_once();
    require_file(path, options.access);
    if (options.access == Access::create) make_private(path);
    inner_->path = path;
    try {
        inner_->session = std::make_unique<Poco::Data::Session>("SQLite", path, 0);
        inner_->database = Poco::Data::SQLite::Utility::dbHandle(*inner_->session);
    } catch (const Poco::Exception&) {
        // The text may name more than the path; the cause is told by the checks before.
        throw StoreError(Trouble::missing, "cannot open '" + path + "' as a database");
    }
    ::sqlite3_extended_result_codes(inner_->database, 1);
    ::sqlite3_busy_timeout(inner_->database, kBusyMilliseconds);
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA secure_delete = ON");
    if (options.access == Access::read_only) {
        run("PRAGMA query_only = ON");
    } else {
        run("PRAGMA journal_mode = WAL");
        run(options.synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    }
    // Reads a page, so that a file which is no database is found out now.
    Statement& probe = prepare("SELECT COUNT(*) FROM sqlite_master");
    while (probe.next_row()) {
    }
    close_on_exec(path);
}

Connection::~Connection() {
    inner_->statements.clear();  // Before the handle they belong to.
}

Statement& Connection::prepare(std::string_view sql) {
    auto found = inner_->statements.find(std::string(sql));
    if (found == inner_->statements.end()) {
        auto inner = std::make_unique<Statement::Inner>();
        inner->database = inner_->database;
        const int code =
            ::sqlite3_prepare_v3(inner_->database, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &inner->statement, nullptr);
        if (code != SQLITE_OK) {
            fail("cannot prepare a statement", ::sqlite3_extended_errcode(inner_->database));
        }
        std::unique_ptr<Statement> statement(new Statement(std::move(inner)));
        found = inner_->statements.emplace(std::string(sql), std::move(statement)).first;
    }
    Statement::Inner& inner = *found->second->inner_;
    DOMSPOOL_ASSERT(!inner.is_running);
    ::sqlite3_reset(inner.statement);
    ::sqlite3_clear_bindings(inner.statement);
    inner.next_parameter = 1;
    return *found->second;
}

void Connection::run(std::string_view sql) {
    prepare(sql).run();
}

std::int64_t Connection::rows_changed() const {
    return ::sqlite3_changes64(inner_->database);
}

void Connection::back_up_to(const std::string& path) {
    const std::string unfinished = path + ".unfinished";
    std::ignore = ::unlink(unfinished.c_str());  // Of an earlier backup that died.
    make_private(unfinished);
    sqlite3* target = nullptr;
    int code = ::sqlite3_open_v2(unfinished.c_str(), &target, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_backup* backup = code == SQLITE_OK
                                 ? ::sqlite3_backup_init(target, "main", inner_->database, "main")
                                 : nullptr;
    if (backup != nullptr) {
        while ((code = ::sqlite3_backup_step(backup, 1000)) == SQLITE_OK) {
        }
        const int finished = ::sqlite3_backup_finish(backup);
        code = code == SQLITE_DONE ? finished : code;
    } else if (code == SQLITE_OK) {
        code = ::sqlite3_extended_errcode(target);
    }
    ::sqlite3_close(target);
    const int file = ::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (code != SQLITE_OK || !synced || ::rename(unfinished.c_str(), path.c_str()) != 0) {
        std::ignore = ::unlink(unfinished.c_str());  // Half a backup is none.
        fail("cannot back up to '" + path + "'", code == SQLITE_OK ? SQLITE_IOERR : code);
    }
}

Statement::Statement(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Statement::~Statement() = default;

namespace {

void require_bound(int code) {
    if (code != SQLITE_OK) fail("cannot bind a parameter", code);
}

}  // namespace

Statement& Statement::bind(std::int64_t value) {
    require_bound(::sqlite3_bind_int64(inner_->statement, inner_->next_parameter++, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    require_bound(::sqlite3_bind_text(inner_->statement, inner_->next_parameter++,
                                      text.data() == nullptr ? "" : text.data(),
                                      static_cast<int>(text.size()), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null() {
    require_bound(::sqlite3_bind_null(inner_->statement, inner_->next_parameter++));
    return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
    return value ? bind(*value) : bind_null();
}

Statement& Statement::bind(const std::optional<std::string>& value) {
    return value ? bind(std::string_view(*value)) : bind_null();
}

bool Statement::next_row() {
    const int code = ::sqlite3_step(inner_->statement);
    if (code == SQLITE_ROW) {
        inner_->is_running = true;
        return true;
    }
    inner_->is_running = false;
    const int extended = ::sqlite3_extended_errcode(inner_->database);
    ::sqlite3_reset(inner_->statement);
    if (code != SQLITE_DONE) fail("the ledger refused a statement", extended);
    return false;
}

void Statement::run() {
    while (next_row()) {
    }
}

std::optional<std::int64_t> Statement::integer_or_null(int column) const {
    const int type = ::sqlite3_column_type(inner_->statement, column);
    if (type == SQLITE_NULL) return std::nullopt;
    if (type != SQLITE_INTEGER) {
        throw StoreError(Trouble::other, "a column does not hold a whole number");
    }
    return ::sqlite3_column_int64(inner_->statement, column);
}

std::optional<std::string> Statement::text_or_null(int column) const {
    const int type = ::sqlite3_column_type(inner_->statement, column);
    if (type == SQLITE_NULL) return std::nullopt;
    if (type != SQLITE_TEXT) throw StoreError(Trouble::other, "a column does not hold text");
    const auto* text =
        reinterpret_cast<const char*>(::sqlite3_column_text(inner_->statement, column));
    return std::string(text,
                       static_cast<std::size_t>(::sqlite3_column_bytes(inner_->statement, column)));
}

std::int64_t Statement::integer(int column) const {
    const auto value = integer_or_null(column);
    if (!value) throw StoreError(Trouble::other, "a column is empty that must not be");
    return *value;
}

std::string Statement::text(int column) const {
    auto value = text_or_null(column);
    if (!value) throw StoreError(Trouble::other, "a column is empty that must not be");
    return std::move(*value);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    connection_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        connection_.run("ROLLBACK");
    } catch (const StoreError&) {
        // After a full disk or an I/O error SQLite has rolled back already.
    }
}

void Transaction::commit() {
    connection_.run("COMMIT");
    open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
    connection_.run("SAVEPOINT member");
}

Savepoint::~Savepoint() {
    if (!open_) return;
    try {
        connection_.run("ROLLBACK TO member");
        connection_.run("RELEASE member");
    } catch (const StoreError&) {
        // The whole transaction is gone already.
    }
}

void Savepoint::keep() {
    connection_.run("RELEASE member");
    open_ = false;
}

}  // namespace domspool::store
