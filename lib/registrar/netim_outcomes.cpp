#include "registrar/netim_outcomes.h"

#include "registrar/fault_code.h"
#include "registrar/netim_functions.h"
#include "registrar/netim_replies.h"
#include "soap/xml_text.h"
#include "util/redact.h"

#include <algorithm>

namespace domspool::netim {
namespace {

Outcome outcome_of(const Fault& fault) {
    if (is_dead_session(fault.code)) {
        return TryLater{TryLater::Why::session_dead, fault.code, fault.text};
    }
    if (fault.is_refusal) return Refused{fault.code, fault.text, std::nullopt};
    if (!fault.code.empty()) return Unproven{fault.code, fault.text};
    return InDoubt{"a fault without a code: " + fault.text};
}

Outcome outcome_of(const NotSent& not_sent) {
    using Why = TryLater::Why;
    switch (not_sent.why) {
        case NotSent::Why::unreachable:
        case NotSent::Why::not_trusted:
        case NotSent::Why::no_session:
            return TryLater{Why::unreachable, not_sent.code, not_sent.text};
        case NotSent::Why::pressure:
        case NotSent::Why::paused:
            return TryLater{Why::asked_to_wait, not_sent.code, not_sent.text};
        case NotSent::Why::login_refused:
            return TryLater{Why::login_refused, not_sent.code, not_sent.text};
        case NotSent::Why::not_now:
            return TryLater{Why::session_dead, not_sent.code, not_sent.text};
        case NotSent::Why::unsendable:
            break;
    }
    return Refused{"", "not sent: " + not_sent.text, std::nullopt};
}

Outcome outcome_of(const NoAnswer& none) {
    return InDoubt{none.evidence, none.is_pressure};
}

template <typename Judge>
Outcome outcome_or(const Result& result, Judge judge) {
    if (const auto* answer = std::get_if<Answer>(&result)) return judge(answer->value);
    if (const auto* fault = std::get_if<Fault>(&result)) return outcome_of(*fault);
    if (const auto* not_sent = std::get_if<NotSent>(&result)) return outcome_of(*not_sent);
    return outcome_of(std::get<NoAnswer>(result));
}

Outcome refusal_of(const OperationReply& reply) {
    const std::string code = code_in(reply.message);
    return Refused{code.empty() ? reply.status : code, redact::clean(reply.message), reply.id};
}

// What stands behind a dot names the preference; of the two functions that sign a domain one may
// be told by the other's name.
bool is_reply_to(std::string_view function, const OperationReply& reply) {
    const std::string_view code = std::string_view(reply.type).substr(0, reply.type.find('.'));
    const std::size_t common = std::min(code.size(), function.size());
    return soap::equal_folded(code.substr(0, common), function.substr(0, common));
}

Outcome judge_operation(std::string_view function, const soap::Value& value) {
    const OperationReply reply = read_operation_reply(value);
    if (!is_reply_to(function, reply)) {
        return InDoubt{"the reply is to another call ('" + redact::clean(reply.type) + "')"};
    }
    switch (final_status_of(reply.status)) {
        case FinalStatus::done:
            return Done{reply.id, redact::clean(reply.message), ""};
        case FinalStatus::failed:
        case FinalStatus::cancelled:
            return refusal_of(reply);
        case FinalStatus::not_final:
            break;
    }
    if (reply.id) return Pending{*reply.id, reply.status, redact::clean(reply.message)};
    if (reply.status.empty()) return InDoubt{"the reply holds no operation"};
    return InDoubt{"status '" + redact::clean(reply.status) + "' without an operation id"};
}

// 12 characters are documented; what holds a blank or goes on for a line is no id.
bool is_contact_id(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Outcome judge_contact(const soap::Value& value) {
    std::string id = value.is_leaf() ? value.text : value.text_of("idContact");
    id.erase(0, std::min(id.find_first_not_of(" \t\r\n"), id.size()));
    id.erase(id.find_last_not_of(" \t\r\n") + 1);
    if (!is_contact_id(id)) return InDoubt{"the reply holds no contact id"};
    return Done{std::nullopt, "", id};
}

Outcome judge_cancelling(const soap::Value& value, OperationId id) {
    const OperationReply reply = read_operation_reply(value);
    if (final_status_of(reply.status) == FinalStatus::failed) return refusal_of(reply);
    return Done{id, redact::clean(reply.message), ""};
}

QueryFailure::Why why_of(const NotSent& not_sent) {
    switch (not_sent.why) {
        case NotSent::Why::unreachable:
        case NotSent::Why::not_trusted:
        case NotSent::Why::no_session:
        case NotSent::Why::not_now:
        case NotSent::Why::pressure:
        case NotSent::Why::paused:
            break;
        case NotSent::Why::login_refused:
            return QueryFailure::Why::login_refused;
        case NotSent::Why::unsendable:
            return QueryFailure::Why::refused;
    }
    return QueryFailure::Why::unreachable;
}

}  // namespace

Outcome operation_outcome(const Function& function, const Result& result) {
    return outcome_or(
        result, [&](const soap::Value& value) { return judge_operation(function.name, value); });
}

Outcome auth_code_outcome(const Result& result) {
    Outcome outcome = operation_outcome(kDomainAuthID, result);
    if (auto* done = std::get_if<Done>(&outcome)) done->message.clear();
    if (auto* pending = std::get_if<Pending>(&outcome)) pending->message.clear();
    return outcome;
}

Outcome contact_outcome(const Result& result) {
    return outcome_or(result, judge_contact);
}

Outcome cancel_outcome(const Result& result, OperationId id) {
    return outcome_or(result,
                      [id](const soap::Value& value) { return judge_cancelling(value, id); });
}

QueryFailure query_failure(const NotSent& not_sent) {
    return {why_of(not_sent), not_sent.code, not_sent.text};
}

QueryFailure query_failure(const Function& function, const Result& result) {
    using Why = QueryFailure::Why;
    const std::string name = std::string(function.name) + ": ";
    if (const auto* fault = std::get_if<Fault>(&result)) {
        // A session that died again says nothing of what was asked about.
        const bool is_answer = !fault->code.empty() && !is_dead_session(fault->code);
        return {is_answer ? Why::refused : Why::unreadable, fault->code, name + fault->text};
    }
    if (const auto* not_sent = std::get_if<NotSent>(&result)) {
        return {why_of(*not_sent), not_sent->code, name + not_sent->text};
    }
    const auto& none = std::get<NoAnswer>(result);
    return {none.had_reply ? Why::unreadable : Why::unreachable, "", name + none.evidence};
}

}  // namespace domspool::netim
