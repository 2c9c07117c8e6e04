#include "jobs/pending_check.h"

#include <algorithm>
#include <set>

#include "ledger/perhaps_sent.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/answer_moves.h"
#include "workflow/decision_moves.h"
#include "workflow/look.h"
#include "workflow/moves.h"
#include "workflow/order_steps.h"
#include "workflow/perhaps_sent_look.h"
#include "workflow/restarted_operations.h"
#include "workflow/spoken_word.h"
#include "workflow/step_kinds.h"

namespace domspool {

namespace {

constexpr auto kAskAgain = std::chrono::hours(24);
constexpr auto kTellOutageAgain = std::chrono::hours(24);
// The pass that sees an unknown operation again records it as foreign and says so.
constexpr int kPassesUntilForeign = 2;

FieldMap fields_of(const Moment& moment) {
    return {{"utc", to_iso(moment.utc)},
            {"boot_id", moment.boot_id},
            {"since_boot", std::to_string(moment.since_boot.count())}};
}

std::optional<Moment> moment_in(const std::optional<FieldMap>& fields) {
    if (!fields) return std::nullopt;
    const auto utc = from_iso(field_of(*fields, "utc"));
    if (!utc) return std::nullopt;
    return Moment{*utc, field_of(*fields, "boot_id"),
                  std::chrono::milliseconds(std::stoll(field_of(*fields, "since_boot")))};
}

// What a question about one operation told.
enum class Answer { ended, pending, unknown };

// One pass of pending-check.
class Pass {
  public:
    Pass(const PendingSettings& settings, const PendingParts& parts)
        : settings_(settings), parts_(parts), now_(parts.clock.now()) {}

    PendingReport make() {
        // "Not ... in less than 5 minutes ... 10 minutes is best".
        if (is_too_soon()) {
            report_.what = PendingReport::What::too_soon;
            return report_;
        }
        note_begin();
        try {
            // "Create the list of pending operations ... from your own system ... from our API with
            // the queryOpePending function": both, held against each other.
            ask_for_the_list();
            note_recovery();
            // "For each operation, get the current status with queryOpe function": of those only
            // that the list does not show as pending. DONE goes on to the follow-ups, ERROR ends
            // the order, PENDING is left for the next pass.
            follow_open_operations();
            look_for_restarted_operations();
            settle_doubts();
            settle_perhaps_sent();
            watch_words();
            run_due_follow_ups();
            record_foreign_operations();
            report_.what = PendingReport::What::passed;
        } catch (const QueryFailure& failure) {
            note_trouble(failure);
        }
        if (has_runner_) runner().flush();
        crash_point("pass_over");
        return report_;
    }

  private:
    bool is_too_soon() {
        const auto last = moment_in(parts_.ledger.recall("pass", "begun", UtcTime{}));
        if (!last) return false;
        if (last->utc > now_.utc && last->boot_id != now_.boot_id) {
            report_.warnings.push_back("the last pass began in the future (" + to_iso(last->utc) +
                                       "): is the clock right?");
            return false;
        }
        return gap_between(*last, now_) < settings_.min_interval;
    }

    void note_begin() {
        parts_.ledger.write(
            [&](LedgerWrite& w) { w.remember("pass", "begun", fields_of(now_), now_.utc); });
    }

    void ask_for_the_list() {
        list_ = parts_.view.pending();
        parts_.knowledge.take_pending(list_);
        for (const PendingRow& row : list_.rows) listed_.emplace(row.id, &row);
        crash_point("list_read");
    }

    void note_recovery() {
        const auto outage = parts_.ledger.recall("pass", "outage", UtcTime{});
        if (!outage || outage->empty()) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.remember("pass", "outage", {}, now_.utc); });
    }

