#include "registrar/netim_lane.h"

#include "registrar/netim_outcomes.h"
#include "registrar/request_pace.h"

#include <utility>

namespace domspool {

using namespace netim;
using soap::Value;

namespace {

// The registrar waits at most syncDelay; the rest is for its own work and the way.
constexpr auto kBesideSyncDelay = std::chrono::seconds(35);
// Longer than that, or after so many wishes with no answer between, another run shall see to it.
constexpr std::chrono::minutes kLongestRest{15};
constexpr int kMostWishesInARow = 8;
// So many that one question met, and it may be about its subject.
constexpr int kWishesOfOneQuestion = 3;
// A changing call goes out soon after its attempt was noted, or not at all.
constexpr auto kChangeBeginsWithin = std::chrono::seconds(15);

}  // namespace

NetimLane::NetimLane(std::shared_ptr<NetimAccount> account)
    : account_(std::move(account)), line_(account_->open_line()) {}

NetimLane::~NetimLane() {
    account_->take_back(std::move(line_));
}

CallTime NetimLane::time_of_a_call() const {
    const auto longest = account_->settings_.sync_delay + kBesideSyncDelay;
    return CallTime::within(longest, longest);
}

// Whatever was read to its end shows that the registrar is there.
void NetimLane::note_answer(const Result& result) {
    if (std::holds_alternative<NotSent>(result) || is_worth_asking_again(result)) return;
    account_->pace_->note_answer();
    if (account_->retries_) account_->retries_->note_answer();
}

std::optional<NotSent> NetimLane::wait_out_pressure(const std::function<void()>& before_waiting) {
    RequestPace& pace = *account_->pace_;
    for (;;) {
        const auto left = pace.paused_for();
        if (left.count() == 0) return std::nullopt;
        const UtcTime until = account_->clock_.now().utc + left;
        NotSent none{NotSent::Why::pressure,
                     "the registrar asked all requests to wait until " + to_minute(until), ""};
        const bool is_long = left > kLongestRest || pace.refusals_in_a_row() >= kMostWishesInARow;
        if (!account_->retries_ || is_long) return none;
        if (before_waiting) before_waiting();
        account_->log_.warning("registrar_asks_for_less", {{"wait_s", left.count() / 1000 + 1}});
        if (!account_->retries_->rest(left)) return none;
    }
}

Result NetimLane::ask_once(const Function& function, const Values& values,
                           const soap::RowSink& sink) {
    NetimSession& session = *account_->session_;
    Result result;
    for (int tries_left = 2; tries_left > 0; --tries_left) {
        const CallTime time = time_of_a_call();
        const auto entry = session.enter(*line_, NetimSession::For::question, time);
        if (const auto* none = std::get_if<NotSent>(&entry)) return *none;
        const auto& pass = std::get<NetimSession::Pass>(entry);
        Values all = values;
        all.insert(all.begin(), Value::of(pass.id.reveal()));
        result = line_->call(function, std::move(all), time, sink);
        session.note(pass, result);
        if (dead_session_code(result).empty()) break;
    }
    return result;
}

Answer NetimLane::ask(const Function& function, const Values& values, const soap::RowSink& sink,
                      const std::function<void()>& begin_anew) {
    Retries retries(account_->retries_.get());
    int wishes = 0;
    bool is_alone = false;
    for (;;) {
        if (const auto none = wait_out_pressure(nullptr)) throw query_failure(*none);
        if (wishes >= kWishesOfOneQuestion) {
            is_alone = are_others_answered(function);
            if (const auto none = wait_out_pressure(nullptr)) throw query_failure(*none);
        }
        Result result = ask_once(function, values, sink);
        note_answer(result);
        if (auto* answer = std::get_if<Answer>(&result)) return std::move(*answer);
        if (is_paused(result) && account_->retries_) {
            if (is_called_off()) throw query_failure(function, result);
            continue;
        }
        if (is_pressure(result) && account_->retries_) {
            const bool goes_on = !is_alone && ++wishes < kMostWishesInARow && !is_called_off();
            if (!goes_on) give_up_pressed(function, result, is_alone);
            if (begin_anew) begin_anew();
            continue;
        }
        if (!is_worth_asking_again(result) || !retries.wait()) give_up(function, result, retries);
        tell_again(function.name, query_failure(function, result).what(), retries);
        if (begin_anew) begin_anew();
    }
}

// Where a pause is to come, that hears of it.
bool NetimLane::is_called_off() {
    if (!account_->retries_ || account_->pace_->paused_for().count() > 0) return false;
    return !account_->retries_->rest(std::chrono::milliseconds(0));
}

bool NetimLane::are_others_answered(const Function& function) {
    if (&function == &kQueryResellerAccount) return false;
    const Result other = ask_once(kQueryResellerAccount, {}, {});
    note_answer(other);
    return std::holds_alternative<Answer>(other);
}

// A name for which the registrar is always busy slows nobody else down.
void NetimLane::give_up_pressed(const Function& function, const Result& result, bool is_alone) {
    const std::string text = query_failure(function, result).what();
    if (!is_alone) throw QueryFailure(QueryFailure::Why::unreachable, "", text);
    account_->pace_->forget_refusals();
    throw QueryFailure(QueryFailure::Why::unreadable, "", text + "; other questions are answered");
}

// One name for which the registrar breaks down each time is no registrar that is away: that shows
// in whether it answers another question.
void NetimLane::give_up(const Function& function, const Result& result, const Retries& retries) {
    const QueryFailure failure = query_failure(function, result);
    if (!retries.is_given_up() || !is_worth_asking_again(result)) throw failure;
    const bool is_alone = std::holds_alternative<NoAnswer>(result) && are_others_answered(function);
    std::string text = failure.what();
    if (retries.tries() > 1) text += " (asked " + std::to_string(retries.tries()) + " times)";
    if (is_alone) text += "; other questions are answered";
    throw QueryFailure(is_alone ? QueryFailure::Why::unreadable : QueryFailure::Why::unreachable,
                       failure.code(), text);
}

void NetimLane::tell_again(const std::string& what, const std::string& cause,
                           const Retries& retries) {
    account_->log_.info("asked_again",
                        {{"what", what}, {"try", retries.tries()}, {"cause", cause}});
}

void NetimLane::make_ready(const std::function<void()>& before_waiting) {
    if (const auto none = wait_out_pressure(before_waiting)) throw query_failure(*none);
    ready_ = account_->session_->standing_for_changes();
    if (ready_ && line_->is_ready()) return;
    before_waiting();
    Retries retries(account_->retries_.get());
    int wishes = 0;
    while (const auto none = try_to_be_ready()) {
        if (none->why == NotSent::Why::pressure || none->why == NotSent::Why::paused) {
            wishes += none->why == NotSent::Why::pressure ? 1 : 0;
            if (wishes >= kMostWishesInARow || is_called_off()) throw query_failure(*none);
            if (const auto still = wait_out_pressure(nullptr)) throw query_failure(*still);
            continue;
        }
        if (!is_worth_asking_again(*none) || !retries.wait()) throw query_failure(*none);
        tell_again("making ready", none->text, retries);
    }
}

std::optional<NotSent> NetimLane::try_to_be_ready() {
    const CallTime time = time_of_a_call();
    auto entry = account_->session_->enter(*line_, NetimSession::For::change, time);
    if (auto* none = std::get_if<NotSent>(&entry)) return std::move(*none);
    if (auto none = line_->make_ready(time)) return none;
    ready_ = std::get<NetimSession::Pass>(std::move(entry));
    return std::nullopt;
}

Result NetimLane::change(const Function& function, Values values) {
    const auto ready = std::exchange(ready_, std::nullopt);
    if (!ready) return NotSent{NotSent::Why::unreachable, "the call was not made ready", ""};
    CallTime time = time_of_a_call();
    time.begin_by = CallTime::within(kChangeBeginsWithin, kChangeBeginsWithin).begin_by;
    values.insert(values.begin(), Value::of(ready->id.reveal()));
    Result result = line_->call_when_ready(function, std::move(values), time);
    account_->session_->note(*ready, result);
    note_answer(result);
    return result;
}

}  // namespace domspool
