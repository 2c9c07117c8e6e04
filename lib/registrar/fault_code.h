// The code a fault goes by. Pure.
#pragma once

#include "soap/soap_xml.h"

#include <string>
#include <string_view>

namespace domspool::netim {

inline constexpr std::string_view kNotInAccount = "E15-M1502";

// The registrar's code, "E15-M1502" or "E02", in the faultcode or else anywhere in the text, where
// it stands as a word of its own; else the faultcode if it is SOAP's Client under any prefix; else
// "": nothing was said about the call. A code alone is no proof that nothing was executed:
// registrar/trouble has those that are.
std::string fault_code(const soap::Fault& fault);

// The first E.. code that stands in the text as a word of its own, or "".
std::string code_in(std::string_view text);

// E02: the session is unknown, closed or expired.
bool is_dead_session(std::string_view code);

}  // namespace domspool::netim
