#include "workflow/sending/step_outcomes.h"

#include "registrar/trouble.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/doubt/look.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/steps/contact_memory.h"

#include <algorithm>
#include <string>

namespace domspool {

namespace {

// Of the account's 500; people and other programs ask as well.
constexpr int kChecksPerDay = 200;

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

void add(std::string& text, const std::string& words) {
    text += (text.empty() ? "" : "; ") + words;
}

std::optional<OperationId> operation_in(const Outcome& outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) return done->operation;
    if (const auto* pending = std::get_if<Pending>(&outcome)) return pending->operation;
    if (const auto* refused = std::get_if<Refused>(&outcome)) return refused->operation;
    return std::nullopt;
}

bool may_wait(const StepRecord& step, const Outcome& outcome) {
    if (step.phase != StepPhase::main || step.tries > 1) return false;
    return std::holds_alternative<Done>(outcome) || std::holds_alternative<Pending>(outcome);
}

Next next_after(const StepRecord& step, const Outcome& outcome) {
    if (std::holds_alternative<Done>(outcome)) return Next::go_on;
    if (const auto* later = std::get_if<TryLater>(&outcome)) {
        // A follow-up is planned for later, when pending-check comes by.
        if (step.phase == StepPhase::after) return Next::stop;
        switch (later->why) {
            case TryLater::Why::session_dead:
                return Next::not_sent;
            case TryLater::Why::unreachable:
                return Next::never_left;
            case TryLater::Why::asked_to_wait:
                return Next::waits_its_turn;
            case TryLater::Why::login_refused:
                return Next::stop;
        }
    }
    // One follow-up that failed does not stop the others.
    const bool is_refused = std::holds_alternative<Refused>(outcome);
    return is_refused && step.phase == StepPhase::after ? Next::go_on : Next::stop;
}

}  // namespace

Next StepOutcomes::take(const Sending& sending, const CommittedAttempt& attempt, Outcome outcome,
                        Write when) {
    OrderRecord& order = sending.claimed.order;
    const StepRecord& step = sending.step;
    std::string first_word;
    if (const auto* refused = std::get_if<Refused>(&outcome); refused && step.tries > 1) {
        SecondThought second =
            second_thought(order, sending.kind, sending.context, Refused(*refused));
        outcome = std::move(second.outcome);
        first_word = std::move(second.first_word);
        if (makes_contact(step)) adopt_contact(sending, outcome);
    }
    if (const auto operation = operation_in(outcome)) lane_.cache.note_operation(*operation);
    if (step.function == "contactOwnerUpdate") {
        lane_.cache.forget_contact(field_of(sending.context.arguments, "idContact"));
    }
    const AttemptEnd end = end_of(outcome, lane_.clock.now());
    note_ended(order, attempt.id(), end);
    OrderMove next = after_answer(order, step, outcome, end.at.utc);
    if (!first_word.empty()) {
        add(next.reason, first_word);
        add(next.step_note, first_word);
    }
    if (step.phase == StepPhase::main) order.operation = operation_in(outcome);
    const bool is_only_now = is_only_for_now(order, step, outcome);
    write(sending, {attempt.id(), end, outcome, next}, when);
    if (is_only_now) leave_for_next_run(sending);
    count(sending, outcome);
    // Held by the ledger: the answer names an operation of another attempt.
    if (order.state == OrderState::held) return Next::stop;
    return next_after(step, outcome);
}

// Found by the look, not named by an answer: of two attempts one takes it.
void StepOutcomes::adopt_contact(const Sending& sending, Outcome& outcome) {
    const auto* found = std::get_if<Done>(&outcome);
    if (found == nullptr) return;
    const std::string fingerprint = fingerprint_of(sending.context.arguments);
    try {
        lane_.writes.write([&](LedgerWrite& w) {
            w.adopt_contact(fingerprint, found->value, lane_.clock.now().utc);
        });
    } catch (const OwnedAlready& owned) {
        outcome = InDoubt{std::string("the second sending was refused, and ") + owned.what()};
    }
}

