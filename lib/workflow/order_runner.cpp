#include "workflow/order_runner.h"

#include <algorithm>

#include "util/crash_point.h"
#include "workflow/answer_moves.h"
#include "workflow/look.h"
#include "workflow/moves.h"
#include "workflow/order_steps.h"
#include "workflow/same_person.h"
#include "workflow/unsigning.h"

namespace domspool {

namespace {

constexpr const char* kReadBackFailed = "could not be read back: ";

std::vector<StepRecord> records_of(const std::vector<PlannedStep>& planned) {
    std::vector<StepRecord> steps;
    for (const PlannedStep& step : planned) {
        StepRecord record;
        record.position = static_cast<int>(steps.size()) + 1;
        record.phase = step.phase;
        record.function = step.function;
        record.arguments = step.arguments;
        steps.push_back(std::move(record));
    }
    return steps;
}

bool makes_contact(const StepRecord& step) {
    return step.function == "contactCreate";
}

// A plan is frozen; the delegation it keeps may have changed since.
bool keeps_old_servers(const Order& order, const StepRecord& main_step, const Verdict& verdict) {
    if (order.kind != OrderKind::transfer || !order.nameservers.empty()) return false;
    std::vector<std::string> planned;
    for (int i = 1; i <= 5; ++i) {
        const std::string& server = field_of(main_step.arguments, "ns" + std::to_string(i));
        if (!server.empty()) planned.push_back(server);
    }
    return planned != verdict.nameservers_in_place;
}

void settle_contact(LedgerWrite& w, const FieldMap& arguments, const Outcome& outcome,
                    UtcTime now) {
    const std::string fingerprint = fingerprint_of(arguments);
    if (const auto* done = std::get_if<Done>(&outcome))
        w.remember_contact(fingerprint, done->value, now);
    else if (!std::holds_alternative<InDoubt>(outcome))
        w.forget_contact(fingerprint);
}

const char* name_of_written(StepPhase phase) {
    switch (phase) {
        case StepPhase::before:
            return "contact_made";
        case StepPhase::main:
            return "outcome_written";
        case StepPhase::after:
            return "follow_up_ended";
    }
    our_bug("a phase without a name", __FILE__, __LINE__);
}

std::optional<OperationId> operation_in(const Outcome& outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) return done->operation;
    if (const auto* pending = std::get_if<Pending>(&outcome)) return pending->operation;
    if (const auto* refused = std::get_if<Refused>(&outcome)) return refused->operation;
    return std::nullopt;
}

}  // namespace

std::string fingerprint_of(FieldMap contact_arguments) {
    const bool is_owner = field_of(contact_arguments, "isOwner") == "1";
    contact_arguments.erase("isOwner");
    return contact_fingerprint(contact_from_fields(contact_arguments), is_owner);
}

// ---- The order's course.

OrderRunner::OrderRunner(const RunnerParts& parts)
    : parts_(parts),
      writes_(parts.ledger, parts.run),
      view_(parts.view, [this] { write_answer_in_hand(); }),
      settings_(asking_after_writing(parts.settings)) {}

void OrderRunner::write_answer_in_hand() {
    if (writes_.has_answer()) writes_.flush();
}

// A server of the DNS that is silent takes as long as the registrar.
RunnerSettings OrderRunner::asking_after_writing(RunnerSettings settings) {
    const auto first = [this] { write_answer_in_hand(); };
    settings.zone_keys = asked_after(first, settings.zone_keys);
    settings.read_parent_ds = asked_after(first, settings.read_parent_ds);
    PreflightSettings& checks = settings.preflight;
    checks.test_name_servers = asked_after(first, checks.test_name_servers);
    checks.read_delegation = asked_after(first, checks.read_delegation);
    checks.look_at_chain = asked_after(first, checks.look_at_chain);
    return settings;
}

OrderRunner::Advance OrderRunner::advance(ClaimedOrder& claimed) {
    until_ = Until::rest;
    return go(claimed);
}

OrderRunner::Advance OrderRunner::advance_to_answer(ClaimedOrder& claimed) {
    until_ = Until::main_answer;
    return go(claimed);
}

