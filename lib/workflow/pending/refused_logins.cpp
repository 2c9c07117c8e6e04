#include "workflow/pending/refused_logins.h"

#include <chrono>

namespace domspool {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto kTellLoginAgain = hours(24);

minutes patience_after(int tries) {
    if (tries <= 1) return minutes(10);
    return tries == 2 ? minutes(60) : minutes(24 * 60);
}

}  // namespace

bool is_login_to_be_left(const Ledger& ledger, const std::string& settings_mark, UtcTime now) {
    const auto refused = ledger.refused_login();
    if (!refused || refused->settings_mark != settings_mark || now < refused->at) return false;
    return now - refused->at < patience_after(refused->tries);
}

bool note_refused_login(Ledger& ledger, const std::string& settings_mark, UtcTime now,
                        const std::string& words) {
    RefusedLogin refused{now, 1, settings_mark, now, words};
    const auto before = ledger.refused_login();
    const bool is_same = before && before->settings_mark == settings_mark;
    if (is_same) refused.tries = before->tries + 1;
    const bool is_told =
        is_same && now >= before->told_at && now - before->told_at < kTellLoginAgain;
    if (is_told) refused.told_at = before->told_at;
    ledger.write([&](LedgerWrite& w) { w.note_refused_login(refused); });
    return !is_told;
}

void forget_refused_login(Ledger& ledger) {
    if (!ledger.refused_login()) return;
    ledger.write([](LedgerWrite& w) { w.forget_refused_login(); });
}

}  // namespace domspool
