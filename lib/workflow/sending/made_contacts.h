// The same person is made once as a contact: who was made already, by which order it is just being
// made, and whether the registrar still shows the person there (SAFETY, "Before money is spent").
#pragma once

#include "ledger/ledger.h"
#include "workflow/sending/lane_parts.h"
#include "workflow/steps/contact_memory.h"

#include <string>

namespace domspool {

// For a step whose contact need not be made now. QueryFailure: nothing was changed.
class MadeContacts {
  public:
    explicit MadeContacts(const LaneParts& lane) : lane_(lane) {}

    // The step ends with the contact known by that id; or the id is forgotten, because the
    // registrar shows another person there or nobody, and the same step comes again and makes a new
    // one.
    Next take_known(ClaimedOrder& claimed, const StepRecord& step, const StepContext& context,
                    const std::string& id);
    // That order is making the contact; one that cannot tell now whether it has is not waited for.
    Next wait_for(ClaimedOrder& claimed, OrderId maker);

  private:
    std::string trouble_with(const StepContext& context, const std::string& id);
    void forget(const ClaimedOrder& claimed, const StepContext& context, const std::string& id,
                const std::string& trouble);

    const LaneParts& lane_;
};

}  // namespace domspool