    // Ids in the list are still pending; ids that left it are asked about.
    void follow_open_operations() {
        std::vector<OperationId> still_listed;
        std::vector<OpenOperation> to_ask;
        for (const OpenOperation& open : parts_.ledger.open_operations()) {
            ours_.insert(open.id);
            const auto row = listed_.find(open.id);
            if (row == listed_.end()) {
                to_ask.push_back(open);
                continue;
            }
            still_listed.push_back(open.id);
            warn_of_age(open);
            const auto last = open.asked_at.value_or(open.since);
            const bool odd = !is_plain_pending(row->second->status);
            if (odd || now_.utc - last >= kAskAgain) to_ask.push_back(open);
        }
        if (!still_listed.empty()) {
            parts_.ledger.write([&](LedgerWrite& w) { w.note_listed(still_listed, now_.utc); });
        }
        report_.still_pending = static_cast<int>(still_listed.size());
        ask_each(to_ask);
    }

    void ask_each(const std::vector<OpenOperation>& to_ask) {
        int missing = 0, missing_but_pending = 0;
        for (const OpenOperation& open : to_ask) {
            if (parts_.is_called_off()) return;
            const bool is_missing = !listed_.contains(open.id);
            const Answer answer = ask(open);
            if (is_missing) {
                ++missing;
                missing_but_pending += answer == Answer::pending ? 1 : 0;
            }
            if (missing == kMissingUntilDisbelief && missing_but_pending == missing) {
                report_.warnings.push_back(
                    "the first " + std::to_string(missing) +
                    " operations that are missing in queryOpePending are all still pending: the "
                    "list is not believed, and no more are asked in this pass");
                return;
            }
        }
    }

    Answer ask(const OpenOperation& open) {
        OperationRecord record;
        try {
            record = parts_.view.operation(open.id);
        } catch (const QueryFailure& failure) {
            if (!is_about_one_question(failure)) throw;
            note_asked(open, failure.code(), Answered::no);
            const bool is_enough = open.failed_questions + 1 >= kFaultsUntilLook;
            if (is_enough && !listed_.contains(open.id)) look_instead(open, failure.what());
            return Answer::unknown;
        }
        auto order = claim(open.order);
        if (!order) return Answer::unknown;  // A live run has it; the next pass asks again.
        const StepRecord* step = step_of(*order, open);
        const StepKind* kind = step == nullptr ? nullptr : step_kind(step->function);
        if (kind == nullptr || !operation_fits(record.type, *kind, step->arguments)) {
            warn(open, "queryOpe tells of another call ('" + record.type + "'); not believed");
            note_asked(open, record.status, Answered::no);
            runner().release(order->claim);
            return Answer::unknown;
        }
        settle_cancelling(*order, record.id, final_status_of(record.status),
                          "queryOpe says " + record.status);
        return take_status(*order, *step, *kind, open, record);
    }

    // An operation that has ended tells whether its cancelling had an effect.
    void settle_cancelling(ClaimedOrder& order, OperationId id, FinalStatus status,
                           const std::string& how) {
        if (status == FinalStatus::not_final) return;
        for (const AttemptRecord& doubt : parts_.ledger.open_doubts()) {
            if (doubt.order != order.order.id || doubt.function != kCancelling) continue;
            const StepRecord& step =
                order.order.steps.at(static_cast<std::size_t>(doubt.position) - 1);
            if (field_of(step.arguments, "operation") != std::to_string(id)) continue;
            const Outcome outcome = status == FinalStatus::cancelled
                                        ? Outcome(Done{std::nullopt, how, ""})
                                        : Outcome(Refused{"", how, std::nullopt});
            const OrderMove move = after_answer(order.order, step, outcome, now_.utc);
            parts_.ledger.write([&](LedgerWrite& w) {
                w.settle_doubt(order.claim, doubt.id, end_of(outcome, now_), how, move);
            });
            apply(move, order.order);
        }
    }

