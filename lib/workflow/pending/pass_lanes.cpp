#include "workflow/pending/pass_lanes.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace domspool {

namespace {

using Work = std::function<void(PendingPass& lane, std::size_t index)>;

class Sharing {
  public:
    Sharing(PendingPass& pass, std::size_t count, const Work& work)
        : pass_(pass), count_(count), work_(work) {}

    void run(std::size_t lanes) {
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < lanes; ++i) threads.emplace_back([this] { run_lane(); });
        work_in(pass_);
        for (std::thread& thread : threads) thread.join();
        for (PassResult& brought : brought_) pass_.result().add(std::move(brought));
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    void run_lane() {
        guarded([&] {
            const Lane opened = pass_.open_lane();
            PendingPass lane(pass_, opened);
            work_in(lane);
            const std::lock_guard lock(mutex_);
            brought_.push_back(std::move(lane.result()));
        });
    }

    // Flushed also after a failure: another lane may want an order that was given back.
    void work_in(PendingPass& lane) {
        guarded([&] { take_turns(lane); });
        guarded([&] { lane.flush(); });
    }

    void take_turns(PendingPass& lane) {
        while (!is_over_) {
            const std::size_t index = next_++;
            if (index >= count_) return;
            work_(lane, index);
        }
    }

    template <typename Act>
    void guarded(Act act) {
        try {
            act();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            is_over_ = true;
        }
    }

    PendingPass& pass_;
    const std::size_t count_;
    const Work& work_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> is_over_{false};
    std::mutex mutex_;
    std::exception_ptr failure_;
    std::vector<PassResult> brought_;
};

}  // namespace

void share_among_lanes(PendingPass& pass, std::size_t count, const Work& work) {
    const auto lanes = std::min(count, static_cast<std::size_t>(std::max(pass.lanes(), 1)));
    Sharing(pass, count, work).run(lanes);
}

}  // namespace domspool