OrderRunner::Advance OrderRunner::go(ClaimedOrder& claimed) {
    Next next = Next::stop;
    try {
        next = go_through(claimed);
    } catch (const QueryFailure& failure) {
        // Nothing was sent; the order stays as it is, with a reason unless the whole run stops.
        parts_.rules.note(failure);
        if (!parts_.rules.is_stopped()) leave_unknown(claimed, failure);
    } catch (const ClaimLost&) {
        return Advance::went_on;  // Another run goes on with it.
    } catch (const std::exception&) {
        write_answer_in_hand();  // Of an order before this one.
        throw;
    }
    if (!may_have_cost(claimed.order)) parts_.rules.give_funds_back(claimed.order.id);
    if (next == Next::contact_elsewhere) return Advance::contact_elsewhere;
    if (next == Next::main_answered) return Advance::main_answered;
    release(claimed.claim);
    return Advance::went_on;
}

// A reply that cannot be read tells of the line, not of the order: nobody need look at the order
// for it, however often it happens.
void OrderRunner::leave_unknown(ClaimedOrder& claimed, const QueryFailure& failure) {
    const std::string reason = std::string("cannot be known now: ") + failure.what();
    if (failure.why() == QueryFailure::Why::refused) return postpone(claimed, reason);
    wait(claimed, reason);
    claimed.order.reason = reason;
}

// An order at hand whose funds are kept goes on where another lane has found that no more may be
// ordered.
bool OrderRunner::is_over() const {
    return parts_.rules.is_silent() || (parts_.is_called_off && parts_.is_called_off());
}

OrderRunner::Next OrderRunner::go_through(ClaimedOrder& claimed) {
    // By the ledger, when the answer to its main step was written.
    if (claimed.order.state == OrderState::held) return Next::stop;
    const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
    if (!read.order) {
        move(claimed, held(claimed.order, "the ledger's fields of this order cannot be read"));
        return Next::stop;
    }
    if (!is_ready(claimed, *read.order)) return Next::stop;
    return go_through_steps(claimed, *read.order);
}

OrderRunner::Next OrderRunner::go_through_steps(ClaimedOrder& claimed, const Order& order) {
    bool is_first = true, was_unsent = false;
    while (!is_over()) {
        StepRecord* step = next_step(claimed.order, parts_.clock.now().utc);
        if (step == nullptr || !may_send(*step)) {
            // Nothing to be done now: this run need not claim it again and again.
            if (is_first && parts_.planner) wait(claimed, claimed.order.reason);
            return Next::stop;
        }
        is_first = false;
        switch (execute(claimed, *step, order)) {
            case Next::go_on:
                if (until_ == Until::main_answer && step->phase == StepPhase::main)
                    return Next::main_answered;
                break;
            case Next::stop:
                return Next::stop;
            case Next::main_answered:
                our_bug("a step says how far the order is", __FILE__, __LINE__);
            case Next::contact_elsewhere:
                return Next::contact_elsewhere;
            case Next::not_sent:
                // Once more at once, on a new session; then another run shall try.
                if (was_unsent && !is_over()) wait(claimed, claimed.order.reason);
                if (was_unsent) return Next::stop;
                was_unsent = true;
        }
        crash_point("between_steps");
    }
    return Next::stop;
}

bool OrderRunner::may_send(const StepRecord& step) const {
    return parts_.planner || step.phase == StepPhase::after || step.tries > 0 ||
           only_asks(step.function);
}

// ---- Before money is spent.

// The checks are made anew in each run that comes to send the main step; the plan is made once.
bool OrderRunner::is_ready(ClaimedOrder& claimed, const Order& order) {
    const StepRecord* main_step = main_step_of(claimed.order);
    const bool is_to_come = main_step == nullptr || main_step->state == StepState::planned;
    if (!is_to_come) return true;
    if (!parts_.planner) return main_step != nullptr;
    const bool is_only_waiting =
        main_step != nullptr && next_step(claimed.order, parts_.clock.now().utc) == nullptr;
    if (is_only_waiting) return true;
    if (parts_.ledger.is_domain_blocked_by_foreign(order.domain)) {
        postpone(claimed, "an operation that was not started here is pending for the domain");
        return false;
    }
    doubt_photograph(claimed);
    const Secret auth_code =
        claimed.order.has_auth_code ? parts_.ledger.auth_code(claimed.order.id) : Secret();
    const Verdict verdict =
        preflight(order, settings_.preflight, parts_.knowledge, view_, auth_code);
    if (!follow(claimed, verdict)) return false;
    if (main_step != nullptr && keeps_old_servers(order, *main_step, verdict)) {
        move(claimed, held(claimed.order,
                           "the domain has other name servers today than when its transfer was "
                           "planned, and would lose them; cancel the order and give it anew"));
        return false;
    }
    if (!is_covered(claimed, verdict)) return false;
    plan(claimed, order, verdict);
    return is_possible(claimed, order);
}