    Answer take_status(ClaimedOrder& order, const StepRecord& step, const StepKind& kind,
                       const OpenOperation& open, const OperationRecord& record) {
        switch (final_status_of(record.status)) {
            case FinalStatus::not_final:
                return still_pending(order, open, record);
            case FinalStatus::done:
                return end(order, open, record, move_when_done(order, step, kind, open, record));
            case FinalStatus::failed:
            case FinalStatus::cancelled:
                return end(order, open, record, move_when_failed(order, step, kind, open, record));
        }
        our_bug("a final status without a name", __FILE__, __LINE__);
    }

    Answer still_pending(ClaimedOrder& order, const OpenOperation& open,
                         const OperationRecord& record) {
        const bool is_plain = is_plain_pending(record.status);
        if (!is_plain) warn(open, "status '" + record.status + "' is not known; it stays pending");
        note_asked(open, record.status, Answered::yes);
        runner().release(order.claim);
        return is_plain ? Answer::pending : Answer::unknown;
    }

    // The Done of an adopted operation counts only if what was ordered is shown. For the main step
    // the read-back sees to it. Nothing: no look was possible now.
    std::optional<OrderMove> move_when_done(const ClaimedOrder& order, const StepRecord& step,
                                            const StepKind& kind, const OpenOperation& open,
                                            const OperationRecord& record) {
        const OrderMove move =
            after_operation_done(order.order, step, open.id, record.message, now_.utc);
        if (!is_adopted(step) || step.phase == StepPhase::main) return move;
        const auto seen = look(order, step, kind, open);
        if (!seen) return std::nullopt;
        if (seen->what == Sighting::What::executed || seen->what == Sighting::What::not_shown) {
            return move;
        }
        OrderMove hold = move;
        hold.state = OrderState::held;
        hold.keeps_domain = true;
        hold.reason = "the adopted operation " + std::to_string(open.id) +
                      " is Done, but what was ordered is not shown: " + seen->evidence;
        return hold;
    }

    // The operation of a second sending may have failed because the first one was executed.
    // Nothing: no look was possible now.
    std::optional<OrderMove> move_when_failed(const ClaimedOrder& order, const StepRecord& step,
                                              const StepKind& kind, const OpenOperation& open,
                                              const OperationRecord& record) {
        const Refused words{"", record.message, open.id};
        const FinalStatus status = final_status_of(record.status);
        OrderMove move = after_operation_failed(order.order, step, words, status, now_.utc);
        const ReadOrder read = read_order(order.order.kind, order.order.fields);
        if (!read.order) return move;
        const FieldMap arguments = resolved(step.arguments, order.order.steps);
        const StepContext context{*read.order,      step,         arguments, parts_.view,
                                  parts_.knowledge, parts_.ledger};
        const SecondThought second = second_thought(order.order, kind, context, words);
        if (second.no_look && can_be_asked_again(*second.no_look)) return std::nullopt;
        if (const auto* done = std::get_if<Done>(&second.outcome)) {
            return after_answer(order.order, step, *done, now_.utc);
        }
        if (const auto* doubt = std::get_if<InDoubt>(&second.outcome)) {
            move.state = OrderState::held;
            move.keeps_domain = true;
            move.reason = doubt->evidence;
        } else if (!second.first_word.empty()) {
            move.reason += "; " + second.first_word;
        }
        return move;
    }

    // Without a move the operation stays open, and the next pass asks again.
    Answer end(ClaimedOrder& order, const OpenOperation& open, const OperationRecord& record,
               const std::optional<OrderMove>& move) {
        if (!move) {
            note_asked(open, record.status, Answered::yes);
            runner().release(order.claim);
            return Answer::unknown;
        }
        parts_.ledger.write([&](LedgerWrite& w) {
            w.end_operation(order.claim, open.id, record.status, record.message, *move, now_.utc);
        });
        apply(*move, order.order);
        crash_point("operation_ended");
        ++report_.ended;
        go_on_with(order);
        return Answer::ended;
    }

    // The reply tells of the line, not of the order: no person need look. Throws what ends a pass.
    static bool can_be_asked_again(const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw failure;
        return failure.why() == QueryFailure::Why::unreadable;
    }

