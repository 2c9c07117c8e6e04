#include "jobs/decision_telling.h"

#include "jobs/decisions.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/first_lines.h"
#include "util/exit_codes.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

std::string name_of(const OrderRecord& order) {
    return "order " + std::to_string(order.id) + " " + order.domain.shown();
}

}  // namespace

std::string DecisionTelling::unless_held() const {
    const auto hold = ledger_.sending_hold();
    return hold ? "; but " + words_of(*hold) : "";
}

// As a complaint, or to who reads sentences.
void DecisionTelling::say(ExitCode code, const std::string& words) {
    if (code != ExitCode::all_well) return console_.complain(code, words);
    if (console_.as_text()) console_.print(words + "\n");
}

void DecisionTelling::tell(const Decided& decided) {
    const std::string state(to_word(decided.order.state));
    std::string words = decided.words;
    if (verb_ == "release" && decided.code == ExitCode::all_well) {
        words += "; " + what_goes_on(ledger_, decided.order) + unless_held();
    }
    log_.info("decision", {{"order", std::to_string(decided.order.id)},
                           {"verb", verb_},
                           {"by", person_},
                           {"state", state},
                           {"text", words}});
    if (console_.as_json()) console_.print(json_line(outcome_row(decided.order)));
    const std::string name = name_of(decided.order);
    if (decided.code != ExitCode::all_well) {
        return say(decided.code, "cannot " + verb_ + " " + name + ": " + decided.words);
    }
    say(decided.code, visible_text(name + ": " + state + ", " + words));
}

void DecisionTelling::log_decision(const std::string& about, const std::string& words) {
    log_.info("decision", {{"about", about}, {"verb", verb_}, {"by", person_}, {"text", words}});
}

void DecisionTelling::tell(const SendingDecided& decided) {
    log_decision("all sending", decided.words);
    say(decided.code, visible_text(decided.words));
}

void DecisionTelling::tell(BatchId batch, const BatchDecided& decided) {
    std::vector<ExitCode> codes;
    FirstLines others;
    for (const NotDecided& each : decided.others) {
        codes.push_back(each.code);
        others.add(name_of(each.order) + ": " + visible_text(each.why));
    }
    if (decided.decided.empty()) codes.push_back(ExitCode::some_orders_wrong);
    const bool is_hold = verb_ == "hold";
    std::string words = "batch " + std::to_string(batch) + ": " +
                        std::to_string(decided.decided.size()) + " orders " +
                        (is_hold ? "held" : "released");
    log_decision("batch " + std::to_string(batch), words);
    if (others.count() > 0) {
        words += ", " + std::to_string(others.count()) + " not:" + others.text();
    }
    for (const OrderRecord& order : decided.decided) {
        if (console_.as_json()) console_.print(json_line(outcome_row(order)));
    }
    const ExitCode code = gravest_of(codes);
    const bool is_told = code == ExitCode::all_well && !is_hold;
    say(code, words + (is_told ? visible_text(unless_held()) : ""));
}

}  // namespace domspool
