// The times in a reply's headers.
#pragma once

#include "util/clock.h"

#include <optional>
#include <string>

namespace domspool {

// "Tue, 24 Nov 2026 17:15:23 GMT"; nothing for anything else.
std::optional<UtcTime> from_http_date(const std::string& text);

// The Retry-After header: seconds, or a date as the reply's own Date counts, or ours where that
// says nothing. From zero to a day; nothing for what is neither.
std::optional<std::chrono::milliseconds> from_retry_after(const std::string& text,
                                                          const std::string& date, UtcTime now);

}  // namespace domspool