    // What the registrar shows of the domain, compared with the picture before the operation.
    // Nothing: its reply could not be read.
    std::optional<Sighting> look(const ClaimedOrder& claimed, const StepRecord& step,
                                 const StepKind& kind, const OpenOperation& open) {
        const auto attempts = parts_.ledger.attempts(open.order);
        const auto attempt =
            std::find_if(attempts.begin(), attempts.end(),
                         [&](const AttemptRecord& each) { return each.id == open.attempt; });
        const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
        const FieldMap arguments = resolved(step.arguments, claimed.order.steps);
        if (!read.order || attempt == attempts.end()) {
            return Sighting{Sighting::What::inconclusive, "nothing can be looked at", ""};
        }
        const StepContext context{*read.order,      step,         arguments, parts_.view,
                                  parts_.knowledge, parts_.ledger};
        try {
            return kind.look(context, attempt->picture);
        } catch (const QueryFailure& failure) {
            if (can_be_asked_again(failure)) return std::nullopt;
            return Sighting{Sighting::What::inconclusive, failure.what(), ""};
        }
    }

    // Three passes got no answer about the operation: what the registrar shows of the domain tells.
    void look_instead(const OpenOperation& open, const std::string& trouble) {
        auto claimed = claim(open.order);
        if (!claimed) return;
        const StepRecord* step = step_of(*claimed, open);
        const StepKind* kind = step == nullptr ? nullptr : step_kind(step->function);
        if (kind == nullptr || claimed->order.state == OrderState::held) {
            return runner().release(claimed->claim);
        }
        const auto seen = look(*claimed, *step, *kind, open);
        if (!seen) return runner().release(claimed->claim);
        const std::string words = trouble + "; " + seen->evidence;
        OperationRecord shown;
        shown.id = open.id;
        shown.message = words;
        switch (seen->what) {
            case Sighting::What::executed:
                settle_cancelling(*claimed, open.id, FinalStatus::done, words);
                end(*claimed, open, shown,
                    after_operation_done(claimed->order, *step, open.id, words, now_.utc));
                return;
            case Sighting::What::failed:
                settle_cancelling(*claimed, open.id, FinalStatus::failed, words);
                end(*claimed, open, shown,
                    after_operation_failed(claimed->order, *step, {"", words, open.id},
                                           FinalStatus::failed, now_.utc));
                return;
            case Sighting::What::under_way:
                return runner().release(claimed->claim);
            case Sighting::What::nothing_there:
            case Sighting::What::not_shown:
            case Sighting::What::inconclusive:
                return hold(*claimed, kNoAnswer + std::to_string(open.id) + " (" + words + ")");
        }
    }

    void hold(ClaimedOrder& claimed, const std::string& reason) {
        const OrderMove move = held(claimed.order, reason);
        parts_.ledger.write([&](LedgerWrite& w) { w.move_order(claimed.claim, move, now_.utc); });
        apply(move, claimed.order);
        go_on_with(claimed);
    }

    // Of those in the list that were not open when the pass began.
    void look_for_restarted_operations() {
        std::vector<PendingRow> not_open;
        for (const PendingRow& row : list_.rows) {
            if (!ours_.contains(row.id)) not_open.push_back(row);
        }
        const auto told = take_restarted_operations(
            {parts_.ledger, parts_.view, now_.utc, [&](OrderId id) { return claim(id); },
             [&](ClaimedOrder& claimed) { go_on_with(claimed); }},
            not_open);
        report_.warnings.insert(report_.warnings.end(), told.begin(), told.end());
    }

    // Unless its domain has gone to a newer order; the warning just given says so then.
    void hold_failed(ClaimedOrder& claimed, const std::string& reason) {
        OrderMove move = held(claimed.order, reason);
        move.keeps_domain = true;
        try {
            write(claimed, move);
        } catch (const DomainBusy& busy) {
            report_.warnings.back() +=
                ", while order " + std::to_string(busy.other()) + " has begun for the same domain";
        }
        go_on_with(claimed);
    }

