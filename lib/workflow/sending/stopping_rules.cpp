#include "workflow/sending/stopping_rules.h"

#include "registrar/trouble.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

// After the first doubts in a row; doubled for each one more.
constexpr std::chrono::seconds kPauseAfterDoubts{10};

bool is_about_one_order(const Outcome& refusal) {
    const Trouble trouble = trouble_of(refusal);
    return trouble.is_known && trouble.reach == Reach::order;
}

}  // namespace

void StoppingRules::note(OrderId order, StepPhase phase, const Outcome& outcome, Refusal refusal) {
    const std::lock_guard lock(mutex_);
    if (const auto* later = std::get_if<TryLater>(&outcome)) return note_try_later(*later);
    unsent_ = 0;
    if (const auto* doubt = std::get_if<InDoubt>(&outcome)) {
        if (doubt->is_pressure) return;  // All programs wait: RequestPace.
        if (++doubts_ < most_doubts_) return;
        return stop_for({ExitCode::try_later, std::to_string(most_doubts_) +
                                                  " calls in a row ended in doubt; nothing more "
                                                  "is sent until pending-check has settled them"});
    }
    doubts_ = paused_for_ = 0;
    if (const std::string* code = refusal_code_in(outcome)) {
        const bool is_own = refusal == Refusal::names_own || is_about_one_order(outcome);
        if (phase != StepPhase::after && !is_own) note_refusal(order, *code);
    } else if (phase == StepPhase::main && static_cast<int>(refused_.size()) < most_refusals_) {
        refused_.clear();
    }
}

void StoppingRules::note_try_later(const TryLater& later) {
    switch (later.why) {
        case TryLater::Why::unreachable:
        case TryLater::Why::asked_to_wait:
            return;  // A moment, unless it lasts: stop_unreachable().
        case TryLater::Why::login_refused:
            return stop_for_login(later.text);
        case TryLater::Why::session_dead:
            if (++unsent_ < kUnsentInARow) return;
            return stop_for({ExitCode::try_later,
                             std::to_string(kUnsentInARow) +
                                 " calls in a row could not be sent: " + visible_text(later.text)});
    }
}

void StoppingRules::stop_for_login(const std::string& words) {
    StopReason reason{ExitCode::service_refused,
                      "the registrar refused the login: " + visible_text(words),
                      false,
                      false,
                      false,
                      Limit::none,
                      true};
    stop_for(std::move(reason));
}

void StoppingRules::note_refusal(OrderId order, const std::string& code) {
    if (most_refusals_ == 0) return;
    const bool is_complete = static_cast<int>(refused_.size()) >= most_refusals_;
    if (code != refusal_code_) {
        if (is_complete) return;  // What another lane still hears does not undo the row.
        refused_.clear();
    }
    refusal_code_ = code;
    refused_.push_back(order);
    if (static_cast<int>(refused_.size()) < most_refusals_) return;
    stop_for({ExitCode::service_refused,
              std::to_string(refused_.size()) + " refusals in a row with code '" +
                  visible_text(refusal_code_) +
                  "'; their orders are held, see `domain-orders list --state held`"});
}

void StoppingRules::note(const QueryFailure& failure) {
    const Trouble trouble = trouble_of(failure);
    if (trouble.reach == Reach::run) return stop_unreachable(failure.what());
    if (trouble.reach != Reach::account) return;
    const std::lock_guard lock(mutex_);
    stop_for_login(failure.what());
}

int StoppingRules::doubts_to_pause_for() const {
    const std::lock_guard lock(mutex_);
    return doubts_ >= kDoubtsInARow && doubts_ > paused_for_ && !silent_ ? doubts_ : 0;
}

void StoppingRules::pause_after_doubts(
    const std::function<void()>& before_waiting,
    const std::function<void(std::chrono::seconds)>& wait_and_ask) {
    std::unique_lock turn(pausing_, std::try_to_lock);
    if (!turn) {
        before_waiting();
        turn.lock();
    }
    const int doubts = doubts_to_pause_for();
    if (doubts == 0) return;
    before_waiting();
    wait_and_ask(kPauseAfterDoubts * (1 << (doubts - kDoubtsInARow)));
    const std::lock_guard lock(mutex_);
    paused_for_ = doubts;
}

void StoppingRules::stop_unreachable(const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    stop_for(
        {ExitCode::try_later, "the registrar cannot be reached: " + visible_text(trouble), true});
}

void StoppingRules::stop(ExitCode code, const std::string& text) {
    const std::lock_guard lock(mutex_);
    stop_for({code, text});
}

void StoppingRules::stop_ordering(Limit limit, const std::string& text) {
    const std::lock_guard lock(mutex_);
    stop_for({ExitCode::service_refused, text, false, true, false, limit});
}

void StoppingRules::stop_for_hold(const std::string& text) {
    const std::lock_guard lock(mutex_);
    held_ = true;
    stop_for({ExitCode::service_refused, text, false, true, true});
}

void StoppingRules::stop_for(StopReason reason) {
    if (!reason.is_about_ordering) silent_ = true;
    if (!reason_ || reason_->is_hold) reason_ = std::move(reason);
    stopped_ = true;
}

void StoppingRules::set_funds(const Money& funds) {
    const std::lock_guard lock(mutex_);
    if (!funds_) funds_ = funds;
}

void StoppingRules::forget_cost(OrderId order) {
    const auto cost = costs_.find(order);
    if (cost == costs_.end()) return;
    spent_cents_ -= cost->second;
    costs_.erase(cost);
}

std::optional<Money> StoppingRules::funds_left() const {
    const std::lock_guard lock(mutex_);
    if (!funds_) return std::nullopt;
    return Money{funds_->cents - spent_cents_, funds_->currency};
}

std::optional<std::string> StoppingRules::short_of_funds(const OrderRecord& order,
                                                         const Money& price) {
    const std::lock_guard lock(mutex_);
    if (!funds_ || price.cents == 0) return std::nullopt;
    forget_cost(order.id);  // It may come to this point a second time.
    const Money left{funds_->cents - spent_cents_, funds_->currency};
    if (price.currency == left.currency && price.cents <= left.cents) {
        costs_[order.id] = price.cents;
        spent_cents_ += price.cents;
        return std::nullopt;
    }
    const std::string reason = "the funds left are " + to_text(left) + ", and " +
                               order.domain.unicode() + " costs " + to_text(price);
    stop_for({ExitCode::service_refused, reason + "; add funds and order again", false, true});
    return reason;
}

void StoppingRules::give_funds_back(OrderId order) {
    const std::lock_guard lock(mutex_);
    forget_cost(order);
}

bool StoppingRules::is_new_code(const std::string& code) {
    const std::lock_guard lock(mutex_);
    return codes_.insert(code).second;
}

std::optional<StopReason> StoppingRules::reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
}

std::vector<OrderId> StoppingRules::orders_to_hold() const {
    const std::lock_guard lock(mutex_);
    if (static_cast<int>(refused_.size()) < most_refusals_) return {};
    return refused_;
}

}  // namespace domspool
