#include "registrar/netim_line.h"

#include <stdexcept>

#include "registrar/fault_code.h"
#include "registrar/request_pace.h"
#include "util/failure.h"
#include "util/redact.h"

namespace domspool {
namespace netim {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds left_until(CallTime::Instant until) {
    return std::chrono::floor<Milliseconds>(until - std::chrono::steady_clock::now());
}

Fault fault_of(const soap::Fault& fault) {
    const std::string code = refusal_code(fault);
    // The registrar repeats its code in the text.
    const bool is_repeated = fault.text.find(fault.code) != std::string::npos;
    const std::string text = is_repeated ? fault.text : fault.code + ": " + fault.text;
    return {code, redact::clean(text)};
}

NoAnswer without_soap(const HttpReply& reply, const std::string& what) {
    const std::string status = "HTTP " + std::to_string(reply.status);
    if (reply.body.empty()) return {status + " with an empty body", true};
    return {status + " without a readable SOAP body: the reply " + redact::clean(what), true};
}

Result result_of(const HttpReply& reply, const Function& function, const soap::RowSink& sink) {
    try {
        soap::Message message = soap::read_reply(reply.body, function.name, sink);
        if (const auto* fault = std::get_if<soap::Fault>(&message)) return fault_of(*fault);
        return Answer{std::move(std::get<soap::Answer>(message).value), reply.date};
    } catch (const soap::UnreadableMessage& unreadable) {
        return without_soap(reply, unreadable.what());
    }
}

}  // namespace

std::string dead_session_code(const Result& result) {
    const auto* fault = std::get_if<Fault>(&result);
    return fault != nullptr && is_dead_session(fault->code) ? fault->code : std::string();
}

CallTime CallTime::within(Milliseconds begin, Milliseconds end) {
    const Instant now = std::chrono::steady_clock::now();
    return {now + begin, now + end};
}

}  // namespace netim

NetimLine::NetimLine(const NetimSettings& settings, std::shared_ptr<HttpEndpoint> endpoint,
                     RequestPace& pace)
    : settings_(settings), pace_(pace), connection_(std::move(endpoint)) {}

HttpRequest NetimLine::request_for(const netim::Function& function, netim::Values values) const {
    HttpRequest request;
    request.headers = {{"Content-Type", "text/xml; charset=utf-8"},
                       {"SOAPAction", "\"" + std::string(function.name) + "\""},
                       {"User-Agent", settings_.user_agent}};
    request.body = soap::write_call(make_call(function, std::move(values), settings_.parameters));
    return request;
}

netim::Result NetimLine::call(const netim::Function& function, netim::Values values,
                              const netim::CallTime& time, const soap::RowSink& sink) {
    using netim::NotSent;
    HttpRequest request;
    try {
        request = request_for(function, std::move(values));
        if (!time.waits_for_turn) {
            pace_.jump_queue();
        } else if (!pace_.wait_for_turn(netim::left_until(time.begin_by))) {
            return NotSent{NotSent::Why::not_now, "the limit of requests per minute left no turn",
                           ""};
        }
    } catch (const std::invalid_argument& wrong) {
        return NotSent{NotSent::Why::unsendable, redact::clean(wrong.what()), ""};
    } catch (const RunFailure& failure) {
        return NotSent{NotSent::Why::not_now, failure.what(), ""};
    }
    request.begin_within = netim::left_until(time.begin_by);
    request.deadline = netim::left_until(time.end_by);
    if (request.begin_within.count() <= 0) {
        return NotSent{NotSent::Why::not_now, "the call could not begin in time", ""};
    }
    try {
        const HttpReply reply = connection_.exchange(request);
        return netim::result_of(reply, function, sink);
    } catch (const HttpFailure& failure) {
        const std::string what = redact::clean(failure.what());
        if (failure.sent() == HttpFailure::Sent::perhaps) return netim::NoAnswer{what, false};
        return NotSent{NotSent::Why::unreachable, what, ""};
    }
}

}  // namespace domspool
