// The report as plain text.
#pragma once

#include "report/summary/summary_document.h"

#include <string>

namespace domspool {

// UTF-8, lines ended by LF and at most 78 columns wide (commands and single words excepted).
std::string to_text(const SummaryDocument& document);

}  // namespace domspool
