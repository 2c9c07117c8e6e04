#include "sandbox/server/dns_server.h"

#include "sandbox/model/zone_above.h"
#include "util/failure.h"

#include <Poco/Exception.h>
#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace domspool::sandbox {

namespace {

namespace net = Poco::Net;

constexpr int kLargestQuestion = 4096;
const Poco::Timespan kLookAround(0, 50'000);

// Somebody's question to a name server may go out from just this port, for a moment.
constexpr auto kPatience = std::chrono::seconds(5);

net::DatagramSocket udp_socket(std::uint16_t port) {
    const net::SocketAddress address("127.0.0.1", port);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        try {
            return net::DatagramSocket(address);
        } catch (const Poco::Exception& problem) {
            if (std::chrono::steady_clock::now() > end) {
                throw RunFailure(ExitCode::cannot_create,
                                 "cannot listen on UDP port '" + std::to_string(port) +
                                     "': " + problem.displayText() + "; take another --port");
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

struct DnsServer::Inner {
    Inner(Answering& answering, std::uint16_t port)
        : answering_(answering), socket_(udp_socket(port)), thread_([this] { serve(); }) {}
    ~Inner() {
        is_over_ = true;
        thread_.join();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void serve() {
        while (!is_over_) {
            try {
                if (socket_.poll(kLookAround, net::Socket::SELECT_READ)) answer_one();
            } catch (const std::exception&) {
                continue;  // The one who asked has gone, or hears nothing; the next asks anew.
            }
        }
    }

    void answer_one() {
        Bytes question(kLargestQuestion);
        net::SocketAddress sender;
        const int size = socket_.receiveFrom(question.data(), kLargestQuestion, sender);
        question.resize(static_cast<std::size_t>(size));
        const auto answer = answer_of_parent(question, [this](const std::string& domain) {
            return answering_.published_ds(domain);
        });
        if (answer) socket_.sendTo(answer->data(), static_cast<int>(answer->size()), sender);
    }

    Answering& answering_;
    net::DatagramSocket socket_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

DnsServer::DnsServer(Answering& answering, std::uint16_t port)
    : inner_(std::make_unique<Inner>(answering, port)) {}

DnsServer::~DnsServer() = default;

void DnsServer::stop() {
    inner_.reset();
}

}  // namespace domspool::sandbox
