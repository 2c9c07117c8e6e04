#include "app/service_folders.h"

#include "ledger/ledger_place.h"
#include "util/file.h"

namespace domspool {

std::vector<SpoolFolder> folders_of(const Settings& settings) {
    std::vector<SpoolFolder> folders = spool_folders(settings.spool.directory);
    folders.insert(folders.begin(), {{file::folder_of(files_beside(settings.ledger)), 0700, 0},
                                     {settings.backup.directory, 0700, 0}});
    if (settings.log.file.starts_with('/')) {
        folders.push_back({file::folder_of(settings.log.file), 0750, 0});
    }
    return folders;
}

}  // namespace domspool
