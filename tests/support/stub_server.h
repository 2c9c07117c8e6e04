// An HTTP server that does to each request exactly what the test says, byte for byte.
#pragma once

#include "support/tls_identity.h"
#include "util/descriptor.h"

#include <openssl/ssl.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace domspool::test {

struct StubRequest {
    int connection = 0;  // 1, 2 ... in order of their coming
    std::string head;    // request line and headers
    std::string body;
    // The value of a header, letter case of its name ignored; "" if there is none.
    std::string header(const std::string& name) const;
};

struct StubAction {
    enum class What {
        send,   // bytes
        drip,   // bytes, one per `time`
        wait,   // `time`, or until the server stops
        close,  // in order, with TLS's farewell
        cut,    // at once, without it
        reset,  // as a router that has forgotten the connection
    };
    What what = What::send;
    std::string bytes;
    std::chrono::milliseconds time{0};
};

// What follows one request. Without close, cut or reset the next request is read.
using StubReaction = std::vector<StubAction>;

// "HTTP/1.1 200 OK" with Content-Length and a Date.
std::string http_reply(int status, const std::string& body,
                       const std::string& type = "text/xml; charset=utf-8");
std::string chunked_reply(const std::vector<std::string>& chunks);
StubReaction replies(int status, const std::string& body);

class StubServer {
  public:
    // Plain HTTP on 127.0.0.1, or TLS with that certificate.
    StubServer();
    explicit StubServer(const TlsIdentity& identity,
                        std::chrono::milliseconds handshake_delay = {});
    ~StubServer();
    StubServer(const StubServer&) = delete;
    StubServer& operator=(const StubServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& host = "127.0.0.1") const;

    // For the next requests, in turn. Where none is left, what `otherwise` says, else status 500
    // without a body.
    void next(StubReaction reaction);
    void otherwise(std::function<StubReaction(const StubRequest&)> answer);
    // Resets each new connection when its first request has begun to come.
    void break_requests();
    // Of the connections every so many'th ends (cut or reset) when its TLS handshake has begun.
    void break_handshakes(int every, StubAction::What end);

    // What came whole, in order.
    std::vector<StubRequest> requests() const;
    int connections() const;
    // Until the server has closed all connections it took so far. On loopback the closing has
    // reached the peer then.
    void wait_until_closed();
    // Until so many pieces were sent since it began. On loopback they have reached the peer then.
    void wait_until_sent(int pieces);

  private:
    struct Stream;

    void start();
    void accept_all();
    void serve(int socket, int number);
    bool is_to_break() const;
    bool shakes_hands(Stream& stream, int number);
    bool read_request(Stream& stream, StubRequest& request);
    bool react(Stream& stream, const StubReaction& reaction);
    void note_sent();
    bool send_slowly(Stream& stream, const StubAction& action);
    StubReaction reaction_to(const StubRequest& request);
    bool pause(std::chrono::milliseconds time);

    std::shared_ptr<SSL_CTX> tls_;
    std::chrono::milliseconds handshake_delay_{0};
    Descriptor listener_;
    std::uint16_t port_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable stop_, changed_;
    bool is_stopping_ = false;
    bool breaks_requests_ = false;
    int broken_handshakes_ = 0;  // every so many'th; 0: none
    StubAction::What end_of_handshake_ = StubAction::What::cut;
    int connections_ = 0;
    int sent_ = 0;
    std::deque<StubReaction> script_;
    std::function<StubReaction(const StubRequest&)> otherwise_;
    std::vector<StubRequest> requests_;
    std::map<int, int> open_sockets_;  // by connection number
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace domspool::test
