// A file for the spool: checked, then placed into incoming/.
#pragma once

#include "jobs/order_intake.h"
#include "report/terminal/console.h"
#include "spool/spool_layout.h"

#include <istream>
#include <string>

namespace domspool {

struct SpoolDrop {
    std::string name;            // in the spool
    std::istream& in;            // seekable
    IntakeRequest request;       // its limits, and the most rows
    bool with_bad_rows = false;  // they do not keep it from being placed
    bool check_only = false;
};

// RunFailure no_permission, settings_or_ledger.
void require_right_to_drop(const SpoolLayout& layout);

// Whole under its name or not at all, and never over another one; what would be refused is
// complained of and not placed.
void drop_into_spool(Console& console, const SpoolLayout& layout, SpoolDrop drop);

}  // namespace domspool
