#include "registrar/request_pace.h"

#include "util/failure.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <thread>
#include <tuple>

namespace domspool {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr auto kLockPause = std::chrono::milliseconds(1);
constexpr auto kLockPatience = std::chrono::seconds(5);
constexpr std::size_t kLongestLine = 250;
constexpr std::size_t kDigits = 19;
constexpr auto kWithoutRefusal = std::chrono::minutes(1);  // one step faster
constexpr std::array kRests = {std::chrono::seconds(20), std::chrono::seconds(40),
                               std::chrono::seconds(60)};
constexpr Milliseconds kShortestRest = std::chrono::seconds(1);
// What is said to last longer is no pause of ours, or of no program that is right.
constexpr Milliseconds kLongestRest = std::chrono::hours(24);
constexpr Milliseconds kSlowest = std::chrono::seconds(10);
constexpr Milliseconds kFullSpeed{10};  // what lies closer than this needs no turns

// Held for less than a disk write: waiting for it is short, or somebody is stopped in a debugger.
class FileTurn {
  public:
    explicit FileTurn(ByteLockFile& file) : file_(file) {
        const auto until = std::chrono::steady_clock::now() + kLockPatience;
        while (!file_.try_lock(0)) {
            if (std::chrono::steady_clock::now() >= until) {
                throw RunFailure(ExitCode::try_later,
                                 "cannot take a turn at the registrar: the file that counts "
                                 "requests per minute stays locked; try again later");
            }
            std::this_thread::sleep_for(kLockPause);
        }
    }
    ~FileTurn() { file_.unlock(0); }
    FileTurn(const FileTurn&) = delete;
    FileTurn& operator=(const FileTurn&) = delete;

