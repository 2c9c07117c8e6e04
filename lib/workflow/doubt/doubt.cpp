// A call went out and no answer came: it was executed, it is being executed, or it never arrived.
// The registrar has no key by which it would know the call again, so it is told by its traces.
//
// 1. Not before the attempt was older, when the list was asked, than the longest call can last:
//    until then the call may still be executed, and nothing that is missing means anything.
// 2. An operation in the list that only this attempt can have begun is adopted: same code, same
//    domain or contact, a number above all that were known before the attempt, owned by no attempt,
//    and wanted by no other one without an answer. Two that fit, or one that fits two: a person.
// 3. Else the registrar is asked what it shows (the step's `look`), held against the picture from
//    before the attempt. "There now, not there before" is Done without an operation id. What is
//    found, operation or contact, is adopted in one transaction that fails if another attempt owns
//    it by then; a contact not while a live run is making one that could be it.
// 4. "Not there" is worth something only beside a whole list whose rows all name their target: the
//    operation may be the one that is not named. For calls that cost money even that is not enough,
//    because the registrar's list may be behind: two such looks, look_gap apart, and only then the
//    step is planned again. Between them nothing may have shown it: a step once seen under way and
//    then gone is a person's.
// 5. What the registrar never shows (a tag, a note, perhaps a code) is sent a second time and not a
//    third: these cost nothing, and twice is as good as once.
//
// The gap of two looks is measured from the end of the first to the list of the second, so that
// what is slow makes it longer, never shorter. Within one boot the boot clock tells it. Across
// boots no clock of ours can be trusted alone, so that the smaller gap of UTC and of the
// registrar's Date counts; where these say nothing the first look is made anew.
//
// The attempt itself stays `in_doubt` for ever, with how it was settled beside it: later looks, the
// watch over a person's word and the judging of a second refusal go back to it and its picture.
#include "workflow/doubt/doubt.h"

#include "registrar/trouble.h"
#include "util/failure.h"
#include "util/http_date.h"
#include "workflow/doubt/look.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/contact_memory.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>
#include <iterator>

namespace domspool {

namespace {

// Another attempt without outcome that could have made the operation as well.
bool is_wanted_by_another(const Ledger& ledger, const AttemptRecord& attempt,
                          const std::string& target, const std::vector<AttemptRecord>& unanswered) {
    return std::any_of(unanswered.begin(), unanswered.end(), [&](const AttemptRecord& other) {
        if (other.id == attempt.id || other.function != attempt.function) return false;
        if (other.order == attempt.order) return true;
        const OrderRecord order = ledger.order(other.order);
        const StepKind* kind = step_kind(other.function);
        const StepRecord* step = step_at(order, other.position);
        if (kind == nullptr || step == nullptr) return true;
        const FieldMap arguments = resolved(step->arguments, order.steps);
        return is_same_target(operation_target(*kind, order.domain, arguments), target);
    });
}

bool has_the_names_of(const FieldMap& one, const FieldMap& other) {
    constexpr const char* kSame[] = {"firstName", "lastName", "isOwner"};
    return std::all_of(std::begin(kSame), std::end(kSame), [&](const char* name) {
        return field_of(one, name) == field_of(other, name);
    });
}

// Whose answer may name the contact that a look has found. Asked after it: the attempt of a contact
// that is shown was begun before.
bool is_just_being_made(const Ledger& ledger, const AttemptRecord& attempt,
                        const FieldMap& arguments) {
    const auto under_way = ledger.attempts_under_way();
    return std::any_of(under_way.begin(), under_way.end(), [&](const AttemptRecord& other) {
        if (other.outcome || other.function != attempt.function || other.id == attempt.id)
            return false;
        const OrderRecord order = ledger.order(other.order);
        const StepRecord* step = step_at(order, other.position);
        return step == nullptr || has_the_names_of(step->arguments, arguments);
    });
}

// Before this attempt.
bool was_in_doubt_before(const OrderRecord& order, const AttemptRecord& attempt) {
    return std::any_of(order.attempts.begin(), order.attempts.end(), [&](const auto& each) {
        return each.position == attempt.position && each.id < attempt.id &&
               each.outcome == AttemptOutcome::in_doubt;
    });
}

// One doubt under settlement.
class Settling {
  public:
    Settling(const DoubtParts& parts, ClaimedOrder& claimed, const AttemptRecord& attempt,
             const PendingList& list)
        : parts_(parts), claimed_(claimed), attempt_(attempt), list_(list) {
        DOMSPOOL_ASSERT(attempt.position >= 1 &&
                        attempt.position <= static_cast<int>(claimed.order.steps.size()));
    }

