#include "report/machine/json_lines.h"

#include "util/redact.h"
#include "util/utf8.h"
#include "util/visible_text.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

namespace domspool {

namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

Object object() {
    return Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

// JSON is UTF-8: a byte that is none becomes the replacement character.
std::string as_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8::first_character(text.substr(at)).bytes;
        valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return valid;
}

Var text_or_null(std::string_view text) {
    return text.empty() ? Var() : Var(as_utf8(text));
}

template <typename Number>
Var number_or_null(const std::optional<Number>& number) {
    return number ? Var(Poco::Int64(*number)) : Var();
}

Var time_or_null(const std::optional<UtcTime>& time) {
    return time ? Var(to_iso(*time)) : Var();
}

Var word_or_null(const std::optional<AttemptOutcome>& outcome) {
    return outcome ? Var(std::string(to_word(*outcome))) : Var();
}

Object fields_object(const FieldMap& fields) {
    Object result = object();
    for (const auto& [name, value] : fields) result.set(as_utf8(name), as_utf8(value));
    return result;
}

// Behind Poco's own escaping: what a terminal would not show as it is, or would obey, all of it
// below U+FFFF and inside strings.
std::string escape_hidden(std::string_view json) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string escaped;
    escaped.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const utf8::Character character = utf8::first_character(json.substr(at));
        const std::string_view bytes = json.substr(at, character.bytes);
        if (visible_text(bytes) == bytes) {
            escaped += bytes;
        } else {
            escaped += "\\u";
            for (int shift = 12; shift >= 0; shift -= 4) {
                escaped += kDigits[(character.code >> shift) & 0xf];
            }
        }
        at += character.bytes;
    }
    return escaped;
}

std::string line_of(const Object& object) {
    std::ostringstream out;
    object.stringify(out);
    return escape_hidden(out.str()) + "\n";
}

Object outcome_object(const OutcomeRow& row) {
    Object result = object();
    result.set("line", row.line);
    result.set("order", std::string(to_word(row.kind)));
    result.set("domain", text_or_null(row.domain));
    result.set("reference", text_or_null(row.reference));
    result.set("order_id", number_or_null(row.order_id));
    result.set("state", row.state);
    result.set("operation_id", number_or_null(row.operation_id));
    result.set("code", text_or_null(row.code));
    result.set("message", text_or_null(row.message));
    result.set("price", row.price ? Var(to_text(*row.price)) : Var());
    return result;
}

Object step_object(const StepRecord& step) {
    Object result = object();
    result.set("position", step.position);
    result.set("phase", std::string(to_word(step.phase)));
    result.set("function", step.function);
    result.set("arguments", fields_object(step.arguments));
    result.set("state", std::string(to_word(step.state)));
    result.set("result", text_or_null(step.result));
    result.set("note", text_or_null(step.note));
    result.set("tries", step.tries);
    result.set("due_at", time_or_null(step.due_at));
    result.set("operation_id", number_or_null(step.operation));
    return result;
}

Object step_object(const PlannedStep& step) {
    Object result = object();
    result.set("phase", std::string(to_word(step.phase)));
    result.set("function", step.function);
    result.set("arguments", fields_object(step.arguments));
    return result;
}

Object attempt_object(const AttemptRecord& attempt) {
    Object result = object();
    result.set("attempt_id", Poco::Int64(attempt.id));
    result.set("position", attempt.position);
    result.set("function", attempt.function);
    result.set("run_id", Poco::Int64(attempt.run));
    result.set("begun_at", to_iso(attempt.begun.utc));
    result.set("before", fields_object(attempt.picture));
    result.set("outcome", word_or_null(attempt.outcome));
    result.set("unproven", attempt.is_unproven);
    result.set("operation_id", number_or_null(attempt.operation));
    result.set("status", text_or_null(attempt.status));
    result.set("code", text_or_null(attempt.code));
    result.set("text", text_or_null(attempt.text));
    result.set("ended_at", attempt.ended ? Var(to_iso(attempt.ended->utc)) : Var());
    result.set("settled_as", word_or_null(attempt.settled_as));
    result.set("settled", text_or_null(attempt.settled));
    result.set("empty_looks", attempt.empty_looks);
    return result;
}

Object event_object(const EventRecord& event) {
    Object result = object();
    result.set("event_id", Poco::Int64(event.id));
    result.set("at", to_iso(event.at));
    result.set("run_id", Poco::Int64(event.run));
    result.set("kind", event.kind);
    result.set("text", text_or_null(event.text));
    return result;
}

template <typename Records, typename ToObject>
Array array_of(const Records& records, ToObject to_object) {
    Array result;
    for (const auto& record : records) result.add(to_object(record));
    return result;
}

Object counts_object(const std::map<std::string, int>& counts) {
    Object result = object();
    for (const auto& [state, count] : counts) result.set(state, count);
    return result;
}

Array money_array(const MoneySums& money) {
    Array result;
    for (const auto& [currency, cents] : money) result.add(to_text(Money{cents, currency}));
    return result;
}

Array text_array(const std::vector<std::string>& texts) {
    Array result;
    for (const std::string& text : texts) result.add(as_utf8(text));
    return result;
}

Object matter_object(const Matter& matter) {
    Object result = outcome_object(matter.order);
    result.set("why", as_utf8(matter.why));
    result.set("since", to_iso(matter.since));
    result.set("commands", text_array(matter.commands));
    return result;
}

