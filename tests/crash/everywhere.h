// A scene killed at every passing of every crash point of its course, and met by a lost reply at
// every kind of call.
#pragma once

#include "crash/scene.h"

#include <set>
#include <string>

namespace domspool::test {

// Checks (doctest) that afterwards, run again, everything is executed exactly once. Returns the
// points reached. Prints how many passings there were.
std::set<std::string> check_killed_everywhere(const Scene& scene);

// The points each scene must reach; doubts, decisions, the spool and reports have others.
std::set<std::string> points_of_each_scene(const Scene& scene);

}  // namespace domspool::test
