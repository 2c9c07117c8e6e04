// The databases' errors in our words, without their own (they can carry the row).
#pragma once

#include "store/connection.h"

#include <string>

struct sqlite3;

namespace domspool::store {

// By the extended result code.
Trouble trouble_of(int code);
// Of the latest failed call on this handle: what went wrong, the code, and the name of the
// constraint (table, columns or index) where one was broken.
StoreError error_of(sqlite3* handle);
[[noreturn]] void throw_trouble(sqlite3* handle);

// By the five letters of an SQLSTATE.
Trouble trouble_of_state(const std::string& sqlstate);
// What went wrong, the code, and the name of the constraint where one was broken.
StoreError error_of_state(const std::string& sqlstate, const std::string& constraint);

[[noreturn]] void throw_wrong_type(const std::string& column);
[[noreturn]] void throw_transaction_lost();

}  // namespace domspool::store
