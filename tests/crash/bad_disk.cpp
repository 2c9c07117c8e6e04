#include "crash/bad_disk.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bad_disk {

namespace {

std::string setting(const char* name) {
    const char* value = ::getenv(name);
    return value == nullptr ? "" : value;
}

Failure failure_of(const std::string& text) {
    Failure failure;
    const auto first = text.find(':'), second = text.rfind(':');
    if (first == std::string::npos || second == first) return failure;
    failure.kind = text.substr(0, first);
    failure.number = std::atoi(text.c_str() + first + 1);
    failure.lasts = text[second - 1] == '+';
    failure.how = text.substr(second + 1);
    return failure;
}

}  // namespace

int error_of(const Failure& failure) {
    if (failure.how == "ENOSPC" || failure.how == "full") return ENOSPC;
    if (failure.how == "EACCES") return EACCES;
    if (failure.how == "EINTR") return EINTR;
    return EIO;
}

BadDisk::BadDisk()
    : folder_(setting("BAD_DISK_FOLDER")),
      failure_(failure_of(setting("BAD_DISK_FAIL"))),
      shadow_(folder_, setting("BAD_DISK_SHADOW")),
      cut_(setting("BAD_DISK_CUT")),
      lies_(setting("BAD_DISK_LIES")),
      torn_(setting("BAD_DISK_TORN")) {
    const std::string log = setting("BAD_DISK_LOG");
    if (!log.empty()) log_ = raw_open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

bool BadDisk::is_ours(const std::string& path) const {
    return !folder_.empty() && path.starts_with(folder_) &&
           (path.size() == folder_.size() || path[folder_.size()] == '/');
}

const Failure* BadDisk::met(const char* kind, const std::string& path) {
    const std::lock_guard lock(mutex_);
    const int number = ++counts_[kind];
    if (log_ >= 0) {
        const bool is_below = path.size() > folder_.size() + 1;
        const std::string shown = is_below ? path.substr(folder_.size() + 1) : ".";
        raw_write(log_, std::string(kind) + " " + shown + "\n");
    }
    const bool is_it = failure_.kind == kind &&
                       (number == failure_.number || (failure_.lasts && number > failure_.number));
    return is_it ? &failure_ : nullptr;
}

void BadDisk::synced(const std::string& path) {
    const bool is_lie = !lies_.empty() && path.ends_with(lies_);
    if (!shadow_.is_kept() || is_lie) return;
    struct stat about {};
    const bool is_folder = raw_stat(path, about) && S_ISDIR(about.st_mode);
    is_folder ? shadow_.folder_synced(path) : shadow_.file_synced(path);
}

void BadDisk::name_goes(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (shadow_.is_kept()) shadow_.inode_gone(path);
}

void BadDisk::cut() {
    if (!torn_.empty()) shadow_.tear(static_cast<unsigned>(std::stoul(torn_)));
    ::syscall(SYS_kill, ::getpid(), SIGKILL);
}

// Never destroyed: programs write until their very end.
BadDisk& disk() {
    static BadDisk* const the_disk = new BadDisk;
    return *the_disk;
}

}  // namespace bad_disk
