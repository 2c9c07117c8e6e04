// What a program says by its exit code where a question to the registrar failed: the one table for
// all programs and for each finding of the doctor.
#pragma once

#include "registrar/registrar.h"
#include "util/failure.h"

namespace domspool {

// try_later: nobody need look yet. service_refused: the registrar does not want to answer.
ExitCode exit_code_of(QueryFailure::Why why);

}  // namespace domspool
