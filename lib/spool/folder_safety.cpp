#include "spool/folder_safety.h"

#include "spool/spool_layout.h"
#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

constexpr auto kLongestWait = std::chrono::seconds(10);
constexpr auto kBetweenTries = std::chrono::milliseconds(20);

struct Fault {
    ExitCode code;
    std::string text;
};

std::string octal(mode_t mode) {
    std::string digits;
    for (int shift = 9; shift >= 0; shift -= 3) {
        digits += static_cast<char>('0' + ((mode >> shift) & 7));
    }
    return digits[0] == '0' ? digits.substr(1) : digits;
}

Fault unusable(const std::string& path, const std::string& what, const std::string& command) {
    return {ExitCode::no_permission,
            "the spool folder '" + path + "' " + what + "; run: " + command + " '" + path + "'"};
}

std::string chown_to_us() {
    return "chown " + std::to_string(::geteuid());
}

Fault missing(const std::string& path) {
    return {ExitCode::settings_or_ledger,
            "the spool folder '" + path + "' is not there; run: domain-orders init"};
}

// Nothing if all is well.
Fault fault_of(const SpoolFolder& folder, struct stat& about) {
    const std::string& path = folder.path;
    if (::lstat(path.c_str(), &about) != 0) {
        if (errno == ENOENT) return missing(path);
        return {ExitCode::no_permission, "cannot look at the spool folder '" + path +
                                             "': " + file::cause_of(errno) +
                                             "; give the user of the service the way to it"};
    }
    if (!S_ISDIR(about.st_mode)) {
        return {ExitCode::settings_or_ledger, "the spool folder '" + path +
                                                  "' is no folder; move it away, then run: "
                                                  "domain-orders init"};
    }
    const uid_t runner = ::geteuid();
    if (runner != 0 && about.st_uid != runner && about.st_uid != 0) {
        return unusable(path, "belongs to another user", chown_to_us());
    }
    if ((about.st_mode & folder.forbidden) != 0) {
        return unusable(path, "is open to more than it should be", "chmod " + octal(folder.mode));
    }
    const bool is_usable = folder.mode == 0711 ? ::access(path.c_str(), X_OK) == 0
                                               : ::access(path.c_str(), R_OK | W_OK | X_OK) == 0;
    if (!is_usable) return unusable(path, "cannot be used", chown_to_us());
    return {ExitCode::all_well, ""};
}

}  // namespace

void require_safe_spool(const std::string& directory) {
    ExitCode code = ExitCode::settings_or_ledger;
    std::string faults;
    dev_t device = 0;
    for (const SpoolFolder& folder : spool_folders(directory)) {
        struct stat about {};
        const Fault fault = fault_of(folder, about);
        if (!fault.text.empty()) {
            if (fault.code == ExitCode::no_permission) code = fault.code;
            faults += (faults.empty() ? "" : "\n") + fault.text;
        } else if (folder.path != directory) {
            if (device != 0 && about.st_dev != device) {
                faults += (faults.empty() ? "" : "\n") + ("the spool folder '" + folder.path) +
                          "' lies on another file system than incoming/; put all of them on one";
            }
            device = about.st_dev;
        }
    }
    if (!faults.empty()) throw RunFailure(code, faults);
}

SpoolLock::SpoolLock(const std::string& directory) : folder_(SpoolLayout(directory).active()) {
    descriptor_ = Descriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor_) {
        throw RunFailure(ExitCode::no_permission, "cannot open the spool folder '" + folder_ +
                                                      "': " + file::cause_of(errno));
    }
}

void SpoolLock::take() {
    const auto give_up_at = std::chrono::steady_clock::now() + kLongestWait;
    while (::flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            throw RunFailure(ExitCode::cannot_create, "cannot lock the spool folder '" + folder_ +
                                                          "': " + file::cause_of(errno));
        }
        if (std::chrono::steady_clock::now() >= give_up_at) {
            throw RunFailure(ExitCode::try_later,
                             "another run is taking files from the spool; try again later");
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
}

void SpoolLock::release() {
    std::ignore = ::flock(descriptor_.get(), LOCK_UN);
}

}  // namespace domspool
