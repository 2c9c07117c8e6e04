// What Prometheus' textfile collector reads.
#pragma once

#include "util/clock.h"

#include <map>
#include <optional>
#include <string>

namespace domspool {

struct MetricsFacts {
    std::map<std::string, UtcTime> successes;  // the latest good run, by program
    std::map<std::string, int> orders;         // by the word of the state; "refused" rows too
    std::map<std::string, UtcTime> oldest;     // when the oldest order in this state was accepted
    int cancelled_by_others = 0;               // orders; see is_cancelled_by_others()
    bool is_sending_held = false;
    std::optional<UtcTime> last_report;  // that a mail server took
    UtcTime now{};
};

// The whole file. Every state stands in it, with 0 where there is no order, so that an alarm never
// hangs on a line that is missing. Times are seconds since 1970.
std::string metrics_text(const MetricsFacts& facts);

}  // namespace domspool
