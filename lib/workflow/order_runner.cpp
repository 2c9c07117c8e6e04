#include "workflow/order_runner.h"

#include <algorithm>

#include "util/crash_point.h"
#include "workflow/moves.h"

namespace domspool {

namespace {

constexpr std::string_view kStepPrefix = "step:";

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

std::string fingerprint_of(FieldMap arguments) {
    const bool is_owner = field_of(arguments, "isOwner") == "1";
    arguments.erase("isOwner");
    return contact_fingerprint(contact_from_fields(arguments), is_owner);
}

bool makes_contact(const StepRecord& step) {
    return step.function == "contactCreate";
}

std::optional<OperationId> operation_in(const Outcome& outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) return done->operation;
    if (const auto* pending = std::get_if<Pending>(&outcome)) return pending->operation;
    return std::nullopt;
}

}  // namespace

FieldMap resolved(const FieldMap& arguments, const std::vector<StepRecord>& steps) {
    FieldMap result = arguments;
    for (auto& [name, value] : result) {
        if (value.compare(0, kStepPrefix.size(), kStepPrefix) != 0) continue;
        const auto position = std::stoul(value.substr(kStepPrefix.size()));
        DOMSPOOL_ASSERT(position >= 1 && position <= steps.size());
        value = steps[position - 1].result;
    }
    return result;
}

OrderRunner::Advance OrderRunner::advance(ClaimedOrder& claimed) {
    Next next = Next::go_on;
    try {
        const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
        if (!read.order) {
            move(claimed, held(claimed.order, "the ledger's fields of this order cannot be read"));
            next = Next::stop;
        } else if (claimed.order.steps.empty() && !plan(claimed, *read.order)) {
            next = Next::stop;
        }
        while (next == Next::go_on && !parts_.rules.is_stopped()) {
            StepRecord* step = next_step(claimed.order, parts_.clock.now().utc);
            if (step == nullptr) break;
            next = execute(claimed, *step, *read.order);
        }
    } catch (const QueryFailure& failure) {
        // Nothing was sent; the order stays as it is.
        parts_.rules.note(failure);
        const bool silent = parts_.rules.is_stopped();
        if (!silent) postpone(claimed, std::string("cannot be known now: ") + failure.what());
    } catch (const ClaimLost&) {
        return Advance::went_on;  // Another run goes on with it.
    }
    if (next == Next::contact_elsewhere) return Advance::contact_elsewhere;
    release(claimed.claim);
    return Advance::went_on;
}

bool OrderRunner::plan(ClaimedOrder& claimed, const Order& order) {
    if (!parts_.planner) return false;
    const Secret auth_code =
        order.has_auth_code ? parts_.ledger.auth_code(claimed.order.id) : Secret();
    const Verdict verdict =
        preflight(order, parts_.settings.preflight, parts_.knowledge, parts_.view, auth_code);
    if (!follow(claimed, verdict)) return false;
    const PlanRequest request{order, verdict.rules, parts_.settings.preflight.contacts,
                              parts_.settings.preflight.reseller_id, verdict.account_nameservers};
    const std::vector<PlannedStep> planned = parts_.planner(request);
    claimed.order.steps = records_of(planned);
    claimed.order.price = verdict.price;
    put_off([claim = claimed.claim, planned, verdict, now = parts_.clock.now().utc,
             run = parts_.run](LedgerWrite& w) {
        w.store_plan(claim, planned);
        if (verdict.price) w.set_price(claim, *verdict.price);
        for (const std::string& note : verdict.notes) w.event(run, "note", note, now, claim.order);
    });
    return true;
}

bool OrderRunner::follow(ClaimedOrder& claimed, const Verdict& verdict) {
    switch (verdict.what) {
        case Verdict::What::go:
            return true;
        case Verdict::What::not_possible:
            move(claimed, failed_before_sending(verdict.code, verdict.reason));
            return false;
        case Verdict::What::not_now:
            postpone(claimed, verdict.reason);
            return false;
        case Verdict::What::so_already: {
            OrderMove skip = failed_before_sending(verdict.code, verdict.reason);
            skip.state = OrderState::skipped;
            move(claimed, skip);
            return false;
        }
    }
    our_bug("a verdict without a name", __FILE__, __LINE__);
}

void OrderRunner::postpone(const ClaimedOrder& claimed, const std::string& reason) {
    write([&](LedgerWrite& w) {
        const auto now = parts_.clock.now().utc;
        const int runs = w.postpone(claimed.claim, reason, now);
        if (runs >= kRunsUntilHeld && claimed.order.state == OrderState::accepted) {
            w.move_order(claimed.claim, held(claimed.order, reason), now);
        }
    });
}

