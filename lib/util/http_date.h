// The Date header of a reply.
#pragma once

#include "util/clock.h"

#include <optional>
#include <string>

namespace domspool {

// "Tue, 24 Nov 2026 17:15:23 GMT"; nothing for anything else.
std::optional<UtcTime> from_http_date(const std::string& text);

}  // namespace domspool
