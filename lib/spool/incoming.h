// What lies in incoming/: files to be taken, and things to be left alone.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "util/stop_flag.h"

namespace domspool {

// What changes when somebody writes to a file or puts another one in its place.
struct FileState {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    friend bool operator==(const FileState&, const FileState&) = default;
};
// Nothing if there is no regular file of that name; links are not followed.
std::optional<FileState> file_state(const std::string& path);

struct LeftAlone {
    std::string name;  // as it is: any bytes
    std::string reason;
    // Somebody may be at it: hidden, .tmp, .part. Else a person must look.
    enum class Kind { in_the_making, not_for_us, unreadable, still_moving };
    Kind kind = Kind::not_for_us;
    std::string mark;  // another one stands there when this one was replaced
};

struct IncomingLook {
    std::vector<std::string> files;  // at rest, by name
    std::vector<LeftAlone> left;     // by name
};

// Taken are regular files with one name, not hidden, ending in .csv .yaml .yml (any case), readable
// by us, which have not changed for `settle`. For those that move it waits, at most twice that
// long, or until called off. What turns up meanwhile is not looked at. RunFailure no_permission.
IncomingLook look_into_incoming(const std::string& folder, std::chrono::seconds settle,
                                const StopFlag& stop);

// Whether its name alone lets it be taken; "" or why not.
std::string name_fault(const std::string& name);

}  // namespace domspool
