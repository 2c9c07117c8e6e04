// Asks the person at the terminal before many things are changed at once.
#pragma once

#include "report/terminal/console.h"

#include <string>

namespace domspool {

// Whether somebody reads what is printed and can type an answer.
bool can_ask(const Console& console);

// Prints the question, and whether exactly the expected word is typed. A signal or the input's end
// is a no. To be asked where can_ask().
bool is_confirmed(Console& console, const std::string& question, const std::string& expected);

}  // namespace domspool
