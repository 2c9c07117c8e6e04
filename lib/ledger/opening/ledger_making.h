// How a ledger file comes to be and into which version.
#pragma once

#include "ledger/ledger.h"
#include "store/connection.h"
#include "store/migration.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

// All versions of the ledger, the oldest first.
std::vector<store::Migration> ledger_versions(store::Dialect dialect);

// As Ledger::migrate, to the last of these versions.
std::optional<std::string> migrate_ledger(const std::string& path, UtcTime now,
                                          const std::vector<store::Migration>& versions);

// RunFailure settings_or_ledger unless the ledger is of this program's version and belongs to this
// account.
void require_version(store::Connection& connection, const std::string& path);
void require_stamp(store::Connection& connection, const std::string& path,
                   const LedgerStamp& stamp);

// RunFailure settings_or_ledger where the database's server is not to be entrusted with it.
void require_fit(store::Connection& connection, const std::string& path);
// RunFailure settings_or_ledger for a ledger in PostgreSQL, which `act` is not for; `next`: what
// is.
void require_file(const std::string& path, const std::string& act, const std::string& next);

// What the database refused, in words for the person who started the program: `act` names what was
// tried ("open").
[[noreturn]] void throw_ledger_failure(const store::StoreError& error, const std::string& act,
                                       const std::string& path);

}  // namespace domspool
