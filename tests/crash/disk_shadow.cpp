#include "crash/disk_shadow.h"

#include <algorithm>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bad_disk {

int raw_open(const std::string& path, int flags, mode_t mode) {
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), flags | O_CLOEXEC, mode));
}

void raw_write(int descriptor, const std::string& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const long count =
            ::syscall(SYS_write, descriptor, bytes.data() + done, bytes.size() - done);
        if (count <= 0) ::abort();
        done += static_cast<std::size_t>(count);
    }
}

bool raw_stat(const std::string& path, struct stat& about) {
    return ::lstat(path.c_str(), &about) == 0;
}

namespace {

constexpr std::size_t kSector = 512;

std::string raw_read(const std::string& path) {
    const int descriptor = raw_open(path, O_RDONLY);
    if (descriptor < 0) return "";
    std::string bytes;
    char part[65536];
    for (long count; (count = ::syscall(SYS_read, descriptor, part, sizeof part)) > 0;) {
        bytes.append(part, static_cast<std::size_t>(count));
    }
    ::syscall(SYS_close, descriptor);
    return bytes;
}

void raw_put(const std::string& path, const std::string& bytes, mode_t mode) {
    const int descriptor = raw_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (descriptor < 0) ::abort();
    raw_write(descriptor, bytes);
    ::syscall(SYS_fchmod, descriptor, mode & 07777);
    ::syscall(SYS_close, descriptor);
}

void raw_unlink(const std::string& path) {
    ::syscall(SYS_unlink, path.c_str());
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    DIR* directory = ::opendir(folder.c_str());
    if (directory == nullptr) return names;
    while (const dirent* entry = ::readdir(directory)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(name);
    }
    ::closedir(directory);
    return names;
}

}  // namespace

Shadow::Shadow(std::string folder, std::string place)
    : folder_(std::move(folder)), place_(std::move(place)) {
    struct stat about {};
    if (place_.empty() || raw_stat(place_ + "/names", about)) return;
    for (const char* name : {"", "/inodes", "/names"}) {
        ::syscall(SYS_mkdir, (place_ + name).c_str(), 0700);
    }
    take_all("");
}

void Shadow::file_synced(const std::string& path) {
    struct stat about {};
    if (!raw_stat(path, about)) return;
    raw_put(inode_path(about), raw_read(path), about.st_mode);
}

void Shadow::folder_synced(const std::string& path) {
    const std::string below = path.substr(folder_.size());
    std::map<std::string, bool> there;
    for (const std::string& name : names_in(path)) {
        there[name] = true;
        take_name(below + "/" + name);
    }
    for (const std::string& name : names_in(place_ + "/names" + below)) {
        if (!there.contains(name)) raw_unlink(place_ + "/names" + below + "/" + name);
    }
}

void Shadow::inode_gone(const std::string& path) {
    struct stat about {};
    if (raw_stat(path, about) && S_ISREG(about.st_mode) && about.st_nlink == 1) {
        raw_unlink(inode_path(about));
    }
}

void Shadow::tear(unsigned seed) {
    std::mt19937 random(seed);
    tear_below("", random);
}

std::string Shadow::inode_path(const struct stat& about) const {
    return place_ + "/inodes/" + std::to_string(about.st_ino);
}

void Shadow::take_name(const std::string& below) {
    const std::string path = folder_ + below, name = place_ + "/names" + below;
    struct stat about {};
    if (!raw_stat(path, about)) return;
    if (S_ISDIR(about.st_mode)) {
        ::syscall(SYS_mkdir, name.c_str(), 0700);
        ::syscall(SYS_chmod, name.c_str(), about.st_mode & 07777);
        return;
    }
    if (!S_ISREG(about.st_mode)) return;
    struct stat known {};
    if (!raw_stat(inode_path(about), known)) raw_put(inode_path(about), "", about.st_mode);
    raw_unlink(name);
    ::syscall(SYS_link, inode_path(about).c_str(), name.c_str());
}

void Shadow::take_all(const std::string& below) {
    for (const std::string& name : names_in(folder_ + below)) {
        const std::string path = below + "/" + name;
        struct stat about {};
        if (!raw_stat(folder_ + path, about)) continue;
        if (S_ISREG(about.st_mode)) file_synced(folder_ + path);
        take_name(path);
        if (S_ISDIR(about.st_mode)) take_all(path);
    }
}

void Shadow::tear_below(const std::string& below, std::mt19937& random) {
    for (const std::string& name : names_in(place_ + "/names" + below)) {
        const std::string path = below + "/" + name;
        struct stat kept {
        }, now{};
        if (!raw_stat(place_ + "/names" + path, kept)) continue;
        if (S_ISDIR(kept.st_mode)) {
            tear_below(path, random);
            continue;
        }
        if (!raw_stat(folder_ + path, now)) continue;
        // Another file may have the name now.
        struct stat by_number {};
        const bool is_same =
            raw_stat(inode_path(now), by_number) && by_number.st_ino == kept.st_ino;
        if (is_same) tear_file(path, now, random);
    }
}

void Shadow::tear_file(const std::string& path, const struct stat& about, std::mt19937& random) {
    std::string synced = raw_read(inode_path(about));
    const std::string now = raw_read(folder_ + path);
    if (synced == now) return;
    const bool grows = random() % 2 == 0;
    if (grows && now.size() > synced.size()) synced.resize(now.size());
    for (std::size_t at = 0; at < std::min(now.size(), synced.size()); at += kSector) {
        const std::size_t size = std::min(kSector, std::min(now.size(), synced.size()) - at);
        if (random() % 2 == 0) synced.replace(at, size, now, at, size);
    }
    raw_put(inode_path(about), synced, about.st_mode);
}

}  // namespace bad_disk
