#include "util/file.h"

#include "util/descriptor.h"
#include "util/failure.h"
#include "util/regular_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <stdio.h>
#include <sys/stat.h>
#include <system_error>
#include <tuple>
#include <unistd.h>

namespace domspool::file {

namespace {

constexpr std::string_view kDraft = ".domspool-", kDraftEnd = ".tmp";

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
        : target_(target),
          path_(folder_of(target).append("/").append(kDraft).append("XXXXXX").append(kDraftEnd)) {
        descriptor_ =
            Descriptor(::mkostemps(path_.data(), static_cast<int>(kDraftEnd.size()), O_CLOEXEC));
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

void require_private(const RegularFile& file, const std::string& path) {
    file.require();
    const struct stat about = file.look();
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

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    if (error) {
        fail(ExitCode::no_permission, "look into the folder", folder, error.value(),
             "check its owner and mode");
    }
    std::sort(names.begin(), names.end());
    return names;
}

void remove_drafts(const std::string& folder) {
    std::error_code error;  // What cannot be seen or taken away harms nobody.
    std::filesystem::directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(kDraft) || !name.ends_with(kDraftEnd)) continue;
        std::ignore = ::unlink(entry->path().c_str());
    }
}

std::string read_whole(const std::string& path, std::size_t max_bytes) {
    return RegularFile(path, RegularFile::Links::followed).whole(max_bytes);
}

std::string read_private(const std::string& path, std::size_t max_bytes) {
    const RegularFile file(path, RegularFile::Links::followed);
    require_private(file, path);
    return file.whole(max_bytes);
}

void require_private(const std::string& path) {
    require_private(RegularFile(path, RegularFile::Links::followed), path);
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
