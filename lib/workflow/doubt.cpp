#include "workflow/doubt.h"

#include <algorithm>

#include "util/failure.h"
#include "workflow/moves.h"
#include "workflow/order_runner.h"
#include "workflow/step_kinds.h"

namespace domspool {

namespace {

struct Candidates {
    bool can_be_said = true;  // false: a row of this code names no target, or the list is not whole
    std::vector<PendingRow> rows;
};

OperationId highest_before(const AttemptRecord& attempt) {
    const std::string& text = field_of(attempt.picture, "highest_operation");
    return text.empty() ? 0 : std::stoll(text);
}

Candidates candidates_for(const DoubtParts& parts, const ClaimedOrder& claimed,
                          const StepKind& kind, const FieldMap& arguments,
                          const AttemptRecord& attempt, const PendingList& list) {
    Candidates found;
    found.can_be_said = list.whole;
    for (const PendingRow& row : list.rows) {
        if (!operation_fits(row.code, kind, arguments)) continue;
        if (!row.target) {
            found.can_be_said = false;
            continue;
        }
        const bool is_later = row.id > highest_before(attempt);
        if (*row.target == claimed.order.domain.ascii() && is_later &&
            !parts.ledger.owner_of(row.id)) {
            found.rows.push_back(row);
        }
    }
    return found;
}

// Another open doubt of the same call for the same domain could have made the operation as well.
bool is_wanted_by_another(const Ledger& ledger, const ClaimedOrder& claimed,
                          const AttemptRecord& attempt, const std::vector<AttemptRecord>& doubts) {
    return std::any_of(doubts.begin(), doubts.end(), [&](const AttemptRecord& other) {
        if (other.id == attempt.id || other.function != attempt.function) return false;
        return other.order == attempt.order ||
               ledger.order(other.order).domain == claimed.order.domain;
    });
}

// One doubt under settlement.
class Settling {
  public:
    Settling(const DoubtParts& parts, ClaimedOrder& claimed, const AttemptRecord& attempt)
        : parts_(parts), claimed_(claimed), attempt_(attempt), now_(parts.clock.now()) {
        DOMSPOOL_ASSERT(attempt.position >= 1 &&
                        attempt.position <= static_cast<int>(claimed.order.steps.size()));
    }

    StepRecord& step() { return claimed_.order.steps[std::size_t(attempt_.position) - 1]; }

    Settlement adopt(const PendingRow& row) {
        OrderMove move =
            after_answer(claimed_.order, step(), Pending{row.id, row.status, ""}, now_.utc);
        const std::string how = "adopted operation " + std::to_string(row.id);
        move.step_note = how;
        end(AttemptOutcome::pending, row.id, row.status, "", how, move);
        claimed_.order.operation = row.id;
        return Settlement::adopted;
    }

    Settlement shown_done(const Sighting& seen) {
        OrderMove move =
            after_answer(claimed_.order, step(), Done{std::nullopt, "", seen.result}, now_.utc);
        move.step_note = "done, id unknown: " + seen.evidence;
        end(AttemptOutcome::done, std::nullopt, "", "", move.step_note, move, seen.result);
        return Settlement::done;
    }

    Settlement shown_failed(const Sighting& seen) {
        const OrderMove move =
            after_answer(claimed_.order, step(), Refused{"", seen.evidence, {}}, now_.utc);
        end(AttemptOutcome::refused, std::nullopt, "", seen.evidence, seen.evidence, move);
        return Settlement::failed;
    }

    Settlement still_under_way(const Sighting& seen) {
        OrderMove move = claimed_move(OrderState::waiting);
        move.reason = step().function + " is under way, its operation id unknown: " + seen.evidence;
        write_move(move);
        return Settlement::not_yet;
    }

