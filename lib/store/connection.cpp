#include "store/connection.h"

#include "store/error_words.h"
#include "store/online_backup.h"
#include "util/failure.h"
#include "util/file.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <tuple>

namespace domspool::store {

namespace {

// SQLite reads a path in this form only without bytes that mean something to it.
std::string uri_of(const std::string& path, const char* mode) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char letter : path) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '/' || byte == '.' ||
                           byte == '_' || byte == '-';
        if (plain) {
            uri += letter;
        } else {
            uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return uri + "?mode=" + mode;
}

// Made before SQLite sees it: it gives its log files the mode of the database. An existing file is
// never opened here, since closing it would drop the locks SQLite holds on it in this process.
void make_private_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
        std::ignore = ::close(fd);  // Nothing was written.
        return;
    }
    if (errno == EEXIST) return;
    throw StoreError(Trouble::not_writable, "cannot make the database '" + path +
                                                "': " + file::cause_of(errno));
}

void keep_private(const std::string& path) {
    struct stat state {};
    if (::stat(path.c_str(), &state) != 0 || (state.st_mode & 077) == 0) return;
    std::ignore = ::chmod(path.c_str(), 0600);  // Not ours: the program's doctor tells.
}

void require_there(const std::string& path) {
    struct stat state {};
    if (::stat(path.c_str(), &state) == 0) return;
    const Trouble trouble =
        errno == ENOENT || errno == ENOTDIR ? Trouble::missing : Trouble::not_writable;
    throw StoreError(trouble, "cannot open the database '" + path + "': " + file::cause_of(errno));
}

const char* mode_word(Access access) {
    switch (access) {
        case Access::read_only:
            return "ro";
        case Access::read_write:
        case Access::create:
            return "rw";
    }
    our_bug("an access without a name", __FILE__, __LINE__);
}

Poco::Data::Session open_session(const std::string& path, Access access) {
    Poco::Data::SQLite::Connector::registerConnector();
    if (access == Access::create) make_private_file(path);
    require_there(path);
    if (access != Access::read_only) keep_private(path);
    try {
        return Poco::Data::Session("SQLite", uri_of(path, mode_word(access)), 0);
    } catch (const Poco::Exception&) {
        throw StoreError(Trouble::not_writable,
                         "cannot open the database '" + path +
                             "': refused; check the owner and mode of the file and its folder");
    }
}

}  // namespace

struct Connection::Inner {
    Inner(const std::string& path, Access access)
        : session(open_session(path, access)),
          handle(Poco::Data::SQLite::Utility::dbHandle(session)) {}

    [[noreturn]] void fail() const { throw_trouble(handle); }
    bool is_autocommit() const { return sqlite3_get_autocommit(handle) != 0; }
    // SQLite ends a transaction by itself on FULL and IOERR; what came next would autocommit.
    bool is_lost() const { return in_transaction && is_autocommit(); }

    Poco::Data::Session session;
    sqlite3* handle;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements;
    std::vector<Statement::Inner*> left_open;
    bool in_transaction = false;
};

struct Statement::Inner {
    Inner(Connection::Inner& owner, std::string_view sql) : connection(owner) {
        const char* rest = nullptr;
        const int length = static_cast<int>(sql.size());
        if (sqlite3_prepare_v3(connection.handle, sql.data(), length, SQLITE_PREPARE_PERSISTENT,
                               &statement, &rest) != SQLITE_OK) {
            connection.fail();
        }
        DOMSPOOL_ASSERT(statement != nullptr && rest == sql.data() + sql.size());
    }
    ~Inner() { sqlite3_finalize(statement); }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void reset() {
        sqlite3_reset(statement);
        std::erase(connection.left_open, this);
        has_row = false;
    }
    int next_parameter() {
        ++bound;
        DOMSPOOL_ASSERT(bound <= sqlite3_bind_parameter_count(statement));
        return bound;
    }
    void require_type(int column, int type) const {
        DOMSPOOL_ASSERT(has_row && column >= 0 && column < sqlite3_data_count(statement));
        if (sqlite3_column_type(statement, column) == type) return;
        throw StoreError(Trouble::other, "column '" +
                                             std::string(sqlite3_column_name(statement, column)) +
                                             "' holds another type than expected");
    }

    Connection::Inner& connection;
    sqlite3_stmt* statement = nullptr;
    int bound = 0;
    bool has_row = false;
};

