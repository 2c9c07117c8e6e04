// SQLite's errors in our words, without its own (they can carry the row).
#pragma once

#include <string>

#include "store/connection.h"

struct sqlite3;

namespace domspool::store {

// By the extended result code.
Trouble trouble_of(int code);
// Of the latest failed call on this handle: what went wrong, the code, and the name of the
// constraint (table, columns or index) where one was broken.
StoreError error_of(sqlite3* handle);
[[noreturn]] void throw_trouble(sqlite3* handle);
[[noreturn]] void throw_transaction_lost();

}  // namespace domspool::store
