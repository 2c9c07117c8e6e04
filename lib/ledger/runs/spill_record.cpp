#include "ledger/runs/spill_record.h"

#include "ledger/sql/row_readers.h"

#include <charconv>

namespace domspool {

namespace {

constexpr std::size_t kLongestWords = 1000;

// At the border of a character.
std::string cut(const std::string& text) {
    if (text.size() <= kLongestWords) return text;
    std::size_t end = kLongestWords;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

std::optional<std::int64_t> number_in(const FieldMap& fields, const std::string& name) {
    const std::string& text = field_of(fields, name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

FieldMap fields_of_end(const AttemptEnd& end) {
    FieldMap fields{{"end.outcome", std::string(to_word(end.outcome))},
                    {"end.status", cut(end.status)},
                    {"end.code", cut(end.code)},
                    {"end.is_unproven", end.is_unproven ? "1" : "0"},
                    {"end.text", cut(end.text)},
                    {"end.utc", to_iso(end.at.utc)},
                    {"end.boot_id", end.at.boot_id},
                    {"end.since_boot", std::to_string(end.at.since_boot.count())}};
    if (end.operation) fields["end.operation"] = std::to_string(*end.operation);
    return fields;
}

FieldMap fields_of_move(const OrderMove& move) {
    FieldMap fields{{"move.state", std::string(to_word(move.state))},
                    {"move.held_for", std::string(to_word(move.held_for))},
                    {"move.reason", cut(move.reason)},
                    {"move.keeps_domain", move.keeps_domain ? "1" : "0"},
                    {"move.position", std::to_string(move.position)},
                    {"move.step_state", std::string(to_word(move.step_state))},
                    {"move.step_result", cut(move.step_result)},
                    {"move.step_note", cut(move.step_note)},
                    {"move.evidence", std::string(to_word(move.evidence))},
                    {"move.waits_for", std::string(to_word(move.waits_for))},
                    {"move.code", cut(move.code)},
                    {"move.message", cut(move.message)}};
    if (move.due_at) fields["move.due_at"] = to_iso(*move.due_at);
    if (move.since) fields["move.since"] = to_iso(*move.since);
    return fields;
}

std::optional<AttemptEnd> end_in(const FieldMap& fields) {
    const auto outcome = outcome_of(field_of(fields, "end.outcome"));
    const auto utc = from_iso(field_of(fields, "end.utc"));
    const auto since_boot = number_in(fields, "end.since_boot");
    if (!outcome || !utc || !since_boot) return std::nullopt;
    AttemptEnd end;
    end.outcome = *outcome;
    end.operation = number_in(fields, "end.operation");
    end.status = field_of(fields, "end.status");
    end.code = field_of(fields, "end.code");
    end.is_unproven = field_of(fields, "end.is_unproven") == "1";
    end.text = field_of(fields, "end.text");
    end.at = {*utc, field_of(fields, "end.boot_id"), std::chrono::milliseconds(*since_boot)};
    return end;
}

std::optional<OrderMove> move_in(const FieldMap& fields) {
    const auto state = order_state_of(field_of(fields, "move.state"));
    const auto step_state = step_state_of(field_of(fields, "move.step_state"));
    const auto position = number_in(fields, "move.position");
    const auto held_for = held_for_of(field_of(fields, "move.held_for"));
    const auto evidence = evidence_of(field_of(fields, "move.evidence"));
    const auto waits_for = waits_for_of(field_of(fields, "move.waits_for"));
    if (!state || !step_state || !position || !held_for || !evidence || !waits_for) {
        return std::nullopt;
    }
    OrderMove move;
    move.state = *state;
    // A file of before version 4 tells no cause.
    const bool is_earlier = *state == OrderState::held && *held_for == HeldFor::nothing;
    move.held_for = is_earlier ? HeldFor::earlier : *held_for;
    move.evidence = *evidence;
    move.waits_for = *waits_for;
    move.since = from_iso(field_of(fields, "move.since"));
    move.reason = field_of(fields, "move.reason");
    move.keeps_domain = field_of(fields, "move.keeps_domain") == "1";
    move.position = static_cast<int>(*position);
    move.step_state = *step_state;
    move.step_result = field_of(fields, "move.step_result");
    move.step_note = field_of(fields, "move.step_note");
    move.due_at = from_iso(field_of(fields, "move.due_at"));
    move.code = field_of(fields, "move.code");
    move.message = field_of(fields, "move.message");
    return move;
}

}  // namespace

std::string write_spilled(const SpilledOutcome& outcome) {
    FieldMap fields{{"order", std::to_string(outcome.claim.order)},
                    {"run", std::to_string(outcome.claim.run)},
                    {"number", std::to_string(outcome.claim.number)},
                    {"attempt", std::to_string(outcome.attempt)}};
    fields.merge(fields_of_end(outcome.end));
    fields.merge(fields_of_move(outcome.move));
    return write_fields(fields);
}

std::optional<SpilledOutcome> read_spilled(std::string_view text) {
    const auto fields = read_fields(text);
    if (!fields) return std::nullopt;
    const auto order = number_in(*fields, "order");
    const auto run = number_in(*fields, "run");
    const auto number = number_in(*fields, "number");
    const auto attempt = number_in(*fields, "attempt");
    const auto end = end_in(*fields);
    const auto move = move_in(*fields);
    if (!order || !run || !number || !attempt || !end || !move) return std::nullopt;
    return SpilledOutcome{{*order, *run, *number}, *attempt, *end, *move};
}

}  // namespace domspool
