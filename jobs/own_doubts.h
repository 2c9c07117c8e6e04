// The end of a run that has sent: it stays for what it sent and got no answer to, looks for it when
// its time has come, and goes on with what waited for that.
#pragma once

#include "workflow/doubt/doubt.h"
#include "workflow/pending/pending_pass.h"

#include <chrono>
#include <functional>

namespace domspool {

struct StaySettings {
    DoubtSettings doubts;
    std::chrono::seconds min_interval{300};  // between two lists, of all programs together
    std::chrono::minutes longest{30};        // 0: it does not stay
};

struct StayParts {
    PassParts pass;                                       // its runner may send first steps
    std::function<bool(std::chrono::milliseconds)> wait;  // true: the run is called off
    std::function<void()> send_again;                     // what is accepted, as the run did
    std::function<void(const OrderRecord&)> tell;         // an order that a look has moved
    std::function<void(int doubts, UtcTime until)> tell_waiting;
};

// Nothing is done twice: pending-check does the same for what is left, whenever the run ends, and
// the two take turns. Why the run stopped meanwhile: parts.pass.rules.
void settle_own_doubts(const StaySettings& settings, const StayParts& parts);

}  // namespace domspool
