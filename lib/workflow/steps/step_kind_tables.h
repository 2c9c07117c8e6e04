// The tables step_kind() looks into, each beside the functions it names.
#pragma once

#include "workflow/steps/step_kinds.h"

#include <span>

namespace domspool {

std::span<const StepKind> contact_step_kinds();
std::span<const StepKind> arrival_step_kinds();  // a domain that comes into the account
std::span<const StepKind> value_step_kinds();    // a value of a domain of ours
std::span<const StepKind> code_and_zone_step_kinds();
std::span<const StepKind> cancelling_step_kinds();

}  // namespace domspool
