#include "workflow/moves/executed.h"

#include "registrar/fault_code.h"
#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr int kDeadSessionsOfSecond = 2;  // the second sending is tried anew once, at once

// Making a contact twice costs nothing and leaves the domain as it is.
bool changes_domain(const StepRecord& step) {
    return step.phase != StepPhase::before || step.function.starts_with("domain");
}

// It left this machine and was refused at the door.
bool met_dead_session(const AttemptRecord& attempt) {
    return attempt.outcome == AttemptOutcome::try_later && netim::is_dead_session(attempt.code);
}

// That is no sending.
bool never_left(const AttemptRecord& attempt) {
    return attempt.outcome == AttemptOutcome::try_later && !met_dead_session(attempt);
}

AttemptRecord* attempt_in(OrderRecord& order, AttemptId id) {
    const auto found = std::find_if(order.attempts.begin(), order.attempts.end(),
                                    [&](const AttemptRecord& each) { return each.id == id; });
    return found == order.attempts.end() ? nullptr : &*found;
}

}  // namespace

Executed executed(const AttemptRecord& attempt) {
    if (!attempt.outcome) return Executed::perhaps;
    switch (*attempt.outcome) {
        case AttemptOutcome::done:
            return Executed::yes;
        case AttemptOutcome::refused:
        case AttemptOutcome::try_later:
            return Executed::no;
        case AttemptOutcome::pending:
            return Executed::perhaps;
        case AttemptOutcome::in_doubt:
            return attempt.settled_as == AttemptOutcome::done ? Executed::yes : Executed::perhaps;
    }
    our_bug("an outcome without a name", __FILE__, __LINE__);
}

Executed executed(const OrderRecord& order, const StepRecord& step) {
    int known = 0;
    Executed most = Executed::no;
    for (const AttemptRecord& attempt : order.attempts) {
        if (attempt.position != step.position) continue;
        ++known;
        most = std::max(most, executed(attempt));
    }
    return known < step.tries ? std::max(most, Executed::perhaps) : most;
}

// By an attempt that is known, or by one that is not.
bool was_in_doubt(const OrderRecord& order, const StepRecord& step) {
    int known = 0;
    for (const AttemptRecord& attempt : order.attempts) {
        if (attempt.position != step.position) continue;
        if (attempt.outcome == AttemptOutcome::in_doubt) return true;
        ++known;
    }
    return known < step.tries;
}

bool may_have_changed_domain(const OrderRecord& order) {
    return std::any_of(order.steps.begin(), order.steps.end(), [&](const StepRecord& step) {
        return changes_domain(step) && executed(order, step) != Executed::no;
    });
}

bool may_have_cost(const OrderRecord& order) {
    return std::any_of(order.steps.begin(), order.steps.end(), [&](const StepRecord& step) {
        return step.phase == StepPhase::main && executed(order, step) != Executed::no;
    });
}

const StepRecord* awaits_second_sending(const OrderRecord& order) {
    const auto found =
        std::find_if(order.steps.begin(), order.steps.end(), [&](const StepRecord& step) {
            return step.state == StepState::planned && was_in_doubt(order, step) &&
                   executed(order, step) == Executed::perhaps;
        });
    return found == order.steps.end() ? nullptr : &*found;
}

bool was_sent_again(const OrderRecord& order, const StepRecord& step) {
    bool was_in_doubt = false;
    for (const AttemptRecord& attempt : order.attempts) {
        if (attempt.position != step.position) continue;
        if (was_in_doubt && !never_left(attempt)) return true;
        was_in_doubt = was_in_doubt || attempt.outcome == AttemptOutcome::in_doubt;
    }
    return false;
}

bool is_sent_out(const OrderRecord& order, const StepRecord& step) {
    bool was_in_doubt = false;
    int dead_since = 0;
    for (const AttemptRecord& attempt : order.attempts) {
        if (attempt.position != step.position) continue;
        if (attempt.outcome == AttemptOutcome::in_doubt) {
            was_in_doubt = true;
            dead_since = 0;
        }
        if (was_in_doubt && met_dead_session(attempt)) ++dead_since;
    }
    return dead_since >= kDeadSessionsOfSecond;
}

std::string answers_of(const OrderRecord& order, int position) {
    std::string answers;
    for (const AttemptRecord& attempt : order.attempts) {
        if (attempt.position != position || !attempt.outcome || never_left(attempt)) continue;
        const bool is_told = attempt.text.find(attempt.code) != std::string::npos;
        answers += (answers.empty() ? "'" : ", then '") +
                   (is_told ? attempt.text : attempt.code + ": " + attempt.text) + "'";
    }
    return answers;
}

void note_begun(OrderRecord& order, const StepRecord& step, AttemptId attempt,
                const AttemptIntent& intent, RunId run) {
    AttemptRecord record;
    record.id = attempt;
    record.order = order.id;
    record.position = step.position;
    record.function = step.function;
    record.run = run;
    record.begun = intent.at;
    record.picture = intent.picture;
    record.reserved_cents = intent.reserved_cents;
    order.attempts.push_back(std::move(record));
}

void note_ended(OrderRecord& order, AttemptId attempt, const AttemptEnd& end) {
    AttemptRecord* record = attempt_in(order, attempt);
    DOMSPOOL_ASSERT(record != nullptr);
    record->outcome = end.outcome;
    record->is_unproven = end.is_unproven;
    record->operation = end.operation;
    record->status = end.status;
    record->code = end.code;
    record->text = end.text;
    record->ended = end.at;
}

void note_settled(OrderRecord& order, AttemptId attempt, const AttemptEnd& end,
                  const std::string& how) {
    AttemptRecord* record = attempt_in(order, attempt);
    DOMSPOOL_ASSERT(record != nullptr);
    record->settled_as = end.outcome;
    record->settled = how;
    if (end.operation) record->operation = end.operation;
}

}  // namespace domspool
