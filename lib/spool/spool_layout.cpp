#include "spool/spool_layout.h"

namespace domspool {

std::vector<SpoolFolder> spool_folders(const std::string& directory) {
    // Those who drop must get through the upper folder, but need not see what lies in it.
    return {{directory, 0711},
            {directory + "/incoming", 02770},
            {directory + "/active", 0700},
            {directory + "/done", 0700},
            {directory + "/refused", 0700}};
}

}  // namespace domspool
