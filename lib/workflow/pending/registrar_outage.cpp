#include "workflow/pending/registrar_outage.h"

namespace domspool {

namespace {

constexpr auto kTellAgain = std::chrono::hours(24);
// Where the ledger remembers it.
constexpr const char* kPassMemory = "pass";
constexpr const char* kOutage = "outage";

}  // namespace

Outage note_outage(Ledger& ledger, UtcTime now, std::chrono::minutes patience,
                   const std::string& trouble) {
    FieldMap noted = ledger.recall(kPassMemory, kOutage, UtcTime{}).value_or(FieldMap{});
    if (field_of(noted, "since").empty()) noted["since"] = to_iso(now);
    const auto since = from_iso(noted["since"]).value_or(now);
    const auto told = from_iso(field_of(noted, "told"));
    Outage outage;
    outage.is_to_be_told = now - since >= patience && (!told || now - *told >= kTellAgain);
    outage.words = "since " + to_minute(since) + ": " + trouble;
    if (outage.is_to_be_told) noted["told"] = to_iso(now);
    ledger.write([&](LedgerWrite& w) { w.remember(kPassMemory, kOutage, noted, now); });
    return outage;
}

void note_recovery(Ledger& ledger, UtcTime now) {
    const auto noted = ledger.recall(kPassMemory, kOutage, UtcTime{});
    if (!noted || noted->empty()) return;
    ledger.write([&](LedgerWrite& w) { w.remember(kPassMemory, kOutage, {}, now); });
}

}  // namespace domspool
