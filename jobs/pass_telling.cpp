#include "jobs/pass_telling.h"

#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/machine/run_log.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

std::string words_for(const OrderRecord& order) {
    const OutcomeRow row = outcome_row(order);
    const std::string code = row.code.empty() ? "" : " " + row.code;
    return "order " + std::to_string(order.id) + " " + order.domain.shown() + ": " + row.state +
           code + (row.message.empty() ? "" : ": " + visible_text(row.message));
}

void tell_news(Console& console, Log& log, const PendingReport& report) {
    std::string wrong;
    for (const OrderRecord& order : report.news) {
        log_order(log, order);
        if (console.as_json()) console.print(json_line(outcome_row(order)));
        if (needs_a_person(order)) {
            wrong += "\n  " + words_for(order);
        } else if (console.is_for_a_person()) {
            console.print(words_for(order) + "\n");
        }
    }
    if (wrong.empty()) return;
    console.complain(ExitCode::some_orders_wrong, "orders that need a person:" + wrong);
}

constexpr auto kTellAgain = std::chrono::hours(24);

// Told again after a day, if it is so still.
bool is_new_line(const TellingParts& parts, const std::string& line) {
    const auto told_at = parts.ledger.told_at(line);
    return !told_at || *told_at > parts.now || parts.now - *told_at >= kTellAgain;
}

// Once it is said: whoever dies between says it twice.
void note_told(const TellingParts& parts, const std::string& line) {
    parts.ledger.write(
        [&](LedgerWrite& w) { w.note_told(line, parts.now, parts.now - 7 * kTellAgain); });
}

void tell_summary(Console& console, const PendingReport& report) {
    if (!console.is_for_a_person()) return;
    switch (report.what) {
        case PendingReport::What::nothing_to_do:
            console.print("nothing is pending\n");
            return;
        case PendingReport::What::too_soon:
            console.print("the last pass began a short while ago; --now does not wait\n");
            return;
        case PendingReport::What::unreachable:
        case PendingReport::What::login_refused:
            return;
        case PendingReport::What::passed:
            console.print(std::to_string(report.still_pending) + " still pending, " +
                          std::to_string(report.ended) + " ended, " +
                          std::to_string(report.adopted + report.settled) + " doubts settled, " +
                          std::to_string(report.follow_ups) + " follow-ups run\n");
            return;
    }
}

}  // namespace

void tell_pass(Console& console, const TellingParts& parts, const PendingReport& report,
               const StoppingRules& rules, IsAsked is_asked) {
    const bool is_person = is_asked == IsAsked::yes;
    for (const std::string& warning : report.warnings) {
        parts.log.warning("pending_warning", {{"text", warning}});
        if (console.as_json() || !(is_new_line(parts, warning) || is_person)) continue;
        console.print("warning: " + warning + "\n");
        note_told(parts, warning);
    }
    tell_news(console, parts.log, report);
    tell_summary(console, report);
    const bool is_unreachable = report.what == PendingReport::What::unreachable;
    if (is_unreachable && (report.tell_outage || is_person)) {
        console.complain(ExitCode::try_later, "the registrar cannot be reached " + report.outage);
    }
    const auto reason = rules.reason();
    if (!reason || reason->is_hold || is_unreachable) return;
    const bool is_news =
        reason->is_login_refused ? report.tell_login : is_new_line(parts, reason->text);
    if (!is_news && !is_person) return;
    console.complain(reason->code, reason->text);
    if (!reason->is_login_refused) note_told(parts, reason->text);
}

void tell_hold(Console& console, Ledger& ledger, UtcTime now, IsAsked is_asked) {
    const auto hold = ledger.sending_hold();
    if (!hold || (hold->is_told && is_asked == IsAsked::no)) return;
    console.complain(ExitCode::service_refused,
                     words_of(*hold) + "; what is pending is asked about all the same");
    ledger.write([&](LedgerWrite& w) { w.note_hold_told(now); });
}

}  // namespace domspool
