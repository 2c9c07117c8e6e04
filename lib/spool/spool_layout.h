// The folders of the spool, and who may do what in them (DESIGN 7).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace domspool {

struct SpoolFolder {
    std::string path;
    mode_t mode = 0700;
};

// incoming (2770: its group is of those who may drop, and so may spend money), active, done,
// refused (0700). The spool's own folder comes first.
std::vector<SpoolFolder> spool_folders(const std::string& directory);

}  // namespace domspool
