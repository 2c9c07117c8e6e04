#include "workflow/pending/restarted_operations.h"

#include "workflow/doubt/watched_word.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/order_moves.h"

#include <algorithm>

namespace domspool {

namespace {

class Restarts {
  public:
    explicit Restarts(PendingPass& pass) : pass_(pass) {}

    void look_at(OperationId operation) {
        if (!pass_.ledger().owner_of(operation)) return;
        OrderFilter of_operation;
        of_operation.operation = operation;
        for (const OrderRecord& order : pass_.ledger().orders(of_operation)) {
            const bool is_restarted = order.state == OrderState::failed &&
                                      !is_spoken_of(order.id) && !was_told(operation) &&
                                      is_pending_again(operation);
            if (is_restarted) take(order.id, operation);
        }
    }

  private:
    bool is_spoken_of(OrderId id) const {
        const auto words = pass_.ledger().watched_words();
        return std::any_of(words.begin(), words.end(),
                           [&](const WatchedWord& word) { return word.order == id; });
    }

    bool was_told(OperationId operation) const { return pass_.ledger().is_restart_told(operation); }

    bool is_pending_again(OperationId id) {
        try {
            return final_status_of(pass_.queries().operation(id).status) == FinalStatus::not_final;
        } catch (const QueryFailure& failure) {
            if (!is_about_one_question(failure)) throw;
            return false;  // The next pass asks again.
        }
    }

    // The attempt that began the operation, and the latest of the same step.
    struct Sendings {
        const AttemptRecord* its = nullptr;
        const AttemptRecord* latest = nullptr;
    };

    static Sendings sendings_of(const std::vector<AttemptRecord>& attempts, OperationId operation) {
        Sendings found;
        for (const AttemptRecord& each : attempts) {
            if (each.operation == operation) found.its = &each;
        }
        if (found.its == nullptr) return found;
        for (const AttemptRecord& each : attempts) {
            const bool is_later = found.latest == nullptr || each.id > found.latest->id;
            if (each.position == found.its->position && is_later) found.latest = &each;
        }
        return found;
    }

    void take(OrderId id, OperationId operation) {
        auto claimed = pass_.orders().claim_order(id);
        if (!claimed) return;
        const auto attempts = pass_.ledger().attempts(id);
        const Sendings sent = sendings_of(attempts, operation);
        if (claimed->order.state == OrderState::failed && sent.its != nullptr) {
            reopen(*claimed, operation, sent);
        }
        pass_.go_on_with(*claimed);
    }

    void reopen(ClaimedOrder& claimed, OperationId operation, const Sendings& sent) {
        const StepRecord& step =
            claimed.order.steps.at(static_cast<std::size_t>(sent.its->position) - 1);
        std::string words =
            "operation " + std::to_string(operation) + " had failed and is pending again";
        OrderMove move =
            after_answer(claimed.order, step, Pending{operation, "Pending", ""}, pass_.now().utc);
        if (sent.latest->id != sent.its->id) {
            move.state = OrderState::held;
            move.held_for = HeldFor::restarted;
            words += ", after " + step.function + " was sent again" + as_operation(*sent.latest);
        }
        words += "; it had failed with: " + claimed.order.reason;
        move.reason = words;
        try {
            pass_.ledger().write([&](LedgerWrite& w) {
                w.reopen_operation(claimed.claim, operation, move, pass_.now().utc);
            });
            apply(move, claimed.order);
            tell(claimed.order.id, words);
        } catch (const DomainBusy& busy) {
            leave_failed(claimed.order.id, operation, busy.other());
        }
    }

    static std::string as_operation(const AttemptRecord& attempt) {
        return attempt.operation ? " as operation " + std::to_string(*attempt.operation) : "";
    }

    // Nothing more is sent for the domain before a person has looked at both.
    void leave_failed(OrderId failed, OperationId operation, OrderId other) {
        const OrderRecord newer = pass_.ledger().order(other);
        std::string words =
            "operation " + std::to_string(operation) + " of order " + std::to_string(failed) +
            " had failed and is pending again, while order " + std::to_string(other);
        words += newer.operation ? " (operation " + std::to_string(*newer.operation) + ")" : "";
        words += " stands in its place";
        if (!is_end(newer.state) && newer.state != OrderState::held && !hold(other, words)) return;
        pass_.ledger().write([&](LedgerWrite& w) { w.note_restart_told(operation); });
        tell(failed, words);
    }

    // False: a live run has it; the next pass tries again.
    bool hold(OrderId id, const std::string& words) {
        auto claimed = pass_.orders().claim_order(id);
        if (!claimed) return false;
        if (!is_end(claimed->order.state)) {
            const OrderMove move = held(claimed->order, HeldFor::restarted, words);
            pass_.ledger().write(
                [&](LedgerWrite& w) { w.move_order(claimed->claim, move, pass_.now().utc); });
            apply(move, claimed->order);
        }
        pass_.go_on_with(*claimed);
        return true;
    }

    void tell(OrderId id, const std::string& words) {
        pass_.result().warnings.push_back("order " + std::to_string(id) + ": " + words);
    }

    PendingPass& pass_;
};

}  // namespace

void take_restarted_operations(PendingPass& pass) {
    Restarts restarts(pass);
    for (const PendingRow& row : pass.list().rows) {
        if (!pass.was_open(row.id)) restarts.look_at(row.id);
    }
}

}  // namespace domspool
