#include "ledger/opening/ledger_home.h"

#include "orders/field_map.h"
#include "util/failure.h"

namespace domspool {

namespace {

const std::string kTable = "stamp";  // Made with the ledger.
constexpr const char* kKind = "ledger";
constexpr const char* kItem = "home";

std::string kept_home(store::Connection& connection) {
    auto& row = connection.prepare("SELECT fields FROM remembered WHERE kind = $1 AND item = $2");
    row.bind(kKind).bind(kItem);
    const std::string home = row.next_row() ? row.text(0) : "";
    connection.let_go();
    return home;
}

std::string home_here(store::Connection& connection) {
    const std::string identity = connection.identity_of(kTable);
    return identity.empty() ? "" : write_fields({{"database", identity}});
}

}  // namespace

bool is_at_home(store::Connection& connection) {
    const std::string here = home_here(connection);
    return here.empty() || here == kept_home(connection);
}

void settle_here(store::Connection& connection, UtcTime now) {
    const std::string here = home_here(connection);
    if (here.empty()) return;
    connection
        .prepare(
            "INSERT INTO remembered (kind, item, fields, noted_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (kind, item) DO UPDATE SET fields = excluded.fields, "
            "noted_at = excluded.noted_at")
        .bind(kKind)
        .bind(kItem)
        .bind(here)
        .bind(to_iso(now))
        .run();
}

void require_one_server(store::Connection& one, store::Connection& other, const std::string& path) {
    if (one.identity_of(kTable) == other.identity_of(kTable)) return;
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot open the ledger '" + path +
                         "': the host in it leads to several servers; name the one that takes "
                         "changes");
}

}  // namespace domspool