    void settle_doubts() {
        const auto doubts = parts_.ledger.open_doubts();
        if (doubts.empty()) return;
        const auto unanswered = parts_.ledger.attempts_under_way();
        for (const AttemptRecord& doubt : doubts) {
            if (parts_.is_called_off()) return;
            auto claimed = claim(doubt.order);
            if (!claimed) continue;
            if (!is_to_be_settled(*claimed, doubt)) {
                runner().release(claimed->claim);
                continue;
            }
            settle(*claimed, doubt, unanswered);
        }
    }

    // Somebody else may have settled it since the list of doubts was read.
    static bool is_to_be_settled(const ClaimedOrder& claimed, const AttemptRecord& doubt) {
        const auto position = static_cast<std::size_t>(doubt.position);
        return claimed.order.state != OrderState::held && position >= 1 &&
               position <= claimed.order.steps.size() &&
               claimed.order.steps[position - 1].state == StepState::in_doubt;
    }

    void settle(ClaimedOrder& claimed, const AttemptRecord& doubt,
                const std::vector<AttemptRecord>& unanswered) {
        const DoubtParts with{parts_.ledger, parts_.view, parts_.knowledge, parts_.clock,
                              settings_.doubts};
        try {
            count(settle_doubt(with, claimed, doubt, list_, unanswered));
        } catch (const QueryFailure& failure) {
            if (!is_about_one_question(failure)) throw;
            // No look. The next pass tries again; the others are settled meanwhile.
            report_.warnings.push_back("order " + std::to_string(claimed.order.id) + " (" +
                                       claimed.order.domain.shown() +
                                       ") stays in doubt: " + failure.what());
        }
        crash_point("doubt_looked_at");
        go_on_with(claimed);
    }

    void count(Settlement settlement) {
        switch (settlement) {
            case Settlement::not_yet:
                return;
            case Settlement::adopted:
                ++report_.adopted;
                return;
            case Settlement::done:
            case Settlement::failed:
            case Settlement::may_be_sent:
            case Settlement::held:
                ++report_.settled;
                return;
        }
    }

    // Orders of a ledger that was put back. What surely was not sent goes on where it stood; what
    // may be there is a person's to decide.
    void settle_perhaps_sent() {
        for (const PerhapsSent& each : orders_perhaps_sent(parts_.ledger)) {
            if (parts_.is_called_off()) return;
            auto claimed = claim(each.order);
            if (!claimed) continue;
            if (claimed->order.state != OrderState::in_doubt) {
                runner().release(claimed->claim);
                continue;
            }
            try {
                look_for(each, *claimed);
            } catch (const QueryFailure& failure) {
                if (!is_about_one_question(failure)) throw;  // Else the next pass asks.
            }
            go_on_with(*claimed);
        }
    }

    void look_for(const PerhapsSent& each, ClaimedOrder& claimed) {
        const PerhapsSentLook seen =
            look_for_perhaps_sent(claimed.order, list_, parts_.view, parts_.ledger);
        switch (seen.what) {
            case PerhapsSentLook::What::not_known:
                return write(claimed, still(claimed.order,
                                            "may have been sent after the ledger "
                                            "was copied: " +
                                                seen.evidence));
            case PerhapsSentLook::What::perhaps_there:
                ++report_.settled;
                return write(claimed, held(claimed.order, ways_out_of(claimed.order, seen)));
            case PerhapsSentLook::What::nothing_there:
                return note_nothing_there(each, claimed);
            case PerhapsSentLook::What::executed:
                return end_perhaps_sent(claimed, Word::done, seen);
            case PerhapsSentLook::What::failed:
                return end_perhaps_sent(claimed, Word::failed, seen);
        }
    }

