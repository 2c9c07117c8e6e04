#include "workflow/lanes.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace domspool {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMostClaimed = 16;
constexpr auto kQuickOrder = std::chrono::milliseconds(20);
constexpr auto kContactPause = std::chrono::milliseconds(20);
constexpr auto kContactPatience = std::chrono::seconds(90);

struct Shared {
    const LaneWork& work;
    StoppingRules& rules;
    std::atomic<int> taken{0};
    std::mutex mutex;
    std::exception_ptr failure;

    bool is_over() const {
        return rules.is_stopped() || (work.is_called_off && work.is_called_off());
    }
    // Counts one more order; false: the run has had as many as it may.
    bool may_take() { return ++taken <= work.most_orders || work.most_orders == 0; }

    void stop_at_limit() {
        rules.stop(ExitCode::service_refused, "limits.max_orders_per_run is " +
                                                  std::to_string(work.most_orders) +
                                                  " and reached; the other orders stay accepted");
    }
};

void advance_to_rest(Shared& shared, OrderRunner& runner, ClaimedOrder& claimed) {
    const auto patience_ends = SteadyClock::now() + kContactPatience;
    while (runner.advance(claimed) == OrderRunner::Advance::contact_elsewhere) {
        if (shared.is_over()) {
            runner.release(claimed.claim);
            break;
        }
        if (SteadyClock::now() > patience_ends) {
            runner.postpone(claimed, "another order is making the same contact");
            runner.release(claimed.claim);
            break;
        }
        std::this_thread::sleep_for(kContactPause);
    }
    if (shared.work.tell) shared.work.tell(claimed.order);
}

// Slow orders are claimed one by one, so that the lanes share them; quick ones in handfuls.
int next_handful(int handful, SteadyClock::duration took) {
    if (took > handful * kQuickOrder) return 1;
    return std::min(handful * 2, kMostClaimed);
}

void work_in_lane(Shared& shared, OrderRunner& runner) {
    int handful = 1;
    while (!shared.is_over()) {
        auto claimed = runner.claim_next(shared.work.batch, handful);
        if (claimed.empty()) break;
        const auto begun = SteadyClock::now();
        for (ClaimedOrder& order : claimed) {
            if (!shared.is_over() && !shared.may_take()) shared.stop_at_limit();
            if (shared.is_over())
                runner.release(order.claim);
            else
                advance_to_rest(shared, runner, order);
        }
        handful = next_handful(handful, SteadyClock::now() - begun);
    }
    runner.flush();
}

void run_lane(Shared& shared) {
    try {
        const Lane lane = shared.work.open_lane();
        work_in_lane(shared, *lane.runner);
    } catch (...) {
        const std::lock_guard lock(shared.mutex);
        if (!shared.failure) shared.failure = std::current_exception();
        shared.rules.stop(ExitCode::our_bug, "a lane failed");
    }
}

}  // namespace

void work_in_lanes(const LaneWork& work, StoppingRules& rules) {
    Shared shared{work, rules, {}, {}, {}};
    std::vector<std::thread> threads;
    for (int i = 1; i < work.lanes; ++i) threads.emplace_back([&] { run_lane(shared); });
    run_lane(shared);
    for (std::thread& thread : threads) thread.join();
    if (shared.failure) std::rethrow_exception(shared.failure);
}

}  // namespace domspool
