// The tables, by version. What each version changed is said beside it.
#pragma once

#include <string>
#include <vector>

namespace domspool::schema {

inline constexpr int kVersion = 2;

struct Version {
    int version = 0;
    std::string what;  // it changed, in a few words
    std::vector<std::string> statements;
};

// What leads from nothing to version 1, and from each version to the next. SQLite's form of what
// differs (the identity column); see statements_for_postgresql.
std::vector<Version> versions();
// All of them, one after the other, as PostgreSQL writes them.
std::vector<std::string> statements_for_postgresql();

}  // namespace domspool::schema
