#include "util/http_once_session.h"

#include <Poco/Net/NetException.h>

#include <cerrno>
#include <sys/socket.h>
#include <tuple>

namespace domspool {
namespace {

namespace net = Poco::Net;
using Milliseconds = std::chrono::milliseconds;

// The library's own time-outs only serve its retries after a signal; the deadline strikes first.
constexpr Milliseconds kDeadlineFirst{5000};
// As little as the kernel knows; none at all would be for ever.
constexpr Milliseconds kNoTime{1};

Poco::Timespan span_of(Milliseconds time) {
    return Poco::Timespan(time.count() * 1000);
}

}  // namespace

OnceSession::OnceSession(const net::StreamSocket& socket)
    : net::HTTPClientSession(socket), deadline_(socket.impl()->sockfd()) {
    setKeepAlive(true);
}

void OnceSession::begin_request(Milliseconds longest) {
    has_written_ = false;
    const Milliseconds wait = longest + kDeadlineFirst;
    if (wait == socket_wait_) return;
    socket().setReceiveTimeout(span_of(wait));
    socket().setSendTimeout(span_of(wait));
    socket_wait_ = wait;
}

// TLS may hold decrypted bytes that no poll of the socket shows.
bool OnceSession::has_something_to_read() {
    try {
        if (socket().available() > 0) return true;
        if (!socket().poll(Poco::Timespan(0), net::Socket::SELECT_READ)) return false;
        return !socket().secure() || !is_talk_of_tls();
    } catch (const Poco::Exception&) {
        return true;  // The next to use it would learn of it too late.
    }
}

// Servers send tickets for later connections when they like, the first ones right behind the
// handshake: read here, they bring not one byte of a reply.
bool OnceSession::is_talk_of_tls() {
    const Poco::Timespan usual = socket().getReceiveTimeout();
    socket().setReceiveTimeout(span_of(kNoTime));
    bool is_all = false;
    try {
        char byte = 0;
        std::ignore = socket().receiveBytes(&byte, 1);  // A byte, or the end.
    } catch (const Poco::TimeoutException&) {
        is_all = true;
    }
    socket().setReceiveTimeout(usual);
    return is_all;
}

int OnceSession::write(const char* buffer, std::streamsize length) {
    if (has_written_ || socket().secure()) {
        has_written_ = true;
        return net::HTTPSession::write(buffer, length);
    }
    const auto taken = write_first(buffer, static_cast<std::size_t>(length));
    has_written_ = true;
    if (taken < length) net::HTTPSession::write(buffer + taken, length - taken);
    return static_cast<int>(length);
}

// What the kernel did not take did not leave.
std::streamsize OnceSession::write_first(const char* buffer, std::size_t length) {
    for (;;) {
        const auto taken = ::send(socket().impl()->sockfd(), buffer, length, MSG_NOSIGNAL);
        if (taken >= 0) return taken;
        if (errno == EINTR) continue;
        const net::NetException error("nothing could be written", errno);
        setException(error);
        throw error;
    }
}

}  // namespace domspool
