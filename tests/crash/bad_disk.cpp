// A library for LD_PRELOAD that makes the disk under one folder a bad one. Not part of any program;
// tests/crash/bad_disk_calls.h says how it is told what to do, by the environment:
//   BAD_DISK_FOLDER=/path       only what lies below it (real path) is looked at
//   BAD_DISK_LOG=/path          "write ledger.db-wal" for each such call, appended
//   BAD_DISK_FAIL=KIND:N:HOW    the N-th call of that kind fails; "KIND:N+:HOW": all from there on.
//                               HOW is EIO, ENOSPC, EACCES, EINTR; "short": half is written;
//                               "full": as on a disk without room, only what needs some fails
//   BAD_DISK_SHADOW=/path       keeps there, below "names", what a power cut would leave: contents
//                               as of the file's last sync, names as of the folder's. Lives on over
//                               several programs in turn; made of the folder as it is at first
//   BAD_DISK_CUT=before:N       the power goes before (after:N, after) the N-th sync: SIGKILL
//   BAD_DISK_LIES=ENDING        files whose names end so are not kept by their syncs
//   BAD_DISK_TORN=SEED          at the cut each sector not synced is kept or lost by chance
// Kinds: write sync truncate allocate create open rename unlink lock unlock.
#include "crash/disk_shadow.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#define INTERPOSED extern "C" __attribute__((visibility("default")))

using namespace bad_disk;

namespace {

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string setting(const char* name) {
    const char* value = ::getenv(name);
    return value == nullptr ? "" : value;
}

// ---- What is to go wrong.

struct Failure {
    std::string kind;
    int number = 0;
    bool lasts = false;
    std::string how;
};

Failure failure_of(const std::string& text) {
    Failure failure;
    const auto first = text.find(':'), second = text.rfind(':');
    if (first == std::string::npos || second == first) return failure;
    failure.kind = text.substr(0, first);
    failure.number = std::atoi(text.c_str() + first + 1);
    failure.lasts = text[second - 1] == '+';
    failure.how = text.substr(second + 1);
    return failure;
}

int error_of(const std::string& how) {
    if (how == "ENOSPC" || how == "full") return ENOSPC;
    if (how == "EACCES") return EACCES;
    if (how == "EINTR") return EINTR;
    return EIO;
}

class BadDisk {
  public:
    BadDisk()
        : folder_(setting("BAD_DISK_FOLDER")),
          failure_(failure_of(setting("BAD_DISK_FAIL"))),
          shadow_(folder_, setting("BAD_DISK_SHADOW")),
          cut_(setting("BAD_DISK_CUT")),
          lies_(setting("BAD_DISK_LIES")),
          torn_(setting("BAD_DISK_TORN")) {
        const std::string log = setting("BAD_DISK_LOG");
        if (!log.empty()) log_ = raw_open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    }

    bool is_ours(const std::string& path) const {
        return !folder_.empty() && path.starts_with(folder_) &&
               (path.size() == folder_.size() || path[folder_.size()] == '/');
    }

    // Counts the call. The failure it must meet, or nullptr.
    const Failure* met(const char* kind, const std::string& path) {
        const std::lock_guard lock(mutex_);
        const int number = ++counts_[kind];
        if (log_ >= 0) {
            const std::string shown = path.size() > folder_.size() + 1
                                          ? path.substr(folder_.size() + 1)
                                          : std::string(".");
            raw_write(log_, std::string(kind) + " " + shown + "\n");
        }
        const bool is_it = failure_.kind == kind && (number == failure_.number ||
                                                     (failure_.lasts && number > failure_.number));
        return is_it ? &failure_ : nullptr;
    }

    template <typename Call>
    int sync(const std::string& path, Call call) {
        const std::lock_guard lock(mutex_);
        const std::string number = std::to_string(++syncs_);
        if (cut_ == "before:" + number) cut();
        const int result = call();
        const bool is_lie = !lies_.empty() && path.ends_with(lies_);
        if (result == 0 && shadow_.is_kept() && !is_lie) {
            struct stat about {};
            const bool is_folder = raw_stat(path, about) && S_ISDIR(about.st_mode);
            is_folder ? shadow_.folder_synced(path) : shadow_.file_synced(path);
        }
        if (cut_ == "after:" + number) cut();
        return result;
    }

