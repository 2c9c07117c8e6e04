#include "workflow/moves/decision_moves.h"

#include "orders/order_fields.h"
#include "util/failure.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

#include <algorithm>

namespace domspool {

namespace {

std::string command(const std::string& verb, const OrderRecord& order) {
    return "`domain-orders " + verb + " " + std::to_string(order.id) + "`";
}

std::string state_of(const OrderRecord& order) {
    return "it is " + std::string(to_word(order.state));
}

std::string ways_to_resolve(const OrderRecord& order) {
    return command("resolve", order) + " with --done, --failed or --resend";
}

std::string way_to_a_word(const OrderRecord& order) {
    const std::string first = order.state == OrderState::held
                                  ? ""
                                  : command("hold", order) + " keeps it from being sent again, ";
    return first + "look at the registrar, then " + command("resolve", order) +
           " with --done or --failed";
}

const StepRecord* step_in(const OrderRecord& order, StepState state) {
    const auto found = std::find_if(order.steps.begin(), order.steps.end(),
                                    [&](const StepRecord& step) { return step.state == state; });
    return found == order.steps.end() ? nullptr : &*found;
}

// Of an adopted operation that ended: what was ordered is not seen.
bool is_unseen_adoption(const OrderRecord& order) {
    const StepRecord* main_step = main_step_of(order);
    return main_step != nullptr && main_step->state == StepState::done &&
           main_step->evidence == Evidence::adopted;
}

DecisionMove refused(const std::string& reason) {
    return {{}, reason};
}

OrderMove planned_again(const OrderRecord& order, const StepRecord& step) {
    OrderMove move;
    move.keeps_domain = may_have_changed_domain(order);
    move.state = move.keeps_domain ? OrderState::in_progress : OrderState::accepted;
    move.position = step.position;
    move.step_state = StepState::planned;
    move.step_note = step.note;
    move.evidence = step.evidence;
    return move;
}

OrderMove failed_by_word(const OrderRecord& order, const StepRecord& step,
                         const std::string& said) {
    if (step.phase == StepPhase::after) return after_open_end(order, step, said);
    OrderMove move;
    move.state = OrderState::failed;
    move.keeps_domain = false;
    move.reason = step.function + " failed, " + said;
    move.position = step.position;
    move.step_state = StepState::failed;
    move.step_note = said;
    return move;
}

// The fields of an order that ask for something once its main step is done.
std::string wishes_after_main(const OrderRecord& order) {
    std::string wishes;
    for (const char* name : {"new_auth_code", "zone_template", "dnssec", "privacy", "auto_renew",
                             "lock", "tag", "note"}) {
        const std::string field = name;
        const std::string& value = field_of(order.fields, field);
        const bool is_with_main =
            field == "zone_template" && entry_of(order.kind).template_goes_with_main_call;
        const bool is_nothing = value.empty() || is_with_main ||
                                (field == "new_auth_code" && value == "no") ||
                                (field == "dnssec" && value == "keep");
        const bool is_by_default = field == "new_auth_code" && value.empty() &&
                                   order_fields::belongs_to(field, order.kind);
        if (!is_nothing || is_by_default) wishes += (wishes.empty() ? "" : ", ") + field;
    }
    return wishes;
}

OrderMove done_by_word(const OrderRecord& order, const StepRecord& step, const std::string& said) {
    const bool id_is_known = step.phase != StepPhase::main || step.operation.has_value();
    return after_step_ended(order, step, StepState::done, "",
                            (id_is_known ? "done, " : kIdUnknown + ", ") + said,
                            id_is_known ? Evidence::reply : Evidence::id_unknown);
}

}  // namespace

DecisionMove pause(const OrderRecord& order, const std::string& whom) {
    if (order.state == OrderState::held) {
        return refused("it is held already: " + command("release", order) + " lets it go on");
    }
    if (is_end(order.state)) return refused(state_of(order) + ": there is nothing left to pause");
    return {held(order, HeldFor::person,
                 "paused by " + whom + "; " + command("release", order) + " lets it go on"),
            ""};
}

DecisionMove let_go_on(const OrderRecord& order) {
    if (order.state != OrderState::held) {
        return refused(state_of(order) + ", not held: there is nothing to release" +
                       (order.state == OrderState::failed
                            ? "; " + command("retry", order) + " makes a new order from it"
                            : ""));
    }
    const StepRecord* failed = step_in(order, StepState::failed);
    if (failed == nullptr || failed->function == kCancelling) return {as_its_steps_say(order), ""};
    const bool is_certain = !failed->operation && executed(order, *failed) == Executed::no;
    if (is_certain) return {planned_again(order, *failed), ""};
    // Sent anew, it could be done twice: the registrar's support restarts operations, looks and
    // persons may have been wrong.
    return refused("it is held, and its " + failed->function +
                   " failed, but may have been executed or be at work again: look at the "
                   "registrar, then " +
                   command("resolve", order) + " with --done or --failed");
}

OrderMove looked_for_first(const OrderRecord& order) {
    OrderMove move;
    move.state = OrderState::in_doubt;
    move.keeps_domain = order.keeps_domain;
    move.reason = "it may have been sent after the ledger was copied; pending-check looks for it";
    return move;
}

Cancelling way_to_cancel(const OrderRecord& order) {
    if (is_end(order.state)) return {CancelWay::refused, state_of(order) + ": it has ended"};
    if (order.state == OrderState::in_doubt || step_in(order, StepState::in_doubt) != nullptr) {
        return {CancelWay::refused,
                state_of(order) +
                    ", and what is in doubt cannot be cancelled: perhaps it was executed. "
                    "pending-check looks for it; a person decides with " +
                    ways_to_resolve(order)};
    }
    const StepRecord* main_step = main_step_of(order);
    const bool is_to_be_sent = main_step != nullptr && main_step->state == StepState::planned;
    if (is_to_be_sent && executed(order, *main_step) != Executed::no) {
        return {CancelWay::refused,
                state_of(order) + ", and its " + main_step->function +
                    " was sent before and may have been executed: " + way_to_a_word(order)};
    }
    if (main_step == nullptr || order.state == OrderState::accepted) return {CancelWay::unsent, ""};
    switch (main_step->state) {
        case StepState::planned:
            if (step_in(order, StepState::waiting) == nullptr) return {CancelWay::unsent, ""};
            return {CancelWay::refused, state_of(order) +
                                            ": a step before the order's own is pending; " +
                                            command("hold", order) + " keeps the rest back"};
        case StepState::waiting:
            if (main_step->operation) return {CancelWay::ask_the_registrar, ""};
            break;
        case StepState::failed:
            return {CancelWay::refused, state_of(order) + ", and " + main_step->function +
                                            " has failed: " + command("resolve", order) +
                                            " with --failed ends it"};
        case StepState::done:
        case StepState::skipped:
            return {CancelWay::refused, state_of(order) + ", and its " + main_step->function +
                                            " is done: only what follows it can be kept back, by " +
                                            command("hold", order)};
        case StepState::in_doubt:
        case StepState::open_end:
            break;
    }
    return {CancelWay::refused,
            state_of(order) + ", and no operation of it is known that could be cancelled"};
}

OrderMove cancelled_unsent(const OrderRecord& order, const std::string& person) {
    OrderMove move;
    move.state = OrderState::cancelled;
    move.keeps_domain = false;
    move.reason = "cancelled by " + person + " before it was sent";
    for (const StepRecord& step : order.steps) {
        const bool is_the_domains = step.function.starts_with("domain");
        if (!is_the_domains || step.phase != StepPhase::before) continue;
        switch (executed(order, step)) {
            case Executed::no:
                break;
            case Executed::perhaps:
                move.reason += "; " + step.function + " may have been done for it";
                break;
            case Executed::yes:
                move.reason += "; " + step.function + " was done for it and stays so";
                break;
        }
    }
    return move;
}

StepAtStake step_at_stake(const OrderRecord& order) {
    if (const StepRecord* doubt = step_in(order, StepState::in_doubt)) return {doubt, ""};
    if (is_end(order.state)) {
        return {nullptr, state_of(order) + ": nothing of it is in doubt" +
                             (order.state == OrderState::failed
                                  ? "; " + command("retry", order) + " makes a new order from it"
                                  : "")};
    }
    const StepRecord* sent = awaits_second_sending(order);
    if (order.state != OrderState::held && sent != nullptr) {
        return {nullptr, state_of(order) + ", and its " + sent->function +
                             " is sent again, as it was surely not executed: " +
                             command("hold", order) + " stops it, then say what you have seen"};
    }
    if (order.state != OrderState::held) {
        return {nullptr, state_of(order) + ", neither in doubt nor held: " +
                             (order.state == OrderState::waiting
                                  ? "pending-check asks what becomes of its operation"
                                  : "it goes on by itself") +
                             ", " + command("cancel", order) + " or " + command("hold", order) +
                             " may stop it"};
    }
    if (const StepRecord* waiting = step_in(order, StepState::waiting)) return {waiting, ""};
    const StepRecord* failed = step_in(order, StepState::failed);
    if (failed != nullptr && failed->function != kCancelling) return {failed, ""};
    if (sent != nullptr) return {sent, ""};
    if (is_unseen_adoption(order)) return {main_step_of(order), ""};
    return {nullptr, "it is held, and nothing of it was sent without an answer: " +
                         command("release", order) + " lets it go on, " + command("cancel", order) +
                         " ends what was not sent"};
}

DecisionMove after_word(const OrderRecord& order, const StepRecord& step, Word word,
                        const std::string& said) {
    if (step.function == kCancelling) {
        const Outcome outcome = word == Word::done ? Outcome(Done{std::nullopt, said, ""})
                                                   : Outcome(Refused{"", said, std::nullopt});
        return {after_answer(order, step, outcome, UtcTime{}), ""};
    }
    if (word == Word::failed) return {failed_by_word(order, step, said), ""};
    if (step.function == "contactCreate" && step.result.empty()) {
        return refused(
            "the number of the contact is not known: end the order with --failed, and "
            "order anew with the contact's number as owner");
    }
    return {done_by_word(order, step, said), ""};
}

OrderMove after_word_of_whole(const OrderRecord& order, Word word, const std::string& said) {
    const StepRecord* main_step = main_step_of(order);
    if (main_step != nullptr && word == Word::done) return done_by_word(order, *main_step, said);
    if (main_step != nullptr) return failed_by_word(order, *main_step, said);
    OrderMove move;
    move.keeps_domain = false;
    if (word == Word::failed) {
        move.state = OrderState::failed;
        move.reason = "failed, " + said;
        return move;
    }
    const std::string wishes = wishes_after_main(order);
    move.state = wishes.empty() ? OrderState::done : OrderState::done_open_ends;
    move.reason = (order.operation ? "done, " : kIdUnknown + ", ") + said;
    if (!wishes.empty()) {
        move.reason +=
            "; whether what follows it was sent is not known, look at the registrar: " + wishes;
    }
    return move;
}

}  // namespace domspool
