#include "registrar/request_pace.h"

#include "util/failure.h"

#include <algorithm>
#include <charconv>
#include <thread>
#include <tuple>

namespace domspool {
namespace {

constexpr auto kLockPause = std::chrono::milliseconds(1);
constexpr auto kLockPatience = std::chrono::seconds(5);
constexpr std::size_t kLongestLine = 80;
constexpr std::size_t kDigits = 19;

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

}  // namespace

RequestPace::RequestPace(int requests_per_minute, const std::string& shared_file)
    : interval_(requests_per_minute > 0 ? 60'000 / requests_per_minute : 0) {
    if (interval_.count() == 0 || shared_file.empty()) return;
    file_ = std::make_unique<ByteLockFile>(shared_file, ByteLockFile::IfMissing::create);
}

bool RequestPace::wait_for_turn(Milliseconds longest) {
    if (interval_.count() == 0) return true;
    const auto wait = take_turn(longest);
    if (!wait) return false;
    std::this_thread::sleep_for(*wait);
    return true;
}

void RequestPace::jump_queue() {
    if (interval_.count() > 0) std::ignore = take_turn(Milliseconds::max());
}

std::optional<std::chrono::milliseconds> RequestPace::take_turn(Milliseconds longest) {
    const std::lock_guard lock(mutex_);
    std::optional<FileTurn> turn;
    if (file_) turn.emplace(*file_);
    const Moment now = clock_.now();
    const Milliseconds at = std::max(next_turn(now), now.since_boot);
    const Milliseconds wait = at - now.since_boot;
    if (wait > longest) return std::nullopt;
    set_next_turn(now, at + interval_);
    return wait;
}

// What another boot has left, or no program of ours, counts as nothing.
std::chrono::milliseconds RequestPace::next_turn(const Moment& now) const {
    if (!file_) return next_turn_;
    const std::string line = file_->read_at(0, kLongestLine);
    const std::string mark = now.boot_id + " ";
    std::int64_t at = 0;
    if (!line.starts_with(mark) || line.size() < mark.size() + kDigits) return {};
    const char* digits = line.data() + mark.size();
    if (std::from_chars(digits, digits + kDigits, at).ptr != digits + kDigits) return {};
    return Milliseconds(at);
}

void RequestPace::set_next_turn(const Moment& now, Milliseconds at) {
    next_turn_ = at;
    if (!file_) return;
    const std::string number = std::to_string(at.count());
    file_->write_at(0,
                    now.boot_id + " " + std::string(kDigits - number.size(), '0') + number + "\n");
}

}  // namespace domspool