bool OrderRunner::is_covered(ClaimedOrder& claimed, const Verdict& verdict) {
    if (!verdict.price) return true;
    const auto shortage = parts_.rules.short_of_funds(claimed.order, *verdict.price);
    if (!shortage) return true;
    move(claimed, still(claimed.order, *shortage));
    return false;
}

bool OrderRunner::follow(ClaimedOrder& claimed, const Verdict& verdict) {
    switch (verdict.what) {
        case Verdict::What::go:
            return true;
        case Verdict::What::not_possible:
            give_up(claimed, verdict.code, verdict.reason);
            return false;
        case Verdict::What::not_now:
            postpone(claimed, verdict.reason);
            return false;
        case Verdict::What::to_be_held:
            move(claimed, held(claimed.order, verdict.reason));
            return false;
        case Verdict::What::so_already: {
            // Begun already: its steps find out one by one, and end it.
            if (claimed.order.state != OrderState::accepted) return true;
            OrderMove skip = failed_before_sending(verdict.code, verdict.reason);
            skip.state = OrderState::skipped;
            move(claimed, skip);
            return false;
        }
    }
    our_bug("a verdict without a name", __FILE__, __LINE__);
}

// Where DNSSEC was switched off for the order already, a person must see to it.
void OrderRunner::give_up(ClaimedOrder& claimed, const std::string& code,
                          const std::string& reason) {
    if (!has_touched_domain(claimed.order)) {
        return move(claimed, failed_before_sending(code, reason));
    }
    OrderMove hold = held(claimed.order, "DNSSEC was switched off for it, but now: " + reason);
    hold.code = code;
    move(claimed, hold);
}

void OrderRunner::plan(ClaimedOrder& claimed, const Order& order, const Verdict& verdict) {
    std::vector<PlannedStep> planned;
    if (claimed.order.steps.empty()) {
        planned = parts_.planner({order, verdict.rules, settings_.preflight.contacts,
                                  settings_.preflight.reseller_id, verdict.nameservers_in_place});
        claimed.order.steps = records_of(planned);
    }
    claimed.order.price = verdict.price;
    writes_.put_off([claim = claimed.claim, planned, price = verdict.price, notes = verdict.notes,
                     now = parts_.clock.now().utc, run = parts_.run.id()](LedgerWrite& w) {
        if (!planned.empty()) w.store_plan(claim, planned);
        if (price) w.set_price(claim, *price);
        for (const std::string& note : notes) w.event(run, "note", note, now, claim.order);
    });
    crash_point("planned");
}

// Contacts are made before the domain's turn comes: whether it is ours is asked before them.
bool OrderRunner::is_possible(ClaimedOrder& claimed, const Order& order) {
    if (claimed.order.steps.front().phase != StepPhase::before) return true;
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr);
    if (main_step->tries > 0) return true;
    const StepKind* kind = step_kind(main_step->function);
    DOMSPOOL_ASSERT(kind != nullptr);
    const StepContext context{order, *main_step,       main_step->arguments,
                              view_, parts_.knowledge, parts_.ledger};
    const BeforePicture picture = kind->picture(context);
    if (!picture.impossible.empty()) {
        give_up(claimed, "", picture.impossible);
        return false;
    }
    if (!picture.is_so_already) return true;
    const OrderMove skip =
        after_step_ended(claimed.order, *main_step, StepState::skipped, "", "is so already");
    if (skip.state != OrderState::skipped) return true;
    move(claimed, skip);
    return false;
}

// The photograph of the account's domains is as old as the run; an order that ended since may have
// brought the domain into the account.
void OrderRunner::doubt_photograph(const ClaimedOrder& claimed) {
    if (!parts_.knowledge.is_listed(claimed.order.domain)) return;
    OrderFilter same_domain;
    same_domain.domain = claimed.order.domain.ascii();
    for (const OrderRecord& other : parts_.ledger.orders(same_domain)) {
        if (other.id == claimed.order.id || other.state == OrderState::accepted) continue;
        return parts_.knowledge.doubt_photograph_of(claimed.order.domain);
    }
}

