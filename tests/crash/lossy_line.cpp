#include "crash/lossy_line.h"

#include <Poco/Exception.h>
#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>

#include <algorithm>
#include <array>
#include <optional>

namespace domspool::test {

namespace {

namespace net = Poco::Net;

const Poco::Timespan kGlance(0, 100'000);
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// What a head says of the body behind it.
std::size_t body_size(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view kName = "content-length:";
    const auto at = head.find(kName);
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + kName.size()));
}

// A whole message; nothing where the other side ends before one has come.
std::optional<std::string> message_from(net::StreamSocket& socket,
                                        const std::atomic<bool>& is_over) {
    std::string text;
    std::array<char, 16384> piece{};
    for (;;) {
        const auto head = text.find(kHeadEnd);
        if (head != std::string::npos) {
            const std::size_t whole = head + kHeadEnd.size() + body_size(text.substr(0, head));
            if (text.size() >= whole) return text;
        }
        while (!socket.poll(kGlance, net::Socket::SELECT_READ)) {
            if (is_over) return std::nullopt;
        }
        const int read = socket.receiveBytes(piece.data(), static_cast<int>(piece.size()));
        if (read <= 0) return std::nullopt;
        text.append(piece.data(), static_cast<std::size_t>(read));
    }
}

void send_all(net::StreamSocket& socket, const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        sent += static_cast<std::size_t>(
            socket.sendBytes(text.data() + sent, static_cast<int>(text.size() - sent)));
    }
}

}  // namespace

LossyLine::LossyLine(Loses loses, unsigned seed)
    : loses_(loses),
      random_(seed),
      door_(net::SocketAddress("127.0.0.1", 0)),
      doorman_([this] { accept(); }),
      postman_([this] { relay_dns(); }) {}

LossyLine::~LossyLine() {
    is_over_ = true;
    doorman_.join();
    postman_.join();
    for (std::thread& thread : threads_) thread.join();
}

std::string LossyLine::url() const {
    return "http://127.0.0.1:" + std::to_string(door_.address().port()) + "/2.0/";
}

bool LossyLine::is_lost() {
    const std::lock_guard lock(mutex_);
    if (std::uniform_real_distribution<double>(0, 1)(random_) >= rate_) return false;
    ++lost_;
    return true;
}

void LossyLine::accept() {
    while (!is_over_) {
        if (!door_.poll(kGlance, net::Socket::SELECT_READ)) continue;
        threads_.emplace_back([this, client = door_.acceptConnection()] { serve(client); });
    }
}

void LossyLine::relay_dns() {
    std::array<char, 4096> packet{};
    const auto size = static_cast<int>(packet.size());
    net::DatagramSocket here(net::SocketAddress("127.0.0.1", door_.address().port()));
    while (!is_over_) {
        if (!here.poll(kGlance, net::Socket::SELECT_READ)) continue;
        net::SocketAddress asker;
        const int asked = here.receiveFrom(packet.data(), size, asker);
        net::DatagramSocket there;
        there.connect(net::SocketAddress("127.0.0.1", registrar_.load()));
        there.sendBytes(packet.data(), asked);
        if (!there.poll(Poco::Timespan(2, 0), net::Socket::SELECT_READ)) continue;
        here.sendTo(packet.data(), there.receiveBytes(packet.data(), size), asker);
    }
}

void LossyLine::serve(net::StreamSocket client) {
    try {
        net::StreamSocket registrar(net::SocketAddress("127.0.0.1", registrar_.load()));
        for (;;) {
            if (loses_ == Loses::before && is_lost()) return;
            const auto request = message_from(client, is_over_);
            if (!request) return;
            ++requests_;
            const bool is_gone = loses_ == Loses::after && is_lost();
            if (is_gone && lost_ % 2 == 0) return;
            send_all(registrar, *request);
            const auto reply = message_from(registrar, is_over_);
            if (!reply || is_gone) return;
            send_all(client, *reply);
        }
    } catch (const Poco::Exception&) {
        // One of the two went: so does the other.
    }
}

}  // namespace domspool::test
