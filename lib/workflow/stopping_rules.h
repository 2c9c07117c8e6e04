// When a run stops sending (SAFETY, "Stopping rules"). Shared by the lanes.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "orders/order.h"
#include "registrar/outcome.h"
#include "registrar/registrar.h"
#include "util/failure.h"

namespace domspool {

struct StopReason {
    ExitCode code = ExitCode::try_later;
    std::string text;
};

inline constexpr int kDoubtsInARow = 3;

class StoppingRules {
  public:
    explicit StoppingRules(int refusals_in_a_row) : most_refusals_(refusals_in_a_row) {}

    // Counts the answer to a main step; may stop the run.
    void note(OrderId order, const Outcome& outcome);
    void note(const QueryFailure& failure);
    void stop(ExitCode code, const std::string& text);

    bool is_stopped() const { return stopped_; }
    std::optional<StopReason> reason() const;
    // The orders of a row of refusals with one code that reached the limit: to be held.
    std::vector<OrderId> orders_to_hold() const;

  private:
    const int most_refusals_;
    std::atomic<bool> stopped_{false};
    mutable std::mutex mutex_;
    std::optional<StopReason> reason_;
    int doubts_ = 0;
    std::string refusal_code_;
    std::vector<OrderId> refused_;
};

}  // namespace domspool