void OrderRunner::postpone(ClaimedOrder& claimed, const std::string& reason) {
    const OrderMove hold = held(claimed.order, reason);
    const bool is_held = writes_.write([&](LedgerWrite& w) {
        const auto now = parts_.clock.now().utc;
        const int runs = w.postpone(claimed.claim, reason, now);
        const bool enough = runs >= kRunsUntilHeld && claimed.order.state == OrderState::accepted;
        if (enough) w.move_order(claimed.claim, hold, now);
        return enough;
    });
    claimed.order.reason = reason;
    if (is_held) apply(hold, claimed.order);
}

// Like postpone, but however often it happens a person need not look.
void OrderRunner::wait(const ClaimedOrder& claimed, const std::string& reason) {
    writes_.write(
        [&](LedgerWrite& w) { w.put_aside(claimed.claim, reason, parts_.clock.now().utc); });
}

// ---- One step: intent, act, outcome.

OrderRunner::Next OrderRunner::execute(ClaimedOrder& claimed, StepRecord& step,
                                       const Order& order) {
    if (only_asks(step.function)) return ask_only(claimed, step);
    const StepKind* kind = step_kind(step.function);
    if (kind == nullptr) {
        move(claimed, held(claimed.order, "this version knows no step '" + step.function + "'"));
        return Next::stop;
    }
    const bool is_follow_up = step.phase == StepPhase::after;
    if (is_follow_up && step.tries > 0 && newer_order_has_begun(claimed.order)) {
        move(claimed, after_open_end(claimed.order, step,
                                     step.note + "; given up for a newer order of the domain"));
        return Next::go_on;
    }
    const auto arguments = arguments_of(claimed, step);
    if (!arguments) return Next::go_on;
    const StepContext context{order, step, *arguments, view_, parts_.knowledge, parts_.ledger};
    try {
        return execute_pictured(claimed, step, *kind, context);
    } catch (const QueryFailure& failure) {
        if (!is_follow_up || !is_about_one_question(failure)) throw;
        record_unanswered_question(
            claimed, step, failure.code(),
            std::string("the question before it was not answered: ") + failure.what());
        return Next::go_on;
    }
}

// Nothing: the step is tried later, or became an open end.
std::optional<FieldMap> OrderRunner::arguments_of(ClaimedOrder& claimed, StepRecord& step) {
    FieldMap arguments = resolved(step.arguments, claimed.order.steps);
    if (step.function != "domainSetDNSSecExt") return arguments;
    KeyArguments keys{{}, "the zone's keys cannot be read by this program"};
    if (settings_.zone_keys) {
        keys = settings_.zone_keys(claimed.order.domain, arguments);
    }
    if (keys.trouble.empty()) return keys.arguments;
    if (keys.may_be_later)
        record_unanswered_question(claimed, step, "", keys.trouble);
    else
        move(claimed, after_open_end(claimed.order, step, keys.trouble));
    return std::nullopt;
}

OrderRunner::Next OrderRunner::execute_pictured(ClaimedOrder& claimed, StepRecord& step,
                                                const StepKind& kind, const StepContext& context) {
    const BeforePicture picture = kind.picture(context);
    if (!picture.impossible.empty()) {
        const bool is_follow_up = step.phase == StepPhase::after;
        if (!is_follow_up && was_in_doubt(claimed.order, step)) {
            // Perhaps the first sending's doing, so late that no look saw it.
            move(claimed,
                 held(claimed.order,
                      step.function + " was to be sent a second time, but " + picture.impossible));
            return Next::stop;
        }
        move(claimed, is_follow_up ? after_open_end(claimed.order, step, picture.impossible)
                                   : failed_before_sending("", picture.impossible));
        return is_follow_up ? Next::go_on : Next::stop;
    }
    if (picture.is_so_already) {
        const OrderMove after =
            after_step_ended(claimed.order, step, StepState::skipped, "", "is so already");
        if (after.state != OrderState::skipped) {
            move_later(claimed, after);
            return Next::go_on;
        }
        move(claimed, after);
        return Next::stop;
    }
    if (!picture.completed_arguments) return send(claimed, step, kind, context, picture.fields);
    const StepContext completed{context.order,    step,         *picture.completed_arguments, view_,
                                parts_.knowledge, parts_.ledger};
    return send(claimed, step, kind, completed, picture.fields);
}

