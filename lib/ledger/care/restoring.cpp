// A backup is put in the ledger's place; the one that stood there is kept beside it.
#include "ledger/care/ledger_verifying.h"
#include "ledger/ledger_care.h"
#include "ledger/ledger_place.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/runs/open_locks.h"
#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace domspool {

namespace {

[[noreturn]] void refuse_to_restore(ExitCode code, const std::string& backup,
                                    const std::string& rest) {
    throw RunFailure(code, "cannot restore the ledger from '" + backup + "': " + rest);
}

void require_sound(store::Connection& connection, const std::string& backup) {
    const auto faults = faults_of_file(connection);
    if (faults.empty()) return;
    refuse_to_restore(ExitCode::settings_or_ledger, backup,
                      faults.front() + "; take another backup");
}

void rename_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) == 0) return;
    throw RunFailure(ExitCode::cannot_write, "cannot rename '" + from + "' to '" + to +
                                                 "': " + file::cause_of(errno) +
                                                 "; check the owner of the folder and its disk");
}

// A copy that sends nothing until it has been reconciled.
void make_copy(store::Connection& backup, const std::string& target) {
    std::filesystem::remove(target);  // Of a restore that was cut short.
    backup.back_up_to(target);
    store::Connection copy(target, {store::Access::read_write, true});
    copy.run("UPDATE stamp SET is_copy = 1");
    copy.run("PRAGMA journal_mode = DELETE");
}

// The ledger first: its log beside another one would be played into it.
std::optional<std::string> put_aside(const std::string& path, UtcTime now) {
    std::string time = to_iso(now).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string aside = path + ".replaced-" + time;
    std::optional<std::string> moved;
    for (const char* ending : {"", "-wal", "-shm"}) {
        if (!std::filesystem::exists(path + ending)) continue;
        rename_file(path + ending, aside + ending);
        moved = aside;
    }
    return moved;
}

}  // namespace

namespace ledger_care {

std::optional<std::string> restore(const std::string& path, const std::string& backup,
                                   const LedgerStamp& stamp, UtcTime now) {
    require_file(path, "restore",
                 "put its database back with pg_restore, then run `domain-orders reconcile`");
    try {
        const auto locks = open_locks(path, ByteLockFile::IfMissing::create);
        if (!locks->try_lock_all_runs()) {
            refuse_to_restore(ExitCode::try_later, backup,
                              "a run is at work on '" + path + "'; wait until it has ended");
        }
        store::Connection source(backup, {store::Access::read_only, true});
        require_version(source, backup);
        require_stamp(source, backup, stamp);
        require_sound(source, backup);
        const std::string copy = path + ".restoring";
        make_copy(source, copy);
        const auto aside = put_aside(path, now);
        rename_file(copy, path);
        file::sync_folder(file::folder_of(path));
        return aside;
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "restore", backup);
    }
}

}  // namespace ledger_care

}  // namespace domspool
