// Rows of the ledger's tables into records. What is read back is checked as strictly as input:
// StoreError (corrupt) for a word, a time or fields that we would not have written.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// The columns in the order the reader below expects them, each with the table's name before it
// ("o." or nothing).
std::string order_columns(std::string_view table = "");
inline constexpr int kOrderColumns = 24;

// From `first` on. Without steps.
OrderRecord read_order_row(const store::Statement& row, int first = 0);
// All steps of an order, by position.
std::vector<StepRecord> read_steps(store::Connection& connection, OrderId order);
// Attempts are "a" in the condition, their steps "s". The oldest first.
std::vector<AttemptRecord> read_attempts(store::Connection& connection, OrderId order);
std::vector<AttemptRecord> read_attempts_where(store::Connection& connection,
                                               const std::string& condition);
// Both, into the record. Where no step was tried yet attempts are not asked for.
void read_steps_and_attempts(store::Connection& connection, OrderRecord& order);

UtcTime time_in(const store::Statement& row, int column);
// A time, a boot and the milliseconds since it, in three columns.
std::optional<Moment> moment_or_null(const store::Statement& row, int first);
std::optional<UtcTime> time_or_null(const store::Statement& row, int column);
FieldMap fields_in(const store::Statement& row, int column);
DomainName domain_in(const store::Statement& row, int column);
OrderKind kind_in(const store::Statement& row, int column);
OrderState state_in(const store::Statement& row, int column);
HeldFor held_for_in(const store::Statement& row, int column);

// Of a statement without parameters that gives one row, a number.
std::int64_t number_from(store::Connection& connection, const std::string& sql);

std::optional<std::string> iso_or_null(const std::optional<UtcTime>& time);
[[noreturn]] void throw_unreadable(const std::string& what);

// Reads a row; what cannot be read in it is told with the row's name: "order 12".
template <typename Read>
auto in_row(const std::string& name, Read read) {
    try {
        return read();
    } catch (const store::StoreError& error) {
        if (error.trouble() != store::Trouble::corrupt) throw;
        throw store::StoreError(store::Trouble::corrupt, error.what() + (": " + name));
    }
}

}  // namespace domspool
