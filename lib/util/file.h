// Whole files: written so that they appear whole or not at all, read up to a limit, and looked at
// for who else may read them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace domspool::file {

// A hidden *.tmp beside it, write, sync, close, rename, sync the folder. An existing file is
// replaced. `mode` is set whatever the umask. RunFailure cannot_create (no such folder, no right)
// or cannot_write (disk full, I/O error); the file is then as it was before and no *.tmp is left.
void write_whole(const std::string& path, std::string_view bytes, mode_t mode = 0600);

// The same, but never over an existing name: false, and nothing changed, if there is one.
[[nodiscard]] bool place_whole(const std::string& path, std::string_view bytes, mode_t mode = 0600);

// The same two for a text too large to be held: `fill` is called once and hands its pieces over.
// What it throws is thrown here, and nothing has changed.
enum class IfThere { replace, leave };
using Append = std::function<void(std::string_view)>;
[[nodiscard]] bool place_in_pieces(const std::string& path, IfThere if_there,
                                   const std::function<void(const Append&)>& fill,
                                   mode_t mode = 0600);

// One rename on one file system, never over an existing name (false then); both folders are
// synced. RunFailure file_not_found if `from` is not there, cannot_create otherwise.
[[nodiscard]] bool move_to_free_name(const std::string& from, const std::string& to);

// Sorted. RunFailure no_permission where the folder cannot be read, or is not there.
std::vector<std::string> names_in(const std::string& folder);

// Takes away what writers that were killed left in a folder. To be called only while nobody else
// writes there.
void remove_drafts(const std::string& folder);

// All bytes of a regular file that its owner named: links are followed. RunFailure file_not_found,
// no_permission, try_later, file_refused (no regular file, or larger than max_bytes). What others
// may have put there is read with RegularFile.
std::string read_whole(const std::string& path, std::size_t max_bytes);

// The same for a file that holds a secret; it must pass require_private. Looked at and read
// through one descriptor, so it cannot be exchanged in between.
std::string read_private(const std::string& path, std::size_t max_bytes);

// A regular file of the running user or root (running as root: of anybody) that nobody else may
// read or write. RunFailure no_permission with the chmod that mends it, file_not_found.
void require_private(const std::string& path);

// So that a name made in it or taken from it survives a power cut. RunFailure cannot_write.
void sync_folder(const std::string& folder);

// The folder part, "." where there is none.
std::string folder_of(const std::string& path);
// The words for an errno, lower case: "permission denied".
std::string cause_of(int error_number);

}  // namespace domspool::file
