// A database connection, its statements and its transactions. Knows no table.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::store {

// What went wrong, without the database's own words (they can carry the row).
enum class Trouble {
    unique_broken,      // a unique index or primary key
    constraint_broken,  // a check, foreign key or not-null
    busy,               // another program held the database beyond the busy time-out
    full_or_io,         // disk full, I/O error: the transaction has been rolled back already
    lost,  // the server does not answer or has broken off: as with full_or_io, and no more comes
    corrupt,
    not_writable,
    missing,
    other,
};

class StoreError : public std::runtime_error {
  public:
    StoreError(Trouble trouble, const std::string& message)
        : std::runtime_error(message), trouble_(trouble) {}
    Trouble trouble() const { return trouble_; }

  private:
    Trouble trouble_;
};

enum class Access { read_only, read_write, create };

// For the few texts that the two databases do not share.
enum class Dialect { sqlite, postgresql };

// After so long PostgreSQL's server takes a machine that vanished for dead, and ends its sessions.
inline constexpr std::chrono::seconds kVanishedAfter{120};

// "postgresql://user@host/database", or "postgres://..."; anything else is a file of SQLite.
bool names_postgresql(std::string_view place);

class Statement;

// One connection to a database. Statements are prepared once each and kept. Not thread-safe: one
// thread at a time.
//   A SQLite file: WAL, synchronous=FULL (unless said), foreign keys on, secure_delete, busy
// time-out 10 s; opened through Poco Data.
//   A PostgreSQL database: synchronous_commit on, waits for locks 10 s. Its library is loaded by
// the first connection of this kind. The password comes from where libpq looks (.pgpass).
//
// SQL is one text for both: $1, $2 ... in order of first appearance, one statement per call, 0/1
// for truth.
class Connection {
  public:
    struct Options {
        Access access = Access::read_write;
        bool synced = true;  // false: synchronous=OFF, for the sandbox
    };
    // Throws StoreError: missing (file or database not there, or closed to this user),
    // not_writable, corrupt, busy, lost.
    Connection(const std::string& place, const Options& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // The prepared statement of this text, reset and without bindings. Stays valid while the
    // connection lives; asking again for the same text while the first is in use is a bug.
    Statement& prepare(std::string_view sql);
    // For statements without rows or parameters.
    void run(std::string_view sql);
    std::int64_t rows_changed() const;
    bool has_table(std::string_view name);
    Dialect dialect() const;
    // Why nothing should be entrusted to this database: its server does not sync, stands behind a
    // pooler that hands out other sessions, or sorts by a language. "": nothing.
    std::string unfit();
    // Which server this is, which of its lives (another after a replica took its place, or it went
    // back in time), which database and table: another, too, where a dump was put back. "": a file
    // of SQLite, or a replica.
    std::string identity_of(const std::string& table);
    // Of an identity column: the highest number ever given or entered; 0: none. Rows entered with
    // a number of their own must be told of by keep_numbers_above.
    std::int64_t last_number(const std::string& table, const std::string& column);
    void keep_numbers_above(const std::string& table, const std::string& column,
                            std::int64_t number);
    // Resets every statement that was left with rows unread: such a statement keeps an old picture
    // of the database alive. The begin and the end of a transaction do this too.
    void let_go();
    // Writes what the log holds into the database file and cuts the log to nothing, so that what
    // was overwritten is gone from both. Outside of transactions. False: a reader was in the way
    // for so long. PostgreSQL: removes overwritten rows (VACUUM); its log is its server's affair.
    bool cut_log(std::chrono::milliseconds patience = std::chrono::seconds(10));
    // SQLite's own online backup into a new file (0600), whole or not at all. Never over an
    // existing file (StoreError not_writable). PostgreSQL: StoreError other.
    void back_up_to(const std::string& path);

  private:
    friend class Statement;
    friend class Transaction;
    friend class Savepoint;
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

// Bind all parameters in order, then step. Reading a column of another type than asked is a bug
// (StoreError other), NULL only through the *_or_null readers.
class Statement {
  public:
    ~Statement();
    Statement& bind(std::int64_t value);
    Statement& bind(std::string_view text);
    Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
    Statement& bind(const char* text) { return bind(std::string_view(text)); }
    Statement& bind_null();
    Statement& bind(const std::optional<std::int64_t>& value);
    Statement& bind(const std::optional<std::string>& value);
    // True while a row is there. Throws StoreError.
    bool next_row();
    // Runs to the end, for statements without rows.
    void run();

    std::int64_t integer(int column) const;
    std::string text(int column) const;
    std::optional<std::int64_t> integer_or_null(int column) const;
    std::optional<std::string> text_or_null(int column) const;

  private:
    friend class Connection;
    struct Inner;
    explicit Statement(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// At once the only one that writes, on SQLite (BEGIN IMMEDIATE) as on PostgreSQL (an advisory lock
// of the database); rolls back unless commit() was called. A full disk or an I/O error may
// end the transaction at any statement: from then on every statement on the connection, and the
// commit, throws full_or_io until this object is gone, so that nothing of it is committed alone.
class Transaction {
  public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();
    // Whether the database has ended it by itself.
    bool is_lost() const;

  private:
    Connection& connection_;
    bool open_ = true;
};

// A savepoint inside a transaction; rolls back to it unless keep() was called.
class Savepoint {
  public:
    explicit Savepoint(Connection& connection);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    void keep();

  private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace domspool::store
