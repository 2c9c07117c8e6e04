// Where a test stops threads until it has seen what it wants to see.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace domspool::test {

// Nobody waits for ever: a thread that should have come and did not is a failed check, not a test
// that hangs.
class Gate {
  public:
    // Stops here until the gate is open.
    void pass() {
        std::unique_lock lock(mutex_);
        ++reached_;
        changed_.notify_all();
        changed_.wait_for(lock, kPatience, [&] { return is_open_; });
    }
    // Opens by itself when so many have come. False: they did not.
    bool meet(int number) {
        std::unique_lock lock(mutex_);
        ++reached_;
        changed_.notify_all();
        return changed_.wait_for(lock, kPatience, [&] { return reached_ >= number; });
    }
    // Waits until so many have come to it.
    bool is_reached(int times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return reached_ >= times; });
    }
    void open() {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }

  private:
    static constexpr std::chrono::seconds kPatience{60};
    std::mutex mutex_;
    std::condition_variable changed_;
    int reached_ = 0;
    bool is_open_ = false;
};

}  // namespace domspool::test