    void end_perhaps_sent(ClaimedOrder& claimed, Word word, const PerhapsSentLook& seen) {
        const OrderMove end = after_word_of_whole(claimed.order, word, seen.evidence);
        parts_.ledger.write([&](LedgerWrite& w) {
            w.move_order(claimed.claim, end, now_.utc);
            forget_perhaps_sent(w, claimed.order.id, now_.utc);
        });
        apply(end, claimed.order);
        ++report_.settled;
    }

    static std::string ways_out_of(const OrderRecord& order, const PerhapsSentLook& seen) {
        return "it may have been executed after the ledger was copied: " + seen.evidence +
               "; look at the registrar, then `domain-orders resolve " + std::to_string(order.id) +
               "` with --done or --failed";
    }

    void note_nothing_there(PerhapsSent each, ClaimedOrder& claimed) {
        if (!each.first_look) {
            each.first_look = parts_.clock.now();
            each.first_date = list_.server_date;
            parts_.ledger.write([&](LedgerWrite& w) { remember_perhaps_sent(w, each, now_.utc); });
            return;
        }
        const auto gap = gap_of_looks(*each.first_look, each.first_date, list_);
        if (gap < settings_.doubts.look_gap) return;
        OrderMove back;
        back.state = each.before;
        back.reason = each.reason;
        back.keeps_domain = each.kept_domain;
        parts_.ledger.write([&](LedgerWrite& w) {
            w.move_order(claimed.claim, back, now_.utc);
            forget_perhaps_sent(w, each.order, now_.utc);
        });
        apply(back, claimed.order);
        ++report_.settled;
    }

