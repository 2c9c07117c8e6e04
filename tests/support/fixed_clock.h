// A clock that stands still until a test moves it; with a step it goes on by that much at each
// question, so that what happens later is later.
#pragma once

#include "util/clock.h"

#include <mutex>

namespace domspool::test {

class FixedClock : public Clock {
  public:
    explicit FixedClock(std::string_view utc = "2026-11-24T02:00:00.000Z",
                        std::chrono::milliseconds step = {})
        : now_{*from_iso(utc), "boot-1", std::chrono::hours(1)}, step_(step) {}

    Moment now() const override {
        const std::lock_guard lock(mutex_);
        go_on(step_);
        return now_;
    }
    void advance(std::chrono::milliseconds time) {
        const std::lock_guard lock(mutex_);
        go_on(time);
    }
    // Somebody sets the wall clock; the boot clock does not care.
    void set_utc(std::string_view utc) {
        const std::lock_guard lock(mutex_);
        now_.utc = *from_iso(utc);
    }
    void reboot() {
        const std::lock_guard lock(mutex_);
        now_.boot_id += "+";
        now_.since_boot = std::chrono::seconds(10);
    }

  private:
    void go_on(std::chrono::milliseconds time) const {
        now_.utc += time;
        now_.since_boot += time;
    }

    mutable std::mutex mutex_;
    mutable Moment now_;
    std::chrono::milliseconds step_;
};

}  // namespace domspool::test
