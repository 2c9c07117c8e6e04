// The steps that only ask: the read-back, and the two about the DS that the parent shows. They are
// tried again without harm, and nothing of them is ever in doubt.
#pragma once

#include "workflow/sending/lane_parts.h"

namespace domspool {

class AskingSteps {
  public:
    explicit AskingSteps(const LaneParts& lane) : lane_(lane) {}

    // For a step of which only_asks() is true. Next::stop: due later, held, or ended. QueryFailure:
    // the registrar cannot be asked at all; nothing was changed.
    Next ask(ClaimedOrder& claimed, const StepRecord& step);

  private:
    Next read_back(ClaimedOrder& claimed, const StepRecord& step);
    Next read_back_unanswered(ClaimedOrder& claimed, const StepRecord& step,
                              const QueryFailure& failure);
    Next read_parent_ds(ClaimedOrder& claimed, const StepRecord& step);
    Next await_no_ds(ClaimedOrder& claimed, const StepRecord& step);
    ParentDs parent_ds(const DomainName& domain) const;

    const LaneParts& lane_;
};

}  // namespace domspool
