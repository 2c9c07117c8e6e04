// The orders of a report as CSV, without the data of contacts.
#pragma once

#include "report/summary/summary.h"

#include <string>

namespace domspool {

// A header, then an order per line, worst first. At most `most_rows`; the lines left out are
// counted in a last line, "#left_out,N".
std::string to_csv(const Summary& summary, std::size_t most_rows);

}  // namespace domspool
