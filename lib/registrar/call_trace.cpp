#include "registrar/call_trace.h"

namespace domspool {
namespace {

std::string_view to_word(QueryFailure::Why why) {
    switch (why) {
        case QueryFailure::Why::unreachable:
            return "unreachable";
        case QueryFailure::Why::login_refused:
            return "login_refused";
        case QueryFailure::Why::refused:
            return "refused";
        case QueryFailure::Why::unreadable:
            return "unreadable";
    }
    return "";
}

std::string_view to_word(TryLater::Why why) {
    switch (why) {
        case TryLater::Why::unreachable:
            return "unreachable";
        case TryLater::Why::login_refused:
            return "login_refused";
        case TryLater::Why::asked_to_wait:
            return "asked_to_wait";
        case TryLater::Why::session_dead:
            return "session_dead";
    }
    return "";
}

// What the operator does about an outcome, and its name.
struct Verdict {
    Severity severity;
    std::string_view outcome;
};

struct OutcomeFields {
    CallTrace& trace;

    void add_operation(const std::optional<OperationId>& id) const {
        if (id) trace.add("operation", *id);
    }
    Verdict operator()(const Done& done) const {
        trace.add("contact", done.value);  // only contactCreate has one
        add_operation(done.operation);
        trace.add("message", done.message);
        return {Severity::info, "Done"};
    }
    Verdict operator()(const Pending& pending) const {
        add_operation(pending.operation);
        trace.add("status", pending.status);
        trace.add("message", pending.message);
        return {is_plain_pending(pending.status) ? Severity::info : Severity::warning, "Pending"};
    }
    Verdict operator()(const Refused& refused) const {
        add_operation(refused.operation);
        trace.add("code", refused.code);
        trace.add("text", refused.text);
        return {Severity::warning, "Refused"};
    }
    Verdict operator()(const Unproven& unproven) const {
        trace.add("code", unproven.code);
        trace.add("text", unproven.text);
        return {Severity::error, "Unproven"};
    }
    Verdict operator()(const TryLater& later) const {
        trace.add("why", to_word(later.why));
        trace.add("code", later.code);
        trace.add("text", later.text);
        return {Severity::warning, "TryLater"};
    }
    Verdict operator()(const InDoubt& doubt) const {
        trace.add("evidence", doubt.evidence);
        return {Severity::error, "InDoubt"};
    }
};

}  // namespace

CallTrace::CallTrace(Log& log, std::string_view function, std::string_view about) : log_(log) {
    fields_.emplace_back("function", function);
    add("about", about);
}

void CallTrace::add(std::string_view name, std::string_view value) {
    if (!value.empty()) fields_.emplace_back(name, value);
}

void CallTrace::add(std::string_view name, OperationId number) {
    fields_.emplace_back(name, number);
}

void CallTrace::answered() {
    write(Severity::info, "answered");
}

void CallTrace::failed(const QueryFailure& failure) {
    add("code", failure.code());
    add("text", failure.what());
    write(Severity::warning, to_word(failure.why()));
}

void CallTrace::ended(const Outcome& outcome) {
    const Verdict verdict = std::visit(OutcomeFields{*this}, outcome);
    write(verdict.severity, verdict.outcome);
}

void CallTrace::write(Severity severity, std::string_view outcome) {
    using std::chrono::milliseconds;
    const auto time = std::chrono::steady_clock::now() - begun_;
    fields_.emplace_back("outcome", outcome);
    fields_.emplace_back("ms", std::chrono::duration_cast<milliseconds>(time).count());
    log_.write(severity, "registrar_call", fields_);
}

}  // namespace domspool
