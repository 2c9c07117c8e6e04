// What the pieces of one lane work with, and what they tell the runner. There is no
// RegistrarCommands here: the pieces ask and write, the runner alone sends.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/sending/lane_writes.h"
#include "workflow/sending/order_writes.h"
#include "workflow/sending/runner_settings.h"
#include "workflow/sending/stopping_rules.h"
#include "workflow/steps/answer_cache.h"
#include "workflow/steps/step_kinds.h"

namespace domspool {

// Everything outlives the pieces.
struct LaneParts {
    Ledger& ledger;
    const Run& run;
    RegistrarQueries& queries;
    AnswerCache& cache;
    StoppingRules& rules;
    const Clock& clock;
    const RunnerSettings& settings;
    LaneWrites& writes;
    OrderWrites& orders;

    // The arguments must live as long as the context.
    StepContext context(const Order& order, const StepRecord& step,
                        const FieldMap& arguments) const {
        return {order, step, arguments, queries, cache, ledger};
    }
};

// How the order goes on after one of its steps.
enum class Next {
    go_on,
    stop,
    not_sent,           // surely: may be sent once more at once
    never_left,         // the line was gone: may be sent once more after a while
    waits_its_turn,     // the registrar asked for less: once more when it lets anybody ask
    contact_elsewhere,  // another order is just making the same contact
};

}  // namespace domspool
