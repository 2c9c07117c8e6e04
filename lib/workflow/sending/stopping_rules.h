// When a run stops sending (SAFETY, "Stopping rules"). Shared by the lanes.
#pragma once

#include "ledger/ledger_records.h"
#include "orders/order.h"
#include "registrar/outcome.h"
#include "registrar/registrar.h"
#include "util/failure.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace domspool {

// What a person can raise to have more sent.
enum class Limit { none, orders_per_run, spend_per_day, balance };

struct StopReason {
    ExitCode code = ExitCode::try_later;
    std::string text;
    bool is_unreachable = false;  // pending-check keeps quiet about it for a while
    // Nothing more is ordered; what was ordered before gets its follow-ups yet.
    bool is_about_ordering = false;
    // By a person's hold of all sending: nothing is sent, questions go on. Another reason goes
    // before it.
    bool is_hold = false;
    Limit limit = Limit::none;  // by which nothing more is ordered
    bool is_login_refused = false;
};

// So many doubts in a row tell of the line or the registrar, not of the orders: sending pauses, or
// the run ends if it has no time to pause. Twice as many end it anyway.
inline constexpr int kDoubtsInARow = 3;
inline constexpr int kMostDoubtsInARow = 6;
// Calls that were not sent because their session died or the ledger was slow.
inline constexpr int kUnsentInARow = 3;

class StoppingRules {
  public:
    enum class AfterDoubts { stop, pause };
    explicit StoppingRules(int refusals_in_a_row, AfterDoubts after_doubts = AfterDoubts::stop)
        : most_refusals_(refusals_in_a_row),
          most_doubts_(after_doubts == AfterDoubts::stop ? kDoubtsInARow : kMostDoubtsInARow) {}

    // Counts the answer to a step; may stop the run. Refusals, proven or not, are counted where
    // they fail the order and do not speak of it alone, and only a main step that went well breaks
    // their row. What is not proven is no doubt: the registrar answers. `names_own`: an unknown
    // refusal is about this order's name, as the registrar said when it was asked.
    enum class Refusal { as_it_reads, names_own };
    void note(OrderId order, StepPhase phase, const Outcome& outcome,
              Refusal refusal = Refusal::as_it_reads);
    void note(const QueryFailure& failure);
    // However often it was tried.
    void stop_unreachable(const std::string& trouble);
    void stop(ExitCode code, const std::string& text);
    // To be called before each sending. After doubts in a row one lane waits and asks, once for
    // each further doubt, with a pause that grows; the others wait meanwhile. `before_waiting` is
    // called by each that does. What the two throw comes through.
    void pause_after_doubts(const std::function<void()>& before_waiting,
                            const std::function<void(std::chrono::seconds pause)>& wait_and_ask);
    // By a limit of ours or the account's funds, not because the registrar is in trouble.
    void stop_ordering(Limit limit, const std::string& text);
    void stop_for_hold(const std::string& text);
    // Whether this run has not met the code before; from now on it has.
    bool is_new_code(const std::string& code);

    // What the run may spend of the account's balance, the floor left in it; set once. Without it
    // the balance is no limit.
    void set_funds(const Money& funds);
    // Less what its orders cost so far; nothing where no funds are set.
    std::optional<Money> funds_left() const;
    // Keeps the price for the order. Where the funds do not cover it the run stops, and the order's
    // reason is returned.
    std::optional<std::string> short_of_funds(const OrderRecord& order, const Money& price);
    // The order did not cost it after all.
    void give_funds_back(OrderId order);

    bool is_stopped() const { return stopped_; }
    // No call at all goes out any more.
    bool is_silent() const { return silent_; }
    // Nothing that changes anything goes out any more.
    bool is_sending_held() const { return held_; }
    std::optional<StopReason> reason() const;
    // The orders of a row of refusals with one code that reached the limit: to be held.
    std::vector<OrderId> orders_to_hold() const;

  private:
    void note_try_later(const TryLater& later);
    void stop_for_login(const std::string& words);  // requires the lock
    void note_refusal(OrderId order, const std::string& code);
    void stop_for(StopReason reason);  // requires the lock
    void forget_cost(OrderId order);   // requires the lock

    int doubts_to_pause_for() const;

    const int most_refusals_, most_doubts_;
    std::atomic<bool> stopped_{false};
    std::atomic<bool> silent_{false};
    std::atomic<bool> held_{false};
    mutable std::mutex mutex_;
    std::optional<StopReason> reason_;
    std::mutex pausing_;
    int doubts_ = 0, paused_for_ = 0;
    int unsent_ = 0;
    std::set<std::string> codes_;
    std::string refusal_code_;
    std::vector<OrderId> refused_;
    std::optional<Money> funds_;
    std::map<OrderId, std::int64_t> costs_;
    std::int64_t spent_cents_ = 0;  // all of them
};

}  // namespace domspool
