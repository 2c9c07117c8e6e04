// A TCP connection that sends what it is given, byte for byte, and tells exactly what came back.
#pragma once

#include "util/descriptor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domspool::test {

struct RawReply {
    int status = 0;          // 0: no status line came
    std::string head;        // status line and headers
    std::string body;        // as much of it as came
    bool is_whole = false;   // all that Content-Length promised
    bool is_closed = false;  // the server has ended the connection
};

class RawConnection {
  public:
    // Throws std::runtime_error if nobody listens there.
    explicit RawConnection(std::uint16_t port, const std::string& address = "127.0.0.1");

    // False when the other side has gone.
    bool send(std::string_view bytes);
    // No more will be sent; the other side sees the end.
    void end_sending();
    // Reads one reply, or until the connection ends; throws std::runtime_error after 20 s.
    RawReply read_reply();
    // Status line and headers alone; what follows stays unread.
    std::string read_head();
    RawReply post(const std::string& path, const std::string& body);
    RawReply get(const std::string& path);

  private:
    bool read_more();

    Descriptor socket_;
    std::string buffer_;
};

std::string post_text(const std::string& path, const std::string& body);
// The value of a header, "" if there is none.
std::string header_of(const RawReply& reply, std::string_view name);

}  // namespace domspool::test
