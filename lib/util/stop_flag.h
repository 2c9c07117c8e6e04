// Whether the run shall come to its end: set by SIGTERM and SIGINT, or by the run itself.
#pragma once

#include "util/descriptor.h"

#include <atomic>
#include <chrono>

namespace domspool {

// Once set it stays set. May be asked from any thread.
class StopFlag {
  public:
    StopFlag();
    bool is_set() const { return set_.load(); }
    // Safe inside a signal handler.
    void set() noexcept;
    // Waits this long or until the flag is set, whichever comes first; true if it is set.
    bool wait_for(std::chrono::milliseconds time) const;
    // Readable from the moment the flag is set, for poll().
    int descriptor() const { return event_.get(); }

  private:
    std::atomic<bool> set_{false};
    Descriptor event_;
};

// The process's own flag; from the first call on SIGTERM, SIGINT and SIGHUP set it (those that
// were ignored, as under nohup, stay ignored). A second SIGINT ends the program at once, which the
// ledger survives: a person at the terminal has the last word.
StopFlag& stop_on_signals();

}  // namespace domspool
