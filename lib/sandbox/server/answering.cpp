#include "sandbox/server/answering.h"

#include "sandbox/control/control.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"
#include "sandbox/model/state_tables.h"
#include "soap/soap_xml.h"

#include <cmath>

namespace domspool::sandbox {

namespace {

using soap::Value;

constexpr std::size_t kLongestLoggedName = 64;
constexpr const char* kClient = "SOAP-ENV:Client";
constexpr const char* kServer = "SOAP-ENV:Server";
constexpr const char* kPlainText = "text/plain; charset=utf-8";

Reply fault_reply(const std::string& code, const std::string& text) {
    Reply reply;
    reply.status = 500;
    reply.body = soap::write_fault({.code = code, .text = text, .detail = {}});
    return reply;
}

Reply unknown_code_reply() {
    const std::string code = code::kUnknown;
    return fault_reply(code, code + " : the request could not be completed");
}

Reply web_page(int status, const char* title) {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/html";
    reply.body = std::string("<html><head><title>") + title + "</title></head><body><h1>" + title +
                 "</h1></body></html>\n";
    return reply;
}

Reply busy(int status, const char* title, std::optional<double> seconds) {
    Reply reply = web_page(status, title);
    if (seconds) reply.retry_after = static_cast<int>(std::ceil(*seconds));
    return reply;
}

std::string outcome_of(const Function& function, const Value& value) {
    if (function.result_type == "StructOperationResponse") {
        return value.text_of("STATUS") + " " + value.text_of("ID_OPE");
    }
    if (function.result_name == "idContact") return "contact " + value.text;
    return "answered";
}

Value without_targets(Value list) {
    for (soap::Field& row : list.members) {
        for (soap::Field& member : row.value.members) {
            if (member.name == "data_ope") member.value = Value::of(std::string());
        }
    }
    return list;
}

}  // namespace

// One call on its way through.
struct Answering::Course {
    const Function& function;
    Arguments arguments;
    Millis now;
    std::optional<Rule> rule{};
    Reply reply{};
    CallEntry entry{};
    bool is_stopped = false;  // by a misdeed, before it had any effect

