// A connection over which each request is written once.
#pragma once

#include "util/socket_deadline.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>

namespace domspool {

// Over a socket that is connected already. The library would reconnect and send a second time when
// its first write fails, and reconnect by age; both are switched off. Writing to a broken
// connection raises SIGPIPE; Poco holds it back in every thread from the start of the program.
class OnceSession : public Poco::Net::HTTPClientSession {
  public:
    explicit OnceSession(const Poco::Net::StreamSocket& socket);

    SocketDeadline& deadline() { return deadline_; }

    void begin_request(std::chrono::milliseconds longest);
    // Whether anything of the request begun was handed to the socket. Over TLS, whether that was
    // tried: it may have handed over a part of what it could not write.
    bool has_written() const { return has_written_; }

    // Closed by the other side, or something that answers no question of ours.
    bool has_something_to_read();

  protected:
    int write(const char* buffer, std::streamsize length) override;
    bool mustReconnect() const override { return false; }

  private:
    std::streamsize write_first(const char* buffer, std::size_t length);
    bool is_talk_of_tls();

    SocketDeadline deadline_;
    std::chrono::milliseconds socket_wait_{0};
    bool has_written_ = false;
};

}  // namespace domspool
