// Which database a ledger in PostgreSQL was made in, kept in the ledger itself. Put back from a
// dump, or on a replica that took its server's place, it is elsewhere, and may know less than was
// sent: a dump made while a run was at work knows that run, and not what it did later.
#pragma once

#include "store/connection.h"

#include <string>

namespace domspool {

// A file of SQLite always is: its backups are marked. A replica cannot tell, and sends nothing.
bool is_at_home(store::Connection& connection);

// It belongs here from now on. Inside a transaction.
void settle_here(store::Connection& connection);

// RunFailure settings_or_ledger unless both are sessions of one server.
void require_one_server(store::Connection& one, store::Connection& other, const std::string& path);

}  // namespace domspool