Connection::Connection(const std::string& path, const Options& options)
    : inner_(std::make_unique<Inner>(path, options.access)) {
    sqlite3_extended_result_codes(inner_->handle, 1);
    run("PRAGMA busy_timeout = 10000");
    run("PRAGMA foreign_keys = ON");
    run(options.synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    run("PRAGMA secure_delete = ON");
    if (options.access != Access::read_only) run("PRAGMA journal_mode = WAL");
    auto& mode = prepare("PRAGMA journal_mode");
    const bool is_wal = mode.next_row() && mode.text(0) == "wal";
    let_go();
    if (!is_wal && options.access != Access::read_only) {
        throw StoreError(Trouble::not_writable,
                         "cannot open the database '" + path +
                             "': write-ahead logging is refused; it needs a local file system");
    }
}

Connection::~Connection() = default;

Statement& Connection::prepare(std::string_view sql) {
    auto found = inner_->statements.find(sql);
    if (found == inner_->statements.end()) {
        auto made = std::make_unique<Statement::Inner>(*inner_, sql);
        found = inner_->statements
                    .emplace(std::string(sql),
                             std::unique_ptr<Statement>(new Statement(std::move(made))))
                    .first;
    }
    Statement::Inner& statement = *found->second->inner_;
    statement.reset();
    sqlite3_clear_bindings(statement.statement);
    statement.bound = 0;
    return *found->second;
}

void Connection::run(std::string_view sql) { prepare(sql).run(); }

std::int64_t Connection::rows_changed() const { return sqlite3_changes64(inner_->handle); }

bool Connection::has_table(std::string_view name) {
    auto& asked = prepare("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1");
    asked.bind(name);
    const bool is_there = asked.next_row() && asked.integer(0) > 0;
    asked.inner_->reset();
    return is_there;
}

void Connection::let_go() {
    while (!inner_->left_open.empty()) inner_->left_open.back()->reset();
}

bool Connection::cut_log() {
    DOMSPOOL_ASSERT(!inner_->in_transaction);
    let_go();
    const int result = sqlite3_wal_checkpoint_v2(inner_->handle, nullptr,
                                                 SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (result == SQLITE_OK) return true;
    if (trouble_of(result) == Trouble::busy) return false;
    inner_->fail();
}

void Connection::back_up_to(const std::string& path) {
    let_go();
    copy_database(inner_->handle, path);
}

Statement::Statement(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Statement::~Statement() = default;

Statement& Statement::bind(std::int64_t value) {
    if (sqlite3_bind_int64(inner_->statement, inner_->next_parameter(), value) != SQLITE_OK) {
        inner_->connection.fail();
    }
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // PostgreSQL keeps no NUL in a text, and readers would cut it there.
    if (text.find('\0') != std::string_view::npos) {
        throw StoreError(Trouble::other, "a text with a NUL byte cannot be stored");
    }
    const int result = sqlite3_bind_text64(inner_->statement, inner_->next_parameter(), text.data(),
                                           text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (result != SQLITE_OK) inner_->connection.fail();
    return *this;
}

Statement& Statement::bind_null() {
    if (sqlite3_bind_null(inner_->statement, inner_->next_parameter()) != SQLITE_OK) {
        inner_->connection.fail();
    }
    return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
    return value ? bind(*value) : bind_null();
}

Statement& Statement::bind(const std::optional<std::string>& value) {
    return value ? bind(std::string_view(*value)) : bind_null();
}

bool Statement::next_row() {
    Inner& in = *inner_;
    DOMSPOOL_ASSERT(in.bound == sqlite3_bind_parameter_count(in.statement));
    if (in.connection.is_lost()) throw_transaction_lost();
    if (!in.has_row) in.connection.left_open.push_back(&in);
    const int result = sqlite3_step(in.statement);
    in.has_row = result == SQLITE_ROW;
    if (in.has_row) return true;
    if (result == SQLITE_DONE) {
        in.reset();
        return false;
    }
    const StoreError error = error_of(in.connection.handle);
    in.reset();
    throw error;
}

void Statement::run() {
    while (next_row()) {
    }
}

std::int64_t Statement::integer(int column) const {
    inner_->require_type(column, SQLITE_INTEGER);
    return sqlite3_column_int64(inner_->statement, column);
}

std::string Statement::text(int column) const {
    inner_->require_type(column, SQLITE_TEXT);
    const auto* bytes = sqlite3_column_text(inner_->statement, column);
    const int size = sqlite3_column_bytes(inner_->statement, column);
    return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Statement::integer_or_null(int column) const {
    if (sqlite3_column_type(inner_->statement, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::text_or_null(int column) const {
    if (sqlite3_column_type(inner_->statement, column) == SQLITE_NULL) return std::nullopt;
    return text(column);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    DOMSPOOL_ASSERT(!connection_.inner_->in_transaction);
    connection_.let_go();
    connection_.run("BEGIN IMMEDIATE");
    connection_.inner_->in_transaction = true;
}

Transaction::~Transaction() {
    if (!open_) return;
    connection_.let_go();
    connection_.inner_->in_transaction = false;
    if (connection_.inner_->is_autocommit()) return;
    sqlite3_exec(connection_.inner_->handle, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Transaction::is_lost() const { return connection_.inner_->is_lost(); }

void Transaction::commit() {
    DOMSPOOL_ASSERT(open_);
    connection_.let_go();
    connection_.run("COMMIT");
    connection_.inner_->in_transaction = false;
    open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
    DOMSPOOL_ASSERT(connection_.inner_->in_transaction);
    connection_.run("SAVEPOINT verb");
}

Savepoint::~Savepoint() {
    if (!open_ || connection_.inner_->is_autocommit()) return;
    connection_.let_go();
    sqlite3_exec(connection_.inner_->handle, "ROLLBACK TO verb; RELEASE verb", nullptr, nullptr,
                 nullptr);
}

void Savepoint::keep() {
    DOMSPOOL_ASSERT(open_);
    connection_.let_go();
    connection_.run("RELEASE verb");
    open_ = false;
}

}  // namespace domspool::store
