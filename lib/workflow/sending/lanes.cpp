#include "workflow/sending/lanes.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace domspool {

namespace {

using SteadyClock = std::chrono::steady_clock;

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
        rules.stop_ordering(Limit::orders_per_run,
                            "limits.max_orders_per_run is " + std::to_string(work.most_orders) +
                                " and reached; the other orders stay accepted");
    }
};

// contact_elsewhere is waited for here, with a bound.
OrderRunner::Advance advance_to_answer(Shared& shared, OrderRunner& runner, ClaimedOrder& claimed) {
    const auto patience_ends = SteadyClock::now() + kContactPatience;
    for (;;) {
        const auto reached = runner.advance_to_answer(claimed);
        if (reached != OrderRunner::Advance::contact_elsewhere) return reached;
        if (shared.is_over()) {
            runner.orders().release(claimed.claim);
            return reached;
        }
        if (SteadyClock::now() > patience_ends) {
            runner.orders().postpone(claimed, "another order is making the same contact");
            runner.orders().release(claimed.claim);
            return reached;
        }
        std::this_thread::sleep_for(kContactPause);
    }
}

// The main steps first, so that each answer shares a commit with the intent after it; then what
// follows of each order.
void advance_handful(Shared& shared, OrderRunner& runner, std::vector<ClaimedOrder>& claimed) {
    std::vector<ClaimedOrder*> taken, answered;
    for (ClaimedOrder& order : claimed) {
        if (!shared.is_over() && !shared.may_take()) shared.stop_at_limit();
        if (shared.is_over()) {
            runner.orders().release(order.claim);
            continue;
        }
        taken.push_back(&order);
        const auto reached = advance_to_answer(shared, runner, order);
        if (reached == OrderRunner::Advance::main_answered) answered.push_back(&order);
    }
    runner.flush();
    for (ClaimedOrder* order : answered) runner.advance(*order);
    for (const ClaimedOrder* order : taken) {
        if (shared.work.tell) shared.work.tell(order->order);
    }
}

// Slow orders are claimed one by one, so that the lanes share them; quick ones in handfuls.
int next_handful(int handful, int most, SteadyClock::duration took) {
    if (took > handful * kQuickOrder) return 1;
    return std::min(handful * 2, most);
}

void work_in_lane(Shared& shared, OrderRunner& runner) {
    int handful = 1;
    while (!shared.is_over()) {
        auto claimed = runner.orders().claim_next(shared.work.batch, handful);
        if (claimed.empty()) break;
        const auto begun = SteadyClock::now();
        advance_handful(shared, runner, claimed);
        handful = next_handful(handful, shared.work.most_claimed, SteadyClock::now() - begun);
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