    StepRecord& step() { return claimed_.order.steps[std::size_t(attempt_.position) - 1]; }

    Settlement adopt(const PendingRow& row) {
        OrderMove move =
            after_answer(claimed_.order, step(), Pending{row.id, row.status, ""}, now().utc);
        const std::string how = "adopted operation " + std::to_string(row.id);
        move.step_note = how;
        move.evidence = Evidence::adopted;
        if (!end({AttemptOutcome::pending, row.id, row.status, "", "", now()}, how, move)) {
            return Settlement::not_yet;
        }
        if (step().phase == StepPhase::main) claimed_.order.operation = row.id;
        return Settlement::adopted;
    }

    Settlement shown_done(const Observation& seen) {
        const Done done{std::nullopt, seen.evidence, seen.result};
        OrderMove move = after_answer(claimed_.order, step(), done, now().utc);
        if (move.step_note.empty()) move.step_note = "done, as shown: " + seen.evidence;
        move.message.clear();  // These are our words, not the registrar's.
        const bool is_ours = end({AttemptOutcome::done, {}, "", "", seen.evidence, now()},
                                 move.step_note, move, seen.result);
        return is_ours ? Settlement::done : Settlement::not_yet;
    }

    Settlement shown_failed(const Observation& seen) {
        OrderMove move = after_answer(claimed_.order, step(),
                                      Refused{attempt_.code, seen.evidence, {}}, now().utc);
        move.message.clear();
        std::ignore =
            end({AttemptOutcome::refused, {}, "", "", seen.evidence, now()}, seen.evidence, move);
        return Settlement::failed;
    }

    Settlement still_under_way(const Observation& seen) {
        OrderMove move =
            still(claimed_.order,
                  step().function + " is under way, its operation id unknown: " + seen.evidence);
        move.state = OrderState::waiting;
        move.held_for = HeldFor::nothing;
        write_move(move);
        return Settlement::not_yet;
    }

    // In so many looks far enough apart as the call needs: sent a second time, and not a third.
    Settlement found_nothing(const Observation& seen, int looks_needed) {
        if (claimed_.order.state == OrderState::waiting) {
            return hold("it was under way and is gone: " + seen.evidence);
        }
        if (looks_needed > 1 && !is_second_look()) return Settlement::not_yet;
        if (was_in_doubt_before(claimed_.order, attempt_)) return hold(sent_twice(seen));
        return send_again(seen);
    }

    // What the registrar never shows: a second sending, never a third. Of a follow-up it stays open
    // whether it was executed; the order and its domain need not wait for that.
    Settlement found_no_trace(const Observation& seen) {
        if (!was_in_doubt_before(claimed_.order, attempt_)) return send_again(seen);
        if (step().phase != StepPhase::after) return hold(sent_twice(seen));
        return end_refused(sent_twice(seen));
    }

    // An answer that proved nothing was a refusal after all, as far as can be seen. It is sent
    // again at a person's wish only.
    Settlement found_nothing_after_answer(const Observation& seen) {
        if (claimed_.order.state == OrderState::waiting) return found_nothing(seen, 1);
        if (!is_second_look()) return Settlement::not_yet;
        const bool is_second = was_in_doubt_before(claimed_.order, attempt_);
        if (parts_.send_again == SendAgain::at_a_wish && !is_second) return send_again(seen);
        const bool is_open = seen.what == Observation::What::not_shown;
        if (is_open && step().phase != StepPhase::after) return hold(seen.evidence);
        return end_refused(is_second ? sent_twice(seen) : verdict_of(seen));
    }

