// What is found out about one step before it is sent: its arguments, how things are now, and
// whether it need or can be sent at all. Asks and writes; nothing is sent.
#pragma once

#include "workflow/sending/lane_parts.h"

#include <optional>
#include <string>

namespace domspool {

// What goes out, and what is kept of how things were before.
struct StepToSend {
    const StepKind* kind = nullptr;
    FieldMap arguments;
    FieldMap picture;
};

class StepPreparation {
  public:
    explicit StepPreparation(const LaneParts& lane) : lane_(lane) {}

    // Either what to send, or how the order, moved already, goes on without.
    struct Prepared {
        std::optional<StepToSend> to_send;
        Next next = Next::go_on;
    };
    // QueryFailure: the question before the step was not answered; nothing was changed.
    Prepared prepare(ClaimedOrder& claimed, StepRecord& step, const Order& order);

  private:
    bool complete_keys(ClaimedOrder& claimed, StepRecord& step, FieldMap& arguments);
    Next leave_impossible(ClaimedOrder& claimed, const StepRecord& step, const std::string& why);
    bool may_meet_servers(ClaimedOrder& claimed, const StepRecord& step, const Order& order,
                          const FieldMap& arguments);
    Next skip(ClaimedOrder& claimed, const StepRecord& step);
    Next take_as_done(ClaimedOrder& claimed, const StepRecord& step);

    const LaneParts& lane_;
};

}  // namespace domspool
