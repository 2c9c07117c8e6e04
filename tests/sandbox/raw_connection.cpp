#include "sandbox/raw_connection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace domspool::test {

namespace {

constexpr int kLongestWaitSeconds = 20;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_folded(std::string_view text, std::string_view start) {
    if (text.size() < start.size()) return false;
    for (std::size_t i = 0; i < start.size(); ++i) {
        if (lower(text[i]) != lower(start[i])) return false;
    }
    return true;
}

int status_of(std::string_view head) {
    int status = 0;
    if (head.starts_with("HTTP/1.")) std::from_chars(head.data() + 9, head.data() + 12, status);
    return status;
}

}  // namespace

RawConnection::RawConnection(std::uint16_t port, const std::string& address)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1) {
        throw std::runtime_error("no address: " + address);
    }
    const timeval longest{kLongestWaitSeconds, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
        throw std::runtime_error("cannot connect to " + address);
    }
}

bool RawConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawConnection::end_sending() {
    ::shutdown(socket_.get(), SHUT_WR);
}

bool RawConnection::read_more() {
    char piece[65536];
    const auto got = ::recv(socket_.get(), piece, sizeof piece, 0);
    if (got < 0 && errno == EAGAIN) throw std::runtime_error("the server does not answer");
    if (got <= 0) return false;  // An end, or a reset: gone in both cases.
    buffer_.append(piece, static_cast<std::size_t>(got));
    return true;
}

std::string RawConnection::read_head() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) return std::exchange(buffer_, {});
    }
    std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    return head;
}

RawReply RawConnection::read_reply() {
    RawReply reply;
    reply.head = read_head();
    reply.is_closed = !reply.head.ends_with("\r\n");
    if (reply.is_closed) return reply;
    reply.status = status_of(reply.head);
    const std::string length = header_of(reply, "Content-Length");
    const std::size_t promised = length.empty() ? std::string::npos : std::stoul(length);
    while (buffer_.size() < promised && !reply.is_closed) reply.is_closed = !read_more();
    reply.body = buffer_.substr(0, promised);
    buffer_.erase(0, reply.body.size());
    reply.is_whole = reply.body.size() == promised;
    return reply;
}

RawReply RawConnection::post(const std::string& path, const std::string& body) {
    send(post_text(path, body));
    return read_reply();
}

RawReply RawConnection::get(const std::string& path) {
    send("GET " + path + " HTTP/1.1\r\nHost: registrar.example\r\n\r\n");
    return read_reply();
}

std::string post_text(const std::string& path, const std::string& body) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: registrar.example\r\nContent-Type: text/xml; charset=utf-8\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string header_of(const RawReply& reply, std::string_view name) {
    std::string_view rest = reply.head;
    while (!rest.empty()) {
        const auto end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (starts_folded(line, name) && line.substr(name.size()).starts_with(": ")) {
            return std::string(line.substr(name.size() + 2));
        }
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 2);
    }
    return {};
}

}  // namespace domspool::test
