#include "bin/service_folders.h"

#include "ledger/ledger_place.h"
#include "spool/spool_layout.h"
#include "util/file.h"

namespace domspool {

std::vector<WantedFolder> folders_of(const Settings& settings) {
    std::vector<WantedFolder> folders = {{file::folder_of(files_beside(settings.ledger)), 0700},
                                         {settings.backup.directory, 0700}};
    for (const SpoolFolder& folder : spool_folders(settings.spool.directory)) {
        folders.push_back({folder.path, folder.mode, folder.forbidden});
    }
    if (settings.log.file.starts_with('/')) {
        folders.push_back({file::folder_of(settings.log.file), 0750});
    }
    return folders;
}

}  // namespace domspool
