// The versions of a database: which statements lead from one to the next.
#pragma once

#include "store/connection.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool::store {

struct Migration {
    int version = 0;   // reached by these statements; a list counts 1, 2, 3 ...
    std::string what;  // what it changed, in a few words
    std::vector<std::string> statements;
    // What no statement can say, after them; in the same transaction.
    std::function<void(Connection&)> then = nullptr;
};

// 0: nothing was ever made here.
int version_of(Connection& connection);

// Applies what is missing, in one transaction: all of it or nothing. Returns the version there was
// before. StoreError other if the database is newer than the list.
int migrate(Connection& connection, const std::vector<Migration>& list);
// The same inside a transaction of the caller's.
int migrate_in_transaction(Connection& connection, const std::vector<Migration>& list);

}  // namespace domspool::store
