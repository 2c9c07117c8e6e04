// How fast the registrar may be asked, over all programs that share a file: no more than so many
// requests a minute, and less where it asks for less (429, 503, Retry-After).
#pragma once

#include "util/byte_lock.h"
#include "util/clock.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace domspool {

// What the programs share. Times by the boot clock. Pure.
struct Pace {
    using Milliseconds = std::chrono::milliseconds;

    Milliseconds next_turn{0};
    Milliseconds interval{0};  // between turns since the registrar asked for less; 0: it did not
    Milliseconds paused_until{0};  // nothing is asked before
    Milliseconds refused_at{0};    // the last time it asked for less
    Milliseconds stepped_at{0};    // the last step back towards full speed
    int in_a_row = 0;              // times it did with no answer between

    friend bool operator==(const Pace&, const Pace&) = default;
};

// Half as fast as `per_minute`, which went before, and a pause: what the registrar asked for, else
// 20, 40, then 60 s. A request that was under way before the last refusal tells nothing new.
void slow_down(Pace& pace, std::chrono::milliseconds now, std::chrono::milliseconds begun,
               std::optional<std::chrono::milliseconds> asked_for, int per_minute);
// Half as fast again for each minute without a refusal, until it is full speed.
void speed_up(Pace& pace, std::chrono::milliseconds now);

// Turns lie evenly apart. Thread-safe. A turn that was taken is used up, also if its program dies.
class RequestPace {
  public:
    // 0: no limit of ours. `shared_file`: "" for this process alone; made if missing, with no limit
    // of ours at the registrar's first wish (RunFailure if that cannot be).
    RequestPace(int requests_per_minute, const std::string& shared_file, const Clock& clock);

    // Whether turns have to be taken now.
    bool is_limited();
    // Waits for the next turn if it comes within `longest`; else takes none and returns false.
    // False too where the registrar asked for less meanwhile: the turn is used up. RunFailure if
    // the file cannot be read or written.
    [[nodiscard]] bool wait_for_turn(std::chrono::milliseconds longest);
    // For what must not wait: uses the next turn up, now.
    void jump_queue();

    // None of these throws: without the file they hold for this process.
    // The registrar asked for less. `begun`: when the request it said this to went out.
    void note_refusal(const Moment& begun, std::optional<std::chrono::milliseconds> asked_for);
    // It answers.
    void note_answer();
    // What it asked for was about one question: full speed again.
    void forget_refusals();
    // Until any program may ask again; 0: now.
    std::chrono::milliseconds paused_for();
    // How often in a row the registrar has asked for less.
    int refusals_in_a_row();

  private:
    using Milliseconds = std::chrono::milliseconds;

    // The time to wait for the turn taken; nothing if it would be longer than `longest`.
    std::optional<Milliseconds> take_turn(Milliseconds longest);
    Milliseconds interval(const Pace& pace) const;
    // The file is taken as it is where there is one. go_on: without it the pace is this process's
    // own. fail: RunFailure.
    enum class WithoutFile { go_on, fail };
    void change(const std::function<void(Pace& pace, const Moment& now)>& by,
                WithoutFile without_file = WithoutFile::go_on);
    // requires the lock
    void find_file();
    Pace read(const Moment& now);
    void write(const Moment& now, const Pace& pace);
    void count(const Moment& now);
    int per_minute(const Moment& now, std::optional<Milliseconds> asked_for) const;

    const Milliseconds own_interval_;
    const std::string path_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unique_ptr<ByteLockFile> file_;
    Pace pace_;
    struct Second {
        std::int64_t number = 0;
        int requests = 0;
    };
    std::array<Second, 60> seconds_{};  // of this process
};

}  // namespace domspool