    void write(ClaimedOrder& claimed, const OrderMove& next) {
        if (claimed.order.state == next.state && claimed.order.reason == next.reason) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.move_order(claimed.claim, next, now_.utc); });
        apply(next, claimed.order);
    }

    // What a person said is believed until the registrar shows otherwise.
    void watch_words() {
        for (const SpokenWord& word : words_watched(parts_.ledger)) {
            if (parts_.is_called_off()) return;
            WordCheck check;
            try {
                check = compare_word(word, list_,
                                     {parts_.ledger, parts_.view, parts_.knowledge, now_.utc});
            } catch (const QueryFailure& failure) {
                if (!is_about_one_question(failure)) throw;
                continue;  // The next pass asks again.
            }
            switch (check.what) {
                case WordCheck::What::nothing_new:
                    put_off_look(word);
                    break;
                case WordCheck::What::over:
                    forget(word);
                    break;
                case WordCheck::What::contradicted:
                    tell_contradiction(word, check.evidence);
                    break;
            }
        }
    }

    void put_off_look(SpokenWord word) {
        if (word.look_due > now_.utc) return;
        word.look_due = now_.utc + kWordLooks;
        parts_.ledger.write([&](LedgerWrite& w) { remember_word(w, word, now_.utc); });
    }

    void forget(const SpokenWord& word) {
        parts_.ledger.write([&](LedgerWrite& w) { forget_word(w, word.order, now_.utc); });
    }

    // Told once. An order said to have failed is held, so that it stands in every list until a
    // person has looked; one that is done cannot be moved.
    void tell_contradiction(const SpokenWord& word, const std::string& evidence) {
        auto claimed = claim(word.order);
        if (!claimed) return;  // A live run has it; the next pass tells.
        const std::string text =
            "the registrar contradicts what a person said: " + evidence + " (" + word.said + ")";
        report_.warnings.push_back("order " + std::to_string(word.order) + " (" +
                                   claimed->order.domain.shown() + "): " + text);
        parts_.ledger.write([&](LedgerWrite& w) {
            w.event(parts_.run(), "contradiction", text, now_.utc, word.order);
            forget_word(w, word.order, now_.utc);
        });
        const OrderState state = claimed->order.state;
        if (!is_end(state)) return go_on_with(*claimed);
        if (state != OrderState::failed) return runner().release(claimed->claim);
        hold_failed(*claimed, text);
    }

    void run_due_follow_ups() {
        for (const OrderId id : parts_.ledger.orders_with_due_follow_ups(now_.utc)) {
            if (parts_.is_called_off() || parts_.rules.is_stopped()) return;
            auto claimed = claim(id);
            if (!claimed) continue;
            ++report_.follow_ups;
            go_on_with(*claimed);
        }
    }

    // An operation nobody here asked for blocks new orders for its domain, and is told about once a
    // later pass sees it again.
    void record_foreign_operations() {
        const std::vector<ForeignOperation> foreign = foreign_operations();
        if (foreign.empty() && parts_.ledger.foreign_operations().empty()) return;
        std::vector<OperationId> ids;
        std::vector<int> passes;
        parts_.ledger.write([&](LedgerWrite& w) {
            for (const ForeignOperation& seen : foreign) {
                ids.push_back(seen.id);
                passes.push_back(w.note_foreign(seen));
            }
            if (list_.whole) w.forget_foreign_except(ids);
        });
        for (std::size_t i = 0; i < foreign.size(); ++i) {
            if (passes[i] != kPassesUntilForeign) continue;
            report_.warnings.push_back(
                "operation " + std::to_string(foreign[i].id) + " (" + foreign[i].code + " " +
                foreign[i].target +
                ") was not started here; it blocks orders for its domain until it ends");
        }
    }

    std::vector<ForeignOperation> foreign_operations() const {
        const std::vector<Expected> expected = expected_operations();
        std::vector<ForeignOperation> foreign;
        for (const PendingRow& row : list_.rows) {
            if (ours_.contains(row.id) || parts_.ledger.owner_of(row.id)) continue;
            const bool may_be_ours =
                std::any_of(expected.begin(), expected.end(), [&](const Expected& one) {
                    const bool fits = operation_fits(row.code, *one.kind, one.arguments);
                    return fits && (!row.target || is_same_target(*row.target, one.target));
                });
            if (may_be_ours) continue;
            ForeignOperation seen;
            seen.id = row.id;
            seen.code = row.code;
            seen.target = row.target.value_or("");
            seen.status = row.status;
            seen.first_seen = seen.last_seen = now_.utc;
            foreign.push_back(seen);
        }
        return foreign;
    }

    // The operations that attempts without outcome may have made, of live runs and in doubt.
    struct Expected {
        const StepKind* kind = nullptr;
        FieldMap arguments;
        std::string target;
    };
    std::vector<Expected> expected_operations() const {
        std::vector<Expected> expected;
        for (const AttemptRecord& attempt : parts_.ledger.attempts_under_way()) {
            const StepKind* kind = step_kind(attempt.function);
            const OrderRecord order = parts_.ledger.order(attempt.order);
            const auto position = static_cast<std::size_t>(attempt.position);
            if (kind == nullptr || position < 1 || position > order.steps.size()) continue;
            FieldMap arguments = resolved(order.steps[position - 1].arguments, order.steps);
            std::string target = operation_target(*kind, order.domain, arguments);
            expected.push_back({kind, std::move(arguments), std::move(target)});
        }
        return expected;
    }

    void warn_of_age(const OpenOperation& open) {
        if (open.age_warned || !settings_.usual_days) return;
        const int days = settings_.usual_days(open.kind, open.domain.extension());
        if (now_.utc - open.since < std::chrono::days(days)) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.note_age_warned(open.id); });
        warn(open, "is pending for more than the usual " + std::to_string(days) + " days");
    }

    void warn(const OpenOperation& open, const std::string& text) {
        const std::string line = "operation " + std::to_string(open.id) + " (" + open.function +
                                 " " + open.domain.shown() + "): " + text;
        report_.warnings.push_back(line);
        parts_.ledger.write(
            [&](LedgerWrite& w) { w.event(parts_.run(), "warning", line, now_.utc, open.order); });
    }

    enum class Answered { no, yes };
    void note_asked(const OpenOperation& open, const std::string& status, Answered answered) {
        parts_.ledger.write([&](LedgerWrite& w) {
            w.note_asked(open.id, status, answered == Answered::yes, now_.utc);
        });
    }

    OrderRunner& runner() {
        has_runner_ = true;
        return parts_.runner();
    }

    std::optional<ClaimedOrder> claim(OrderId id) { return runner().claim_order(id); }

    static const StepRecord* step_of(const ClaimedOrder& order, const OpenOperation& open) {
        const auto position = static_cast<std::size_t>(open.position);
        if (position < 1 || position > order.order.steps.size()) return nullptr;
        return &order.order.steps[position - 1];
    }

    // Read-back, follow-ups, a second sending; then the claim is given back.
    void go_on_with(ClaimedOrder& order) {
        const OrderState before = order.order.state;
        const bool may_go_on =
            !is_end(before) && before != OrderState::held && before != OrderState::in_doubt;
        const bool rests =
            !may_go_on || runner().advance(order) == OrderRunner::Advance::contact_elsewhere;
        if (rests) runner().release(order.claim);  // The next pass goes on.
        const OrderState state = order.order.state;
        const bool is_in_doubt_again = state == OrderState::in_doubt && before != state;
        if (is_end(state) || state == OrderState::held || is_in_doubt_again) {
            report_.news.push_back(order.order);
        }
        const auto stopped = parts_.rules.reason();
        if (stopped && stopped->is_unreachable) {
            throw QueryFailure(QueryFailure::Why::unreachable, "", stopped->text);
        }
    }

    void note_trouble(const QueryFailure& failure) {
        parts_.rules.note(failure);  // Stops the run; an outage is told by the report alone.
        if (failure.why() != QueryFailure::Why::unreachable) {
            parts_.rules.stop(ExitCode::try_later,
                              std::string("the registrar did not answer: ") + failure.what());
            report_.what = PendingReport::What::passed;
            return;
        }
        report_.what = PendingReport::What::unreachable;
        FieldMap outage = parts_.ledger.recall("pass", "outage", UtcTime{}).value_or(FieldMap{});
        if (field_of(outage, "since").empty()) outage["since"] = to_iso(now_.utc);
        const auto since = from_iso(outage["since"]).value_or(now_.utc);
        const auto told = from_iso(field_of(outage, "told"));
        const bool is_long = now_.utc - since >= settings_.outage;
        report_.tell_outage = is_long && (!told || now_.utc - *told >= kTellOutageAgain);
        if (report_.tell_outage) outage["told"] = to_iso(now_.utc);
        report_.outage = "since " + to_minute(since) + ": " + failure.what();
        parts_.ledger.write(
            [&](LedgerWrite& w) { w.remember("pass", "outage", outage, now_.utc); });
    }

    const PendingSettings& settings_;
    const PendingParts& parts_;
    const Moment now_;
    PendingReport report_;
    PendingList list_;
    std::map<OperationId, const PendingRow*> listed_;
    std::set<OperationId> ours_;  // open ones
    bool has_runner_ = false;
};

}  // namespace

bool is_anything_open(const Ledger& ledger, UtcTime now) {
    return !ledger.open_operations().empty() || !ledger.open_doubts().empty() ||
           !ledger.orders_with_due_follow_ups(now).empty() ||
           !orders_perhaps_sent(ledger).empty() || is_word_to_be_looked_at(ledger, now);
}

PendingReport check_pending(const PendingSettings& settings, const PendingParts& parts) {
    parts.ledger.bury_dead_runs(parts.clock.now());  // What they left open is in doubt from now on.
    if (!settings.watch_foreign && !is_anything_open(parts.ledger, parts.clock.now().utc)) {
        return {};
    }
    const auto lock = parts.ledger.try_pass_lock();
    if (lock == nullptr) {
        PendingReport report;
        report.what = PendingReport::What::too_soon;
        return report;
    }
    return Pass(settings, parts).make();
}

}  // namespace domspool