Var hold_or_null(const std::optional<SendingHold>& hold) {
    if (!hold) return Var();
    Object result = object();
    result.set("by", as_utf8(hold->person));
    result.set("since", to_iso(hold->since));
    result.set("reason", as_utf8(hold->reason));
    return Var(result);
}

Object told_object(const SummaryOrder& order) {
    Object result = outcome_object(order.row);
    result.set("batch", Poco::Int64(order.batch));
    result.set("accepted_at", to_iso(order.accepted_at));
    result.set("changed_at", to_iso(order.changed_at));
    result.set("commands", text_array(order.commands));
    return result;
}

Object file_object(const SummaryFile& file) {
    Object result = object();
    result.set("batch", Poco::Int64(file.batch));
    result.set("taken_at", to_iso(file.taken_at));
    result.set("text", as_utf8(file.words));
    result.set("refused", file.refused);
    return result;
}

Object note_object(const SummaryNote& note) {
    Object result = object();
    result.set("at", to_iso(note.at));
    result.set("kind", as_utf8(note.kind));
    result.set("text", as_utf8(note.text));
    result.set("order_id", number_or_null(note.order));
    return result;
}

Object foreign_object(const ForeignOperation& operation) {
    Object result = object();
    result.set("operation_id", Poco::Int64(operation.id));
    result.set("code", as_utf8(operation.code));
    result.set("target", as_utf8(operation.target));
    result.set("status", as_utf8(operation.status));
    result.set("first_seen_at", to_iso(operation.first_seen));
    return result;
}

}  // namespace

std::string json_line(const OutcomeRow& row) {
    return line_of(outcome_object(row));
}

std::string json_line(const OrderForAPerson& waiting) {
    Object result = outcome_object(outcome_row(waiting.order));
    result.set("attention", std::string(to_word(waiting.attention.reason)));
    result.set("attention_since", to_iso(waiting.attention.since));
    return line_of(result);
}

std::string json_line(const OutcomeRow& row, const Problem& problem) {
    constexpr std::size_t kAll = 1'000'000;
    Object result = outcome_object(row);
    const LineSpans lines = problem.lines();
    result.set("field", text_or_null(problem.field));
    result.set("value", text_or_null(problem.value));
    result.set("reason", as_utf8(problem.reason));
    result.set("lines", problem.line > 0 ? Var(lines.text(kAll)) : Var());
    result.set("rows", lines.count());
    return line_of(result);
}

std::string json_line(const OrderHistory& history) {
    const OrderRecord& order = history.order;
    Object result = outcome_object(outcome_row(order));
    result.set("batch", Poco::Int64(order.batch));
    result.set("file", text_or_null(history.batch_name));
    result.set("accepted_at", to_iso(order.accepted_at));
    result.set("changed_at", to_iso(order.changed_at));
    result.set("ended_at", time_or_null(order.ended_at));
    result.set("instead_of", number_or_null(order.instead_of));
    result.set("claimed_by", number_or_null(order.claimed_by));
    result.set("postponed_runs", order.postponed_runs);
    result.set("fields", fields_object(fields_as_they_stand(order)));
    result.set("steps",
               array_of(order.steps, [](const StepRecord& step) { return step_object(step); }));
    result.set("attempts", array_of(history.attempts, attempt_object));
    result.set("events", array_of(history.events, event_object));
    return line_of(result);
}

std::string json_line(const Summary& summary) {
    Object result = object();
    result.set("host", as_utf8(summary.host));
    result.set("account", as_utf8(summary.account));
    result.set("since", time_or_null(summary.since));
    result.set("until", to_iso(summary.until));
    result.set("headline", headline(summary));
    result.set("sending_hold", hold_or_null(summary.sending_hold));
    result.set("needs_a_person", array_of(summary.matters, matter_object));
    result.set("counts", counts_object(summary.counts));
    result.set("open", counts_object(summary.open));
    result.set("ordered", money_array(summary.ordered));
    result.set("pending", money_array(summary.pending));
    result.set("oldest_pending_at", time_or_null(summary.oldest_pending));
    result.set("orders", array_of(summary.news, told_object));
    result.set("files", array_of(summary.files, file_object));
    result.set("notes", array_of(summary.notes, note_object));
    result.set("foreign", array_of(summary.foreign, foreign_object));
    return line_of(result);
}

std::string json_line(const ForeignOperation& operation) {
    Object result = object();
    result.set("operation_id", Poco::Int64(operation.id));
    result.set("target", text_or_null(operation.target));
    result.set("code", text_or_null(operation.code));
    result.set("status", text_or_null(operation.status));
    result.set("first_seen_at", to_iso(operation.first_seen));
    result.set("last_seen_at", to_iso(operation.last_seen));
    return line_of(result);
}

std::string json_line(const Finding& finding) {
    Object result = object();
    result.set("check", as_utf8(finding.check));
    result.set("verdict", std::string(to_word(finding.verdict)));
    result.set("text", as_utf8(redact::clean(finding.text)));
    result.set("next", text_or_null(redact::clean(finding.next)));
    return line_of(result);
}

std::string json_line(const PlannedRow& row) {
    Object result = outcome_object(row.outcome);
    result.set("would", std::string(to_word(row.would)));
    result.set("steps",
               array_of(row.steps, [](const PlannedStep& step) { return step_object(step); }));
    result.set("notes", array_of(row.notes, [](const std::string& note) { return as_utf8(note); }));
    return line_of(result);
}

}  // namespace domspool
