// What the four programs that take order files share, from command line to exit code.
#pragma once

#include "orders/order_kind.h"

#include <string>

namespace domspool {

// `manual_text`: what stands on top of the program (tests/README, "Comments").
int run_order_program(int count, char** words, OrderKind kind, const std::string& manual_text);

}  // namespace domspool