OrderRunner::Next OrderRunner::execute(ClaimedOrder& claimed, StepRecord& step,
                                       const Order& order) {
    if (step.function == kReadBack) return read_back(claimed, step);
    const StepKind* kind = step_kind(step.function);
    if (kind == nullptr) {
        move(claimed, held(claimed.order, "this version knows no step '" + step.function + "'"));
        return Next::stop;
    }
    FieldMap arguments = resolved(step.arguments, claimed.order.steps);
    if (step.function == "domainSetDNSSecExt" && parts_.settings.zone_keys) {
        KeyArguments keys = parts_.settings.zone_keys(claimed.order.domain, arguments);
        if (!keys.trouble.empty()) {
            move(claimed, after_open_end(claimed.order, step, keys.trouble));
            return Next::go_on;
        }
        arguments = std::move(keys.arguments);
    }
    const StepContext context{order, step, arguments, parts_.view, parts_.knowledge, parts_.ledger};
    const BeforePicture picture = kind->picture(context);
    if (!picture.impossible.empty()) {
        const bool is_follow_up = step.phase == StepPhase::after;
        move(claimed, is_follow_up ? after_open_end(claimed.order, step, picture.impossible)
                                   : failed_before_sending("", picture.impossible));
        return is_follow_up ? Next::go_on : Next::stop;
    }
    if (picture.is_so_already) {
        move(claimed,
             after_step_ended(claimed.order, step, StepState::skipped, "", "is so already"));
        return Next::go_on;
    }
    return send(claimed, step, *kind, context, picture.fields);
}

OrderRunner::Next OrderRunner::send(ClaimedOrder& claimed, StepRecord& step, const StepKind& kind,
                                    const StepContext& context, const FieldMap& picture) {
    const Moment begun = parts_.clock.now();
    Begun intent;
    try {
        intent = begin(claimed, step, context, picture);
    } catch (const DomainBusy& busy) {
        postpone(claimed, "waits for order " + std::to_string(busy.other()) +
                              ", which is not ended, for the same domain");
        return Next::stop;
    } catch (const CeilingReached& reached) {
        parts_.rules.stop(ExitCode::service_refused, reached.what());
        return Next::stop;
    }
    if (intent.elsewhere) return Next::contact_elsewhere;
    if (!intent.attempt) {
        move(claimed, after_step_ended(claimed.order, step, StepState::skipped,
                                       intent.contact.contact_id, "the contact is known"));
        return Next::go_on;
    }
    crash_point("before_send");
    Outcome outcome = call(kind, context, begun, claimed.order.id);
    crash_point("after_send");
    if (step.tries > 1) outcome = second_thought(claimed, kind, context, std::move(outcome));
    finish(claimed, step, *intent.attempt, context, outcome);
    crash_point("after_outcome");
    const bool ended = step.state == StepState::done || step.state == StepState::open_end;
    return ended ? Next::go_on : Next::stop;
}

OrderRunner::Begun OrderRunner::begin(ClaimedOrder& claimed, StepRecord& step,
                                      const StepContext& context, const FieldMap& picture) {
    AttemptIntent intent;
    intent.position = step.position;
    intent.picture = picture;
    intent.picture["highest_operation"] =
        std::to_string(parts_.knowledge.highest_operation(parts_.view));
    intent.reserved_cents = cost_of(claimed.order, step);
    intent.at = parts_.clock.now();
    crash_point("before_intent");
    Begun begun = write([&](LedgerWrite& w) {
        Begun result;
        if (makes_contact(step)) {
            const auto answer =
                w.reserve_contact(fingerprint_of(context.arguments), claimed.order.id);
            if (const auto* known = std::get_if<LedgerWrite::ContactKnown>(&answer)) {
                result.contact = *known;
                return result;
            }
            result.elsewhere = std::holds_alternative<LedgerWrite::ContactElsewhere>(answer);
            if (result.elsewhere) return result;
        }
        result.attempt = w.begin_attempt(claimed.claim, intent,
                                         intent.reserved_cents > 0 ? ceiling() : std::nullopt);
        return result;
    });
    if (begun.attempt) {
        ++step.tries;
        claimed.order.state = OrderState::in_progress;
        claimed.order.keeps_domain = true;
    }
    return begun;
}

Outcome OrderRunner::call(const StepKind& kind, const StepContext& context, const Moment& begun,
                          OrderId order) {
    if (gap_between(begun, parts_.clock.now()) > kFreshAttempt) {
        return TryLater{TryLater::Why::session_dead, "",
                        "the ledger took too long to note the attempt; nothing was sent"};
    }
    const Secret auth_code =
        kind.function == "domainTransferIn" ? parts_.ledger.auth_code(order) : Secret();
    return kind.send(context, auth_code, parts_.desk);
}

