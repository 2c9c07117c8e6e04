// The picture of a report: orders per day by outcome, and how long operations have been pending.
#pragma once

#include "report/summary/summary.h"

#include <string>

namespace domspool {

// PNG bytes, 800 by 800 pixels (shown at half of that), on a transparent ground and in colours
// that can be told apart on white and on black. "" if there is nothing to show.
std::string chart_png(const Summary& summary);

}  // namespace domspool
