// The folders of the spool, the names of files in them, and who may do what there. All names are
// made and parsed here (ORDER-FILES, "The spool").
#pragma once

#include "util/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace domspool {

struct SpoolFolder {
    std::string path;
    mode_t mode = 0700;
    // Rights that no run accepts. Of the upper folder only those to write: what is in it may be
    // found, but not exchanged. 0, of folders outside the spool: those of others to write, where it
    // is no sticky folder (/tmp), which is no place for it either, but a person who named it knows.
    mode_t forbidden = 0077;
};

// incoming (2770: its group is of those who may drop, and so may spend money), active, done,
// refused (0700). The spool's own folder comes first.
std::vector<SpoolFolder> spool_folders(const std::string& directory);

class SpoolLayout {
  public:
    explicit SpoolLayout(std::string directory) : directory_(std::move(directory)) {}

    const std::string& directory() const { return directory_; }
    std::string incoming() const { return directory_ + "/incoming"; }
    std::string active() const { return directory_ + "/active"; }
    std::string done() const { return directory_ + "/done"; }
    std::string refused() const { return directory_ + "/refused"; }

    // done/2026-11, by the day (UTC) on which the batch was taken.
    std::string archive_folder(UtcTime taken_at) const;

  private:
    std::string directory_;
};

// A file that a run has claimed: RUN-N-NAME, N counting the files of the run.
struct ActiveName {
    std::int64_t run = 0;
    int number = 0;
    std::string name;
};
std::string to_file_name(const ActiveName& active);
std::optional<ActiveName> parse_active_name(std::string_view file_name);

// All names below fit where the kernel's limit is 255 bytes: a long one loses the end of its stem,
// never its ending. Names of others are made harmless to look at first (visible_text).

// BATCH-NAME; of a further copy of the same file BATCH.N-NAME. `name`: of the batch, as the ledger
// has it.
std::string archive_name(std::int64_t batch, const std::string& name, int copy = 1);
// Nothing: no file of a batch.
struct ArchivedName {
    std::int64_t batch = 0;
    int copy = 1;
    std::string name;
};
std::optional<ArchivedName> parse_archive_name(std::string_view file_name);
// Whether the name begins as those of the batch's further copies do.
bool is_copy_of(std::string_view file_name, std::int64_t batch);
// NAME, and the name for its problems beside it.
std::string refused_name(const std::string& name);
std::string problems_name(const std::string& refused_name);

}  // namespace domspool
