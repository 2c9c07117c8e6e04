#include "ledger/ledger_place.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/schema.h"
#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <optional>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace domspool {

namespace {

[[noreturn]] void refuse(ExitCode code, const std::string& act, const std::string& path,
                         const std::string& rest) {
    throw RunFailure(code, "cannot " + act + " the ledger '" + path + "': " + rest);
}

// The first of the file and its folder that this user may not use, by errno.
int access_trouble(const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), R_OK | W_OK) != 0) return errno;
    if (::access(file::folder_of(path).c_str(), R_OK | W_OK | X_OK) != 0) return errno;
    return 0;
}

std::string owner_of_file(const std::string& path) {
    struct stat state {};
    if (::stat(path.c_str(), &state) != 0 && ::stat(file::folder_of(path).c_str(), &state) != 0) {
        return "";
    }
    const passwd* owner = ::getpwuid(state.st_uid);
    return owner == nullptr ? "" : owner->pw_name;
}

[[noreturn]] void refuse_access(const std::string& act, const std::string& path) {
    const int error = access_trouble(path);
    if (error != EACCES && error != EPERM) {
        const std::string cause = error == 0 ? "it may not be written" : file::cause_of(error);
        refuse(ExitCode::cannot_write, act, path,
               cause + "; check its disk, and that it is on a local file system");
    }
    const std::string owner = owner_of_file(path);
    refuse(ExitCode::no_permission, act, path,
           "permission denied; " +
               (owner.empty() ? std::string("start the program as the user it belongs to")
                              : "start the program as its owner: `sudo -u " + owner + " ...`"));
}

// In a database of PostgreSQL.
[[noreturn]] void refuse_database(const store::StoreError& error, const std::string& act,
                                  const std::string& path) {
    switch (error.trouble()) {
        case store::Trouble::lost:
            refuse(ExitCode::try_later, act, path,
                   std::string(error.what()) + "; see to its server, the next run tries again");
        case store::Trouble::busy:
            refuse(ExitCode::try_later, act, path,
                   "another program holds it for too long, or its server takes no more "
                   "connections; try again later");
        case store::Trouble::missing:
            refuse(ExitCode::settings_or_ledger, act, path,
                   std::string(error.what()) +
                       "; see `ledger:` in the settings, and README for user, password and "
                       "database");
        case store::Trouble::not_writable:
            refuse(ExitCode::no_permission, act, path,
                   "its user may not write there; make the database and its tables those of the "
                   "user named in `ledger:`");
        case store::Trouble::full_or_io:
            refuse(ExitCode::cannot_write, act, path, "the disk of its server is full or failing");
        case store::Trouble::corrupt:
        case store::Trouble::unique_broken:
        case store::Trouble::constraint_broken:
        case store::Trouble::other:
            refuse(ExitCode::settings_or_ledger, act, path, error.what());
    }
    our_bug("a trouble without a name", __FILE__, __LINE__);
}

// Locks are the database's, so that the runs of two ledgers in it would take each other's.
bool has_hidden_ledger(store::Connection& connection) {
    return number_from(connection,
                       "SELECT COUNT(*) FROM pg_class s JOIN pg_class a "
                       "ON a.relnamespace = s.relnamespace AND a.relkind = s.relkind "
                       "WHERE s.relname = 'stamp' AND a.relname = 'attempts' AND s.relkind = 'r' "
                       "AND NOT pg_table_is_visible(s.oid)") > 0;
}

}  // namespace

void require_fit(store::Connection& connection, const std::string& path) {
    const std::string fault = connection.unfit();
    if (!fault.empty()) refuse(ExitCode::settings_or_ledger, "use", path, fault);
    if (!is_in_postgresql(path) || !has_hidden_ledger(connection)) return;
    refuse(ExitCode::settings_or_ledger, "use", path,
           "its database has a ledger in a schema that its user does not look into; give each "
           "ledger a database of its own");
}

void require_file(const std::string& path, const std::string& act, const std::string& next) {
    if (!is_in_postgresql(path)) return;
    refuse(ExitCode::settings_or_ledger, act, path, "it is in PostgreSQL; " + next);
}

void throw_ledger_failure(const store::StoreError& error, const std::string& act,
                          const std::string& path) {
    if (is_in_postgresql(path)) refuse_database(error, act, path);
    switch (error.trouble()) {
        case store::Trouble::missing:
            refuse(ExitCode::settings_or_ledger, act, path,
                   "there is no such file; make it with `domain-orders init`, or put it back with "
                   "`domain-orders restore-ledger`");
        case store::Trouble::not_writable:
            refuse_access(act, path);
        case store::Trouble::corrupt:
            refuse(ExitCode::settings_or_ledger, act, path,
                   "it is damaged or no ledger; put a backup back with `domain-orders "
                   "restore-ledger`");
        case store::Trouble::busy:
            refuse(ExitCode::try_later, act, path,
                   "another program holds it for too long; try again later");
        case store::Trouble::full_or_io:
        case store::Trouble::lost:
            refuse(ExitCode::cannot_write, act, path,
                   "its disk is full or failing; free some room");
        case store::Trouble::unique_broken:
        case store::Trouble::constraint_broken:
        case store::Trouble::other:
            refuse(ExitCode::settings_or_ledger, act, path,
                   "it is no ledger of domspool; check `ledger:` in the settings");
    }
    our_bug("a trouble without a name", __FILE__, __LINE__);
}

void require_version(store::Connection& connection, const std::string& path) {
    const int version = store::version_of(connection);
    if (version == schema::kVersion) return;
    if (version == 0) {
        refuse(ExitCode::settings_or_ledger, "open", path,
               "it is empty or no ledger; make it with `domain-orders init`");
    }
    const std::string versions = "it is of version " + std::to_string(version) +
                                 ", this program works with version " +
                                 std::to_string(schema::kVersion) + "; ";
    refuse(ExitCode::settings_or_ledger, "open", path,
           versions + (version > schema::kVersion ? "install the newer domspool"
                                                  : "upgrade it with `domain-orders migrate`"));
}

void require_stamp(store::Connection& connection, const std::string& path,
                   const LedgerStamp& stamp) {
    auto& row = connection.prepare("SELECT endpoint_host, reseller_id FROM stamp");
    if (!row.next_row()) {
        refuse(ExitCode::settings_or_ledger, "open", path,
               "it says of no account that it belongs to it; put a backup back with "
               "`domain-orders restore-ledger`");
    }
    const LedgerStamp its{row.text(0), row.text(1)};
    connection.let_go();
    if (its.endpoint_host == stamp.endpoint_host && its.reseller_id == stamp.reseller_id) return;
    refuse(ExitCode::settings_or_ledger, "open", path,
           "it belongs to account '" + its.reseller_id + "' at '" + its.endpoint_host +
               "', the settings name '" + stamp.reseller_id + "' at '" + stamp.endpoint_host +
               "'; give each account a ledger of its own (`ledger:` in the settings)");
}

}  // namespace domspool
