// What came of a call, judged by the table (SAFETY, "Outcomes"). Pure.
#pragma once

#include "registrar/netim_line.h"
#include "registrar/registrar.h"

namespace domspool::netim {

// Of a function that answers with an operation, whose TYPE is the function's name. A reply that
// names another one is InDoubt.
Outcome operation_outcome(const Function& function, const Result& result);
// Of domainAuthID: the message is withheld unless it tells of a failure.
Outcome auth_code_outcome(const Result& result);
// Of contactCreate: the reply is the new id.
Outcome contact_outcome(const Result& result);
// Of cancelOpe, which answers with nothing.
Outcome cancel_outcome(const Result& result, OperationId id);

// Why a question has no answer; `result` is none.
QueryFailure query_failure(const Function& function, const Result& result);
// Why nothing can be sent.
QueryFailure query_failure(const NotSent& not_sent);

}  // namespace domspool::netim
