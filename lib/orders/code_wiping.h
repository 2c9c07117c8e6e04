// EPP codes taken out of the text of an order file whose orders have all ended. Pure.
#pragma once

#include "orders/order_file.h"

#include <optional>
#include <string>

namespace domspool {

// The text with `(wiped)` in place of each EPP code, all else byte for byte; nothing if it holds
// none. Read again, not one other code stands in it: where that cannot be had (a code written in an
// unusual way, a file that is none of ours any more) the whole text is given up for two lines that
// say so.
std::optional<std::string> with_codes_wiped(const std::string& text, FileFormat format);

}  // namespace domspool
