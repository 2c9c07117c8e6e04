// A library for LD_PRELOAD that makes the disk under one folder a bad one. Not part of any program;
// it is told what to do by the environment (bad_disk_calls.h does so):
//   BAD_DISK_FOLDER=/path       only what lies below it (real path) is looked at
//   BAD_DISK_LOG=/path          "write ledger.db-wal" for each such call, appended
//   BAD_DISK_FAIL=KIND:N:HOW    the N-th call of that kind fails; "KIND:N+:HOW": all from there on.
//                               HOW is EIO, ENOSPC, EACCES, EINTR; "short": half is written;
//                               "full": as on a disk without room, only what needs some fails
//   BAD_DISK_SHADOW=/path       keeps there, below "names", what a power cut would leave: contents
//                               as of the file's last sync, names as of the folder's. Lives on over
//                               several programs in turn; made of the folder as it is at first
//   BAD_DISK_CUT=before:N       the power goes before (after:N, after) the N-th sync: SIGKILL
//   BAD_DISK_LIES=ENDING        files whose names end so are not kept by their syncs
//   BAD_DISK_TORN=SEED          at the cut each sector not synced is kept or lost by chance
// Kinds: write sync truncate allocate create open rename unlink lock unlock.
// The calls themselves are taken in interposed_calls.cpp.
#pragma once

#include "crash/disk_shadow.h"

#include <map>
#include <mutex>
#include <string>

namespace bad_disk {

// What is to go wrong.
struct Failure {
    std::string kind;
    int number = 0;
    bool lasts = false;
    std::string how;
};

// What errno is then.
int error_of(const Failure& failure);

class BadDisk {
  public:
    BadDisk();

    bool is_ours(const std::string& path) const;
    // Counts the call. The failure it must meet, or nullptr.
    const Failure* met(const char* kind, const std::string& path);
    // The call, and what of it the shadow keeps; or the cut.
    template <typename Call>
    int sync(const std::string& path, Call call) {
        const std::lock_guard lock(mutex_);
        const std::string number = std::to_string(++syncs_);
        if (cut_ == "before:" + number) cut();
        const int result = call();
        if (result == 0) synced(path);
        if (cut_ == "after:" + number) cut();
        return result;
    }
    // Taken away, or given to another file.
    void name_goes(const std::string& path);

  private:
    void synced(const std::string& path);
    void cut();

    std::mutex mutex_;
    const std::string folder_;
    const Failure failure_;
    Shadow shadow_;
    const std::string cut_, lies_, torn_;
    int log_ = -1;
    int syncs_ = 0;
    std::map<std::string, int> counts_;
};

// Of the whole program, until its very end.
BadDisk& disk();

}  // namespace bad_disk