    Settlement found_nothing(const Sighting& seen, int looks_needed,
                             std::chrono::seconds look_gap) {
        const bool second =
            attempt_.empty_look && gap_between(*attempt_.empty_look, now_) >= look_gap;
        if (looks_needed > 1 && !second) {
            if (!attempt_.empty_look) {
                parts_.ledger.write(
                    [&](LedgerWrite& w) { w.note_empty_look(claimed_.claim, attempt_.id, now_); });
            }
            return Settlement::not_yet;
        }
        OrderMove move = claimed_move(OrderState::in_progress);
        move.position = attempt_.position;
        move.step_state = StepState::planned;
        move.step_note = "not executed: " + seen.evidence;
        move.reason = step().function + " was surely not executed and is sent again";
        end(AttemptOutcome::try_later, std::nullopt, "", seen.evidence, move.step_note, move);
        return Settlement::may_be_sent;
    }

    Settlement hold(const std::string& reason) {
        write_move(held(claimed_.order, step().function + " is in doubt: " + reason +
                                            "; decide with `domain-orders resolve " +
                                            std::to_string(claimed_.order.id) + "`"));
        return Settlement::held;
    }

  private:
    OrderMove claimed_move(OrderState state) const {
        OrderMove move;
        move.state = state;
        return move;
    }

    void write_move(const OrderMove& move) {
        if (claimed_.order.state == move.state && claimed_.order.reason == move.reason) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.move_order(claimed_.claim, move, now_.utc); });
        apply(move, claimed_.order);
    }

    void end(AttemptOutcome outcome, std::optional<OperationId> operation,
             const std::string& status, const std::string& text, const std::string& how,
             const OrderMove& move, const std::string& contact_id = "") {
        AttemptEnd end{outcome, operation, status, "", text, now_};
        parts_.ledger.write([&](LedgerWrite& w) {
            w.settle_doubt(claimed_.claim, attempt_.id, end, how, move);
            if (step().function != "contactCreate") return;
            FieldMap arguments = step().arguments;
            const bool is_owner = field_of(arguments, "isOwner") == "1";
            arguments.erase("isOwner");
            const auto fingerprint = contact_fingerprint(contact_from_fields(arguments), is_owner);
            if (outcome == AttemptOutcome::done)
                w.remember_contact(fingerprint, contact_id, now_.utc);
            else
                w.forget_contact(fingerprint);
        });
        apply(move, claimed_.order);
    }

    const DoubtParts& parts_;
    ClaimedOrder& claimed_;
    const AttemptRecord& attempt_;
    const Moment now_;
};

}  // namespace

Settlement settle_doubt(const DoubtParts& parts, ClaimedOrder& claimed,
                        const AttemptRecord& attempt, const PendingList& list,
                        const std::vector<AttemptRecord>& doubts) {
    const Moment now = parts.clock.now();
    if (gap_between(attempt.begun, now) < parts.settings.longest_call) return Settlement::not_yet;
    Settling settling(parts, claimed, attempt);
    const StepKind* kind = step_kind(attempt.function);
    if (kind == nullptr) return settling.hold("this version does not know the call");

    const FieldMap arguments = resolved(settling.step().arguments, claimed.order.steps);
    const Candidates found = candidates_for(parts, claimed, *kind, arguments, attempt, list);
    if (found.rows.size() > 1) return settling.hold("several operations could be its own");
    if (found.rows.size() == 1) {
        if (is_wanted_by_another(parts.ledger, claimed, attempt, doubts)) {
            return settling.hold("operation " + std::to_string(found.rows[0].id) +
                                 " could be its own or another doubt's");
        }
        return settling.adopt(found.rows[0]);
    }

    const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
    if (!read.order) return settling.hold("the ledger's fields of this order cannot be read");
    const StepContext context{*read.order, settling.step(), arguments,
                              parts.view,  parts.knowledge, parts.ledger};
    const Sighting seen = kind->look(context, attempt.picture);
    switch (seen.what) {
        case Sighting::What::executed:
            return settling.shown_done(seen);
        case Sighting::What::failed:
            return settling.shown_failed(seen);
        case Sighting::What::under_way:
            return settling.still_under_way(seen);
        case Sighting::What::inconclusive:
            return settling.hold(seen.evidence);
        case Sighting::What::nothing_there:
            if (!found.can_be_said) return Settlement::not_yet;
            return settling.found_nothing(seen, kind->empty_looks, parts.settings.look_gap);
    }
    our_bug("a sighting without a name", __FILE__, __LINE__);
}

}  // namespace domspool