    void name_goes(const std::string& path) {
        const std::lock_guard lock(mutex_);
        if (shadow_.is_kept()) shadow_.inode_gone(path);
    }

  private:
    void cut() {
        if (!torn_.empty()) shadow_.tear(static_cast<unsigned>(std::stoul(torn_)));
        ::syscall(SYS_kill, ::getpid(), SIGKILL);
    }

    std::mutex mutex_;
    const std::string folder_;
    const Failure failure_;
    Shadow shadow_;
    const std::string cut_, lies_, torn_;
    int log_ = -1;
    int syncs_ = 0;
    std::map<std::string, int> counts_;
};

// Never destroyed: programs write until their very end.
BadDisk& disk() {
    static BadDisk* const the_disk = new BadDisk;
    return *the_disk;
}

std::string path_of(int descriptor) {
    char path[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
    return size <= 0 ? "" : std::string(path, static_cast<std::size_t>(size));
}

std::string path_at(int folder, const char* path) {
    if (path[0] == '/') return path;
    if (folder != AT_FDCWD) return path_of(folder) + "/" + path;
    char here[PATH_MAX];
    return ::getcwd(here, sizeof here) == nullptr ? path : std::string(here) + "/" + path;
}

// Of one of our files: the failure a call is to meet.
const Failure* met(const char* kind, const std::string& path) {
    return disk().is_ours(path) ? disk().met(kind, path) : nullptr;
}

int failed(const Failure& failure) {
    errno = error_of(failure.how);
    return -1;
}

// Room of its own is what a full disk lacks; there is some where the file is long enough.
bool needs_room(int descriptor, off_t end) {
    struct stat about {};
    return ::fstat(descriptor, &about) != 0 || end > about.st_size;
}

off_t place_of_next_write(int descriptor) {
    struct stat about {};
    const bool appends = (::fcntl(descriptor, F_GETFL) & O_APPEND) != 0;
    if (appends && ::fstat(descriptor, &about) == 0) return about.st_size;
    return ::lseek(descriptor, 0, SEEK_CUR);
}

// The size to be written, or -1.
ssize_t size_to_write(int descriptor, std::size_t size, off_t place) {
    if (descriptor <= 2) return static_cast<ssize_t>(size);
    const Failure* failure = met("write", path_of(descriptor));
    if (failure == nullptr) return static_cast<ssize_t>(size);
    if (failure->how == "short") return static_cast<ssize_t>((size + 1) / 2);
    if (failure->how == "full" && !needs_room(descriptor, place + static_cast<off_t>(size))) {
        return static_cast<ssize_t>(size);
    }
    return failed(*failure);
}

}  // namespace

INTERPOSED ssize_t write(int descriptor, const void* bytes, std::size_t size) {
    const ssize_t allowed =
        size_to_write(descriptor, size, descriptor <= 2 ? 0 : place_of_next_write(descriptor));
    return allowed < 0 ? allowed : ::syscall(SYS_write, descriptor, bytes, allowed);
}

INTERPOSED ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t place) {
    const ssize_t allowed = size_to_write(descriptor, size, place);
    return allowed < 0 ? allowed : ::syscall(SYS_pwrite64, descriptor, bytes, allowed, place);
}

INTERPOSED ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t place) {
    return pwrite64(descriptor, bytes, size, place);
}

INTERPOSED ssize_t writev(int descriptor, const iovec* parts, int count) {
    std::size_t size = 0;
    for (int i = 0; i < count; ++i) size += parts[i].iov_len;
    const ssize_t allowed =
        size_to_write(descriptor, size, descriptor <= 2 ? 0 : place_of_next_write(descriptor));
    if (allowed < 0) return allowed;
    if (static_cast<std::size_t>(allowed) == size) {
        return ::syscall(SYS_writev, descriptor, parts, count);
    }
    return ::syscall(SYS_write, descriptor, parts[0].iov_base,
                     std::min(parts[0].iov_len, static_cast<std::size_t>(allowed)));
}

