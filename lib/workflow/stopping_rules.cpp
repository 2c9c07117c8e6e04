#include "workflow/stopping_rules.h"

namespace domspool {

void StoppingRules::note(OrderId order, const Outcome& outcome) {
    if (const auto* later = std::get_if<TryLater>(&outcome)) {
        switch (later->why) {
            case TryLater::Why::unreachable:
                return stop(ExitCode::try_later, "the registrar cannot be reached: " + later->text);
            case TryLater::Why::login_refused:
                return stop(ExitCode::service_refused,
                            "the registrar refused the login: " + later->text);
            case TryLater::Why::session_dead:
                return;
        }
    }
    const std::unique_lock lock(mutex_);
    if (std::holds_alternative<InDoubt>(outcome)) {
        refused_.clear();
        if (++doubts_ < kDoubtsInARow || reason_) return;
        reason_ = {ExitCode::try_later, std::to_string(kDoubtsInARow) +
                                            " calls in a row ended in doubt; nothing more is sent "
                                            "until pending-check has settled them"};
        stopped_ = true;
        return;
    }
    doubts_ = 0;
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr) return refused_.clear();
    if (refused->code != refusal_code_) refused_.clear();
    refusal_code_ = refused->code;
    refused_.push_back(order);
    if (static_cast<int>(refused_.size()) < most_refusals_ || reason_) return;
    reason_ = {ExitCode::service_refused,
               std::to_string(refused_.size()) + " refusals in a row with code '" + refusal_code_ +
                   "'; their orders are held, see `domain-orders list --state held`"};
    stopped_ = true;
}

void StoppingRules::note(const QueryFailure& failure) {
    switch (failure.why()) {
        case QueryFailure::Why::unreachable:
            return stop(ExitCode::try_later,
                        std::string("the registrar cannot be reached: ") + failure.what());
        case QueryFailure::Why::login_refused:
            return stop(ExitCode::service_refused,
                        std::string("the registrar refused the login: ") + failure.what());
        case QueryFailure::Why::refused:
        case QueryFailure::Why::unreadable:
            return;
    }
}

void StoppingRules::stop(ExitCode code, const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (!reason_) reason_ = {code, text};
    stopped_ = true;
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
