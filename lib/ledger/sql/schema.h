// The tables, by version. What each version changed is said beside it.
#pragma once

#include "store/connection.h"

#include <string>
#include <vector>

namespace domspool::schema {

inline constexpr int kVersion = 5;

struct Version {
    int version = 0;
    std::string what;  // it changed, in a few words
    std::vector<std::string> statements;
};

// What leads from nothing to version 1, and from each version to the next. What the databases spell
// differently is the identity column.
std::vector<Version> versions(store::Dialect dialect);

}  // namespace domspool::schema
