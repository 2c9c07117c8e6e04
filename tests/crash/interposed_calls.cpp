// The C library's calls for files, in place of its own: each goes on to the kernel unless the bad
// disk says otherwise.
#include "crash/bad_disk.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define INTERPOSED extern "C" __attribute__((visibility("default")))

using namespace bad_disk;

namespace {

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
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
    errno = error_of(failure);
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
        return error_of(*failure);
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
