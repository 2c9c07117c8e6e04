// A small file whose single bytes are locked through the kernel.
#pragma once

#include "util/descriptor.h"

#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <string>
#include <string_view>

namespace domspool {

// Locks belong to this object's open file (OFD locks): two objects exclude each other, in one
// process too, and the kernel frees all of them when the object goes or the process is killed.
// The file is close-on-exec: a program started by us never inherits a lock. After fork() without
// exec the child shares them; we do not do that.
class ByteLockFile {
  public:
    enum class IfMissing { create, fail };
    // RunFailure: file_not_found (with fail), no_permission, cannot_create. Made with mode 0600.
    ByteLockFile(const std::string& path, IfMissing if_missing);

    // Any offset, also behind the file's end. Locking a byte twice through one object is harmless.
    [[nodiscard]] bool try_lock(std::int64_t offset);
    // Every byte from there on, also those that are not locked by anybody yet.
    [[nodiscard]] bool try_lock_from(std::int64_t offset);
    // Where the kernel cannot, it stays locked until this object goes.
    void unlock(std::int64_t offset) noexcept;
    // Held through another object or by another process.
    bool is_locked_by_other(std::int64_t offset) const;

    // Fewer bytes than asked for where the file ends. RunFailure no_permission on I/O error.
    std::string read_at(std::int64_t offset, std::size_t size) const;
    // On the disk when it returns. RunFailure cannot_write.
    void write_at(std::int64_t offset, std::string_view bytes);

  private:
    bool try_set(struct ::flock lock);

    std::string path_;
    Descriptor descriptor_;
};

}  // namespace domspool