  private:
    ByteLockFile& file_;
};

std::string padded(std::int64_t number) {
    const std::string digits = std::to_string(number);
    return " " + std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

// "BOOT-ID next_turn interval paused_until refused_at stepped_at in_a_row", of one length always.
std::string line_of(const std::string& boot_id, const Pace& pace) {
    return boot_id + padded(pace.next_turn.count()) + padded(pace.interval.count()) +
           padded(pace.paused_until.count()) + padded(pace.refused_at.count()) +
           padded(pace.stepped_at.count()) + padded(pace.in_a_row) + "\n";
}

// What another boot has left, or no program of ours, counts as nothing.
Pace pace_in(const std::string& line, const std::string& boot_id) {
    if (!line.starts_with(boot_id + " ")) return {};
    std::istringstream words(line.substr(boot_id.size()));
    std::array<Milliseconds::rep, 5> times{};
    Pace pace;
    for (auto& time : times) words >> time;
    words >> pace.in_a_row;
    if (!words) return {};
    pace.next_turn = Milliseconds(times[0]);
    pace.interval = Milliseconds(times[1]);
    pace.paused_until = Milliseconds(times[2]);
    pace.refused_at = Milliseconds(times[3]);
    pace.stepped_at = Milliseconds(times[4]);
    return pace;
}

// Numbers no program of ours would write, at that time or at all.
bool is_sane(const Pace& pace, Milliseconds latest) {
    constexpr int kMostInARow = 1'000'000;
    const auto is_time = [&](Milliseconds time) { return time.count() >= 0 && time <= latest; };
    return is_time(pace.next_turn) && is_time(pace.paused_until) && is_time(pace.refused_at) &&
           is_time(pace.stepped_at) && pace.interval.count() >= 0 && pace.interval <= kSlowest &&
           pace.in_a_row >= 0 && pace.in_a_row <= kMostInARow;
}

}  // namespace

void slow_down(Pace& pace, Milliseconds now, Milliseconds begun,
               std::optional<Milliseconds> asked_for, int per_minute) {
    const bool is_new = begun >= pace.refused_at || pace.refused_at == Milliseconds(0);
    if (!is_new) {
        if (asked_for) pace.paused_until = std::max(pace.paused_until, now + *asked_for);
        return;
    }
    // The first request after a pause shows that it was too short, nothing of the speed.
    if (pace.in_a_row == 0) {
        const Milliseconds half(per_minute > 0 ? 2 * 60'000 / per_minute : 0);
        pace.interval = std::clamp(std::max(pace.interval * 2, half), kFullSpeed, kSlowest);
    }
    const auto number = std::min(static_cast<std::size_t>(pace.in_a_row), kRests.size() - 1);
    pace.paused_until = now + std::max(asked_for.value_or(kRests[number]), kShortestRest);
    pace.refused_at = now;
    pace.stepped_at = pace.paused_until;
    ++pace.in_a_row;
}

void speed_up(Pace& pace, Milliseconds now) {
    while (pace.interval.count() > 0 && now >= pace.stepped_at + kWithoutRefusal) {
        pace.interval = pace.interval * 2 / 3;
        pace.stepped_at += kWithoutRefusal;
        if (pace.interval < kFullSpeed) pace.interval = Milliseconds(0);
    }
}

RequestPace::RequestPace(int requests_per_minute, const std::string& shared_file,
                         const Clock& clock)
    : own_interval_(requests_per_minute > 0 ? 60'000 / requests_per_minute : 0),
      path_(shared_file),
      clock_(clock) {
    if (own_interval_.count() == 0 || path_.empty()) return;
    file_ = std::make_unique<ByteLockFile>(path_, ByteLockFile::IfMissing::create);
}

std::chrono::milliseconds RequestPace::interval(const Pace& pace) const {
    return std::max(own_interval_, pace.interval);
}

// Another program made it when the registrar asked for less.
void RequestPace::find_file() {
    std::error_code failure;
    if (file_ || path_.empty() || !std::filesystem::exists(path_, failure)) return;
    file_ = std::make_unique<ByteLockFile>(path_, ByteLockFile::IfMissing::create);
}

Pace RequestPace::read(const Moment& now) {
    if (file_) pace_ = pace_in(file_->read_at(0, kLongestLine), now.boot_id);
    if (!is_sane(pace_, now.since_boot + kLongestRest)) pace_ = {};
    speed_up(pace_, now.since_boot);
    return pace_;
}

void RequestPace::write(const Moment& now, const Pace& pace) {
    pace_ = pace;
    if (file_) file_->write_at(0, line_of(now.boot_id, pace));
}

void RequestPace::count(const Moment& now) {
    const std::int64_t number = now.since_boot / std::chrono::seconds(1);
    Second& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
    if (second.number != number) second = {number, 0};
    ++second.requests;
}

// Of the last minute. Fewer than a gate of a minute would let pass, and a pause much shorter, speak
// of how fast they came.
int RequestPace::per_minute(const Moment& now, std::optional<Milliseconds> asked_for) const {
    constexpr int kOfAGate = 30;
    constexpr Milliseconds kOfAMinute = std::chrono::seconds(10);
    const std::int64_t number = now.since_boot / std::chrono::seconds(1);
    int requests = 0;
    std::int64_t first = number;
    for (const Second& second : seconds_) {
        if (second.requests == 0 || number - second.number >= std::ssize(seconds_)) continue;
        requests += second.requests;
        first = std::min(first, second.number);
    }
    const bool is_gate = requests >= kOfAGate && asked_for.value_or(kOfAMinute) >= kOfAMinute;
    if (is_gate) return requests;
    return static_cast<int>(requests * 60 / (number - first + 1));
}

bool RequestPace::is_limited() {
    if (own_interval_.count() > 0) return true;
    const auto left = paused_for();
    const std::lock_guard lock(mutex_);
    return pace_.interval.count() > 0 || left.count() > 0;
}

bool RequestPace::wait_for_turn(Milliseconds longest) {
    const auto wait = take_turn(longest);
    if (!wait) return false;
    if (wait->count() == 0) return true;
    std::this_thread::sleep_for(*wait);
    return paused_for().count() == 0;
}

void RequestPace::jump_queue() {
    std::ignore = take_turn(Milliseconds::max());
}

std::optional<std::chrono::milliseconds> RequestPace::take_turn(Milliseconds longest) {
    if (!is_limited()) {
        const std::lock_guard lock(mutex_);
        count(clock_.now());
        return Milliseconds(0);
    }
    std::optional<Milliseconds> wait;
    const auto take = [&](Pace& pace, const Moment& now) {
        const Milliseconds at = std::max({pace.next_turn, pace.paused_until, now.since_boot});
        wait = at - now.since_boot;
        if (*wait > longest) return wait.reset();
        pace.next_turn = at + interval(pace);
        count(now);
    };
    const bool must_be_shared = own_interval_.count() > 0;
    change(take, must_be_shared ? WithoutFile::fail : WithoutFile::go_on);
    return wait;
}

void RequestPace::change(const std::function<void(Pace& pace, const Moment& now)>& by,
                         WithoutFile without_file) {
    const std::lock_guard lock(mutex_);
    const Moment now = clock_.now();
    bool is_changed = false;
    try {
        if (!file_ && !path_.empty()) {
            file_ = std::make_unique<ByteLockFile>(path_, ByteLockFile::IfMissing::create);
        }
        std::optional<FileTurn> turn;
        if (file_) turn.emplace(*file_);
        Pace pace = read(now);
        by(pace, now);
        is_changed = true;
        write(now, pace);
    } catch (const RunFailure&) {
        if (without_file == WithoutFile::fail) throw;
        if (!is_changed) by(pace_, now);
    }
}

void RequestPace::note_refusal(const Moment& begun, std::optional<Milliseconds> asked_for) {
    change([&](Pace& pace, const Moment& now) {
        slow_down(pace, now.since_boot, begun.since_boot, asked_for, per_minute(now, asked_for));
    });
}

void RequestPace::note_answer() {
    if (refusals_in_a_row() == 0) return;
    change([](Pace& pace, const Moment& now) {
        // Else it is an answer from before the pause.
        if (pace.paused_until <= now.since_boot) pace.in_a_row = 0;
    });
}

void RequestPace::forget_refusals() {
    change([](Pace& pace, const Moment&) { pace = Pace{.next_turn = pace.next_turn}; });
}

std::chrono::milliseconds RequestPace::paused_for() {
    const std::lock_guard lock(mutex_);
    const Moment now = clock_.now();
    try {
        find_file();
        std::ignore = read(now);
    } catch (const RunFailure&) {
        speed_up(pace_, now.since_boot);
    }
    return std::max(pace_.paused_until - now.since_boot, Milliseconds(0));
}

int RequestPace::refusals_in_a_row() {
    const std::lock_guard lock(mutex_);
    return pace_.in_a_row;
}

}  // namespace domspool
