#include "util/socket_deadline.h"

#include <fcntl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <tuple>

namespace domspool {

SocketDeadline::SocketDeadline(int socket) : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
    if (!socket_) throw std::runtime_error("no file descriptor left");
    watcher_ = std::thread([this] { watch(); });
}

SocketDeadline::~SocketDeadline() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    watcher_.join();
}

// The thread is woken only for a moment earlier than the one it sleeps until: once in many calls.
void SocketDeadline::arm(std::chrono::milliseconds left) {
    const std::lock_guard lock(mutex_);
    due_ = std::chrono::steady_clock::now() + left;
    if (due_ < watched_) wake_.notify_one();
}

void SocketDeadline::disarm() {
    const std::lock_guard lock(mutex_);
    due_ = kNever;
}

bool SocketDeadline::has_struck() const {
    const std::lock_guard lock(mutex_);
    return has_struck_;
}

void SocketDeadline::watch() {
    std::unique_lock lock(mutex_);
    while (!is_over_) {
        watched_ = due_;
        if (watched_ == kNever) {
            wake_.wait(lock);
        } else {
            wake_.wait_until(lock, watched_);
        }
        if (is_over_ || due_ == kNever || std::chrono::steady_clock::now() < due_) continue;
        has_struck_ = true;
        due_ = kNever;
        std::ignore = ::shutdown(socket_.get(), SHUT_RDWR);  // Fails only if it is down already.
    }
}

}  // namespace domspool
