#include "util/file.h"

#include "util/descriptor.h"
#include "util/failure.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <tuple>

namespace domspool::file {

namespace {

[[noreturn]] void fail(ExitCode code, const std::string& act, const std::string& path, int error,
                       const std::string& next_move) {
    throw RunFailure(code,
                     "cannot " + act + " '" + path + "': " + cause_of(error) + "; " + next_move);
}

[[noreturn]] void fail_to_create(const std::string& path, int error) {
    fail(ExitCode::cannot_create, "create", path, error,
         "check that its folder exists and who may write there");
}

[[noreturn]] void fail_to_write(const std::string& path, int error) {
    fail(ExitCode::cannot_write, "write", path, error, "check the free space of its disk");
}

// A file that has no name of its own to others yet; taken away unless it was given one.
class Draft {
  public:
    explicit Draft(const std::string& target)
        : target_(target), path_(folder_of(target) + "/.domspool-XXXXXX.tmp") {
        constexpr int kSuffixLength = 4;
        descriptor_ = Descriptor(::mkostemps(path_.data(), kSuffixLength, O_CLOEXEC));
        if (!descriptor_) {
            const int error = errno;
            path_.clear();
            fail_to_create(target_, error);
        }
    }
    ~Draft() {
        if (!path_.empty()) std::ignore = ::unlink(path_.c_str());  // A leftover harms nobody.
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    void append(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(descriptor_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail_to_write(target_, errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void seal(mode_t mode) {
        if (::fchmod(descriptor_.get(), mode) != 0) fail_to_write(target_, errno);
        if (::fsync(descriptor_.get()) != 0) fail_to_write(target_, errno);
        if (::close(descriptor_.release()) != 0) fail_to_write(target_, errno);
    }

    // Returns false if the name is taken and must not be.
    bool commit(unsigned flags) {
        const int failed = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), flags);
        if (failed != 0 && errno == EEXIST) return false;
        if (failed != 0) fail_to_create(target_, errno);
        path_.clear();
        sync_folder(folder_of(target_));
        return true;
    }

  private:
    std::string target_;
    std::string path_;
    Descriptor descriptor_;
};

Descriptor open_to_read(const std::string& path) {
    // Not blocking: a pipe without a writer would hold us at open.
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (descriptor) return descriptor;
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
        fail(ExitCode::file_not_found, "read", path, error, "check the path");
    }
    fail(ExitCode::no_permission, "read", path, error, "check its owner and mode");
}

struct stat look_at(const Descriptor& descriptor, const std::string& path) {
    struct stat about {};
    if (::fstat(descriptor.get(), &about) != 0) {
        fail(ExitCode::no_permission, "look at", path, errno, "check its owner and mode");
    }
    if (!S_ISREG(about.st_mode)) {
        throw RunFailure(ExitCode::file_refused,
                         "cannot read '" + path + "': not a regular file; name a file");
    }
    return about;
}

std::string read_through(const Descriptor& descriptor, const std::string& path,
                         std::size_t max_bytes) {
    const auto too_large = [&] {
        throw RunFailure(ExitCode::file_refused, "cannot read '" + path + "': larger than " +
                                                     std::to_string(max_bytes) + " bytes");
    };
    const auto expected = static_cast<std::size_t>(look_at(descriptor, path).st_size);
    if (expected > max_bytes) too_large();
    std::string bytes(expected + 1, '\0');
    std::size_t filled = 0;
    while (true) {
        if (filled == bytes.size()) bytes.resize(bytes.size() * 2);
        const ssize_t got = ::read(descriptor.get(), bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            fail(ExitCode::no_permission, "read", path, errno, "check the disk it lies on");
        }
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
        if (filled > max_bytes) too_large();
    }
    bytes.resize(filled);
    return bytes;
}

void require_private(const Descriptor& descriptor, const std::string& path) {
    const struct stat about = look_at(descriptor, path);
    const uid_t runner = ::geteuid();
    if (runner != 0 && about.st_uid != runner && about.st_uid != 0) {
        throw RunFailure(ExitCode::no_permission, "cannot trust '" + path +
                                                      "': it belongs to another user; chown it "
                                                      "to the user the programs run as");
    }
    if ((about.st_mode & 077) != 0) {
        throw RunFailure(ExitCode::no_permission,
                         "cannot trust '" + path +
                             "': others may read or write it; run: chmod 600 '" + path + "'");
    }
}

}  // namespace

void write_whole(const std::string& path, std::string_view bytes, mode_t mode) {
    Draft draft(path);
    draft.append(bytes);
    draft.seal(mode);
    constexpr unsigned kReplace = 0;
    std::ignore = draft.commit(kReplace);  // Replacing cannot find the name taken.
}

bool place_whole(const std::string& path, std::string_view bytes, mode_t mode) {
    Draft draft(path);
    draft.append(bytes);
    draft.seal(mode);
    return draft.commit(RENAME_NOREPLACE);
}

bool place_in_pieces(const std::string& path, IfThere if_there,
                     const std::function<void(const Append&)>& fill, mode_t mode) {
    constexpr std::size_t kPiece = 64u << 10;
    Draft draft(path);
    std::string gathered;
    fill([&](std::string_view bytes) {
        gathered += bytes;
        if (gathered.size() < kPiece) return;
        draft.append(gathered);
        gathered.clear();
    });
    draft.append(gathered);
    draft.seal(mode);
    return draft.commit(if_there == IfThere::leave ? RENAME_NOREPLACE : 0u);
}

bool move_to_free_name(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        const int error = errno;
        if (error == EEXIST) return false;
        if (error == ENOENT && ::access(from.c_str(), F_OK) != 0) {
            fail(ExitCode::file_not_found, "move", from, error, "somebody else took it");
        }
        fail(ExitCode::cannot_create, "move", from, error,
             "check the owner of the folder of '" + to + "'");
    }
    sync_folder(folder_of(to));
    if (folder_of(from) != folder_of(to)) sync_folder(folder_of(from));
    return true;
}

std::string read_whole(const std::string& path, std::size_t max_bytes) {
    return read_through(open_to_read(path), path, max_bytes);
}

std::string read_private(const std::string& path, std::size_t max_bytes) {
    const Descriptor descriptor = open_to_read(path);
    require_private(descriptor, path);
    return read_through(descriptor, path, max_bytes);
}

void require_private(const std::string& path) {
    require_private(open_to_read(path), path);
}

void sync_folder(const std::string& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor || ::fsync(descriptor.get()) != 0) {
        fail(ExitCode::cannot_write, "sync the folder", folder, errno,
             "check its owner and its disk");
    }
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string cause_of(int error_number) {
    std::string words = std::generic_category().message(error_number);
    const bool is_word = words.size() > 1 && std::islower(static_cast<unsigned char>(words[1]));
    if (is_word) {
        words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    }
    return words;
}

}  // namespace domspool::file