OrderRunner::Next OrderRunner::send(ClaimedOrder& claimed, StepRecord& step, const StepKind& kind,
                                    const StepContext& context, const FieldMap& picture) {
    const AttemptIntent intent = intent_of(claimed, step, picture);
    Begun begun;
    try {
        begun = begin(claimed, step, context, intent);
    } catch (const DomainBusy& busy) {
        return domain_is_busy(claimed, step, busy.other());
    } catch (const CeilingReached& reached) {
        parts_.rules.stop_ordering(reached.what());
        return Next::stop;
    }
    if (!begun.attempt) return not_begun(claimed, step, context, begun);
    crash_point(step.phase == StepPhase::after ? "follow_up_begun" : "attempt_begun");
    Outcome outcome = call(kind, context, intent.at, claimed.order.id);
    crash_point("call_returned");
    std::string first_word;
    if (const auto* refused = std::get_if<Refused>(&outcome); refused && step.tries > 1) {
        SecondThought second = second_thought(claimed.order, kind, context, Refused(*refused));
        outcome = std::move(second.outcome);
        first_word = std::move(second.first_word);
    }
    finish(claimed, step, *begun.attempt, context, outcome, first_word);
    // Held by the ledger: the answer names an operation of another attempt.
    if (claimed.order.state == OrderState::held) return Next::stop;
    return after(step, outcome);
}

// All questions come before the attempt's begin: from there only the ledger stands before the call.
AttemptIntent OrderRunner::intent_of(const ClaimedOrder& claimed, const StepRecord& step,
                                     const FieldMap& picture) {
    AttemptIntent intent;
    intent.position = step.position;
    intent.picture = picture;
    OperationId highest = parts_.knowledge.highest_operation(view_);
    if (step.tries > 0) {
        // An operation of an earlier sending may turn up yet, and is this step's own.
        for (const AttemptRecord& earlier : parts_.ledger.attempts(claimed.order.id)) {
            const std::string& then = field_of(earlier.picture, "highest_operation");
            if (earlier.position == step.position && earlier.outcome == AttemptOutcome::in_doubt &&
                !then.empty()) {
                highest = std::min<OperationId>(highest, std::stoll(then));
            }
        }
    }
    intent.picture["highest_operation"] = std::to_string(highest);
    intent.reserved_cents = cost_of(claimed.order, step);
    intent.at = parts_.clock.now();
    return intent;
}

OrderRunner::Begun OrderRunner::begin(ClaimedOrder& claimed, StepRecord& step,
                                      const StepContext& context, const AttemptIntent& intent) {
    const auto most = intent.reserved_cents > 0 ? ceiling(claimed.order) : std::nullopt;
    Begun begun = writes_.write([&](LedgerWrite& w) {
        Begun result;
        if (makes_contact(step)) {
            const auto answer =
                w.reserve_contact(fingerprint_of(context.arguments), claimed.order.id);
            if (const auto* other = std::get_if<LedgerWrite::ContactElsewhere>(&answer)) {
                result.elsewhere = other->order;
                return result;
            }
            if (const auto* known = std::get_if<LedgerWrite::ContactKnown>(&answer)) {
                result.contact = *known;
                return result;
            }
        }
        result.attempt = w.begin_attempt(claimed.claim, intent, most);
        return result;
    });
    if (begun.attempt) {
        ++step.tries;
        claimed.order.state = OrderState::in_progress;
        claimed.order.keeps_domain = true;
    }
    return begun;
}

OrderRunner::Next OrderRunner::not_begun(ClaimedOrder& claimed, StepRecord& step,
                                         const StepContext& context, const Begun& begun) {
    if (!begun.elsewhere) {
        const std::string& id = begun.contact.contact_id;
        if (const std::string trouble = trouble_with_known_contact(context, id); !trouble.empty()) {
            forget_contact(claimed, context, id, trouble);
            return Next::go_on;  // The same step again, which makes a new one.
        }
        move_later(claimed, after_step_ended(claimed.order, step, StepState::skipped,
                                             begun.contact.contact_id, "the contact is known"));
        return Next::go_on;
    }
    const OrderState its = parts_.ledger.order(*begun.elsewhere).state;
    if (its != OrderState::in_doubt && its != OrderState::held) return Next::contact_elsewhere;
    wait(claimed, "waits for order " + std::to_string(*begun.elsewhere) +
                      ", whose making of the same contact is in doubt");
    return Next::stop;
}

