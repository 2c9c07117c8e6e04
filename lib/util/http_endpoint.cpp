#include "util/http_endpoint.h"

#include "util/socket_deadline.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/X509Certificate.h>
#include <Poco/URI.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <fcntl.h>
#include <mutex>
#include <tuple>
#include <vector>

namespace domspool {
namespace {

namespace net = Poco::Net;
using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;
using Sent = HttpFailure::Sent;
using Cause = HttpFailure::Cause;

Milliseconds left_until(Instant until) {
    return std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
}

bool is_address(const std::string& host) {
    net::IPAddress ignored;
    return net::IPAddress::tryParse(host, ignored);
}

std::vector<net::IPAddress> addresses_of(const std::string& host) {
    net::IPAddress address;
    if (net::IPAddress::tryParse(host, address)) return {address};
    return net::DNS::hostByName(host).addresses();
}

// Whether one side of the handshake under way in this thread has turned the other down.
thread_local bool is_turned_down = false;

// A handshake ends by a fatal alert where certificate, name or version do not please. Of the line
// are: the end in mid-handshake, which OpenSSL calls undecodable; trouble inside the server.
void note_alert(const SSL*, int where, int alert) {
    constexpr int kFatal = 2;
    const int what = alert & 0xff;
    const bool is_fatal = (where & SSL_CB_ALERT) != 0 && alert >> 8 == kFatal;
    const bool is_of_the_line = what == SSL_AD_DECODE_ERROR || what == SSL_AD_INTERNAL_ERROR;
    if (is_fatal && !is_of_the_line) is_turned_down = true;
}

// OpenSSL itself checks the name: the library skips its own check when the handshake outlasts the
// connect time-out, and sends.
net::Context::Ptr make_context(const std::string& host, const std::string& ca_file) {
    net::Context::Ptr context(new net::Context(net::Context::TLS_CLIENT_USE, "", "", ca_file,
                                               net::Context::VERIFY_STRICT, 9, ca_file.empty()));
    context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
    SSL_CTX_set_info_callback(context->sslContext(), note_alert);
    X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context->sslContext());
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int is_set = is_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                                        : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0);
    if (is_set != 1) throw net::SSLException("the name cannot be required");
    return context;
}

net::Context::Ptr trusting_context(const std::string& host, const std::string& ca_file) {
    try {
        return make_context(host, ca_file);
    } catch (const Poco::Exception& error) {
        throw HttpFailure(Sent::no, "cannot set up TLS with '" + host + "': " + error.displayText(),
                          Cause::trust);
    }
}

// `shake` returns 1 once the handshake is complete.
template <typename Shake>
void shake_hands(int descriptor, const std::string& host, Milliseconds longest, Shake shake) {
    SocketDeadline deadline(descriptor);
    deadline.arm(longest);
    is_turned_down = false;
    int is_complete = 0;
    std::string cause = "it was not completed";
    try {
        is_complete = shake();
    } catch (const Poco::Exception& error) {
        cause = error.displayText();
    }
    deadline.disarm();
    if (is_complete == 1 && !deadline.has_struck()) return;
    if (is_turned_down) {
        throw HttpFailure(Sent::no, "cannot trust '" + host + "': " + cause, Cause::trust);
    }
    const std::string handshake = "the TLS handshake with '" + host + "' ";
    throw HttpFailure(Sent::no, deadline.has_struck() ? handshake + "took too long"
                                                      : handshake + "was broken off: " + cause);
}

}  // namespace

struct HttpEndpoint::Inside {
    enum class WithTls { no, yes };
    std::string scheme, host, path;
    std::uint16_t port = 0;
    std::string ca_file;
    Milliseconds connect_timeout{0};
    mutable std::mutex mutex;
    net::Context::Ptr context;
    std::optional<UtcTime> certificate_end;

    void note_certificate(const net::SecureStreamSocket& socket) {
        const auto ends = socket.peerCertificate().expiresOn().timestamp().epochMicroseconds();
        const std::lock_guard lock(mutex);
        certificate_end =
            UtcTime(std::chrono::floor<Milliseconds>(std::chrono::microseconds(ends)));
    }

    net::Context::Ptr trusted_context() {
        const std::lock_guard lock(mutex);
        if (context.isNull()) context = trusting_context(host, ca_file);
        return context;
    }

    net::StreamSocket new_socket(WithTls with_tls) {
        if (with_tls == WithTls::no) return {};
        net::SecureStreamSocket socket(trusted_context());
        if (!is_address(host)) socket.setPeerHostName(host);
        socket.setLazyHandshake(true);  // Made by us, under a deadline, before the first byte.
        return socket;
    }

