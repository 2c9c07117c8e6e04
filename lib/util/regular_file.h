// A regular file at a place where others may put something else, and change it at any time.
#pragma once

#include "util/descriptor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace domspool {

// What changes when somebody writes to a file, gives it another name, or puts another one in its
// place.
struct FileState {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;  // in whatever way; nobody can set it
    friend bool operator==(const FileState&, const FileState&) = default;
};
FileState state_in(const struct stat& about);
// Nothing if there is no regular file of that name; links are not followed.
std::optional<FileState> file_state(const std::string& path);

// "" for a regular file, else what it is, to stand behind "it": "is a folder", "is a pipe".
std::string type_fault(mode_t mode);

// Opened without waiting for anybody, be it a pipe's other end or the holder of a lease; what was
// opened is looked at, and that alone is read, whatever stands under its name by then.
class RegularFile {
  public:
    enum class Links { refused, followed };
    enum class Fault { none, missing, no_right, no_regular_file, in_use, unreadable };

    explicit RegularFile(const std::string& path, Links links = Links::refused);

    // Where there is a fault, nothing can be read.
    Fault fault() const { return fault_; }
    // To stand behind "it": "is a link", "cannot be read: permission denied". "" without a fault.
    const std::string& fault_text() const { return fault_text_; }
    // RunFailure file_not_found, no_permission, file_refused, try_later, if there is a fault.
    void require() const;

    // As it is now.
    FileState state() const;
    struct stat look() const;

    // Hands over all its bytes, piece by piece. False as soon as there are more than `most`; those
    // beyond are not handed over. RunFailure no_permission if the disk fails.
    using Take = std::function<void(std::string_view)>;
    [[nodiscard]] bool read(std::size_t most, const Take& take) const;
    // All its bytes. RunFailure: as require() and read(), and file_refused if it is larger.
    std::string whole(std::size_t most) const;

    // Once only, and instead of reading it here.
    std::unique_ptr<std::istream> stream() &&;

  private:
    std::string path_;
    Descriptor descriptor_;
    Fault fault_ = Fault::none;
    std::string fault_text_;
};

}  // namespace domspool
