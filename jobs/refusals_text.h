// How the registrar's refusals are understood, as a person reads it.
#pragma once

#include <string>

namespace domspool {

// One refusal a paragraph: its code or its words, how far it reaches and how long it lasts, whether
// a fault with the code proves that nothing was executed, and from where that is known.
std::string refusals_text();

}  // namespace domspool
