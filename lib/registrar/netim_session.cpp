#include "registrar/netim_session.h"

#include "registrar/reply_fields.h"
#include "registrar/trouble.h"
#include "util/redact.h"

#include <utility>

namespace domspool {
namespace {

using namespace netim;
using soap::Value;
using Why = NotSent::Why;

constexpr int kMostDeadInARow = 3;
// Each may hold one of the account's ten sessions until it expires.
constexpr int kMostLostLogins = 3;

// A session id stands alone in the reply; blanks around it are not part of it.
std::string id_in(const Value& value) {
    if (!value.is_leaf()) return {};
    const auto first = value.text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return value.text.substr(first, value.text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string text_of(const Result& result) {
    if (const auto* not_sent = std::get_if<NotSent>(&result)) return not_sent->text;
    return std::get<NoAnswer>(result).evidence;
}

NotSent no_session(const std::string& text) {
    return {Why::no_session, text, ""};
}

// What was sent for a session and brought none: lost on its way, or an answer to nothing.
NotSent without_answer(const std::string& function, const Result& result) {
    if (const auto* fault = std::get_if<Fault>(&result)) {
        return no_session(function + " was answered by a fault without a code: " + fault->text);
    }
    if (const auto* none = std::get_if<NoAnswer>(&result)) {
        const Why why = none->is_lost ? Why::unreachable : Why::no_session;
        return {why, function + " was not answered: " + none->evidence, ""};
    }
    return no_session(function + " was answered without a session id");
}

}  // namespace

std::variant<NetimSession::Pass, NotSent> NetimSession::enter(NetimLine& line, For purpose,
                                                              const CallTime& time) {
    const std::lock_guard lock(mutex_);
    // A session may have died since its last use, which setting its preferences shows.
    for (int tries_left = 2; tries_left > 0; --tries_left) {
        if (id_.empty()) {
            if (auto failure = open(line, time)) return std::move(*failure);
        }
        if (purpose == For::question || is_set_for_changes_) return Pass{id_, number_};
        if (auto failure = set_preferences(line, time)) return std::move(*failure);
        if (is_set_for_changes_) return Pass{id_, number_};
    }
    return NotSent{Why::not_now, "a new session was dead at its first use", ""};
}

std::optional<NotSent> NetimSession::open(NetimLine& line, const CallTime& time) {
    if (refusal_) return refusal_;
    const Result result =
        line.call(kSessionOpen,
                  {Value::of(upper(settings_.reseller_id)), Value::of(settings_.password.reveal()),
                   Value::of(upper(settings_.language))},
                  time);
    const auto* answer = std::get_if<Answer>(&result);
    Secret id(answer != nullptr ? id_in(answer->value) : std::string());
    if (id.empty()) return without_session(line, result);
    redact::remember(id);
    id_ = std::move(id);
    ++number_;
    is_set_for_changes_ = false;
    was_alive_ = false;
    log_.info("session_opened");
    return std::nullopt;
}

// Only a coded fault is the registrar's word on a login. One about the sessions of the account is
// over in a while.
NotSent NetimSession::without_session(NetimLine& line, const Result& result) {
    const auto refuse = [this](const std::string& code, const std::string& text) {
        log_.error("login_refused", {{"code", code}, {"text", text}});
        return *(refusal_ = NotSent{Why::login_refused, text, code});
    };
    if (is_pressure(result)) return {Why::pressure, text_of(result), ""};
    if (const auto* fault = std::get_if<Fault>(&result); fault && !fault->code.empty()) {
        if (!says_too_many_sessions(fault->code, fault->text))
            return refuse(fault->code, fault->text);
        line.note_pressure();
        return {Why::pressure, fault->text, fault->code};
    }
    if (const auto* not_sent = std::get_if<NotSent>(&result)) {
        if (not_sent->why != Why::unsendable) return *not_sent;
        return refuse("", "the login cannot be sent: " + not_sent->text);
    }
    const NotSent lost = without_answer("sessionOpen", result);
    if (++lost_logins_ < kMostLostLogins) return lost;
    log_.warning("logins_lost", {{"logins", lost_logins_}, {"text", lost.text}});
    refusal_ = no_session(std::to_string(lost_logins_) +
                          " logins got no answer, and each may hold one of the account's sessions; "
                          "no more are tried. The last: " +
                          lost.text);
    return *refusal_;
}

// Nothing returned, and not set: the session is dead, and dropped.
std::optional<NotSent> NetimSession::set_preferences(NetimLine& line, const CallTime& time) {
    const bool is_asynchronous = settings_.mode == NetimSettings::Mode::asynchronous;
    const std::string type = is_asynchronous ? "sync" : "syncDelay";
    const std::string value = is_asynchronous ? "0" : std::to_string(settings_.sync_delay.count());
    const Result result = line.call(
        kSessionSetPreference, {Value::of(id_.reveal()), Value::of(type), Value::of(value)}, time);
    return judge_preference(result);
}

std::optional<NotSent> NetimSession::judge_preference(const Result& result) {
    if (std::holds_alternative<Answer>(result)) {
        is_set_for_changes_ = true;
        return std::nullopt;
    }
    if (!dead_session_code(result).empty()) {
        drop();
        return std::nullopt;
    }
    if (const auto* fault = std::get_if<Fault>(&result)) {
        if (fault->code.empty()) return without_answer("sessionSetPreference", result);
        // Calls are right without it, only waited for as long as the registrar likes.
        log_.warning("preference_refused", {{"code", fault->code}, {"text", fault->text}});
        is_set_for_changes_ = true;
        return std::nullopt;
    }
    if (const auto* not_sent = std::get_if<NotSent>(&result)) return *not_sent;
    if (is_pressure(result)) return NotSent{Why::pressure, text_of(result), ""};
    return without_answer("sessionSetPreference", result);
}

std::optional<NetimSession::Pass> NetimSession::standing_for_changes() const {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || id_.empty() || !is_set_for_changes_) return std::nullopt;
    return Pass{id_, number_};
}

void NetimSession::note(const Pass& pass, const Result& result) {
    const std::lock_guard lock(mutex_);
    if (pass.number != number_ || id_.empty()) return;
    if (!dead_session_code(result).empty()) return drop();
    const bool is_answered =
        std::holds_alternative<Answer>(result) || std::holds_alternative<Fault>(result);
    was_alive_ = was_alive_ || is_answered;
}

void NetimSession::drop() {
    log_.warning("session_dead");
    dead_in_a_row_ = was_alive_ ? 0 : dead_in_a_row_ + 1;
    id_ = Secret();
    if (dead_in_a_row_ < kMostDeadInARow) return;
    refusal_ = no_session(std::to_string(dead_in_a_row_) +
                          " sessions in a row were dead at their first use; no more are opened");
}

bool NetimSession::is_open() const {
    const std::lock_guard lock(mutex_);
    return !id_.empty();
}

bool NetimSession::has_opened() const {
    const std::lock_guard lock(mutex_);
    return number_ > 0;
}

bool NetimSession::is_ours(const Secret& id) const {
    const std::lock_guard lock(mutex_);
    return !id_.empty() && id == id_;
}

void NetimSession::close(NetimLine& line, Retries retries) {
    const std::lock_guard lock(mutex_);
    if (id_.empty()) return;
    const Secret id = std::exchange(id_, Secret());
    for (;;) {
        CallTime time = CallTime::within(std::chrono::seconds(10), std::chrono::seconds(10));
        time.waits_for_turn = false;
        const Result result = line.call(kSessionClose, {Value::of(id.reveal())}, time);
        if (std::holds_alternative<Answer>(result) || !dead_session_code(result).empty()) {
            return log_.info("session_closed");
        }
        if (!is_worth_asking_again(result) || !retries.wait()) break;
    }
    log_.warning("session_not_closed", {{"next", "it ends by itself after 20 minutes"}});
}

}  // namespace domspool
