#include "workflow/pending/registrar_outage.h"

namespace domspool {

namespace {

constexpr auto kTellAgain = std::chrono::hours(24);

}  // namespace

Outage note_outage(Ledger& ledger, UtcTime now, std::chrono::minutes patience,
                   const std::string& trouble) {
    OutageNote noted = ledger.outage().value_or(OutageNote{now, std::nullopt});
    Outage outage;
    outage.is_to_be_told =
        now - noted.since >= patience && (!noted.told_at || now - *noted.told_at >= kTellAgain);
    outage.words = "since " + to_minute(noted.since) + ": " + trouble;
    if (outage.is_to_be_told) noted.told_at = now;
    ledger.write([&](LedgerWrite& w) { w.note_outage(noted); });
    return outage;
}

void note_recovery(Ledger& ledger) {
    if (ledger.outage()) ledger.write([](LedgerWrite& w) { w.forget_outage(); });
}

}  // namespace domspool
