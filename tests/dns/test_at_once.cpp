#include "dns/at_once.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <vector>

using namespace domspool;

namespace {

// So much address space as there is, and a little more: soon there is none for another thread.
class LittleRoom {
  public:
    LittleRoom() {
        std::ifstream file("/proc/self/statm");
        rlim_t pages = 0;
        file >> pages;
        ::getrlimit(RLIMIT_AS, &before_);
        rlimit little = before_;
        little.rlim_cur = pages * 4096 + (64u << 20);
        ::setrlimit(RLIMIT_AS, &little);
    }
    ~LittleRoom() { ::setrlimit(RLIMIT_AS, &before_); }
    LittleRoom(const LittleRoom&) = delete;
    LittleRoom& operator=(const LittleRoom&) = delete;

  private:
    rlimit before_{};
};

// As many threads as the machine gives, until the end of it.
class AllThreads {
  public:
    AllThreads() {
        threads_.reserve(10'000);
        try {
            while (threads_.size() < 10'000) threads_.emplace_back([this] { wait(); });
        } catch (const std::system_error&) {
            are_all_ = true;
        }
    }
    ~AllThreads() {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        end_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }
    AllThreads(const AllThreads&) = delete;
    AllThreads& operator=(const AllThreads&) = delete;
    bool are_all() const { return are_all_; }

  private:
    void wait() {
        std::unique_lock lock(mutex_);
        end_.wait(lock, [this] { return is_over_; });
    }
    std::mutex mutex_;
    std::condition_variable end_;
    bool is_over_ = false;
    bool are_all_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("each is asked once, in turn where there is one only, and none where there is none") {
    std::mutex mutex;
    std::multiset<std::size_t> asked;
    const auto ask = [&](std::size_t i) {
        const std::lock_guard lock(mutex);
        asked.insert(i);
    };
    ask_at_once(0, ask);
    CHECK(asked.empty());
    ask_at_once(1000, ask);
    REQUIRE(asked.size() == 1000);
    CHECK(std::set<std::size_t>(asked.begin(), asked.end()).size() == 1000);
    std::thread::id here;
    ask_at_once(1, [&](std::size_t) { here = std::this_thread::get_id(); });
    CHECK(here == std::this_thread::get_id());
}

TEST_CASE("some are asked at the same time, and never more than sixteen") {
    std::atomic<int> now = 0, most = 0;
    ask_at_once(200, [&](std::size_t) {
        const int open = ++now;
        for (int seen = most; open > seen && !most.compare_exchange_weak(seen, open);) continue;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        --now;
    });
    CHECK(most > 1);
    CHECK(most <= 16);
}

TEST_CASE("where no thread can be made, one question follows the other") {
    const LittleRoom room;
    const AllThreads all;
    REQUIRE(all.are_all());
    std::vector<int> asked(40, 0);
    ask_at_once(asked.size(), [&](std::size_t i) { ++asked[i]; });
    CHECK(asked == std::vector<int>(40, 1));
}

TEST_CASE("what one question throws comes out once all have ended") {
    std::atomic<int> asked = 0;
    CHECK_THROWS_AS(ask_at_once(50,
                                [&](std::size_t i) {
                                    ++asked;
                                    if (i == 3) throw std::invalid_argument("no question");
                                }),
                    std::invalid_argument);
    CHECK(asked == 50);
}
