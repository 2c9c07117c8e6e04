#include "support/stub_server.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>
#include <tuple>

namespace domspool::test {

// One connection, plain or TLS. Blocking; ended from outside by shutting the socket down.
struct StubServer::Stream {
    explicit Stream(int number) : socket(number) {}

    Descriptor socket;
    std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, SSL_free};
    std::string unread;

    bool read_more() {
        std::array<char, 16384> buffer{};
        const auto count = tls ? SSL_read(tls.get(), buffer.data(), buffer.size())
                               : ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (count <= 0) return false;
        unread.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }

    bool write_all(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count =
                tls ? SSL_write(tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                    : ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void say_farewell() {
        if (tls) SSL_shutdown(tls.get());
    }

    void reset_at_close() {
        const linger at_once{1, 0};
        ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
};

namespace {

std::string header_of(const std::string& head, const std::string& name) {
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string line = head.substr(at + 2, end - at - 2);
        if (line.size() > name.size() && line[name.size()] == ':' &&
            ::strncasecmp(line.c_str(), name.c_str(), name.size()) == 0) {
            const auto value = line.find_first_not_of(' ', name.size() + 1);
            return value == std::string::npos ? "" : line.substr(value);
        }
        at = end;
    }
    return {};
}

}  // namespace

std::string StubRequest::header(const std::string& name) const {
    return header_of(head, name);
}

std::string http_reply(int status, const std::string& body, const std::string& type) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Stub\r\nDate: Thu, 01 Jan 2026 10:00:00 GMT\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string chunked_reply(const std::vector<std::string>& chunks) {
    std::string reply =
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& chunk : chunks) {
        std::array<char, 20> size{};
        std::snprintf(size.data(), size.size(), "%zx\r\n", chunk.size());
        reply += size.data() + chunk + "\r\n";
    }
    return reply + "0\r\n\r\n";
}

StubReaction replies(int status, const std::string& body) {
    return {{StubAction::What::send, http_reply(status, body), {}}};
}

StubServer::StubServer() {
    start();
}

StubServer::StubServer(const TlsIdentity& identity, std::chrono::milliseconds handshake_delay)
    : tls_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), handshake_delay_(handshake_delay) {
    if (!tls_ || SSL_CTX_use_certificate(tls_.get(), identity.certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(tls_.get(), identity.key.get()) != 1) {
        throw std::runtime_error("the stub cannot use its certificate");
    }
    start();
}

void StubServer::start() {
    listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
        throw std::runtime_error("the stub cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

StubServer::~StubServer() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        for (const auto& [number, socket] : open_sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    stop_.notify_all();
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
}

std::string StubServer::url(const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + "/2.0/";
}

void StubServer::next(StubReaction reaction) {
    const std::lock_guard lock(mutex_);
    script_.push_back(std::move(reaction));
}

void StubServer::otherwise(std::function<StubReaction(const StubRequest&)> answer) {
    const std::lock_guard lock(mutex_);
    otherwise_ = std::move(answer);
}

void StubServer::break_requests() {
    const std::lock_guard lock(mutex_);
    breaks_requests_ = true;
}

void StubServer::break_handshakes(int every, StubAction::What end) {
    const std::lock_guard lock(mutex_);
    broken_handshakes_ = every;
    end_of_handshake_ = end;
}

std::vector<StubRequest> StubServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

int StubServer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

void StubServer::accept_all() {
    while (true) {
        const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || socket < 0) {
            const Descriptor closed(socket);
            return;
        }
        const int number = ++connections_;
        open_sockets_[number] = socket;
        threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
}

void StubServer::wait_until_closed() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_sockets_.empty(); });
}

void StubServer::wait_until_sent(int pieces) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sent_ >= pieces; });
}

bool StubServer::is_to_break() const {
    const std::lock_guard lock(mutex_);
    return breaks_requests_;
}

void StubServer::serve(int socket, int number) {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    Stream stream(socket);
    bool goes_on = !tls_ || shakes_hands(stream, number);
    if (goes_on && is_to_break()) {
        std::ignore = stream.read_more();  // Whatever came: the rest will not be read.
        stream.reset_at_close();
        goes_on = false;
    }
    StubRequest request;
    while (goes_on && read_request(stream, request)) {
        request.connection = number;
        goes_on = react(stream, reaction_to(request));
    }
    const std::lock_guard lock(mutex_);
    open_sockets_.erase(number);
    stream.socket = Descriptor();  // Closed under the lock: the number may be shut down until now.
    changed_.notify_all();
}

bool StubServer::shakes_hands(Stream& stream, int number) {
    StubAction::What end = StubAction::What::wait;
    {
        const std::lock_guard lock(mutex_);
        if (broken_handshakes_ > 0 && number % broken_handshakes_ == 0) end = end_of_handshake_;
    }
    if (end != StubAction::What::wait) {
        std::ignore = stream.read_more();  // The client's hello.
        if (end == StubAction::What::reset) stream.reset_at_close();
        return false;
    }
    if (!pause(handshake_delay_)) return false;
    stream.tls.reset(SSL_new(tls_.get()));
    SSL_set_fd(stream.tls.get(), stream.socket.get());
    return SSL_accept(stream.tls.get()) == 1;
}

bool StubServer::read_request(Stream& stream, StubRequest& request) {
    std::size_t end = 0;
    while ((end = stream.unread.find("\r\n\r\n")) == std::string::npos) {
        if (!stream.read_more()) return false;
    }
    request.head = stream.unread.substr(0, end + 2);
    const std::string length = request.header("Content-Length");
    const std::size_t whole = end + 4 + (length.empty() ? 0 : std::stoul(length));
    while (stream.unread.size() < whole) {
        if (!stream.read_more()) return false;
    }
    request.body = stream.unread.substr(end + 4, whole - end - 4);
    stream.unread.erase(0, whole);
    return true;
}

StubReaction StubServer::reaction_to(const StubRequest& request) {
    std::function<StubReaction(const StubRequest&)> answer;
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        if (!script_.empty()) {
            StubReaction reaction = std::move(script_.front());
            script_.pop_front();
            return reaction;
        }
        answer = otherwise_;
    }
    return answer ? answer(request) : replies(500, "");
}

bool StubServer::react(Stream& stream, const StubReaction& reaction) {
    using What = StubAction::What;
    for (const StubAction& action : reaction) {
        switch (action.what) {
            case What::send:
                if (!stream.write_all(action.bytes)) return false;
                note_sent();
                break;
            case What::drip:
                if (!send_slowly(stream, action)) return false;
                break;
            case What::wait:
                if (!pause(action.time)) return false;
                break;
            case What::close:
                stream.say_farewell();
                return false;
            case What::cut:
                return false;
            case What::reset:
                stream.reset_at_close();
                return false;
        }
    }
    return true;
}

void StubServer::note_sent() {
    const std::lock_guard lock(mutex_);
    ++sent_;
    changed_.notify_all();
}

bool StubServer::send_slowly(Stream& stream, const StubAction& action) {
    for (const char byte : action.bytes) {
        if (!stream.write_all({&byte, 1}) || !pause(action.time)) return false;
    }
    return true;
}

// False if the server stops.
bool StubServer::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !stop_.wait_for(lock, time, [this] { return is_stopping_; });
}

}  // namespace domspool::test
