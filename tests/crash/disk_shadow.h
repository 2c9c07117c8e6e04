// What a power cut would leave of a folder: kept beside it while a program runs (bad_disk.h).
#pragma once

#include <random>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>

namespace bad_disk {

// Calls that are not interposed.
int raw_open(const std::string& path, int flags, mode_t mode = 0);
void raw_write(int descriptor, const std::string& bytes);
bool raw_stat(const std::string& path, struct stat& about);

// Contents lie in "inodes" by their number; below "names" are links to them. One program at a time.
class Shadow {
  public:
    // Made of the folder as it is, unless the place has one already. Without a place none is kept.
    Shadow(std::string folder, std::string place);

    bool is_kept() const { return !place_.empty(); }
    void file_synced(const std::string& path);
    // The names in it are as they are now; what they name is as it was last synced.
    void folder_synced(const std::string& path);
    // Its number may be another file's next.
    void inode_gone(const std::string& path);
    // Of each file that has a name by now: sectors as they are, or as they were synced.
    void tear(unsigned seed);

  private:
    std::string inode_path(const struct stat& about) const;
    void take_name(const std::string& below);
    void take_all(const std::string& below);
    void tear_below(const std::string& below, std::mt19937& random);
    void tear_file(const std::string& path, const struct stat& about, std::mt19937& random);

    std::string folder_, place_;
};

}  // namespace bad_disk
