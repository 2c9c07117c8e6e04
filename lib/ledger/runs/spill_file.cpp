#include "ledger/runs/spill_file.h"

#include "ledger/runs/spill_record.h"
#include "util/failure.h"
#include "util/file.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

constexpr std::size_t kRoom = 128u << 10;  // more than ten lanes' last outcomes
constexpr std::size_t kHeadSize = 41;
constexpr const char* kHeadForm = "domspool-spill %08zu %016llx\n";

[[noreturn]] void fail(ExitCode code, const std::string& act, const std::string& path, int error) {
    throw RunFailure(code, "cannot " + act + " '" + path + "': " + file::cause_of(error) +
                               "; free some room on the disk of the ledger");
}

// FNV-1a: tells a cut record from a whole one.
unsigned long long sum_of(std::string_view text) {
    unsigned long long sum = 0xcbf29ce484222325ULL;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return sum;
}

std::string framed(const std::string& text) {
    char head[kHeadSize + 1];
    const int size = std::snprintf(head, sizeof head, kHeadForm, text.size(), sum_of(text));
    DOMSPOOL_ASSERT(size == static_cast<int>(kHeadSize));
    return head + text;
}

void write_at(int fd, std::string_view bytes, std::size_t offset, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(ExitCode::cannot_write, "write", path, errno);
        offset += static_cast<std::size_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(fd) != 0) fail(ExitCode::cannot_write, "sync", path, errno);
}

}  // namespace

std::string SpillFile::path_of(const std::string& ledger_path, RunId run) {
    return ledger_path + ".spill-" + std::to_string(run);
}

// Zeros are written, not only reserved: writing over them later needs no room of any kind.
SpillFile::SpillFile(const std::string& ledger_path, RunId run)
    : path_(path_of(ledger_path, run)),
      descriptor_(
          ::open(path_.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (!descriptor_) fail(ExitCode::cannot_create, "make", path_, errno);
    try {
        const int error = ::posix_fallocate(descriptor_.get(), 0, kRoom);
        if (error != 0) fail(ExitCode::cannot_write, "make room in", path_, error);
        write_at(descriptor_.get(), std::string(kRoom, '\0'), 0, path_);
        lock_.emplace(path_, ByteLockFile::IfMissing::create);
        const bool is_ours = lock_->try_lock(0);
        DOMSPOOL_ASSERT(is_ours);
        file::sync_folder(file::folder_of(path_));
    } catch (...) {
        remove();
        throw;
    }
}

void SpillFile::append(const SpilledOutcome& outcome) {
    const std::string bytes = framed(write_spilled(outcome));
    const std::lock_guard lock(mutex_);
    if (used_ + bytes.size() > kRoom) fail(ExitCode::cannot_write, "write", path_, ENOSPC);
    write_at(descriptor_.get(), bytes, used_, path_);
    used_ += bytes.size();
}

bool SpillFile::is_used() const {
    const std::lock_guard lock(mutex_);
    return used_ > 0;
}

void SpillFile::remove(const std::string& path) {
    std::ignore = ::unlink(path.c_str());  // A leftover is read, found empty and taken away later.
}

bool SpillFile::is_held(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) return false;
    try {
        return ByteLockFile(path, ByteLockFile::IfMissing::fail).is_locked_by_other(0);
    } catch (const RunFailure&) {
        return true;  // What cannot be looked at is left for another run.
    }
}

std::vector<RunId> SpillFile::runs_beside(const std::string& ledger_path) {
    const std::string prefix = std::filesystem::path(path_of(ledger_path, 0)).filename().string();
    const std::string_view name = std::string_view(prefix).substr(0, prefix.size() - 1);
    std::vector<RunId> runs;
    std::error_code failed;  // What cannot be seen now is seen by the next run.
    std::filesystem::directory_iterator entries(file::folder_of(ledger_path), failed);
    for (; !failed && entries != std::filesystem::directory_iterator(); entries.increment(failed)) {
        const std::string file = entries->path().filename().string();
        if (!file.starts_with(name)) continue;
        RunId run = 0;
        const char* end = file.data() + file.size();
        const auto read = std::from_chars(file.data() + name.size(), end, run);
        if (read.ec == std::errc() && read.ptr == end) runs.push_back(run);
    }
    return runs;
}

std::vector<SpilledOutcome> SpillFile::read(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return {};
    const std::string bytes = file::read_private(path, kRoom);
    std::vector<SpilledOutcome> outcomes;
    for (std::size_t at = 0; at + kHeadSize <= bytes.size();) {
        std::size_t size = 0;
        unsigned long long sum = 0;
        if (std::sscanf(bytes.c_str() + at, "domspool-spill %8zu %16llx\n", &size, &sum) != 2)
            break;
        const std::string_view text = std::string_view(bytes).substr(at + kHeadSize, size);
        if (text.size() != size || sum_of(text) != sum) break;
        const auto outcome = read_spilled(text);
        if (!outcome) break;
        outcomes.push_back(*outcome);
        at += kHeadSize + size;
    }
    return outcomes;
}

}  // namespace domspool