// Read once a day, as ids that orders name are: it may have been changed or deleted since. Making
// it counts as reading it.
std::string OrderRunner::trouble_with_known_contact(const StepContext& context,
                                                    const std::string& id) {
    const auto a_day_ago = parts_.clock.now().utc - std::chrono::hours(24);
    if (parts_.ledger.recall(kMadeContact, id, a_day_ago)) return "";
    const auto answer = parts_.knowledge.contact(id, view_);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) return "is gone: " + unknown->text;
    FieldMap sent = context.arguments;
    const bool is_owner = field_of(sent, "isOwner") == "1";
    sent.erase("isOwner");
    const auto& shown = std::get<KnownContact>(answer);
    if (shown.is_owner != is_owner) return "is of the other kind now (isOwner)";
    const std::string changed = changed_fields(contact_from_fields(sent), shown.data);
    return changed.empty() ? "" : "shows other data now (" + changed + ")";
}

// Unless another lane has done so, and made a new one already.
void OrderRunner::forget_contact(const ClaimedOrder& claimed, const StepContext& context,
                                 const std::string& id, const std::string& trouble) {
    writes_.write([&](LedgerWrite& w) {
        const std::string fingerprint = fingerprint_of(context.arguments);
        const auto answer = w.reserve_contact(fingerprint, claimed.order.id);
        const auto* known = std::get_if<LedgerWrite::ContactKnown>(&answer);
        if (known == nullptr || known->contact_id != id) return;
        w.forget_contact(fingerprint);
        w.event(parts_.run.id(), "note",
                "contact " + id + ", made earlier for the same person, " + trouble +
                    "; the person is made anew",
                parts_.clock.now().utc, claimed.order.id);
    });
}

OrderRunner::Next OrderRunner::domain_is_busy(ClaimedOrder& claimed, const StepRecord& step,
                                              OrderId other) {
    const std::string number = std::to_string(other);
    if (step.phase == StepPhase::after) {
        move(claimed, after_open_end(claimed.order, step,
                                     step.note + "; given up for order " + number +
                                         ", begun since for the domain"));
        return Next::go_on;
    }
    move(claimed, still(claimed.order,
                        "waits for order " + number + ", which is not ended, for the same domain"));
    return Next::stop;
}

Outcome OrderRunner::call(const StepKind& kind, const StepContext& context, const Moment& begun,
                          OrderId order) {
    const Secret auth_code =
        kind.function == "domainTransferIn" ? parts_.ledger.auth_code(order) : Secret();
    if (gap_between(begun, parts_.clock.now()) > kFreshAttempt) {
        return TryLater{TryLater::Why::session_dead, "",
                        "the ledger took too long to note the attempt; nothing was sent"};
    }
    Outcome outcome = kind.send(context, auth_code, parts_.desk);
    const auto* done = std::get_if<Done>(&outcome);
    if (done != nullptr && makes_contact(context.step) && done->value.empty()) {
        return InDoubt{"contactCreate was answered without a contact id"};
    }
    return outcome;
}

void OrderRunner::finish(ClaimedOrder& claimed, StepRecord& step, AttemptId attempt,
                         const StepContext& context, const Outcome& outcome,
                         const std::string& first_word) {
    if (const auto operation = operation_in(outcome)) {
        parts_.knowledge.note_operation(*operation);
    }
    if (step.function == "contactOwnerUpdate") {
        parts_.knowledge.forget_contact(field_of(context.arguments, "idContact"));
    }
    OrderMove next = after_answer(claimed.order, step, outcome, parts_.clock.now().utc);
    if (!first_word.empty()) next.reason += "; " + first_word;
    if (step.phase == StepPhase::main) claimed.order.operation = operation_in(outcome);
    RegistrarAnswer answer{
        claimed, attempt, end_of(outcome, parts_.clock.now()),
        next,    nullptr, [phase = step.phase] { crash_point(name_of_written(phase)); }};
    if (makes_contact(step)) {
        answer.also = [&, now = answer.end.at.utc](LedgerWrite& w) {
            settle_contact(w, context.arguments, outcome, now);
        };
    }
    if (may_wait_for_next_intent(step, outcome)) {
        apply(next, claimed.order);
        writes_.keep(std::move(answer));
        crash_point("answer_kept");
    } else {
        writes_.write_answer(std::move(answer));
    }
    note(claimed, step, outcome);
}

// What needs a look or another sending is written at once.
bool OrderRunner::may_wait_for_next_intent(const StepRecord& step, const Outcome& outcome) const {
    if (until_ != Until::main_answer || step.phase != StepPhase::main || step.tries > 1)
        return false;
    return std::holds_alternative<Done>(outcome) || std::holds_alternative<Pending>(outcome);
}