    Settlement hold(const std::string& reason) {
        write_move(held(claimed_.order, HeldFor::doubt,
                        step().function + " is in doubt: " + reason +
                            "; decide with `domain-orders resolve " +
                            std::to_string(claimed_.order.id) + "`"));
        return Settlement::held;
    }

  private:
    Moment now() const { return parts_.clock.now(); }

    static std::string verdict_of(const Observation& seen) {
        const bool is_open = seen.what == Observation::What::not_shown;
        return (is_open ? "whether it was executed is not known: " : "not executed: ") +
               seen.evidence;
    }

    std::string sent_twice(const Observation& seen) {
        return "sent twice (" + answers_of(claimed_.order, attempt_.position) + "), and " +
               (seen.what == Observation::What::not_shown ? "" : "twice ") + verdict_of(seen);
    }

    Settlement send_again(const Observation& seen) {
        OrderMove move;
        move.state = OrderState::in_progress;
        move.position = attempt_.position;
        move.step_state = StepState::planned;
        move.step_note = verdict_of(seen);
        move.reason = step().function + " was surely not executed and is sent again";
        std::ignore = end({AttemptOutcome::try_later, {}, "", "", seen.evidence, now()},
                          move.step_note, move);
        return Settlement::may_be_sent;
    }

    // With the answer's own words. A follow-up is not tried again, either.
    Settlement end_refused(const std::string& verdict) {
        OrderMove move;
        if (step().phase == StepPhase::after) {
            move = after_open_end(claimed_.order, step(), attempt_.text + "; " + verdict);
        } else {
            const Refused refused{attempt_.code, attempt_.text, std::nullopt};
            move = after_answer(claimed_.order, step(), refused, now().utc);
            move.reason += "; " + verdict;
        }
        std::ignore =
            end({AttemptOutcome::refused, {}, "", attempt_.code, verdict, now()}, verdict, move);
        return Settlement::failed;
    }

    // Notes the first look, anew where its time and this one's cannot be compared. Its time is that
    // of its end, a later look's that of its beginning.
    bool is_second_look() {
        if (attempt_.empty_look) {
            const auto gap = gap_of_looks(*attempt_.empty_look, attempt_.empty_look_date, list_);
            const bool says_nothing =
                gap == gap.zero() && attempt_.empty_look->boot_id != list_.asked_at.boot_id;
            if (!says_nothing) return gap >= parts_.settings.look_gap;
        }
        const Moment at = now();
        parts_.ledger.write([&](LedgerWrite& w) {
            w.note_empty_look(claimed_.claim, attempt_.id, at, list_.server_date);
        });
        return false;
    }

    void write_move(const OrderMove& move) {
        if (claimed_.order.state == move.state && claimed_.order.reason == move.reason) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.move_order(claimed_.claim, move, now().utc); });
        apply(move, claimed_.order);
    }

    // False, and nothing is written: what was found has become another attempt's meanwhile. The
    // next look finds what else there is.
    bool end(const AttemptEnd& attempt_end, const std::string& how, const OrderMove& move,
             const std::string& contact_id = "") {
        OrderMove written;
        try {
            written = parts_.ledger.write([&](LedgerWrite& w) {
                OrderMove its = w.adopt(claimed_.claim, attempt_.id, attempt_end, how, move);
                if (!makes_contact(step())) return its;
                const std::string fingerprint = fingerprint_of(step().arguments);
                if (attempt_end.outcome == AttemptOutcome::done)
                    w.adopt_contact(fingerprint, contact_id, attempt_end.at.utc);
                else
                    w.forget_contact(fingerprint);
                return its;
            });
        } catch (const OwnedAlready&) {
            return false;
        }
        note_settled(claimed_.order, attempt_.id, attempt_end, how);
        apply(written, claimed_.order);
        return true;
    }

