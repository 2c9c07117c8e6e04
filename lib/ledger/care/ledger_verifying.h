// What is wrong with a ledger: its file, and what its rows say of each other.
#pragma once

#include "store/connection.h"

#include <string>
#include <vector>

namespace domspool {

// One line each; none: the file is sound.
std::vector<std::string> faults_of_file(store::Connection& connection);

// What the rules rule out, each with the numbers of the first orders concerned. None: all
// is as it must be. Reads the whole ledger.
std::vector<std::string> faults_of_rows(store::Connection& connection);

}  // namespace domspool