void OrderRunner::note(const ClaimedOrder& claimed, const StepRecord& step,
                       const Outcome& outcome) {
    parts_.rules.note(claimed.order.id, step.phase, outcome);
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused != nullptr && settings_.check_balance && !parts_.rules.is_stopped() &&
        parts_.rules.is_new_code(refused->code)) {
        ask_balance_again(claimed.order);
    }
}

// A refusal in words not heard before may mean that the money has run out.
void OrderRunner::ask_balance_again(const OrderRecord& order) {
    try {
        const auto balance = parts_.knowledge.account_now(view_).balance_cents;
        const auto& floor = settings_.balance_floor;
        const std::int64_t needed =
            (floor ? floor->cents : 0) + (order.price ? order.price->cents : 0);
        if (!balance || *balance >= needed) return;
        const std::string currency = order.price ? order.price->currency
                                     : floor     ? floor->currency
                                                 : std::string();
        parts_.rules.stop_ordering("the account's balance is " +
                                   to_text(Money{*balance, currency}) +
                                   ", too little for an order like the one just refused above the "
                                   "floor; add funds");
    } catch (const QueryFailure& failure) {
        parts_.rules.note(failure);
    }
}

OrderRunner::Next OrderRunner::after(const StepRecord& step, const Outcome& outcome) const {
    if (std::holds_alternative<Done>(outcome)) return Next::go_on;
    if (const auto* later = std::get_if<TryLater>(&outcome)) {
        const bool may_repeat = later->why == TryLater::Why::session_dead;
        return may_repeat && step.phase != StepPhase::after ? Next::not_sent : Next::stop;
    }
    // One follow-up that failed does not stop the others.
    const bool is_refused = std::holds_alternative<Refused>(outcome);
    return is_refused && step.phase == StepPhase::after ? Next::go_on : Next::stop;
}

// A follow-up whose question before it gets no answer counts as tried: it must come to an end, too.
void OrderRunner::record_unanswered_question(ClaimedOrder& claimed, StepRecord& step,
                                             const std::string& code, const std::string& words) {
    AttemptIntent intent;
    intent.position = step.position;
    intent.at = parts_.clock.now();
    const TryLater unsent{TryLater::Why::session_dead, code, words};
    try {
        OrderMove next;
        writes_.write([&](LedgerWrite& w) {
            const AttemptId attempt = w.begin_attempt(claimed.claim, intent, std::nullopt);
            ++step.tries;
            next = after_answer(claimed.order, step, unsent, intent.at.utc);
            next = w.finish_attempt(claimed.claim, attempt, end_of(unsent, intent.at), next);
        });
        apply(next, claimed.order);
    } catch (const DomainBusy& busy) {
        domain_is_busy(claimed, step, busy.other());
    }
}

bool OrderRunner::was_in_doubt(const OrderRecord& order, const StepRecord& step) const {
    if (step.tries == 0) return false;
    const auto attempts = parts_.ledger.attempts(order.id);
    return std::any_of(attempts.begin(), attempts.end(), [&](const AttemptRecord& attempt) {
        return attempt.position == step.position && attempt.outcome == AttemptOutcome::in_doubt;
    });
}

bool OrderRunner::newer_order_has_begun(const OrderRecord& order) const {
    OrderFilter same_domain;
    same_domain.domain = order.domain.ascii();
    const auto others = parts_.ledger.orders(same_domain);
    return std::any_of(others.begin(), others.end(), [&](const OrderRecord& other) {
        const bool has_begun = other.keeps_domain || other.state == OrderState::done ||
                               other.state == OrderState::done_open_ends;
        return other.id > order.id && has_begun;
    });
}

// ---- Steps that only ask.

OrderRunner::Next OrderRunner::ask_only(ClaimedOrder& claimed, StepRecord& step) {
    if (step.function == kReadParentDs) return read_parent_ds(claimed, step);
    if (step.function == kAwaitNoDs) return await_no_ds(claimed, step);
    return read_back(claimed, step);
}

ParentDs OrderRunner::parent_ds(const DomainName& domain) const {
    if (!settings_.read_parent_ds) return {};
    return settings_.read_parent_ds(domain);
}

// Before DNSSEC is switched off: afterwards the parent does not say any more how long its DS lives.
OrderRunner::Next OrderRunner::read_parent_ds(ClaimedOrder& claimed, const StepRecord& step) {
    const ParentDs seen = parent_ds(claimed.order.domain);
    if (seen.state == ParentDs::State::unreadable) {
        postpone(claimed,
                 "whether the parent has a DS of the domain is not known now: " + seen.reason);
        return Next::stop;
    }
    move(claimed, after_reading_ds(claimed.order, step, seen));
    return Next::go_on;
}

