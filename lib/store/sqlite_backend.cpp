// A SQLite file, opened through Poco Data and used through its handle: Poco prepares a statement
// anew each time it runs.
#include "store/backend.h"
#include "store/error_words.h"
#include "store/online_backup.h"
#include "util/failure.h"
#include "util/file.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>

namespace domspool::store {

namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(10);

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
    throw StoreError(Trouble::not_writable,
                     "cannot make the database '" + path + "': " + file::cause_of(errno));
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

class SqliteStatement : public BackendStatement {
  public:
    SqliteStatement(sqlite3* handle, std::string_view sql) : handle_(handle) {
        const char* rest = nullptr;
        const int length = static_cast<int>(sql.size());
        if (sqlite3_prepare_v3(handle, sql.data(), length, SQLITE_PREPARE_PERSISTENT, &statement_,
                               &rest) != SQLITE_OK) {
            throw_trouble(handle);
        }
        DOMSPOOL_ASSERT(statement_ != nullptr && rest == sql.data() + sql.size());
    }
    ~SqliteStatement() override { sqlite3_finalize(statement_); }
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    int parameters() const override { return sqlite3_bind_parameter_count(statement_); }
    void bind(int parameter, std::int64_t value) override {
        require(sqlite3_bind_int64(statement_, parameter, value));
    }
    void bind(int parameter, std::string_view text) override {
        require(sqlite3_bind_text64(statement_, parameter, text.data(), text.size(),
                                    SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    void bind_null(int parameter) override { require(sqlite3_bind_null(statement_, parameter)); }
    void clear_bindings() override { sqlite3_clear_bindings(statement_); }
    bool next_row() override {
        const int result = sqlite3_step(statement_);
        if (result == SQLITE_ROW) return true;
        if (result != SQLITE_DONE) throw_trouble(handle_);
        return false;
    }
    void reset() override { sqlite3_reset(statement_); }

    int columns() const override { return sqlite3_data_count(statement_); }
    bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    std::int64_t integer(int column) const override {
        require_type(column, SQLITE_INTEGER);
        return sqlite3_column_int64(statement_, column);
    }
    std::string text(int column) const override {
        require_type(column, SQLITE_TEXT);
        const auto* bytes = sqlite3_column_text(statement_, column);
        const int size = sqlite3_column_bytes(statement_, column);
        return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }

  private:
    void require(int result) const {
        if (result != SQLITE_OK) throw_trouble(handle_);
    }
    void require_type(int column, int type) const {
        if (sqlite3_column_type(statement_, column) == type) return;
        throw_wrong_type(sqlite3_column_name(statement_, column));
    }

    sqlite3* handle_;
    sqlite3_stmt* statement_ = nullptr;
};

class SqliteBackend : public Backend {
  public:
    SqliteBackend(const std::string& path, const Connection::Options& options)
        : session_(open_session(path, options.access)),
          handle_(Poco::Data::SQLite::Utility::dbHandle(session_)) {
        sqlite3_extended_result_codes(handle_, 1);
        wait_for_others(kPatience);
        execute("PRAGMA foreign_keys = ON");
        execute(options.synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
        execute("PRAGMA secure_delete = ON");
        const bool is_for_reading = options.access == Access::read_only;
        if (!is_for_reading) execute("PRAGMA journal_mode = WAL");
        SqliteStatement mode(handle_, "PRAGMA journal_mode");
        const bool is_wal = mode.next_row() && mode.text(0) == "wal";
        if (is_wal || is_for_reading) return;
        throw StoreError(Trouble::not_writable,
                         "cannot open the database '" + path +
                             "': write-ahead logging is refused; it needs a local file system");
    }

    Dialect dialect() const override { return Dialect::sqlite; }
    std::unique_ptr<BackendStatement> prepare(std::string_view sql) override {
        return std::make_unique<SqliteStatement>(handle_, sql);
    }
    void begin() override { execute("BEGIN IMMEDIATE"); }
    void commit() override { execute("COMMIT"); }
    void set_savepoint() override { execute("SAVEPOINT verb"); }
    void keep_savepoint() override { execute("RELEASE verb"); }
    void roll_back() noexcept override {
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    void roll_back_to_savepoint() noexcept override {
        sqlite3_exec(handle_, "ROLLBACK TO verb; RELEASE verb", nullptr, nullptr, nullptr);
    }
    bool is_in_transaction() const override { return sqlite3_get_autocommit(handle_) == 0; }
    std::int64_t rows_changed() const override { return sqlite3_changes64(handle_); }
    std::string question_for_table() const override {
        return "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1";
    }

    bool cut_log(std::chrono::milliseconds patience) override {
        wait_for_others(patience);
        const int result = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                                     nullptr, nullptr);
        const StoreError error = error_of(handle_);
        wait_for_others(kPatience);
        if (result == SQLITE_OK) return true;
        if (trouble_of(result) == Trouble::busy) return false;
        throw error;
    }
    void back_up_to(const std::string& path) override { copy_database(handle_, path); }
    std::string unfit() override { return ""; }
    std::string identity_of(const std::string&) override { return ""; }

  private:
    void execute(const char* text) {
        if (sqlite3_exec(handle_, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
            throw_trouble(handle_);
        }
    }
    void wait_for_others(std::chrono::milliseconds patience) {
        sqlite3_busy_timeout(handle_, static_cast<int>(patience.count()));
    }

    Poco::Data::Session session_;
    sqlite3* handle_;
};

}  // namespace

std::unique_ptr<Backend> open_sqlite(const std::string& path, const Connection::Options& options) {
    return std::make_unique<SqliteBackend>(path, options);
}

}  // namespace domspool::store
