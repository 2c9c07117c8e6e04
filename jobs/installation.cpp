#include "jobs/installation.h"

#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <filesystem>
#include <optional>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace domspool {

namespace {

struct Owner {
    uid_t user = 0;
    gid_t group = 0;
};

std::optional<Owner> owner_named(const std::string& name) {
    if (::geteuid() != 0 || name.empty() || name == "root") return std::nullopt;
    const passwd* entry = ::getpwnam(name.c_str());
    if (entry == nullptr) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "cannot give folders to '" + name +
                             "': there is no such user; create it (adduser --system --group " +
                             name + ") or name another one as `user:` in the settings");
    }
    return Owner{entry->pw_uid, entry->pw_gid};
}

[[noreturn]] void fail(const std::string& act, const std::string& path, int error) {
    throw RunFailure(ExitCode::cannot_create, "cannot " + act + " '" + path +
                                                  "': " + file::cause_of(error) +
                                                  "; run it as root, or make the folder by hand");
}

void make_upper_folders(const std::string& path) {
    const std::filesystem::path upper = std::filesystem::path(path).parent_path();
    if (upper.empty() || std::filesystem::exists(upper)) return;
    make_upper_folders(upper.string());
    if (::mkdir(upper.c_str(), 0755) != 0 && errno != EEXIST) {
        fail("make the folder", upper.string(), errno);
    }
    ::chmod(upper.c_str(), 0755);  // Whatever the umask; it is ours, just made.
}

// False if it is there already.
bool make_folder(const SpoolFolder& folder, const std::optional<Owner>& owner) {
    make_upper_folders(folder.path);
    if (::mkdir(folder.path.c_str(), 0700) != 0) {
        if (errno == EEXIST) return false;
        fail("make the folder", folder.path, errno);
    }
    if (owner && ::chown(folder.path.c_str(), owner->user, owner->group) != 0) {
        fail("give away the folder", folder.path, errno);
    }
    if (::chmod(folder.path.c_str(), folder.mode) != 0) {
        fail("set the rights of the folder", folder.path, errno);
    }
    return true;
}

std::string openness_of(const SpoolFolder& folder) {
    return folder.forbidden != 0 ? "is open to more than it should be"
                                 : "can be written to by others";
}

std::string octal(mode_t mode) {
    std::string digits;
    for (int shift = 9; shift >= 0; shift -= 3) {
        digits += static_cast<char>('0' + ((mode >> shift) & 7));
    }
    return digits;
}

// Where others may write, they may exchange what lies there.
bool is_too_open(const SpoolFolder& folder) {
    struct stat about {};
    if (::stat(folder.path.c_str(), &about) != 0) fail("look at", folder.path, errno);
    if (!S_ISDIR(about.st_mode)) fail("use as a folder", folder.path, ENOTDIR);
    if (folder.forbidden != 0) return (about.st_mode & folder.forbidden) != 0;
    const mode_t wanted = folder.mode;
    const mode_t extra = about.st_mode & ~wanted & 0777;
    const bool is_private = (wanted & 077) == 0;
    const bool is_sticky = (about.st_mode & S_ISVTX) != 0;
    return is_private ? (extra & 022) != 0 && !is_sticky : (extra & 02) != 0 && !is_sticky;
}

}  // namespace

namespace {

Finding wrong_folder(ExitCode code, const std::string& path, const std::string& what,
                     const std::string& next) {
    return Finding::wrong(code, "folders", "'" + path + "' " + what, next);
}

std::optional<Finding> fault_of(const SpoolFolder& folder) {
    const std::string& path = folder.path;
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        if (errno != ENOENT) {
            return wrong_folder(ExitCode::no_permission, path,
                                "cannot be looked at: " + file::cause_of(errno),
                                "give the user of the service the way to it");
        }
        return wrong_folder(ExitCode::settings_or_ledger, path, "is not there",
                            "run: domain-orders init");
    }
    if (!S_ISDIR(about.st_mode)) {
        return wrong_folder(ExitCode::settings_or_ledger, path, "is no folder",
                            "name another one in the settings");
    }
    if (is_too_open(folder)) {
        return wrong_folder(ExitCode::no_permission, path, openness_of(folder),
                            "run: chmod " + octal(folder.mode) + " '" + path + "'");
    }
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
        return wrong_folder(ExitCode::no_permission, path,
                            "cannot be used: " + file::cause_of(errno),
                            "give it to the user of the service (chown)");
    }
    return std::nullopt;
}

}  // namespace

std::vector<Finding> check_folders(const std::vector<SpoolFolder>& folders) {
    std::vector<Finding> findings;
    for (const SpoolFolder& folder : folders) {
        if (auto fault = fault_of(folder)) findings.push_back(*std::move(fault));
    }
    if (!findings.empty()) return findings;
    return {Finding::ok("folders", "all " + std::to_string(folders.size()) +
                                       " are there, ours, and closed to others")};
}

FolderReport make_folders(const std::vector<SpoolFolder>& folders, const std::string& owner) {
    const std::optional<Owner> given_to = owner_named(owner);
    FolderReport report;
    for (const SpoolFolder& folder : folders) {
        if (make_folder(folder, given_to)) {
            report.made.push_back(folder.path);
        } else if (is_too_open(folder)) {
            report.unsafe.push_back("'" + folder.path + "' " + openness_of(folder) +
                                    "; run: chmod " + octal(folder.mode) + " '" + folder.path +
                                    "'");
        }
    }
    return report;
}

}  // namespace domspool
