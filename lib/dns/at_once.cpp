#include "dns/at_once.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace domspool {
namespace {

// Ends with the last thread, also where something is thrown on the way.
class Helpers {
  public:
    Helpers() = default;
    ~Helpers() {
        for (std::thread& thread : threads_) thread.join();
    }
    Helpers(const Helpers&) = delete;
    Helpers& operator=(const Helpers&) = delete;

    void add(std::size_t count, const std::function<void()>& work) {
        threads_.reserve(count);
        try {
            while (threads_.size() < count) threads_.emplace_back(work);
        } catch (const std::system_error&) {
            // The machine gives no more: those there are, and the caller, do it all.
        }
    }

  private:
    std::vector<std::thread> threads_;
};

}  // namespace

void ask_at_once(std::size_t count, const std::function<void(std::size_t)>& ask) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr thrown;
    const std::function<void()> work = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                ask(i);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!thrown) thrown = std::current_exception();
            }
        }
    };
    {
        Helpers helpers;
        helpers.add(std::min(count, kAtOnce) - std::min<std::size_t>(count, 1), work);
        work();
    }
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace domspool
