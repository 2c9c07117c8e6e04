#include "store/online_backup.h"

#include "store/connection.h"
#include "store/error_words.h"
#include "util/descriptor.h"
#include "util/failure.h"
#include "util/file.h"

#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace domspool::store {

namespace {

struct CloseDatabase {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// Takes an unfinished copy away.
struct Unfinished {
    ~Unfinished() {
        if (!path.empty())
            std::ignore = ::unlink(path.c_str());  // Hidden, and made anew next time.
    }
    std::string path;
};

std::string hidden_name_beside(const std::string& target) {
    const std::filesystem::path path(target);
    return (path.parent_path() / ("." + path.filename().string() + ".tmp")).string();
}

[[noreturn]] void fail(const std::string& act, const std::string& path, Trouble trouble) {
    throw StoreError(trouble, "cannot " + act + " '" + path + "': " + file::cause_of(errno));
}

void make_empty(const std::string& path) {
    std::ignore = ::unlink(path.c_str());  // Left by a run that died.
    const Descriptor made(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!made) fail("make the backup", path, Trouble::not_writable);
}

void copy_pages(sqlite3* source, const std::string& path) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    const Database copy(opened);
    if (result != SQLITE_OK) throw_trouble(opened);
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_backup* backup = sqlite3_backup_init(opened, "main", source, "main");
    if (backup == nullptr) throw_trouble(opened);
    sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) != SQLITE_OK) throw_trouble(opened);
    // One file, that needs no log beside it.
    if (sqlite3_exec(opened, "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
        throw_trouble(opened);
    }
}

void sync_file(const std::string& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor || ::fsync(descriptor.get()) != 0) {
        fail("sync the backup", path, Trouble::full_or_io);
    }
}

}  // namespace

void copy_database(sqlite3* source, const std::string& target) {
    Unfinished unfinished{hidden_name_beside(target)};
    make_empty(unfinished.path);
    copy_pages(source, unfinished.path);
    sync_file(unfinished.path);
    if (!file::move_to_free_name(unfinished.path, target)) {
        throw StoreError(Trouble::not_writable,
                         "cannot write the backup '" + target + "': there is such a file already");
    }
    unfinished.path.clear();
}

}  // namespace domspool::store
