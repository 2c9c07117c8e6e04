// The programs on a bad disk: what they ask of it, and how a call is made to fail (bad_disk.h).
#pragma once

#include "crash/rehearsal.h"

#include <map>
#include <string>
#include <vector>

namespace domspool::test {

// One call of a program for a file of its shop.
struct DiskCall {
    std::string kind;  // "write", "sync", "lock" ...
    std::string path;  // in the shop's folder
    int number = 0;    // among those of its kind
};

// The environment in which a program's calls are looked at, and as told by `more` made to fail.
Rehearsal::Environment on_bad_disk(const Shop& shop, const Rehearsal::Environment& more);
// What the program of that step asks of its disk when nothing fails.
std::vector<DiskCall> disk_calls_of(Rehearsal& rehearsal, int step);

}  // namespace domspool::test
