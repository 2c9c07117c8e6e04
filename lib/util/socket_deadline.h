// A moment by which the work on a socket must have ended.
#pragma once

#include "util/descriptor.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace domspool {

// Time-outs of sockets and libraries are per read: one byte now and then beats them, and inside one
// TLS record even a deadline in the reading loop. This one shuts the socket down when the time is
// over, which ends every wait on it at once. One thread watches, for as long as the object lives.
class SocketDeadline {
  public:
    // std::runtime_error if there is no descriptor left. The socket may be closed before this goes.
    explicit SocketDeadline(int socket);
    ~SocketDeadline();
    SocketDeadline(const SocketDeadline&) = delete;
    SocketDeadline& operator=(const SocketDeadline&) = delete;

    void arm(std::chrono::milliseconds left);
    void disarm();
    // The socket was shut down, and is of no use any more.
    bool has_struck() const;

  private:
    using Instant = std::chrono::steady_clock::time_point;
    static constexpr Instant kNever = Instant::max();

    void watch();

    Descriptor socket_;  // Of its own: the number cannot become another file's meanwhile.
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Instant due_ = kNever;
    Instant watched_ = kNever;  // what the thread sleeps until
    bool is_over_ = false;
    bool has_struck_ = false;
    std::thread watcher_;
};

}  // namespace domspool
