#include "util/regular_file.h"

#include "util/descriptor_stream.h"
#include "util/failure.h"
#include "util/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace domspool {

namespace {

using Fault = RegularFile::Fault;

std::int64_t in_ns(const timespec& time) {
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return static_cast<std::int64_t>(time.tv_sec) * kNanoseconds + time.tv_nsec;
}

Fault fault_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            return Fault::missing;
        case ELOOP:
        case ENXIO:  // What opening a socket says.
        case ENODEV:
            return Fault::no_regular_file;
        case EWOULDBLOCK:
            return Fault::in_use;
        case EACCES:
        case EPERM:
            return Fault::no_right;
        default:
            return Fault::unreadable;
    }
}

std::string text_of(Fault fault, int error) {
    if (error == ELOOP) return "is a link";
    if (fault == Fault::no_regular_file) return "is a socket or a device";
    if (fault == Fault::in_use) return "is held by another program, which has a lease on it";
    return "cannot be read: " + file::cause_of(error);
}

ExitCode code_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            break;
        case Fault::missing:
            return ExitCode::file_not_found;
        case Fault::no_right:
        case Fault::unreadable:
            return ExitCode::no_permission;
        case Fault::no_regular_file:
            return ExitCode::file_refused;
        case Fault::in_use:
            return ExitCode::try_later;
    }
    our_bug("a file without a fault", __FILE__, __LINE__);
}

std::string next_move(Fault fault) {
    switch (fault) {
        case Fault::none:
            break;
        case Fault::missing:
            return "check the path";
        case Fault::no_right:
            return "check its owner and mode";
        case Fault::no_regular_file:
            return "name a file";
        case Fault::in_use:
            return "try again later";
        case Fault::unreadable:
            return "check the machine and its disk";
    }
    our_bug("a file without a fault", __FILE__, __LINE__);
}

}  // namespace

FileState state_in(const struct stat& about) {
    return {about.st_dev, about.st_ino, about.st_size, in_ns(about.st_mtim), in_ns(about.st_ctim)};
}

std::optional<FileState> file_state(const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
    return state_in(about);
}

std::string type_fault(mode_t mode) {
    if (S_ISREG(mode)) return "";
    if (S_ISLNK(mode)) return "is a link";
    if (S_ISDIR(mode)) return "is a folder";
    if (S_ISFIFO(mode)) return "is a pipe";
    return "is a socket or a device";
}

RegularFile::RegularFile(const std::string& path, Links links)
    : path_(path),
      descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
                                           (links == Links::refused ? O_NOFOLLOW : 0))) {
    if (!descriptor_) {
        const int error = errno;
        fault_ = fault_of(error);
        fault_text_ = text_of(fault_, error);
        return;
    }
    fault_text_ = type_fault(look().st_mode);
    if (fault_text_.empty()) return;
    fault_ = Fault::no_regular_file;
    descriptor_ = {};
}

void RegularFile::require() const {
    if (fault_ == Fault::none) return;
    constexpr std::string_view kUsual = "cannot be read: ";
    const std::string cause =
        fault_text_.starts_with(kUsual) ? fault_text_.substr(kUsual.size()) : "it " + fault_text_;
    throw RunFailure(code_of(fault_),
                     "cannot read '" + path_ + "': " + cause + "; " + next_move(fault_));
}

struct stat RegularFile::look() const {
    struct stat about {};
    if (::fstat(descriptor_.get(), &about) == 0) return about;
    throw RunFailure(
        ExitCode::no_permission,
        "cannot look at '" + path_ + "': " + file::cause_of(errno) + "; check the disk it lies on");
}

FileState RegularFile::state() const {
    return state_in(look());
}

bool RegularFile::read(std::size_t most, const Take& take) const {
    std::array<char, 64 * 1024> buffer{};
    std::size_t total = 0;
    while (true) {
        const ssize_t got = ::read(descriptor_.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            throw RunFailure(ExitCode::no_permission, "cannot read '" + path_ +
                                                          "': " + file::cause_of(errno) +
                                                          "; check the disk it lies on");
        }
        if (got == 0) return true;
        total += static_cast<std::size_t>(got);
        if (total > most) return false;
        take({buffer.data(), static_cast<std::size_t>(got)});
    }
}

std::string RegularFile::whole(std::size_t most) const {
    require();
    std::string bytes;
    // A size far beyond the limit shows before it is read.
    const auto size = static_cast<std::size_t>(look().st_size);
    if (size <= most) bytes.reserve(size);
    if (size <= most && read(most, [&](std::string_view piece) { bytes += piece; })) return bytes;
    throw RunFailure(ExitCode::file_refused,
                     "cannot read '" + path_ + "': larger than " + std::to_string(most) + " bytes");
}

std::unique_ptr<std::istream> RegularFile::stream() && {
    return std::make_unique<DescriptorStream>(std::move(descriptor_));
}

}  // namespace domspool
