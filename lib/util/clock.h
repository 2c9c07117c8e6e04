// Time as the project uses it: UTC for what is shown and stored, the boot clock for gaps that
// matter.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace domspool {

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// One instant on both clocks. The boot clock cannot be set by anybody and goes on in standby;
// it can be compared only within one boot.
struct Moment {
    UtcTime utc;
    std::string boot_id;
    std::chrono::milliseconds since_boot{0};
};

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Moment now() const = 0;
};

// Reads the kernel's clocks (CLOCK_REALTIME, CLOCK_BOOTTIME, /proc/sys/kernel/random/boot_id).
class SystemClock : public Clock {
  public:
    SystemClock();
    Moment now() const override;

  private:
    std::string boot_id_;
};

// The time certainly gone by between the two: the boot clock's gap within one boot, else the UTC
// gap, never below zero.
std::chrono::milliseconds gap_between(const Moment& earlier, const Moment& later);

// "2026-11-24T17:15:23.123Z", the one form in which times are stored.
std::string to_iso(UtcTime time);
std::optional<UtcTime> from_iso(std::string_view text);

// "2026-11-24 17:15 UTC", the one form in which times are shown to people.
std::string to_minute(UtcTime time);

}  // namespace domspool
