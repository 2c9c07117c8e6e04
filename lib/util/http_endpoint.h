// The server side of HTTP exchanges: where to connect, and whom to trust.
#pragma once

#include "util/clock.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace Poco::Net {
class StreamSocket;
}

namespace domspool {

// No reply that can be used.
class HttpFailure : public std::runtime_error {
  public:
    // `no`: not one byte of the request was handed to the socket. `perhaps`: anything later; the
    // server may have acted on it.
    enum class Sent { no, perhaps };
    // `line`: the next try may go better. `trust`: the server is not the one that was meant, or the
    // two speak no TLS in common; it would be so each time.
    enum class Cause { line, trust };
    HttpFailure(Sent sent, const std::string& what, Cause cause = Cause::line)
        : std::runtime_error(what), sent_(sent), cause_(cause) {}
    Sent sent() const { return sent_; }
    Cause cause() const { return cause_; }

  private:
    Sent sent_;
    Cause cause_;
};

// Shared by the connections of all lanes. The TLS context (some 40 ms of CPU) is made at the first
// connection, once. With TLS, 1.2 or newer, OpenSSL itself checks the certificate and the host's
// name before the first byte of a request.
class HttpEndpoint {
  public:
    // An http or https URL; throws std::invalid_argument for anything else. `ca_file` names the
    // authorities to trust instead of the system's; empty: the system's.
    explicit HttpEndpoint(const std::string& url, std::string ca_file = {},
                          std::chrono::milliseconds connect_timeout = std::chrono::seconds(10));
    ~HttpEndpoint();
    HttpEndpoint(const HttpEndpoint&) = delete;
    HttpEndpoint& operator=(const HttpEndpoint&) = delete;

    bool is_secure() const;
    bool is_loopback() const;  // "localhost" or a loopback address
    const std::string& host() const;
    const std::string& path() const;  // with the query
    std::string host_header() const;

    // The host's addresses, looked up now. HttpFailure with Sent::no.
    std::vector<std::string> addresses() const;

    // Connected and trusted, all addresses tried, within `longest` and the connect time-out.
    // HttpFailure with Sent::no; a handshake that was reset or took too long says nothing of trust.
    Poco::Net::StreamSocket connect(std::chrono::milliseconds longest);

    // For protocols that begin in the clear and ask for TLS in between (STARTTLS): a connection
    // without it, and the same one trusted from now on. Only for https. Failures as of connect().
    Poco::Net::StreamSocket connect_plain(std::chrono::milliseconds longest);
    Poco::Net::StreamSocket make_secure(const Poco::Net::StreamSocket& plain,
                                        std::chrono::milliseconds longest);

    // When the certificate that was shown at the last connection ends; nothing before one, and
    // without TLS.
    std::optional<UtcTime> certificate_end() const;

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace domspool