// A second sending that is refused does not end the order: perhaps the first one was executed.
Outcome OrderRunner::second_thought(const ClaimedOrder& claimed, const StepKind& kind,
                                    const StepContext& context, Outcome outcome) {
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr) return outcome;
    const auto attempts = parts_.ledger.attempts(claimed.order.id);
    const auto first = std::find_if(attempts.begin(), attempts.end(), [&](const auto& attempt) {
        return attempt.position == context.step.position &&
               attempt.outcome == AttemptOutcome::in_doubt;
    });
    if (first == attempts.end()) return outcome;
    const std::string words = refused->code + " " + refused->text;
    try {
        const Sighting seen = kind.look(context, first->picture);
        if (seen.what == Sighting::What::executed) {
            return Done{std::nullopt,
                        "the first sending was executed: " + seen.evidence +
                            " (the second was refused: " + words + ")",
                        seen.result};
        }
        if (seen.what == Sighting::What::nothing_there) return outcome;
        return InDoubt{"the second sending was refused (" + words + ") and " + seen.evidence};
    } catch (const QueryFailure& failure) {
        return InDoubt{"the second sending was refused (" + words +
                       ") and the look after it failed: " + failure.what()};
    }
}

void OrderRunner::finish(ClaimedOrder& claimed, StepRecord& step, AttemptId attempt,
                         const StepContext& context, const Outcome& outcome) {
    const Moment now = parts_.clock.now();
    if (const auto operation = operation_in(outcome)) {
        parts_.knowledge.note_operation(*operation);
    }
    const OrderMove next = after_answer(claimed.order, step, outcome, now.utc);
    write([&](LedgerWrite& w) {
        w.finish_attempt(claimed.claim, attempt, end_of(outcome, now), next);
        if (!makes_contact(step)) return;
        const std::string fingerprint = fingerprint_of(context.arguments);
        if (const auto* done = std::get_if<Done>(&outcome)) {
            w.remember_contact(fingerprint, done->value, now.utc);
        } else if (!std::holds_alternative<InDoubt>(outcome)) {
            w.forget_contact(fingerprint);
        }
    });
    apply(next, claimed.order);
    if (step.phase == StepPhase::main) {
        claimed.order.operation = operation_in(outcome);
        parts_.rules.note(claimed.order.id, outcome);
    } else if (!std::holds_alternative<Refused>(outcome)) {
        parts_.rules.note(claimed.order.id, outcome);
    }
}

OrderRunner::Next OrderRunner::read_back(ClaimedOrder& claimed, StepRecord& step) {
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr);
    const auto record = parts_.view.domain(claimed.order.domain);
    const std::string note =
        record
            ? differences(*main_step, resolved(main_step->arguments, claimed.order.steps), *record)
            : "the domain is not in the account (E15-M1502)";
    if (!note.empty() && main_step->note.rfind("adopted", 0) == 0) {
        move(claimed,
             held(claimed.order, "the adopted operation ended, but the domain differs: " + note));
        return Next::stop;
    }
    const OrderMove next = after_step_ended(claimed.order, step, StepState::done, "", note);
    apply(next, claimed.order);
    put_off([claim = claimed.claim, next, now = parts_.clock.now().utc](LedgerWrite& w) {
        w.move_order(claim, next, now);
    });
    return Next::go_on;
}

void OrderRunner::move(ClaimedOrder& claimed, const OrderMove& next) {
    write([&](LedgerWrite& w) { w.move_order(claimed.claim, next, parts_.clock.now().utc); });
    apply(next, claimed.order);
}

std::optional<SpendCeiling> OrderRunner::ceiling() const {
    if (!parts_.settings.max_spend_per_day) {
        throw CeilingReached(
            "limits.max_spend_per_day is not set, and this order costs money; add for example "
            "`limits: { max_spend_per_day: 500 EUR }` to the settings");
    }
    const auto today = std::chrono::floor<std::chrono::days>(parts_.clock.now().utc);
    return SpendCeiling{parts_.settings.max_spend_per_day->cents, today};
}

std::int64_t OrderRunner::cost_of(const OrderRecord& order, const StepRecord& step) const {
    return step.phase == StepPhase::main && order.price ? order.price->cents : 0;
}

std::vector<ClaimedOrder> OrderRunner::claim_next(std::optional<BatchId> batch, int limit) {
    return write([&](LedgerWrite& w) {
        return w.claim_next(parts_.run, batch, limit, parts_.clock.now().utc);
    });
}

void OrderRunner::release(const Claim& claim) {
    put_off([claim](LedgerWrite& w) { w.release(claim); });
}

void OrderRunner::flush() {
    if (!put_off_.empty()) write([](LedgerWrite&) {});
}

void OrderRunner::put_off(std::function<void(LedgerWrite&)> verb) {
    put_off_.push_back(std::move(verb));
}

void OrderRunner::write_put_off(LedgerWrite& w) {
    for (const auto& verb : put_off_) {
        try {
            verb(w);
        } catch (const ClaimLost&) {
            // Another run took the order over and does again what is lost here.
        }
    }
    put_off_.clear();
}

}  // namespace domspool