void StepOutcomes::write(const Sending& sending, const Answered& answered, Write when) {
    const StepRecord& step = sending.step;
    RegistrarAnswer answer{
        sending.claimed, answered.attempt,
        answered.end,    answered.next,
        nullptr,         [phase = step.phase] { crash_point(name_of_written(phase)); }};
    if (makes_contact(step)) {
        answer.also = [&](LedgerWrite& w) {
            settle_contact(w, sending.context.arguments, answered.outcome, answered.end.at.utc);
        };
    }
    if (when == Write::at_once || !may_wait(step, answered.outcome)) {
        return lane_.writes.write_answer(std::move(answer));
    }
    apply(answered.next, sending.claimed.order);
    lane_.writes.keep(std::move(answer));
    crash_point("answer_kept");
}

// Its attempts tell how often: what was sent is no longer counted as postponed.
void StepOutcomes::leave_for_next_run(const Sending& sending) {
    OrderRecord& order = sending.claimed.order;
    const auto times = std::ranges::count_if(order.attempts, [&](const AttemptRecord& attempt) {
        return attempt.position == sending.step.position &&
               attempt.outcome == AttemptOutcome::refused;
    });
    if (times < kRunsUntilHeld) return lane_.orders.postpone(sending.claimed, order.reason);
    lane_.orders.move(sending.claimed, held(order, HeldFor::checks, order.reason));
}

void StepOutcomes::count(const Sending& sending, const Outcome& outcome) {
    const OrderRecord& order = sending.claimed.order;
    using Refusal = StoppingRules::Refusal;
    const bool is_names_own = is_taken(sending, outcome);
    lane_.rules.note(order.id, sending.step.phase, outcome,
                     is_names_own ? Refusal::names_own : Refusal::as_it_reads);
    const std::string* code = refusal_code_in(outcome);
    if (code != nullptr && !is_names_own && lane_.settings.check_balance &&
        !lane_.rules.is_stopped() && lane_.rules.is_new_code(*code)) {
        ask_balance_again(order);
    }
}

// Whether a refusal that nobody knows is about the name alone, which somebody else has. Words the
// table knows need no question.
bool StepOutcomes::is_taken(const Sending& sending, const Outcome& outcome) {
    const bool is_unknown = refusal_code_in(outcome) != nullptr && !trouble_of(outcome).is_known;
    if (!is_unknown || sending.step.function != "domainCreate" || lane_.rules.is_stopped()) {
        return false;
    }
    const std::string today = to_iso(lane_.clock.now().utc).substr(0, 10);
    const bool may_ask = lane_.ledger.write(
        [&](LedgerWrite& w) { return w.count_availability_check(today, kChecksPerDay); });
    if (!may_ask) return false;
    try {
        return lane_.queries.availability(sending.claimed.order.domain) == Availability::taken;
    } catch (const QueryFailure& failure) {
        lane_.rules.note(failure);
        return false;
    }
}

// A refusal in words not heard before may mean that the money has run out.
void StepOutcomes::ask_balance_again(const OrderRecord& order) {
    try {
        const auto balance = lane_.cache.account_now(lane_.queries).balance_cents;
        const auto& floor = lane_.settings.balance_floor;
        const std::int64_t needed =
            (floor ? floor->cents : 0) + (order.price ? order.price->cents : 0);
        if (!balance || *balance >= needed) return;
        const std::string currency = order.price ? order.price->currency
                                     : floor     ? floor->currency
                                                 : std::string();
        lane_.rules.stop_ordering(
            Limit::balance, "the account's balance is " + to_text(Money{*balance, currency}) +
                                ", too little for an order like the one just refused above the "
                                "floor; add funds");
    } catch (const QueryFailure& failure) {
        lane_.rules.note(failure);
    }
}

}  // namespace domspool
