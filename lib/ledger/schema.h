// The tables, by version. What each version changed is said beside it.
#pragma once

#include <string>
#include <vector>

namespace domspool::schema {

inline constexpr int kVersion = 1;

// The statements that make a ledger of kVersion from nothing, one per entry. SQLite's form of what
// differs (the identity column); see statements_for_postgresql.
std::vector<std::string> statements();
// The same tables as PostgreSQL writes them.
std::vector<std::string> statements_for_postgresql();

}  // namespace domspool::schema
