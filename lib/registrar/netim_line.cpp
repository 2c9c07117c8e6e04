#include "registrar/netim_line.h"

#include "registrar/fault_code.h"
#include "registrar/request_pace.h"
#include "registrar/trouble.h"
#include "util/failure.h"
#include "util/http_date.h"
#include "util/redact.h"

#include <stdexcept>

namespace domspool {
namespace netim {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds left_until(CallTime::Instant until) {
    return std::chrono::floor<Milliseconds>(until - std::chrono::steady_clock::now());
}

Fault fault_of(const soap::Fault& fault, const Function& function) {
    const bool is_not_there = says_no_such_function(fault, function.name);
    const std::string code = is_not_there ? fault.code : fault_code(fault);
    // The registrar repeats its code in the text.
    const bool is_repeated = fault.text.find(fault.code) != std::string::npos;
    const std::string text = is_repeated ? fault.text : fault.code + ": " + fault.text;
    return {code, redact::clean(text), is_not_there || is_proof_of_refusal(code)};
}

// A gateway's word for a registrar it did not reach, or that did not answer it.
bool is_of_a_gateway(int status) {
    return status == 502 || status == 503 || status == 504;
}

bool asks_for_less(int status) {
    return status == 429 || status == 503;
}

NoAnswer without_soap(const HttpReply& reply, const std::string& what, bool is_cut) {
    const std::string status = "HTTP " + std::to_string(reply.status);
    const bool is_pressure = asks_for_less(reply.status);
    if (reply.body.empty()) return {status + " with an empty body", true, true, is_pressure};
    return {status + " without a readable SOAP body: the reply " + redact::clean(what), true,
            is_cut || is_of_a_gateway(reply.status), is_pressure};
}

NotSent asked_to_wait() {
    return {NotSent::Why::paused, "the registrar asked all requests to wait", ""};
}

NotSent not_sent(const HttpFailure& failure) {
    const bool is_trusted = failure.cause() == HttpFailure::Cause::line;
    return {is_trusted ? NotSent::Why::unreachable : NotSent::Why::not_trusted,
            redact::clean(failure.what()), ""};
}

Result result_of(const HttpReply& reply, const Function& function, const soap::RowSink& sink) {
    try {
        soap::Message message = soap::read_reply(reply.body, function.name, sink);
        if (const auto* fault = std::get_if<soap::Fault>(&message)) {
            const Fault read = fault_of(*fault, function);
            const bool is_word_on_the_call = !read.code.empty() || !asks_for_less(reply.status);
            if (is_word_on_the_call) return read;
            return NoAnswer{"HTTP " + std::to_string(reply.status) + ": " + read.text, true, true,
                            true};
        }
        return Answer{std::move(std::get<soap::Answer>(message).value), reply.date};
    } catch (const soap::CutMessage& cut) {
        return without_soap(reply, cut.what(), true);
    } catch (const soap::UnreadableMessage& unreadable) {
        return without_soap(reply, unreadable.what(), false);
    }
}

}  // namespace

std::string dead_session_code(const Result& result) {
    const auto* fault = std::get_if<Fault>(&result);
    return fault != nullptr && is_dead_session(fault->code) ? fault->code : std::string();
}

bool is_paused(const Result& result) {
    const auto* not_sent = std::get_if<NotSent>(&result);
    return not_sent != nullptr && not_sent->why == NotSent::Why::paused;
}

bool is_pressure(const Result& result) {
    if (const auto* not_sent = std::get_if<NotSent>(&result)) {
        return not_sent->why == NotSent::Why::pressure;
    }
    const auto* none = std::get_if<NoAnswer>(&result);
    return none != nullptr && none->is_pressure;
}

bool is_worth_asking_again(const NotSent& not_sent) {
    return not_sent.why == NotSent::Why::unreachable || not_sent.why == NotSent::Why::not_now ||
           not_sent.why == NotSent::Why::pressure || not_sent.why == NotSent::Why::paused;
}

bool is_worth_asking_again(const Result& result) {
    if (const auto* not_sent = std::get_if<NotSent>(&result)) {
        return is_worth_asking_again(*not_sent);
    }
    const auto* none = std::get_if<NoAnswer>(&result);
    return none != nullptr && (none->is_lost || none->is_pressure);
}

CallTime CallTime::within(Milliseconds begin, Milliseconds end) {
    const Instant now = std::chrono::steady_clock::now();
    return {now + begin, now + end};
}

}  // namespace netim

