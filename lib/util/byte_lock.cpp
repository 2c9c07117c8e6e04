#include "util/byte_lock.h"

#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

struct flock one_byte(short type, std::int64_t offset) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = 1;
    return lock;
}

[[noreturn]] void fail(ExitCode code, const std::string& act, const std::string& path, int error) {
    throw RunFailure(code, "cannot " + act + " '" + path + "': " + file::cause_of(error) +
                               "; check its owner, its mode and its disk");
}

Descriptor open_lock_file(const std::string& path, ByteLockFile::IfMissing if_missing) {
    const bool may_create = if_missing == ByteLockFile::IfMissing::create;
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (may_create ? O_CREAT : 0);
    Descriptor descriptor(::open(path.c_str(), flags, 0600));
    if (descriptor) return descriptor;
    const int error = errno;
    if (error == EACCES || error == EPERM) fail(ExitCode::no_permission, "open", path, error);
    fail(may_create ? ExitCode::cannot_create : ExitCode::file_not_found, "open", path, error);
}

}  // namespace

ByteLockFile::ByteLockFile(const std::string& path, IfMissing if_missing)
    : path_(path), descriptor_(open_lock_file(path, if_missing)) {}

bool ByteLockFile::try_lock(std::int64_t offset) {
    return try_set(one_byte(F_WRLCK, offset));
}

bool ByteLockFile::try_lock_from(std::int64_t offset) {
    struct flock all = one_byte(F_WRLCK, offset);
    all.l_len = 0;  // To the end, wherever that will be.
    return try_set(all);
}

bool ByteLockFile::try_set(struct flock lock) {
    while (::fcntl(descriptor_.get(), F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES) return false;
        if (errno != EINTR) fail(ExitCode::cannot_write, "lock", path_, errno);
    }
    return true;
}

void ByteLockFile::unlock(std::int64_t offset) noexcept {
    struct flock lock = one_byte(F_UNLCK, offset);
    std::ignore = ::fcntl(descriptor_.get(), F_OFD_SETLK, &lock);  // Nobody could do more about it.
}

bool ByteLockFile::is_locked_by_other(std::int64_t offset) const {
    struct flock lock = one_byte(F_WRLCK, offset);
    if (::fcntl(descriptor_.get(), F_OFD_GETLK, &lock) != 0) {
        fail(ExitCode::cannot_write, "ask for the locks of", path_, errno);
    }
    return lock.l_type != F_UNLCK;
}

std::string ByteLockFile::read_at(std::int64_t offset, std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got = ::pread(descriptor_.get(), bytes.data() + filled, size - filled,
                                    offset + static_cast<std::int64_t>(filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(ExitCode::no_permission, "read", path_, errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

void ByteLockFile::write_at(std::int64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(ExitCode::cannot_write, "write", path_, errno);
        offset += written;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(descriptor_.get()) != 0) fail(ExitCode::cannot_write, "sync", path_, errno);
}

}  // namespace domspool
