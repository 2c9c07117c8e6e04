#include "report/orders/plan_text.h"

#include "report/terminal/table_columns.h"
#include "util/failure.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

std::string words_of(StepPhase phase) {
    switch (phase) {
        case StepPhase::before:
            return "before";
        case StepPhase::main:
            return "order";
        case StepPhase::after:
            return "once done";
    }
    our_bug("a phase without a word", __FILE__, __LINE__);
}

// "step:2" stands for what step 2 will have made.
std::string shown_value(const std::string& value) {
    constexpr std::string_view kStep = "step:";
    if (value.starts_with(kStep)) return "(of step " + value.substr(kStep.size()) + ")";
    return visible_text(value);
}

std::string arguments_of(const PlannedStep& step) {
    std::string text;
    for (const auto& [name, value] : step.arguments) {
        if (value.empty()) continue;
        text += (text.empty() ? "" : ", ") + visible_text(name) + "=" + shown_value(value);
    }
    return text;
}

// The one step that only asks has a name of the plan's own.
std::string shown_function(const PlannedStep& step) {
    return step.function == "readBack" ? "domainInfo, to see whether all is as ordered"
                                       : step.function;
}

std::string step_line(std::size_t number, const PlannedStep& step) {
    std::string line = "    " + std::to_string(number) + ". " + padded(words_of(step.phase), 9) +
                       "  " + shown_function(step);
    const std::string arguments = arguments_of(step);
    return line + (arguments.empty() ? "" : ": " + arguments) + "\n";
}

}  // namespace

std::string_view to_word(Would would) {
    switch (would) {
        case Would::be_sent:
            return "send";
        case Would::go_on:
            return "go_on";
        case Would::wait:
            return "wait";
        case Would::be_skipped:
            return "skip";
        case Would::fail:
            return "fail";
        case Would::be_refused:
            return "refuse";
        case Would::be_held:
            return "hold";
        case Would::stay:
            return "stay";
    }
    our_bug("a prospect without a word", __FILE__, __LINE__);
}

std::string words_of(Would would) {
    switch (would) {
        case Would::be_sent:
            return "would be sent";
        case Would::go_on:
            return "is under way and would go on";
        case Would::wait:
            return "would stay accepted";
        case Would::be_skipped:
            return "would be skipped";
        case Would::fail:
            return "would fail, and not be sent";
        case Would::be_refused:
            return "would be refused";
        case Would::be_held:
            return "would be held";
        case Would::stay:
            return "would stay as it is";
    }
    our_bug("a prospect without words", __FILE__, __LINE__);
}

std::string plan_text(const PlannedRow& row, const Look& look) {
    const OutcomeRow& outcome = row.outcome;
    std::string text =
        "line " + std::to_string(outcome.line) + ": " +
        coloured(std::string(to_word(outcome.kind)) + " " + shown_domain(outcome.domain), kBold,
                 look);
    if (!outcome.reference.empty()) text += " (" + visible_text(outcome.reference) + ")";
    text += " " + words_of(row.would);
    if (outcome.price && row.would == Would::be_sent) text += ", for " + to_text(*outcome.price);
    if (!outcome.message.empty()) text += ": " + visible_text(outcome.message);
    text += "\n";
    std::size_t number = 0;
    for (const PlannedStep& step : row.steps) text += step_line(++number, step);
    for (const std::string& note : row.notes) text += "    note: " + visible_text(note) + "\n";
    return text;
}

std::string bill_text(const Bill& bill) {
    const std::string& currency = bill.price.currency;
    std::string text = "\n" + std::to_string(bill.orders) +
                       (bill.orders == 1 ? " order" : " orders") + " would be sent, for " +
                       to_text(bill.price) + "\n";
    if (bill.balance) {
        text += "balance: " + to_text(*bill.balance) + ", after them " +
                to_text(Money{bill.balance->cents - bill.price.cents, bill.balance->currency});
        if (bill.floor) text += "; it must not fall below " + to_text(*bill.floor);
        text += "\n";
    }
    if (bill.ceiling) {
        text += "limits.max_spend_per_day: " + to_text(*bill.ceiling) + "; out today " +
                to_text(Money{bill.out_today_cents, currency}) + ", with them " +
                to_text(Money{bill.out_today_cents + bill.price.cents, currency}) + "\n";
    }
    return text + "Nothing was ordered or changed.\n";
}

}  // namespace domspool
