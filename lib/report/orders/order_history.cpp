#include "report/orders/order_history.h"

#include "report/orders/outcome_row.h"
#include "report/terminal/table_columns.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr int kNameWidth = 12;
constexpr int kWidestName = 30;  // wider ones push their value aside

std::string plain(std::string_view text) {
    return visible_text(text);
}

std::string one_line(const FieldMap& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : ", ") + plain(name) + "=" + plain(value);
    }
    return text;
}

std::string duration_text(const Moment& begun, const Moment& ended) {
    const auto gap = gap_between(begun, ended).count();
    if (gap < 1000) return std::to_string(gap) + " ms";
    const auto tenths = gap / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

// Writes the parts of a history one below the other.
class HistoryText {
  public:
    explicit HistoryText(const Look& look) : look_(look) {}

    void heading(const std::string& words) {
        if (!text_.empty()) text_ += "\n";
        text_ += coloured(words, kBold, look_) + "\n";
    }
    void row(int indent, const std::string& name, const std::string& value,
             int name_width = kNameWidth) {
        if (value.empty()) return;
        const std::string begin = blanks(indent) + padded(name, name_width) + "  ";
        below(begin, value);
    }
    void words(int indent, const std::string& value) {
        if (!value.empty()) below(blanks(indent), value);
    }
    std::string take() { return std::move(text_); }

  private:
    static std::string blanks(int count) {
        return std::string(static_cast<std::size_t>(count), ' ');
    }
    // The first line behind `begin`, the others as far to the right.
    void below(std::string begin, const std::string& value) {
        const int indent = text_width(begin);
        if (!look_.is_terminal()) {
            text_ += begin + value + "\n";
            return;
        }
        for (const std::string& line : wrapped(value, look_.width - indent)) {
            text_ += begin + line + "\n";
            begin = blanks(indent);
        }
    }

    Look look_;
    std::string text_;
};

// Most of the registrar's texts carry their code already.
std::string registrar_words(const OrderRecord& order) {
    const bool says_code = order.message.find(order.code) != std::string::npos;
    return says_code ? order.message : order.code + ": " + order.message;
}

void write_head(HistoryText& text, const OrderHistory& history, const Look& look) {
    const OrderRecord& order = history.order;
    const std::string state(to_word(order.state));
    text.heading("order " + std::to_string(order.id) + ": " + std::string(to_word(order.kind)) +
                 " " + shown_domain(order.domain.ascii()));
    text.row(2, "state", coloured(state, colour_of_state(state), look));
    text.row(2, "reason", plain(order.reason));
    text.row(2, "registrar", plain(registrar_words(order)));
    text.row(2, "operation", order.operation ? std::to_string(*order.operation) : "");
    text.row(2, "price", order.price ? to_text(*order.price) : "");
    text.row(2, "reference", plain(order.reference));
    text.row(2, "file",
             plain(history.batch_name) + ", line " + std::to_string(order.line) + ", batch " +
                 std::to_string(order.batch));
    text.row(2, "accepted", to_minute(order.accepted_at));
    text.row(2, "changed", to_minute(order.changed_at));
    text.row(2, "ended", order.ended_at ? to_minute(*order.ended_at) : "");
    text.row(2, "instead of", order.instead_of ? "order " + std::to_string(*order.instead_of) : "");
    text.row(2, "worked on", order.claimed_by ? "by run " + std::to_string(*order.claimed_by) : "");
    if (order.postponed_runs > 0) {
        text.row(2, "postponed",
                 "in " + std::to_string(order.postponed_runs) +
                     (order.postponed_runs == 1 ? " run" : " runs"));
    }
}

void write_wish(HistoryText& text, const OrderRecord& order) {
    text.heading("ordered");
    const FieldMap fields = fields_as_they_stand(order);
    int width = kNameWidth;
    for (const auto& [name, value] : fields) width = std::max(width, text_width(plain(name)));
    width = std::min(width, kWidestName);
    for (const auto& [name, value] : fields) text.row(2, plain(name), plain(value), width);
}

void write_step(HistoryText& text, const StepRecord& step) {
    std::string line = std::to_string(step.position) + "  " + plain(step.function) + " (" +
                       std::string(to_word(step.phase)) + "): " + std::string(to_word(step.state));
    if (step.operation) line += ", operation " + std::to_string(*step.operation);
    if (!step.result.empty()) line += ", result " + plain(step.result);
    if (step.tries > 1) line += ", " + std::to_string(step.tries) + " tries";
    if (step.due_at) line += ", due " + to_minute(*step.due_at);
    text.words(2, line);
    text.words(5, one_line(step.arguments));
    text.words(5, plain(step.note));
}

std::string outcome_text(const AttemptRecord& attempt) {
    if (!attempt.outcome) return "no outcome yet";
    std::string line(attempt.is_unproven ? "unproven" : to_word(*attempt.outcome));
    if (attempt.ended) line += " after " + duration_text(attempt.begun, *attempt.ended);
    if (attempt.operation) line += ", operation " + std::to_string(*attempt.operation);
    return line;
}

void write_attempt(HistoryText& text, const AttemptRecord& attempt) {
    text.words(2, to_iso(attempt.begun.utc) + "  " + plain(attempt.function) + " (step " +
                      std::to_string(attempt.position) + ", run " + std::to_string(attempt.run) +
                      "): " + outcome_text(attempt));
    text.row(5, "status", plain(attempt.status));
    text.row(5, "code", plain(attempt.code));
    text.row(5, "words", plain(attempt.text));
    text.row(5, "before", one_line(attempt.picture));
    text.row(5, "settled", plain(attempt.settled));
    if (attempt.settled.empty() && attempt.empty_look) {
        text.row(5, "looked", "found nothing at " + to_minute(attempt.empty_look->utc));
    }
}

}  // namespace

FieldMap fields_as_they_stand(const OrderRecord& order) {
    FieldMap fields = order.fields;
    const auto code = fields.find("auth_code");
    if (code != fields.end()) code->second = order.has_auth_code ? "(kept)" : "(wiped)";
    return fields;
}

OrderHistory history_of(const Ledger& ledger, OrderId order) {
    OrderHistory history{ledger.order(order), "", ledger.attempts(order), ledger.events(order)};
    const auto batch = ledger.batch(history.order.batch);
    if (batch) history.batch_name = batch->name;
    return history;
}

std::string to_text(const OrderHistory& history, const Look& look) {
    HistoryText text(look);
    write_head(text, history, look);
    write_wish(text, history.order);
    if (!history.order.steps.empty()) text.heading("steps");
    for (const StepRecord& step : history.order.steps) write_step(text, step);
    if (!history.attempts.empty()) text.heading("attempts");
    for (const AttemptRecord& attempt : history.attempts) write_attempt(text, attempt);
    if (!history.events.empty()) text.heading("events");
    for (const EventRecord& event : history.events) {
        text.words(2, to_iso(event.at) + "  " + plain(event.kind) + ": " + plain(event.text));
    }
    return text.take();
}

}  // namespace domspool
