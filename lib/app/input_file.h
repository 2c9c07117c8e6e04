// A file named on the command line, or standard input, opened so that it can be read twice.
#pragma once

#include <chrono>
#include <istream>
#include <memory>
#include <string>

namespace domspool {

struct InputFile {
    std::string name;  // as it was named; "-" for standard input
    std::unique_ptr<std::istream> stream;
    bool is_regular = false;  // it has a place on disk, beside which a result may be put
};

// For the next byte of a pipe so long is waited: who exports orders may think for a while first,
// but no run of cron hangs for ever.
inline constexpr std::chrono::seconds kInputPatience{300};

// "-" and whatever is no regular file (a pipe, a device) is read to its end into a temporary file
// that has no name and goes with the stream. RunFailure: file_not_found, no_permission,
// file_refused (a folder, or longer than max_bytes; of a regular file its size is asked before it
// is read), try_later (nothing more comes), cannot_create or cannot_write for the temporary file
// ($TMPDIR, else /tmp). Never waits for another program to open a named pipe's other end.
InputFile open_input(const std::string& name, std::size_t max_bytes,
                     std::chrono::seconds patience = kInputPatience);

}  // namespace domspool