    const DoubtParts& parts_;
    ClaimedOrder& claimed_;
    const AttemptRecord& attempt_;
    const PendingList& list_;
};

// In words that promise more later: as good as no answer.
bool was_refused_for_now(const AttemptRecord& attempt) {
    const Trouble trouble = trouble_of(Unproven{attempt.code, attempt.text});
    return trouble.is_known && trouble.length == Length::moment;
}

Settlement settle_unseen(Settling& settling, const StepKind& kind, const AttemptRecord& attempt,
                         const Observation& seen) {
    if (attempt.is_unproven && !was_refused_for_now(attempt)) {
        return settling.found_nothing_after_answer(seen);
    }
    return seen.what == Observation::What::not_shown
               ? settling.found_no_trace(seen)
               : settling.found_nothing(seen, kind.empty_looks);
}

Settlement settle_by_observation(Settling& settling, const StepKind& kind,
                                 const AttemptRecord& attempt, const Observation& seen,
                                 bool list_can_be_believed) {
    switch (seen.what) {
        case Observation::What::executed:
            return settling.shown_done(seen);
        case Observation::What::failed:
            return settling.shown_failed(seen);
        case Observation::What::under_way:
            return settling.still_under_way(seen);
        case Observation::What::inconclusive:
            return settling.hold(seen.evidence);
        case Observation::What::nothing_there:
        case Observation::What::not_shown:
            if (!list_can_be_believed) return Settlement::not_yet;
            return settle_unseen(settling, kind, attempt, seen);
    }
    our_bug("an observation without a name", __FILE__, __LINE__);
}

}  // namespace

std::chrono::milliseconds gap_of_looks(const Moment& first, const std::string& first_date,
                                       const PendingList& second) {
    const auto gap = gap_between(first, second.asked_at);
    if (first.boot_id == second.asked_at.boot_id) return gap;
    const auto then = from_http_date(first_date);
    const auto now = from_http_date(second.server_date);
    if (!then || !now || *now < *then) return std::chrono::milliseconds(0);
    return std::min<std::chrono::milliseconds>(gap, *now - *then);
}

Settlement settle_doubt(const DoubtParts& parts, ClaimedOrder& claimed,
                        const AttemptRecord& attempt, const PendingList& list,
                        const std::vector<AttemptRecord>& unanswered) {
    if (gap_between(attempt.begun, list.asked_at) < parts.settings.longest_call) {
        return Settlement::not_yet;
    }
    Settling settling(parts, claimed, attempt, list);
    const StepKind* kind = step_kind(attempt.function);
    if (kind == nullptr) return settling.hold("this version does not know the call");
    const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
    if (!read.order) return settling.hold("the ledger's fields of this order cannot be read");

    const FieldMap arguments = resolved(settling.step().arguments, claimed.order.steps);
    const StepContext context{*read.order,   settling.step(), arguments,
                              parts.queries, parts.cache,     parts.ledger};
    const OperationsFound found = operations_of(attempt, *kind, context, list);
    if (found.rows.size() > 1) return settling.hold("several operations could be its own");
    if (found.rows.size() == 1) {
        const PendingRow& row = found.rows.front();
        if (is_wanted_by_another(parts.ledger, attempt, row.target.value_or(""), unanswered)) {
            return settling.hold("operation " + std::to_string(row.id) +
                                 " could be its own or another attempt's");
        }
        return settling.adopt(row);
    }
    const Observation seen = kind->look(context, attempt.picture);
    const bool is_found = seen.what == Observation::What::executed;
    if (is_found && makes_contact(settling.step()) &&
        is_just_being_made(parts.ledger, attempt, arguments)) {
        return Settlement::not_yet;
    }
    return settle_by_observation(settling, *kind, attempt, seen, found.list_can_be_believed);
}

}  // namespace domspool
