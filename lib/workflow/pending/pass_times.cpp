#include "workflow/pending/pass_times.h"

#include <chrono>
#include <string>

namespace domspool {

namespace {

// Where the ledger remembers it.
constexpr const char* kKind = "pass";
constexpr const char* kBegun = "begun";

}  // namespace

std::optional<Moment> last_pass_begun(const Ledger& ledger) {
    const auto fields = ledger.recall(kKind, kBegun, UtcTime{});
    if (!fields) return std::nullopt;
    const auto utc = from_iso(field_of(*fields, "utc"));
    if (!utc) return std::nullopt;
    return Moment{*utc, field_of(*fields, "boot_id"),
                  std::chrono::milliseconds(std::stoll(field_of(*fields, "since_boot")))};
}

void note_pass_begun(Ledger& ledger, const Moment& now) {
    const FieldMap fields = {{"utc", to_iso(now.utc)},
                             {"boot_id", now.boot_id},
                             {"since_boot", std::to_string(now.since_boot.count())}};
    ledger.write([&](LedgerWrite& w) { w.remember(kKind, kBegun, fields, now.utc); });
}

}  // namespace domspool