OrderRunner::Next OrderRunner::await_no_ds(ClaimedOrder& claimed, const StepRecord& step) {
    const OrderMove next =
        after_looking_for_ds(claimed.order, step, resolved(step.arguments, claimed.order.steps),
                             parent_ds(claimed.order.domain), parts_.clock.now().utc);
    move(claimed, next);
    return next.step_state == StepState::done ? Next::go_on : Next::stop;
}

// ---- The read-back.

OrderRunner::Next OrderRunner::read_back(ClaimedOrder& claimed, StepRecord& step) {
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr);
    std::optional<DomainRecord> record;
    try {
        record = view_.domain(claimed.order.domain);
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        return read_back_unanswered(claimed, step, failure);
    }
    const std::string note =
        record
            ? differences(*main_step, resolved(main_step->arguments, claimed.order.steps), *record)
            : "the domain is not in the account (E15-M1502)";
    if (!note.empty() && is_adopted(*main_step)) {
        move(claimed,
             held(claimed.order, "the adopted operation ended, but the domain differs: " + note));
        return Next::stop;
    }
    move_later(claimed, after_step_ended(claimed.order, step, StepState::done, "", note));
    crash_point("read_back");
    return Next::go_on;
}

// Twice, then it is an open end; an adopted operation must be seen to count.
OrderRunner::Next OrderRunner::read_back_unanswered(ClaimedOrder& claimed, const StepRecord& step,
                                                    const QueryFailure& failure) {
    const std::string words = kReadBackFailed + std::string(failure.what());
    const bool is_second = step.note.rfind(kReadBackFailed, 0) == 0;
    const bool must_be_seen = is_adopted(*main_step_of(claimed.order));
    if (!is_second) {
        move(claimed, later_again(claimed.order, step, words, parts_.clock.now().utc));
    } else if (must_be_seen) {
        move(claimed, held(claimed.order, "the adopted operation ended, but the domain " + words));
    } else {
        move(claimed, after_open_end(claimed.order, step, words));
    }
    return must_be_seen ? Next::stop : Next::go_on;
}

// ---- Writing.

void OrderRunner::move(ClaimedOrder& claimed, const OrderMove& next) {
    writes_.write(
        [&](LedgerWrite& w) { w.move_order(claimed.claim, next, parts_.clock.now().utc); });
    apply(next, claimed.order);
}

// For what would be found out again.
void OrderRunner::move_later(ClaimedOrder& claimed, const OrderMove& next) {
    writes_.put_off([claim = claimed.claim, next, now = parts_.clock.now().utc](LedgerWrite& w) {
        w.move_order(claim, next, now);
    });
    apply(next, claimed.order);
}

std::optional<SpendCeiling> OrderRunner::ceiling(const OrderRecord& order) const {
    const auto& most = settings_.max_spend_per_day;
    if (!most) {
        throw CeilingReached(
            "limits.max_spend_per_day is not set, and this order costs money; add for example "
            "`limits: { max_spend_per_day: 500 EUR }` to the settings");
    }
    if (order.price && order.price->currency != most->currency) {
        throw CeilingReached("limits.max_spend_per_day is " + to_text(*most) +
                             ", but the account pays in " + order.price->currency);
    }
    const auto today = std::chrono::floor<std::chrono::days>(parts_.clock.now().utc);
    return SpendCeiling{most->cents, today};
}

std::int64_t OrderRunner::cost_of(const OrderRecord& order, const StepRecord& step) const {
    return step.phase == StepPhase::main && order.price ? order.price->cents : 0;
}

std::vector<ClaimedOrder> OrderRunner::claim_next(std::optional<BatchId> batch, int limit) {
    return writes_.write([&](LedgerWrite& w) {
        return w.claim_next(parts_.run.id(), batch, limit, parts_.clock.now().utc);
    });
}

std::optional<ClaimedOrder> OrderRunner::claim_order(OrderId order) {
    return writes_.write([&](LedgerWrite& w) { return w.claim_order(parts_.run.id(), order); });
}

void OrderRunner::release(const Claim& claim) {
    writes_.put_off([claim](LedgerWrite& w) { w.release(claim); });
}

}  // namespace domspool
