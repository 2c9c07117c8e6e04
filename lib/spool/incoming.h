// What lies in incoming/: files to be taken, and things to be left alone.
#pragma once

#include "util/stop_flag.h"

#include <chrono>
#include <string>
#include <vector>

namespace domspool {

struct LeftAlone {
    std::string name;  // as it is: any bytes
    std::string reason;
    // Somebody may be at it: hidden, .tmp, .part. Else a person must look.
    enum class Kind { in_the_making, not_for_us, unreadable, still_moving };
    Kind kind = Kind::not_for_us;
    std::string mark;  // another one stands there when this one was replaced
};

struct IncomingList {
    std::vector<std::string> files;  // at rest, by name
    std::vector<LeftAlone> left;     // by name
};

// Taken are regular files with one name, not hidden, ending in .csv .yaml .yml (any case), readable
// by us, which have not changed for `settle`. For those that move it waits, at most twice that
// long, or until called off. What turns up meanwhile is not looked at. RunFailure no_permission.
IncomingList list_incoming(const std::string& folder, std::chrono::seconds settle,
                           const StopFlag& stop);

// Whether its name alone lets it be taken; "" or why not.
std::string name_fault(const std::string& name);

}  // namespace domspool
