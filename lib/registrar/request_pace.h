// No more than so many requests per minute, over all programs that share a file.
#pragma once

#include "util/byte_lock.h"
#include "util/clock.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace domspool {

// Turns lie evenly apart. Thread-safe. A turn that was taken is used up, also if its program dies.
class RequestPace {
  public:
    // 0: no limit, and no file is touched. `shared_file`: "" for a limit of this process alone;
    // made if missing (RunFailure if that cannot be).
    RequestPace(int requests_per_minute, const std::string& shared_file);

    bool is_limited() const { return interval_.count() > 0; }
    // Waits for the next turn if it comes within `longest`; else takes none and returns false.
    // RunFailure if the file cannot be read or written.
    [[nodiscard]] bool wait_for_turn(std::chrono::milliseconds longest);
    // For what must not wait: uses the next turn up, now.
    void jump_queue();

  private:
    using Milliseconds = std::chrono::milliseconds;

    // The time to wait for the turn taken; nothing if it would be longer than `longest`.
    std::optional<Milliseconds> take_turn(Milliseconds longest);
    Milliseconds next_turn(const Moment& now) const;
    void set_next_turn(const Moment& now, Milliseconds at);

    const Milliseconds interval_;
    const SystemClock clock_;
    std::mutex mutex_;
    std::unique_ptr<ByteLockFile> file_;
    Milliseconds next_turn_{0};
};

}  // namespace domspool
