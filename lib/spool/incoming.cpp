#include "spool/incoming.h"

#include "util/failure.h"
#include "util/file.h"
#include "util/regular_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace domspool {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using Kind = LeftAlone::Kind;

constexpr auto kLongestNap = std::chrono::milliseconds(500);

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
        return static_cast<char>(c < 128 ? std::tolower(c) : c);
    });
    return text;
}

bool ends_in_one_of(const std::string& name, std::initializer_list<std::string_view> endings) {
    const std::string folded = lower(name);
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        return folded.ends_with(ending) && folded.size() > ending.size();
    });
}

bool is_in_the_making(const std::string& name) {
    return name.starts_with('.') || ends_in_one_of(name, {".tmp", ".part"});
}

std::string fault_of(const struct stat& about) {
    const std::string fault = type_fault(about.st_mode);
    if (!fault.empty()) return fault + "; only files are taken";
    if (about.st_nlink > 1) return "has a second name (hard link), through which it may change";
    return "";
}

// Since when a file has rested, as far as it can be known.
class Rest {
  public:
    Rest(const struct stat& about, std::chrono::seconds settle) { look(about, settle); }

    void look(const struct stat& about, std::chrono::seconds settle) {
        const FileState state = state_in(about);
        if (state == state_) return;
        state_ = state;
        since_ = std::chrono::steady_clock::now() - age(settle);
    }

    bool is_long_enough(std::chrono::seconds settle) const {
        return std::chrono::steady_clock::now() - since_ >= settle;
    }
    SteadyTime since() const { return since_; }

  private:
    // The time of the last change of whatever sort, which nobody can set; in the future, when the
    // clock was put back, it tells nothing.
    std::chrono::nanoseconds age(std::chrono::seconds settle) const {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto gone_by = now - std::chrono::nanoseconds(state_->changed_ns);
        return std::clamp<std::chrono::nanoseconds>(gone_by, std::chrono::nanoseconds(0), settle);
    }

    std::optional<FileState> state_;
    SteadyTime since_;
};

class Looking {
  public:
    Looking(const std::string& folder, std::chrono::seconds settle)
        : folder_(folder), settle_(settle) {
        for (const std::string& name : file::names_in(folder)) sort_out(name);
    }

    IncomingList wait(const StopFlag& stop) {
        const SteadyTime give_up_at = std::chrono::steady_clock::now() + 2 * settle_;
        while (!moving_.empty()) {
            look_again();
            const SteadyTime now = std::chrono::steady_clock::now();
            if (moving_.empty() || now >= give_up_at || stop.wait_for(nap(now))) break;
        }
        for (const auto& [name, rest] : moving_) {
            leave(name,
                  "has changed within the last " + std::to_string(settle_.count()) +
                      " seconds and may still be written; the next run takes it",
                  Kind::still_moving, "");
        }
        std::ranges::sort(look_.files);
        std::ranges::sort(look_.left, {}, &LeftAlone::name);
        return std::move(look_);
    }

  private:
    struct Moving {
        std::string name;
        Rest rest;
    };

    std::string path(const std::string& name) const { return folder_ + "/" + name; }

    static std::string mark_of(const struct stat& about) {
        return std::to_string(about.st_ino) + "." + std::to_string(state_in(about).changed_ns);
    }

    void leave(const std::string& name, const std::string& reason, Kind kind,
               const std::string& mark) {
        look_.left.push_back({name, reason, kind, mark});
    }

    void sort_out(const std::string& name) {
        struct stat about {};
        if (::lstat(path(name).c_str(), &about) != 0) return;  // Just taken away.
        const std::string mark = mark_of(about);
        if (const std::string fault = fault_of(about); !fault.empty()) {
            return leave(name, fault, Kind::not_for_us, mark);
        }
        if (const std::string fault = name_fault(name); !fault.empty()) {
            const Kind kind = is_in_the_making(name) ? Kind::in_the_making : Kind::not_for_us;
            return leave(name, fault, kind, mark);
        }
        if (::access(path(name).c_str(), R_OK) != 0) {
            return leave(name, "cannot be read: " + file::cause_of(errno), Kind::unreadable, mark);
        }
        moving_.push_back({name, Rest(about, settle_)});
    }

    void look_again() {
        std::erase_if(moving_, [&](Moving& file) {
            struct stat about {};
            if (::lstat(path(file.name).c_str(), &about) != 0) return true;
            if (const std::string fault = fault_of(about); !fault.empty()) {
                leave(file.name, fault, Kind::not_for_us, mark_of(about));
                return true;
            }
            file.rest.look(about, settle_);
            if (!file.rest.is_long_enough(settle_)) return false;
            look_.files.push_back(file.name);
            return true;
        });
    }

    // Until the first of them may have rested long enough.
    std::chrono::milliseconds nap(SteadyTime now) const {
        SteadyTime due = now + kLongestNap;
        for (const Moving& file : moving_) due = std::min(due, file.rest.since() + settle_);
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - now);
        return std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds(1),
                                                     kLongestNap);
    }

    const std::string& folder_;
    const std::chrono::seconds settle_;
    IncomingList look_;
    std::vector<Moving> moving_;
};

}  // namespace

std::string name_fault(const std::string& name) {
    if (name.starts_with('.')) return "is hidden";
    if (is_in_the_making(name)) return "ends in .tmp or .part: it is still being made";
    if (ends_in_one_of(name, {".csv", ".yaml", ".yml"})) return "";
    return "ends in none of .csv .yaml .yml";
}

IncomingList list_incoming(const std::string& folder, std::chrono::seconds settle,
                           const StopFlag& stop) {
    return Looking(folder, settle).wait(stop);
}

}  // namespace domspool
