// A copy of a database while it is in use, through SQLite's own backup.
#pragma once

#include <string>

struct sqlite3;

namespace domspool::store {

// Into a hidden file beside the target, synced, then renamed: whole or not at all, never over an
// existing file. Throws StoreError.
void copy_database(sqlite3* source, const std::string& target);

}  // namespace domspool::store
