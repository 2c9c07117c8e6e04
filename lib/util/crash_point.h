// Places where a test may stop a program dead, to see that the next run finishes its work.
#pragma once

namespace domspool {

// In builds with DOMSPOOL_CRASH_POINTS: kills the program with SIGKILL at the N-th passing of the
// point named in the environment, DOMSPOOL_CRASH_AT=name:N. In other builds: nothing.
void crash_point(const char* name);

}  // namespace domspool