    bool meets(Misdeed misdeed) const { return rule && rule->misdeed == misdeed; }
};

Answering::Answering(const std::string& state_file, Settings settings, const Clock& clock)
    : clock_(clock),
      settings_(std::move(settings)),
      state_(state_file, settings_.opening_balance_cents),
      misbehaviour_(settings_.seed),
      log_(settings_.password) {}

Millis Answering::now() const {
    return clock_.now().utc.time_since_epoch().count() + state_.clock_ahead();
}

void Answering::add_rule(const std::string& rule) {
    const std::lock_guard lock(one_at_a_time_);
    misbehaviour_.add(read_rule(rule));
}

Reply Answering::answer(const std::string& envelope) {
    soap::Call call;
    std::string problem;
    try {
        call = soap::read_call(envelope);
    } catch (const soap::UnreadableMessage& unreadable) {
        problem = unreadable.what();
    }
    const std::lock_guard lock(one_at_a_time_);
    try {
        return problem.empty() ? answer_call(call)
                               : refuse_message("(unreadable)", kClient, problem);
    } catch (const std::exception&) {
        // The state could not be written. The words are the database's and can carry a row.
        state_.reload();
        return fault_reply(kServer, "internal error of the sandbox");
    }
}

// What is wrong with the message itself, as PHP's server says it.
Reply Answering::refuse_message(const std::string& function, const std::string& code,
                                const std::string& problem) {
    store::Transaction transaction(state_.connection());
    state_.log_call({.at = now(),
                     .function = function,
                     .target = {},
                     .parameters = {},
                     .outcome = "fault " + code,
                     .sending = "sent"});
    transaction.commit();
    Reply reply = fault_reply(code, problem);
    reply.date = now();
    return reply;
}

Reply Answering::answer_call(const soap::Call& call) {
    const Function* function = function_named(call.function);
    if (function == nullptr) {
        const bool is_short = call.function.size() <= kLongestLoggedName;
        const std::string name = is_short ? call.function : "(long name)";
        return refuse_message(name, kServer, "Procedure '" + name + "' not present");
    }
    if (has_surplus(function->parts, call.parameters)) {
        return refuse_message(function->name, kClient,
                              "more parameters than '" + function->name + "' has");
    }
    Course course{*function,
                  Arguments(function->parts, bind_parameters(function->parts, call.parameters)),
                  now()};
    course.rule = misbehaviour_.next_for(function->name);
    course.entry = {.at = course.now,
                    .function = function->name,
                    .target = log_.target(course.arguments),
                    .parameters = log_.parameters(*function, course.arguments),
                    .outcome = {},
                    .sending = course.rule ? std::string(name_of(course.rule->misdeed)) : "sent"};
    store::Transaction transaction(state_.connection());
    meet_gate(course);
    end_due(state_, course.now);
    state_.end_sessions_idle_since(course.now - settings_.idle_limit.count());
    if (!course.is_stopped) meet_misdeed_before(course);
    if (!course.is_stopped) {
        run_function(course);
        meet_misdeed_after(course);
    }
    state_.log_call(course.entry);
    transaction.commit();
    course.reply.date = course.now;
    return course.reply;
}

// What a refused function had begun is taken back; its entry in the log stays.
void Answering::run_function(Course& course) {
    const std::int64_t balance = state_.balance_cents();
    try {
        store::Savepoint savepoint(state_.connection());
        Value value = call_function(course);
        course.entry.outcome = outcome_of(course.function, value);
        if (course.meets(Misdeed::pending_list_without_targets)) {
            value = without_targets(std::move(value));
        }
        course.reply.body =
            soap::write_answer(course.function.name, course.function.result_name, value);
        savepoint.keep();
    } catch (const Refusal& refusal) {
        if (state_.balance_cents() != balance) state_.set_balance_cents(balance);
        course.entry.outcome = "fault " + refusal.code();
        course.reply =
            fault_reply(refusal.code(), refusal.code() + " : " + std::string(refusal.what()));
    }
}

Value Answering::call_function(Course& course) {
    CallScene scene{state_, settings_, course.now};
    if (!course.function.needs_session) return course.function.handler(scene, course.arguments);
    const auto session = state_.session(course.arguments.text(kSessionPart));
    if (!session) {
        throw Refusal(code::kSessionUnknown, "session unknown, closed or expired");
    }
    scene.session = *session;
    // Once a second is enough for a limit of minutes.
    if (course.now - session->active_at >= 1000) state_.touch_session(session->id, course.now);
    return course.function.handler(scene, course.arguments);
}

// Of the last minute; what was refused counts for nothing.
void Answering::meet_gate(Course& course) {
    constexpr Millis kMinute = 60'000;
    if (settings_.most_requests_a_minute == 0) return;
    std::erase_if(passed_gate_, [&](Millis at) { return at <= course.now - kMinute; });
    if (std::ssize(passed_gate_) < settings_.most_requests_a_minute) {
        passed_gate_.push_back(course.now);
        return;
    }
    const double seconds = static_cast<double>(passed_gate_.front() + kMinute - course.now) / 1000;
    course.is_stopped = true;
    course.reply = busy(429, "429 Too Many Requests", seconds);
    course.entry.outcome = "none";
    course.entry.sending = "gate";
}

void Answering::meet_misdeed_before(Course& course) {
    if (!course.rule) return;
    const auto stop = [&](Reply reply, const char* outcome) {
        course.is_stopped = true;
        course.reply = std::move(reply);
        course.entry.outcome = outcome;
    };
    switch (course.rule->misdeed) {
        case Misdeed::drop_before: {
            Reply nothing;
            nothing.sending = Reply::Sending::nothing;
            stop(nothing, "none");
            break;
        }
        case Misdeed::html_502:
            stop(web_page(502, "502 Bad Gateway"), "none");
            break;
        case Misdeed::http_429:
            stop(busy(429, "429 Too Many Requests", course.rule->seconds), "none");
            break;
        case Misdeed::http_503:
            stop(busy(503, "503 Service Unavailable", course.rule->seconds), "none");
            break;
        case Misdeed::empty_500: {
            Reply empty;
            empty.status = 500;
            stop(empty, "none");
            break;
        }
        case Misdeed::unknown_code:
            stop(unknown_code_reply(), "none");
            break;
        case Misdeed::refuse_login:
            stop(fault_reply(code::kWrongLogin,
                             std::string(code::kWrongLogin) + " : wrong login or password"),
                 "fault E01-M0101");
            break;
        case Misdeed::expire_session:
            state_.end_session(course.arguments.parts().front().name == kSessionPart
                                   ? course.arguments.text(kSessionPart)
                                   : std::string());
            break;
        case Misdeed::lose_reply:
        case Misdeed::cut_reply:
        case Misdeed::delay:
        case Misdeed::html_502_after:
        case Misdeed::http_503_after:
        case Misdeed::empty_500_after:
        case Misdeed::empty_200_after:
        case Misdeed::fault_without_code:
        case Misdeed::unknown_code_after:
        case Misdeed::pending_list_without_targets:
            break;
    }
}

void Answering::meet_misdeed_after(Course& course) {
    if (!course.rule) return;
    switch (course.rule->misdeed) {
        case Misdeed::lose_reply:
            course.reply.sending = Reply::Sending::nothing;
            break;
        case Misdeed::cut_reply:
            course.reply.sending = Reply::Sending::cut;
            break;
        case Misdeed::delay:
            course.reply.pause =
                std::chrono::milliseconds(static_cast<std::int64_t>(*course.rule->seconds * 1000));
            break;
        case Misdeed::html_502_after:
            course.reply = web_page(502, "502 Bad Gateway");
            break;
        case Misdeed::http_503_after:
            course.reply = busy(503, "503 Service Unavailable", course.rule->seconds);
            break;
        case Misdeed::empty_500_after:
            course.reply.status = 500;
            course.reply.body.clear();
            break;
        case Misdeed::empty_200_after:
            course.reply.status = 200;
            course.reply.body.clear();
            break;
        case Misdeed::fault_without_code:
            course.reply = fault_reply(kServer, "Internal Server Error");
            break;
        case Misdeed::unknown_code_after:
            course.reply = unknown_code_reply();
            break;
        case Misdeed::html_502:
        case Misdeed::http_429:
        case Misdeed::http_503:
        case Misdeed::empty_500:
        case Misdeed::unknown_code:
        case Misdeed::refuse_login:
        case Misdeed::expire_session:
        case Misdeed::pending_list_without_targets:
        case Misdeed::drop_before:
            break;
    }
}

Reply Answering::control(const std::string& commands) {
    const std::lock_guard lock(one_at_a_time_);
    Reply reply;
    reply.content_type = kPlainText;
    try {
        store::Transaction transaction(state_.connection());
        Control scene(state_, settings_, misbehaviour_, now());
        reply.body = scene.obey_all(commands);
        reply.status = scene.all_well() ? 200 : 400;
        transaction.commit();
    } catch (const store::StoreError& failure) {
        return state_failed(failure);
    }
    return reply;
}

Reply Answering::list_calls(std::int64_t after) {
    return listed([&] { return table_of_calls(state_, after); });
}

Reply Answering::list_domains() {
    return listed([&] { return table_of_domains(state_); });
}

Reply Answering::list_operations() {
    return listed([&] { return table_of_operations(state_); });
}

// What is due by now is ended before it is shown.
Reply Answering::listed(const std::function<std::string()>& table) {
    const std::lock_guard lock(one_at_a_time_);
    Reply reply;
    try {
        store::Transaction transaction(state_.connection());
        end_due(state_, now());
        reply.content_type = "text/tab-separated-values; charset=utf-8";
        reply.body = table();
        transaction.commit();
    } catch (const store::StoreError& failure) {
        return state_failed(failure);
    }
    return reply;
}

// As soon forgotten as operations end: nobody rehearses for a day.
PublishedDs Answering::published_ds(const std::string& domain) {
    const std::lock_guard lock(one_at_a_time_);
    PublishedDs published;
    try {
        store::Transaction transaction(state_.connection());
        end_due(state_, now());
        if (const auto known = state_.domain(domain)) published.records = ds_records(*known);
        transaction.commit();
    } catch (const store::StoreError&) {
        state_.reload();
        throw;
    }
    const auto delay = std::chrono::ceil<std::chrono::seconds>(settings_.delay).count();
    published.ttl_seconds = std::max<std::int64_t>(1, delay);
    return published;
}

Reply Answering::state_failed(const store::StoreError& failure) {
    state_.reload();
    Reply reply;
    reply.status = 500;
    reply.content_type = kPlainText;
    reply.body = std::string("error: the state cannot be used: ") + failure.what() + "\n";
    return reply;
}

}  // namespace domspool::sandbox
