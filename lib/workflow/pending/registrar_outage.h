// Since when the registrar cannot be reached, as the ledger remembers it from pass to pass. Kept
// quiet about until it lasts, then told once a day.
#pragma once

#include "ledger/ledger.h"

#include <chrono>
#include <string>

namespace domspool {

struct Outage {
    bool is_to_be_told = false;
    std::string words;  // since when, and the last trouble
};

// One more pass that did not reach it. `patience`: an outage that is shorter is not told.
Outage note_outage(Ledger& ledger, UtcTime now, std::chrono::minutes patience,
                   const std::string& trouble);
// It answered. Writes only where an outage was noted.
void note_recovery(Ledger& ledger);

}  // namespace domspool