    net::StreamSocket connect_to(const net::IPAddress& address, Milliseconds longest,
                                 WithTls with_tls) {
        net::StreamSocket socket = new_socket(with_tls);
        socket.connect(net::SocketAddress(address, port), Poco::Timespan(longest.count() * 1000));
        std::ignore = ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);  // Cannot fail.
        return socket;
    }

    // An address that does not answer at all leaves time for those behind it.
    net::StreamSocket connect_to_any(Instant until, WithTls with_tls) {
        std::string last = "it has no address";
        const std::vector<net::IPAddress> addresses = addresses_of(host);
        auto remaining = static_cast<std::int64_t>(addresses.size());
        for (const net::IPAddress& address : addresses) {
            const Milliseconds share = left_until(until) / remaining--;
            try {
                if (share.count() > 0) return connect_to(address, share, with_tls);
                last = "no time left";
            } catch (const Poco::Exception& error) {
                last = error.displayText();
            }
        }
        throw HttpFailure(Sent::no, "cannot connect to '" + host + "': " + last);
    }
};

HttpEndpoint::HttpEndpoint(const std::string& url, std::string ca_file,
                           Milliseconds connect_timeout)
    : inside_(std::make_unique<Inside>()) {
    try {
        const Poco::URI uri(url);
        inside_->scheme = uri.getScheme();
        inside_->host = uri.getHost();
        inside_->path = uri.getPathAndQuery().empty() ? "/" : uri.getPathAndQuery();
        inside_->port = uri.getPort();
    } catch (const Poco::Exception&) {
        inside_->scheme.clear();
    }
    if ((inside_->scheme != "http" && inside_->scheme != "https") || inside_->host.empty() ||
        inside_->port == 0) {
        throw std::invalid_argument("no http or https URL");
    }
    inside_->ca_file = std::move(ca_file);
    inside_->connect_timeout = connect_timeout;
}

HttpEndpoint::~HttpEndpoint() = default;

bool HttpEndpoint::is_secure() const {
    return inside_->scheme == "https";
}

bool HttpEndpoint::is_loopback() const {
    net::IPAddress address;
    if (net::IPAddress::tryParse(inside_->host, address)) return address.isLoopback();
    return inside_->host == "localhost";
}

const std::string& HttpEndpoint::host() const {
    return inside_->host;
}

const std::string& HttpEndpoint::path() const {
    return inside_->path;
}

std::string HttpEndpoint::host_header() const {
    const std::string& host = inside_->host;
    const std::string name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    const std::uint16_t usual = is_secure() ? 443 : 80;
    return inside_->port == usual ? name : name + ":" + std::to_string(inside_->port);
}

std::vector<std::string> HttpEndpoint::addresses() const {
    try {
        std::vector<std::string> shown;
        for (const auto& address : addresses_of(inside_->host)) shown.push_back(address.toString());
        return shown;
    } catch (const Poco::Exception& error) {
        throw HttpFailure(Sent::no,
                          "cannot look up '" + inside_->host + "': " + error.displayText());
    }
}

std::optional<UtcTime> HttpEndpoint::certificate_end() const {
    const std::lock_guard lock(inside_->mutex);
    return inside_->certificate_end;
}

net::StreamSocket HttpEndpoint::connect(Milliseconds longest) {
    const Instant until =
        std::chrono::steady_clock::now() + std::min(longest, inside_->connect_timeout);
    const auto with_tls = is_secure() ? Inside::WithTls::yes : Inside::WithTls::no;
    net::StreamSocket socket = inside_->connect_to_any(until, with_tls);
    if (is_secure()) {
        net::SecureStreamSocket secure(socket);
        shake_hands(secure.impl()->sockfd(), inside_->host,
                    std::max(left_until(until), Milliseconds(1)),
                    [&] { return secure.completeHandshake(); });
        inside_->note_certificate(secure);
    }
    socket.setNoDelay(true);
    return socket;
}

net::StreamSocket HttpEndpoint::connect_plain(Milliseconds longest) {
    const Instant until =
        std::chrono::steady_clock::now() + std::min(longest, inside_->connect_timeout);
    return inside_->connect_to_any(until, Inside::WithTls::no);
}

net::StreamSocket HttpEndpoint::make_secure(const net::StreamSocket& plain, Milliseconds longest) {
    std::optional<net::SecureStreamSocket> secure;
    const std::string name = is_address(inside_->host) ? "" : inside_->host;
    shake_hands(plain.impl()->sockfd(), inside_->host, longest, [&] {
        secure = net::SecureStreamSocket::attach(plain, name, inside_->trusted_context());
        return secure->completeHandshake();
    });
    inside_->note_certificate(*secure);
    return *secure;
}

}  // namespace domspool