NetimLine::NetimLine(const NetimSettings& settings, std::shared_ptr<HttpEndpoint> endpoint,
                     RequestPace& pace, const Clock& clock)
    : settings_(settings), pace_(pace), clock_(clock), connection_(std::move(endpoint)) {}

std::variant<HttpRequest, netim::NotSent> NetimLine::request_for(const netim::Function& function,
                                                                 netim::Values values) const {
    HttpRequest request;
    request.headers = {{"Content-Type", "text/xml; charset=utf-8"},
                       {"SOAPAction", "\"" + std::string(function.name) + "\""},
                       {"User-Agent", settings_.user_agent}};
    try {
        request.body =
            soap::write_call(make_call(function, std::move(values), settings_.parameters));
    } catch (const std::invalid_argument& wrong) {
        return netim::NotSent{netim::NotSent::Why::unsendable, redact::clean(wrong.what()), ""};
    }
    return request;
}

std::optional<netim::NotSent> NetimLine::take_turn(const netim::CallTime& time) {
    using netim::NotSent;
    try {
        if (!time.waits_for_turn) {
            pace_.jump_queue();
        } else if (!pace_.wait_for_turn(netim::left_until(time.begin_by))) {
            if (pace_.paused_for().count() > 0) return netim::asked_to_wait();
            return NotSent{NotSent::Why::not_now, "the limit of requests per minute left no turn",
                           ""};
        }
    } catch (const RunFailure& failure) {
        return NotSent{NotSent::Why::no_session, failure.what(), ""};
    }
    return std::nullopt;
}

netim::Result NetimLine::call(const netim::Function& function, netim::Values values,
                              const netim::CallTime& time, const soap::RowSink& sink) {
    auto request = request_for(function, std::move(values));
    if (auto* none = std::get_if<netim::NotSent>(&request)) return std::move(*none);
    if (auto none = take_turn(time)) return std::move(*none);
    return exchange(std::get<HttpRequest>(std::move(request)), function, time, sink);
}

std::optional<netim::NotSent> NetimLine::make_ready(const netim::CallTime& time) {
    if (!has_turn_) {
        if (auto none = take_turn(time)) return none;
        has_turn_ = true;
    }
    try {
        connection_.make_ready(netim::left_until(time.begin_by));
    } catch (const HttpFailure& failure) {
        return netim::not_sent(failure);
    }
    return std::nullopt;
}

bool NetimLine::is_ready() {
    return (has_turn_ || !pace_.is_limited()) && connection_.is_ready();
}

netim::Result NetimLine::call_when_ready(const netim::Function& function, netim::Values values,
                                         const netim::CallTime& time) {
    auto prepared = request_for(function, std::move(values));
    if (auto* none = std::get_if<netim::NotSent>(&prepared)) return std::move(*none);
    auto& request = std::get<HttpRequest>(prepared);
    if (pace_.paused_for().count() > 0) return netim::asked_to_wait();
    request.over = HttpRequest::Over::ready_one;
    has_turn_ = false;
    return exchange(std::move(request), function, time, {});
}

void NetimLine::note_pressure() {
    pace_.note_refusal(clock_.now(), std::nullopt);
}

void NetimLine::note_pressure(const Moment& begun, const HttpReply& reply) {
    pace_.note_refusal(begun, from_retry_after(reply.retry_after, reply.date, clock_.now().utc));
}

netim::Result NetimLine::exchange(HttpRequest request, const netim::Function& function,
                                  const netim::CallTime& time, const soap::RowSink& sink) {
    using netim::NotSent;
    request.begin_within = netim::left_until(time.begin_by);
    request.deadline = netim::left_until(time.end_by);
    if (request.begin_within.count() <= 0) {
        return NotSent{NotSent::Why::not_now, "the call could not begin in time", ""};
    }
    const Moment begun = clock_.now();
    try {
        const HttpReply reply = connection_.exchange(request);
        netim::Result result = netim::result_of(reply, function, sink);
        if (netim::asks_for_less(reply.status)) note_pressure(begun, reply);
        // The next try shall not meet the same machine behind the same gateway.
        if (netim::is_worth_asking_again(result)) connection_.close();
        return result;
    } catch (const HttpFailure& failure) {
        if (failure.sent() == HttpFailure::Sent::no) return netim::not_sent(failure);
        return netim::NoAnswer{redact::clean(failure.what()), false, true};
    }
}

}  // namespace domspool