INTERPOSED int fsync(int descriptor) {
    const std::string path = path_of(descriptor);
    const auto call = [&] { return static_cast<int>(::syscall(SYS_fsync, descriptor)); };
    if (!disk().is_ours(path)) return call();
    if (const Failure* failure = met("sync", path)) return failed(*failure);
    return disk().sync(path, call);
}

INTERPOSED int fdatasync(int descriptor) {
    return fsync(descriptor);
}

INTERPOSED int ftruncate64(int descriptor, off64_t size) {
    if (const Failure* failure = met("truncate", path_of(descriptor))) {
        if (failure->how != "full" || needs_room(descriptor, size)) return failed(*failure);
    }
    return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
}

INTERPOSED int ftruncate(int descriptor, off_t size) {
    return ftruncate64(descriptor, size);
}

INTERPOSED int posix_fallocate64(int descriptor, off64_t begin, off64_t size) {
    if (const Failure* failure = met("allocate", path_of(descriptor))) {
        return error_of(failure->how);
    }
    return next<int(int, off64_t, off64_t)>("posix_fallocate64")(descriptor, begin, size);
}

INTERPOSED int posix_fallocate(int descriptor, off_t begin, off_t size) {
    return posix_fallocate64(descriptor, begin, size);
}

INTERPOSED int openat64(int folder, const char* name, int flags, ...) {
    mode_t mode = 0;
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    const bool creates = (flags & O_CREAT) != 0;
    if (writes || creates) {
        const std::string path = path_at(folder, name);
        struct stat about {};
        const bool is_new = creates && disk().is_ours(path) && !raw_stat(path, about);
        const Failure* failure = met(is_new ? "create" : "open", path);
        if (failure != nullptr && (failure->how != "full" || is_new)) return failed(*failure);
    }
    return static_cast<int>(::syscall(SYS_openat, folder, name, flags, mode));
}

INTERPOSED int open64(const char* name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat64(AT_FDCWD, name, flags, mode);
}

INTERPOSED int open(const char* name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat64(AT_FDCWD, name, flags, mode);
}

INTERPOSED int mkostemps(char* pattern, int suffix, int flags) {
    if (const Failure* failure = met("create", path_at(AT_FDCWD, pattern))) return failed(*failure);
    return next<int(char*, int, int)>("mkostemps")(pattern, suffix, flags);
}

INTERPOSED int mkdir(const char* name, mode_t mode) {
    if (const Failure* failure = met("create", path_at(AT_FDCWD, name))) return failed(*failure);
    return static_cast<int>(::syscall(SYS_mkdir, name, mode));
}

INTERPOSED int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) {
    const std::string target = path_at(to_folder, to);
    if (const Failure* failure = met("rename", target)) return failed(*failure);
    if (disk().is_ours(target) && flags == 0) disk().name_goes(target);
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

INTERPOSED int rename(const char* from, const char* to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

INTERPOSED int unlink(const char* name) {
    const std::string path = path_at(AT_FDCWD, name);
    if (const Failure* failure = met("unlink", path)) return failed(*failure);
    if (disk().is_ours(path)) disk().name_goes(path);
    return static_cast<int>(::syscall(SYS_unlink, name));
}

INTERPOSED int fcntl64(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    if (command == F_SETLK || command == F_OFD_SETLK || command == F_SETLKW ||
        command == F_OFD_SETLKW) {
        const bool unlocks = static_cast<const struct flock*>(argument)->l_type == F_UNLCK;
        const Failure* failure = met(unlocks ? "unlock" : "lock", path_of(descriptor));
        if (failure != nullptr) return failed(*failure);
    }
    return static_cast<int>(::syscall(SYS_fcntl, descriptor, command, argument));
}

INTERPOSED int fcntl(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    return fcntl64(descriptor, command, argument);
}
