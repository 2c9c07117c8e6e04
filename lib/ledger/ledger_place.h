// Where a ledger is, as the settings name it: a file of SQLite, or a database of PostgreSQL,
//   postgresql://USER@HOST/DATABASE?files=FOLDER
// FOLDER (/var/lib/domspool unless said) holds what each machine keeps beside it.
#pragma once

#include <string>

namespace domspool {

bool is_in_postgresql(const std::string& ledger);

// What is wrong with it as a place for a ledger; "": nothing. A password has no business in it.
std::string fault_of_place(const std::string& ledger);

// As store::Connection takes it.
std::string database_of(const std::string& ledger);

// The beginning of the names of the files beside it (.runs, spill files, ...): the ledger's own
// path, or one made of host and database.
std::string files_beside(const std::string& ledger);

}  // namespace domspool
