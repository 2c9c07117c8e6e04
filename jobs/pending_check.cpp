#include "jobs/pending_check.h"

#include <algorithm>
#include <set>

#include "util/crash_point.h"
#include "workflow/moves.h"
#include "workflow/step_kinds.h"

namespace domspool {

namespace {

constexpr auto kAskAgain = std::chrono::hours(24);
constexpr auto kTellOutageAgain = std::chrono::hours(24);

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

// One pass of pending-check.
class Pass {
  public:
    Pass(const PendingSettings& settings, const PendingParts& parts)
        : settings_(settings), parts_(parts), now_(parts.clock.now()) {}

    PendingReport make() {
        if (is_too_soon()) {
            report_.what = PendingReport::What::too_soon;
            return report_;
        }
        note_begin();
        try {
            ask_for_the_list();
            note_recovery();
            follow_open_operations();
            settle_doubts();
            run_due_follow_ups();
            record_foreign_operations();
            report_.what = PendingReport::What::passed;
        } catch (const QueryFailure& failure) {
            note_trouble(failure);
        }
        parts_.runner().flush();
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
    }

    void note_recovery() {
        if (!parts_.ledger.recall("pass", "outage", UtcTime{})) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.remember("pass", "outage", {}, now_.utc); });
    }

    // Ids in the list are still pending; ids that left it are asked about.
    void follow_open_operations() {
        std::vector<OperationId> still_listed;
        std::vector<OpenOperation> to_ask;
        for (const OpenOperation& open : parts_.ledger.open_operations()) {
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
        parts_.ledger.write([&](LedgerWrite& w) { w.note_listed(still_listed, now_.utc); });
        report_.still_pending = static_cast<int>(still_listed.size());
        ask_each(to_ask);
    }

    void ask_each(const std::vector<OpenOperation>& to_ask) {
        int missing = 0, missing_but_pending = 0;
        for (const OpenOperation& open : to_ask) {
            if (parts_.is_called_off()) return;
            const bool is_missing = !listed_.contains(open.id);
            const bool ended = ask(open);
            missing += is_missing ? 1 : 0;
            missing_but_pending += is_missing && !ended ? 1 : 0;
            if (missing == kMissingUntilDisbelief && missing_but_pending == missing) {
                report_.warnings.push_back(
                    "the first " + std::to_string(missing) +
                    " operations that are missing in queryOpePending are all still pending: the "
                    "list is not believed, and no more are asked in this pass");
                return;
            }
        }
    }

    // Whether the operation came to an end that was read.
    bool ask(const OpenOperation& open) {
        OperationRecord record;
        try {
            record = parts_.view.operation(open.id);
        } catch (const QueryFailure& failure) {
            if (failure.why() == QueryFailure::Why::unreachable ||
                failure.why() == QueryFailure::Why::login_refused) {
                throw;
            }
            note_asked(open, failure.code(), Answered::no);
            if (open.failed_questions + 1 >= kFaultsUntilLook) look_instead(open, failure.what());
            return false;
        }
        const auto claimed = claim(open.order);
        if (!claimed) return false;  // A live run has it; the next pass asks again.
        ClaimedOrder order = *claimed;
        const StepRecord* step = step_of(order, open);
        const StepKind* kind = step == nullptr ? nullptr : step_kind(step->function);
        if (kind == nullptr || !operation_fits(record.type, *kind, step->arguments)) {
            warn(open, "queryOpe tells of another call ('" + record.type + "'); not believed");
            note_asked(open, record.status, Answered::no);
            parts_.runner().release(order.claim);
            return false;
        }
        return end_by(order, *step, open, record);
    }

    bool end_by(ClaimedOrder& order, const StepRecord& step, const OpenOperation& open,
                const OperationRecord& record) {
        OrderMove move;
        switch (final_status_of(record.status)) {
            case FinalStatus::not_final:
                if (!is_plain_pending(record.status)) {
                    warn(open, "status '" + record.status + "' is not known; it stays pending");
                }
                note_asked(open, record.status, Answered::yes);
                parts_.runner().release(order.claim);
                return false;
            case FinalStatus::done:
                move =
                    after_answer(order.order, step, Done{record.id, record.message, ""}, now_.utc);
                break;
            case FinalStatus::failed:
                move = after_answer(order.order, step, Refused{"", record.message, record.id},
                                    now_.utc);
                break;
            case FinalStatus::cancelled:
                move = after_answer(order.order, step, Refused{"", record.message, record.id},
                                    now_.utc);
                if (move.state == OrderState::failed) {
                    move.state = OrderState::cancelled;
                    move.reason = "the operation was cancelled: " + record.message;
                }
                break;
        }
        if (step.note.rfind("adopted", 0) == 0) move.step_note = step.note;
        parts_.ledger.write([&](LedgerWrite& w) {
            w.end_operation(order.claim, open.id, record.status, record.message, move, now_.utc);
        });
        apply(move, order.order);
        crash_point("operation_ended");
        ++report_.ended;
        go_on_with(order);
        return true;
    }

    // Three passes got no answer about the operation: what the registrar shows of the domain tells.
    void look_instead(const OpenOperation& open, const std::string& trouble) {
        auto claimed = claim(open.order);
        if (!claimed) return;
        const StepRecord* step = step_of(*claimed, open);
        DOMSPOOL_ASSERT(step != nullptr);
        const auto attempts = parts_.ledger.attempts(open.order);
        const auto attempt =
            std::find_if(attempts.begin(), attempts.end(),
                         [&](const AttemptRecord& each) { return each.id == open.attempt; });
        const StepKind* kind = step_kind(step->function);
        const ReadOrder read = read_order(claimed->order.kind, claimed->order.fields);
        Sighting seen{Sighting::What::inconclusive, "nothing can be looked at", ""};
        const FieldMap arguments = resolved(step->arguments, claimed->order.steps);
        if (kind != nullptr && read.order && attempt != attempts.end()) {
            const StepContext context{*read.order,      *step,        arguments, parts_.view,
                                      parts_.knowledge, parts_.ledger};
            seen = kind->look(context, attempt->picture);
        }
        const std::string words =
            "queryOpe " + std::to_string(open.id) + " fails (" + trouble + "); " + seen.evidence;
        OrderMove move = held(claimed->order, words);
        if (seen.what == Sighting::What::executed) {
            move = after_answer(claimed->order, *step, Done{open.id, words, ""}, now_.utc);
        } else if (seen.what == Sighting::What::failed) {
            move = after_answer(claimed->order, *step, Refused{"", words, open.id}, now_.utc);
        }
        parts_.ledger.write([&](LedgerWrite& w) {
            if (move.state == OrderState::held)
                w.move_order(claimed->claim, move, now_.utc);
            else
                w.end_operation(claimed->claim, open.id, "", words, move, now_.utc);
        });
        apply(move, claimed->order);
        go_on_with(*claimed);
    }

    void settle_doubts() {
        const auto doubts = parts_.ledger.open_doubts();
        for (const AttemptRecord& doubt : doubts) {
            if (parts_.is_called_off()) return;
            auto claimed = claim(doubt.order);
            if (!claimed) continue;
            if (claimed->order.state == OrderState::held) {
                parts_.runner().release(claimed->claim);
                continue;
            }
            const DoubtParts with{parts_.ledger, parts_.view, parts_.knowledge, parts_.clock,
                                  settings_.doubts};
            const Settlement settlement = settle_doubt(with, *claimed, doubt, list_, doubts);
            crash_point("doubt_settled");
            count(settlement);
            go_on_with(*claimed);
        }
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
        std::vector<OperationId> foreign;
        const auto under_way = parts_.ledger.attempts_under_way();
        for (const PendingRow& row : list_.rows) {
            if (parts_.ledger.owner_of(row.id) || is_ours_to_be(row, under_way)) continue;
            foreign.push_back(row.id);
            ForeignOperation seen;
            seen.id = row.id;
            seen.code = row.code;
            seen.target = row.target.value_or("");
            seen.status = row.status;
            seen.first_seen = seen.last_seen = now_.utc;
            const int passes =
                parts_.ledger.write([&](LedgerWrite& w) { return w.note_foreign(seen); });
            if (passes == 2) {
                report_.warnings.push_back("operation " + std::to_string(row.id) + " (" + row.code +
                                           " " + seen.target +
                                           ") was not started here; it blocks orders for its "
                                           "domain until it ends");
            }
        }
        if (!list_.whole) return;
        parts_.ledger.write([&](LedgerWrite& w) { w.forget_foreign_except(foreign); });
    }

    bool is_ours_to_be(const PendingRow& row, const std::vector<AttemptRecord>& under_way) const {
        if (!row.target) return !under_way.empty();
        return std::any_of(under_way.begin(), under_way.end(), [&](const AttemptRecord& attempt) {
            const OrderRecord order = parts_.ledger.order(attempt.order);
            const StepKind* kind = step_kind(attempt.function);
            if (kind == nullptr || order.domain.ascii() != *row.target) return false;
            const auto position = static_cast<std::size_t>(attempt.position);
            return position >= 1 && position <= order.steps.size() &&
                   operation_fits(row.code, *kind, order.steps[position - 1].arguments);
        });
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

    std::optional<ClaimedOrder> claim(OrderId id) {
        return parts_.ledger.write([&](LedgerWrite& w) { return w.claim_order(parts_.run(), id); });
    }

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
            !may_go_on || parts_.runner().advance(order) == OrderRunner::Advance::contact_elsewhere;
        if (rests) parts_.runner().release(order.claim);  // The next pass goes on.
        const OrderState state = order.order.state;
        if (is_end(state) || state == OrderState::held) report_.news.push_back(order.order);
    }

    void note_trouble(const QueryFailure& failure) {
        parts_.rules.note(failure);
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
};

}  // namespace

bool is_anything_open(const Ledger& ledger, UtcTime now) {
    return !ledger.open_operations().empty() || !ledger.open_doubts().empty() ||
           !ledger.orders_with_due_follow_ups(now).empty();
}

PendingReport check_pending(const PendingSettings& settings, const PendingParts& parts) {
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
