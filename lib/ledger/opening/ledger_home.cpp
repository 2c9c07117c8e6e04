#include "ledger/opening/ledger_home.h"

#include "util/failure.h"

namespace domspool {

namespace {

const std::string kTable = "stamp";  // Made with the ledger.

std::string kept_home(store::Connection& connection) {
    auto& row = connection.prepare("SELECT home FROM stamp");
    const std::string home = row.next_row() ? row.text(0) : "";
    connection.let_go();
    return home;
}

}  // namespace

bool is_at_home(store::Connection& connection) {
    const std::string here = connection.identity_of(kTable);
    return here.empty() || here == kept_home(connection);
}

void settle_here(store::Connection& connection) {
    const std::string here = connection.identity_of(kTable);
    if (here.empty()) return;
    connection.prepare("UPDATE stamp SET home = $1").bind(here).run();
}

void require_one_server(store::Connection& one, store::Connection& other, const std::string& path) {
    if (one.identity_of(kTable) == other.identity_of(kTable)) return;
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot open the ledger '" + path +
                         "': the host in it leads to several servers; name the one that takes "
                         "changes");
}

}  // namespace domspool
