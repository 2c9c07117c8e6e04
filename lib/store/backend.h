// What each kind of database does for a Connection, which keeps the statements and the rules about
// them. One thread at a time. Whatever fails throws StoreError.
#pragma once

#include "store/connection.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::store {

class BackendStatement {
  public:
    virtual ~BackendStatement() = default;
    virtual int parameters() const = 0;
    // Counted from 1.
    virtual void bind(int parameter, std::int64_t value) = 0;
    virtual void bind(int parameter, std::string_view text) = 0;
    virtual void bind_null(int parameter) = 0;
    virtual void clear_bindings() = 0;
    virtual bool next_row() = 0;
    // No row is held any more; safe at any time.
    virtual void reset() = 0;
    // Of the row at hand; counted from 0. integer and text: of another type is StoreError other.
    virtual int columns() const = 0;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual std::string text(int column) const = 0;
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual Dialect dialect() const = 0;
    virtual std::unique_ptr<BackendStatement> prepare(std::string_view sql) = 0;
    // Statements without rows or parameters that are not kept.
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void set_savepoint() = 0;
    virtual void keep_savepoint() = 0;
    // These do not throw: what cannot be rolled back was not kept anyway.
    virtual void roll_back() noexcept = 0;
    virtual void roll_back_to_savepoint() noexcept = 0;
    // False too where the database has ended a transaction by itself.
    virtual bool is_in_transaction() const = 0;
    virtual std::int64_t rows_changed() const = 0;
    virtual std::string question_for_table() const = 0;  // $1: its name; a row with a count
    virtual bool cut_log(std::chrono::milliseconds patience) = 0;
    virtual void back_up_to(const std::string& path) = 0;
    virtual std::string unfit() = 0;                                // See Connection.
    virtual std::string identity_of(const std::string& table) = 0;  // See Connection.
};

std::unique_ptr<Backend> open_sqlite(const std::string& path, const Connection::Options& options);
std::unique_ptr<Backend> open_postgresql(const std::string& uri,
                                         const Connection::Options& options);

}  // namespace domspool::store
