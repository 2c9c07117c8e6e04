// Whether what was sent may have been executed. The attempts tell, and nothing else: the state and
// the note of a step say only what came last. Every decision that hangs on it asks here. Pure.
#pragma once

#include "ledger/ledger_records.h"

#include <string>

namespace domspool {

// perhaps: open, pending, or once in doubt. A look that found nothing, or a person's word, lets it
// be sent again or ends it; neither makes it certain that nothing was executed.
enum class Executed { no, perhaps, yes };

Executed executed(const AttemptRecord& attempt);
// By all its sendings. An attempt that was begun and is not known here counts as perhaps.
Executed executed(const OrderRecord& order, const StepRecord& step);

// Whether one of its sendings ended in doubt, whatever became of the doubt.
bool was_in_doubt(const OrderRecord& order, const StepRecord& step);

// Whether something that changes the domain may have been executed for the order: its own step, one
// that switches DNSSEC off before it, a follow-up. A contact is none.
bool may_have_changed_domain(const OrderRecord& order);
// Whether its main step may have been executed, and so have cost money.
bool may_have_cost(const OrderRecord& order);
// A step that is to be sent again after a doubt of it; nullptr: none.
const StepRecord* awaits_second_sending(const OrderRecord& order);

// Whether it was sent again after a doubt: there is a second sending, and no third.
bool was_sent_again(const OrderRecord& order, const StepRecord& step);
// Sent again after a doubt, and not executed again: a dead session was answered twice. (A doubt of
// a second sending is settled by looks, workflow/doubt/doubt.)
bool is_sent_out(const OrderRecord& order, const StepRecord& step);
// "'HTTP 502 ...', then 'E02-M0201 : ...'": what its sendings were answered, in their order.
std::string answers_of(const OrderRecord& order, int position);

// The record in hand after the ledger's verb of the same meaning.
void note_begun(OrderRecord& order, const StepRecord& step, AttemptId attempt,
                const AttemptIntent& intent, RunId run);
void note_ended(OrderRecord& order, AttemptId attempt, const AttemptEnd& end);
void note_settled(OrderRecord& order, AttemptId attempt, const AttemptEnd& end,
                  const std::string& how);

}  // namespace domspool
