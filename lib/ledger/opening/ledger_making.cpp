#include "ledger/opening/ledger_making.h"

#include "ledger/ledger_place.h"
#include "ledger/opening/from_remembered.h"
#include "ledger/opening/ledger_home.h"
#include "ledger/runs/open_locks.h"
#include "ledger/runs/run_book.h"
#include "ledger/sql/schema.h"
#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <filesystem>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace domspool {

namespace {

std::string new_ledger_id() {
    static constexpr char kHex[] = "0123456789abcdef";
    std::random_device random;
    std::string id;
    for (int i = 0; i < 32; ++i) id += kHex[random() & 15U];
    return id;
}

void make_folder(const std::string& folder) {
    std::error_code failed;
    if (std::filesystem::exists(folder, failed)) return;
    make_folder(file::folder_of(folder));
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return;
    throw RunFailure(errno == EACCES ? ExitCode::no_permission : ExitCode::cannot_create,
                     "cannot make the folder '" + folder + "': " + file::cause_of(errno) +
                         "; make it, owned by the user the programs run as");
}

bool is_made(store::Connection& connection) {
    return store::version_of(connection) != 0;
}

// Tables and stamp in one transaction: a ledger is whole or not there.
void make_tables(store::Connection& connection, const LedgerStamp& stamp, UtcTime now) {
    store::Transaction transaction(connection);
    const auto versions = ledger_versions(connection.dialect());
    if (store::migrate_in_transaction(connection, versions) != 0) return;  // Made just now.
    connection
        .prepare(
            "INSERT INTO stamp (ledger_id, endpoint_host, reseller_id, created_at) "
            "VALUES ($1, $2, $3, $4)")
        .bind(new_ledger_id())
        .bind(stamp.endpoint_host)
        .bind(stamp.reseller_id)
        .bind(to_iso(now))
        .run();
    settle_here(connection);
    transaction.commit();
}

// An earlier ledger has sent something that a new one would not know of.
void require_no_forgotten_ledger(const RunLocks& locks, const std::string& path) {
    const RunId last = locks.last_sending_run();
    if (last == 0) return;
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot make the ledger '" + path + "': its .runs file knows of run " +
                         std::to_string(last) +
                         ", which may have sent orders; put the ledger back with `domain-orders "
                         "restore-ledger`");
}

// Made anew here, the file would know of no run, and a copied ledger pass for the newest one.
void require_runs_file(const std::string& act, const std::string& path) {
    std::error_code failed;
    const bool is_ledger =
        !is_in_postgresql(path) && std::filesystem::file_size(path, failed) > 0 && !failed;
    if (!is_ledger || std::filesystem::exists(path + ".runs")) return;
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot " + act + " the ledger '" + path +
                         "': its .runs file is missing, so what was sent cannot be known; run "
                         "`domain-orders reconcile`");
}

void require_no_live_run(store::Connection& connection, const RunLocks& locks,
                         const std::string& path) {
    for (const RunId run : runs_not_ended(connection)) {
        if (!locks.is_alive(run)) continue;
        throw RunFailure(ExitCode::try_later, "cannot migrate the ledger '" + path + "': run " +
                                                  std::to_string(run) +
                                                  " is at work on it; wait until it has ended");
    }
}

// Marked: put back one day, it knows less than was sent since.
void back_up_marked(store::Connection& connection, const std::string& target) {
    connection.back_up_to(target);
    store::Connection copy(target, {store::Access::read_write, true});
    copy.run("UPDATE stamp SET is_copy = 1");
    copy.run("PRAGMA journal_mode = DELETE");
}

std::string backup_path(const std::string& path, int version, UtcTime now) {
    std::string time = to_iso(now).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return path + ".version-" + std::to_string(version) + "-" + time;
}

// They are ledgers of the same tables, and are read when an order of theirs is shown.
void migrate_archives(const std::string& path) {
    store::Connection ledger(database_of(path), {store::Access::read_only, true});
    std::vector<std::string> archives;
    auto& row = ledger.prepare("SELECT DISTINCT archive FROM batches WHERE archive <> ''");
    while (row.next_row()) archives.push_back(row.text(0));
    for (const std::string& archive : archives) {
        if (!std::filesystem::exists(archive)) continue;
        try {
            store::Connection connection(archive, {store::Access::read_write, true});
            std::ignore = store::migrate(connection, ledger_versions(store::Dialect::sqlite));
            connection.run("PRAGMA journal_mode = DELETE");
        } catch (const store::StoreError& error) {
            throw_ledger_failure(error, "migrate", archive);
        }
    }
}

}  // namespace

std::vector<store::Migration> ledger_versions(store::Dialect dialect) {
    std::vector<store::Migration> list;
    for (schema::Version& version : schema::versions(dialect)) {
        list.push_back({version.version, std::move(version.what), std::move(version.statements),
                        version.version == 4 ? move_remembered : nullptr});
    }
    return list;
}

std::optional<std::string> migrate_ledger(const std::string& path, UtcTime now,
                                          const std::vector<store::Migration>& versions) {
    store::Connection connection(database_of(path), {store::Access::read_write, true});
    const int version = store::version_of(connection);
    const int newest = static_cast<int>(versions.size());
    if (version == newest) return std::nullopt;
    if (version == 0 || version > newest) require_version(connection, path);
    require_runs_file("migrate", path);
    const auto locks = open_locks(path, ByteLockFile::IfMissing::create);
    require_no_live_run(connection, *locks, path);
    if (is_in_postgresql(path)) {  // All of it in one transaction, or nothing.
        std::ignore = store::migrate(connection, versions);  // The version before is known.
        return "";
    }
    const std::string backup = backup_path(path, version, now);
    back_up_marked(connection, backup);
    std::ignore = store::migrate(connection, versions);  // The version before is known.
    return backup;
}

bool Ledger::init(const std::string& path, const LedgerStamp& stamp, UtcTime now) {
    make_folder(file::folder_of(files_beside(path)));
    require_runs_file("make", path);
    try {
        // The lock file first: a ledger without it is never seen.
        const auto locks = open_locks(path, ByteLockFile::IfMissing::create);
        const bool is_file = !is_in_postgresql(path);
        if (is_file && !std::filesystem::exists(path)) require_no_forgotten_ledger(*locks, path);
        store::Connection connection(database_of(path), {store::Access::create, true});
        require_fit(connection, path);
        if (is_made(connection)) {
            require_version(connection, path);
            require_stamp(connection, path, stamp);
            return false;
        }
        require_no_forgotten_ledger(*locks, path);
        make_tables(connection, stamp, now);
        file::sync_folder(file::folder_of(files_beside(path)));
        return true;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "make", path);
    }
}

std::optional<std::string> Ledger::migrate(const std::string& path, UtcTime now) {
    try {
        const auto dialect =
            is_in_postgresql(path) ? store::Dialect::postgresql : store::Dialect::sqlite;
        const auto backup = migrate_ledger(path, now, ledger_versions(dialect));
        migrate_archives(path);
        return backup;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "migrate", path);
    }
}

void Ledger::back_up(const std::string& path, const std::string& target) {
    require_file(path, "back up", "back up its database with pg_dump");
    try {
        store::Connection connection(path, {store::Access::read_only, true});
        require_version(connection, path);
        back_up_marked(connection, target);
    } catch (const store::StoreError& error) {
        if (std::filesystem::exists(target)) {
            throw RunFailure(ExitCode::cannot_create,
                             "cannot back up the ledger to '" + target +
                                 "': there is such a file already; name another one");
        }
        throw_ledger_failure(error, "back up", path);
    }
}

}  // namespace domspool
