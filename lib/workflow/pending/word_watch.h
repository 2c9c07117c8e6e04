// The watch over what persons said of orders whose answer was not known: each word is compared with
// what the registrar shows in a pass (workflow/doubt/watched_word), and a contradiction is told,
// once (SAFETY, "Decisions by a person").
#pragma once

#include "workflow/pending/pending_pass.h"

namespace domspool {

// A contradicted order that was said to have failed is held, so that it stands in every list until
// a person has looked; one that is done cannot be moved. QueryFailure: the registrar is out of
// reach.
void watch_words(PendingPass& pass);

}  // namespace domspool
