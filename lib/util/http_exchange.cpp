#include "util/http_exchange.h"

#include "util/http_once_session.h"

#include <Poco/Buffer.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <array>
#include <time.h>

namespace domspool {
namespace {

namespace net = Poco::Net;
using Milliseconds = std::chrono::milliseconds;
using Sent = HttpFailure::Sent;

// Servers keep idle connections for 5 s or more; a request must not meet their closing one.
constexpr Milliseconds kLongestIdle{3000};
constexpr int kMostHeaders = 200;

// Standby counts: a server closes while this machine sleeps.
Milliseconds since_boot() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) +
           std::chrono::duration_cast<Milliseconds>(std::chrono::nanoseconds(now.tv_nsec));
}

std::string in_seconds(Milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    const std::string whole = std::to_string(tenths / 10);
    return tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10);
}

std::string read_body(std::istream& stream, std::size_t limit) {
    std::string body;
    std::array<char, 16384> buffer{};
    while (stream.good()) {
        stream.read(buffer.data(), buffer.size());
        body.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > limit) {
            throw net::NetException("the reply is larger than " + std::to_string(limit) + " bytes");
        }
    }
    return body;
}

}  // namespace

struct HttpConnection::Inside {
    explicit Inside(std::shared_ptr<HttpEndpoint> shared) : endpoint(std::move(shared)) {}

    std::shared_ptr<HttpEndpoint> endpoint;
    std::unique_ptr<OnceSession> session;
    Milliseconds idle_since{0};

    HttpReply exchange(const HttpRequest& request);
    bool is_ready();
    void make_ready(Milliseconds longest);
    void make_ready_for(const HttpRequest& request, Milliseconds begun);
    HttpReply send_and_receive(const HttpRequest& request);
    void send(const HttpRequest& request);
    HttpReply receive(const HttpRequest& request);
    [[noreturn]] void fail(const HttpRequest& request, const std::string& cause);

    // Closes the connection on any failure.
    template <typename Act>
    auto guarded(Act act) {
        try {
            return act();
        } catch (const HttpFailure&) {
            session.reset();
            throw;
        } catch (const std::exception& error) {  // Before the first byte: names, descriptors.
            session.reset();
            const auto* theirs = dynamic_cast<const Poco::Exception*>(&error);
            throw HttpFailure(Sent::no, "'" + endpoint->host() + "': " +
                                            (theirs ? theirs->displayText() : error.what()));
        }
    }
};

bool HttpConnection::Inside::is_ready() {
    const bool is_fresh = since_boot() - idle_since < kLongestIdle;
    if (session && (!is_fresh || session->has_something_to_read())) session.reset();
    return session != nullptr;
}

void HttpConnection::Inside::make_ready(Milliseconds longest) {
    if (is_ready()) return;
    session = std::make_unique<OnceSession>(endpoint->connect(longest));
    idle_since = since_boot();
}

void HttpConnection::Inside::make_ready_for(const HttpRequest& request, Milliseconds begun) {
    const Milliseconds longest = std::min(request.deadline, request.begin_within);
    if (request.over == HttpRequest::Over::any) make_ready(longest);
    if (!is_ready()) {
        throw HttpFailure(Sent::no,
                          "the connection to '" + endpoint->host() + "' stands open no more");
    }
    if (since_boot() - begun >= longest) throw HttpFailure(Sent::no, "no time left to send");
}

void HttpConnection::Inside::send(const HttpRequest& request) {
    const std::string& path = request.path.empty() ? endpoint->path() : request.path;
    net::HTTPRequest head(request.method, path, net::HTTPMessage::HTTP_1_1);
    head.set("Host", endpoint->host_header());
    for (const auto& [name, value] : request.headers) head.set(name, value);
    head.setKeepAlive(true);
    const bool has_body = !request.body.empty() || request.method == "POST";
    if (has_body) head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
    std::ostream& stream = session->sendRequest(head);
    stream.write(request.body.data(), static_cast<std::streamsize>(request.body.size()));
    stream.flush();
    if (const Poco::Exception* error = session->networkException()) error->rethrow();
    if (!stream.good()) throw net::NetException("the request could not be written");
}

HttpReply HttpConnection::Inside::receive(const HttpRequest& request) {
    net::HTTPResponse head;
    head.setFieldLimit(kMostHeaders);
    std::istream& stream = session->receiveResponse(head);
    HttpReply reply{head.getStatus(), head.getContentType(), head.get("Date", ""), {}};
    reply.retry_after = head.get("Retry-After", "");
    reply.body = read_body(stream, request.size_limit);
    if (const Poco::Exception* error = session->networkException()) error->rethrow();
    const bool is_chunked = head.getChunkedTransferEncoding();
    const bool has_length = head.hasContentLength() && !is_chunked;
    if (has_length && head.getContentLength64() != static_cast<Poco::Int64>(reply.body.size())) {
        throw net::NetException("the reply was cut short");
    }
    // Without a length the end of the body may be the deadline's doing.
    if (!has_length && session->deadline().has_struck()) throw net::NetException("cut");
    Poco::Buffer<char> surplus(0);
    session->drainBuffer(surplus);
    const bool has_end = has_length || is_chunked;
    if (!head.getKeepAlive() || !has_end || !surplus.empty()) session.reset();
    return reply;
}

void HttpConnection::Inside::fail(const HttpRequest& request, const std::string& cause) {
    const Sent sent = session->has_written() ? Sent::perhaps : Sent::no;
    const std::string what = session->deadline().has_struck()
                                 ? "no whole reply within " + in_seconds(request.deadline) + " s"
                                 : cause;
    throw HttpFailure(sent, "'" + endpoint->host() + "': " + what);
}

HttpReply HttpConnection::Inside::send_and_receive(const HttpRequest& request) {
    std::string cause;
    try {
        send(request);
        return receive(request);
    } catch (const Poco::Exception& error) {
        cause = error.displayText();
    } catch (const std::exception& error) {
        cause = error.what();
    }
    fail(request, cause);
}

HttpReply HttpConnection::Inside::exchange(const HttpRequest& request) {
    const Milliseconds begun = since_boot();
    make_ready_for(request, begun);
    session->begin_request(request.deadline);
    session->deadline().arm(request.deadline - (since_boot() - begun));
    HttpReply reply = send_and_receive(request);
    idle_since = since_boot();
    if (session) {
        session->deadline().disarm();
        if (session->deadline().has_struck()) session.reset();
    }
    return reply;
}

HttpConnection::HttpConnection(std::shared_ptr<HttpEndpoint> endpoint)
    : inside_(std::make_unique<Inside>(std::move(endpoint))) {}

HttpConnection::~HttpConnection() = default;

HttpReply HttpConnection::exchange(const HttpRequest& request) {
    return inside_->guarded([&] { return inside_->exchange(request); });
}

void HttpConnection::make_ready(std::chrono::milliseconds longest) {
    inside_->guarded([&] { inside_->make_ready(longest); });
}

bool HttpConnection::is_ready() {
    return inside_->is_ready();
}

void HttpConnection::close() {
    inside_->session.reset();
}

}  // namespace domspool
