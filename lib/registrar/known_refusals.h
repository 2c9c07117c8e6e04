// The faults that say for certain that nothing was executed: one table. Any other code proves
// nothing after a call that changes something (SAFETY, "Intent, act, outcome"). Pure.
#pragma once

#include "soap/soap_xml.h"

#include <string_view>

namespace domspool::netim {

// By a fault's code, as fault_code() reads it.
bool is_known_refusal(std::string_view code);

// The server has no such function. It must be the one that was called: a fault about another one
// was passed on from behind the registrar's server, where the call had arrived.
bool says_no_such_function(const soap::Fault& fault, std::string_view called);

}  // namespace domspool::netim
