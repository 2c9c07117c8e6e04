#include "registrar/retry_budget.h"

#include <algorithm>
#include <array>

namespace domspool {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::array kPauses = {Milliseconds(500), Milliseconds(1000), Milliseconds(2000),
                                Milliseconds(5000), Milliseconds(10'000)};

Milliseconds pause_before(int next_try) {
    const auto number = static_cast<std::size_t>(next_try - 2);
    return kPauses[std::min(number, kPauses.size() - 1)];
}

}  // namespace

RetryBudget::RetryBudget(const RetrySettings& settings, Wait wait)
    : settings_(settings), wait_(std::move(wait)), random_(std::random_device{}()) {}

void RetryBudget::note_answer() {
    const std::lock_guard lock(mutex_);
    is_given_up_ = false;
}

void RetryBudget::give_up() {
    const std::lock_guard lock(mutex_);
    is_given_up_ = true;
}

std::chrono::milliseconds RetryBudget::with_chance(Milliseconds pause) {
    const std::lock_guard lock(mutex_);
    std::uniform_int_distribution<Milliseconds::rep> share(0, pause.count() / 2);
    return pause + Milliseconds(share(random_));
}

RetryBudget::Waited RetryBudget::wait(Milliseconds pause) {
    {
        const std::lock_guard lock(mutex_);
        if (is_given_up_ || spent_ + pause > settings_.per_run) return Waited::no_time;
        spent_ += pause;
    }
    return wait_(pause) ? Waited::called_off : Waited::yes;
}

bool RetryBudget::pause(Milliseconds time) {
    return wait(time) == Waited::yes;
}

bool Retries::wait() {
    if (budget_ == nullptr) return false;
    const auto now = std::chrono::steady_clock::now();
    if (tries_ == 1) first_loss_ = now;
    const Milliseconds pause = budget_->with_chance(pause_before(tries_ + 1));
    // Tries take their time as well.
    const auto since = std::chrono::duration_cast<Milliseconds>(now - first_loss_);
    const bool has_time = std::max(since, waited_) + pause <= budget_->settings_.per_question;
    const auto waited = has_time ? budget_->wait(pause) : RetryBudget::Waited::no_time;
    if (waited == RetryBudget::Waited::no_time) {
        is_given_up_ = true;
        budget_->give_up();
    }
    if (waited != RetryBudget::Waited::yes) return false;
    waited_ += pause;
    ++tries_;
    return true;
}

}  // namespace domspool
