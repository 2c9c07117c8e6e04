// How often and how long a lost question is waited for.
#include "registrar/retry_budget.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>
#include <vector>

using namespace domspool;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// Waits in no time, and remembers for how long it should have been.
struct Waits {
    std::vector<milliseconds> asked;
    bool is_called_off = false;
    RetryBudget::Wait wait() {
        return [this](milliseconds time) {
            asked.push_back(time);
            return is_called_off;
        };
    }
    milliseconds all() const {
        milliseconds sum{0};
        for (const milliseconds each : asked) sum += each;
        return sum;
    }
};

int tries_of(RetryBudget& budget) {
    Retries retries(&budget);
    while (retries.wait()) {
    }
    return retries.tries();
}

}  // namespace

TEST_CASE("the pauses grow, each longer by chance by up to a half, and end in time") {
    Waits waits;
    RetryBudget budget({60s, 3600s}, waits.wait());
    CHECK(tries_of(budget) > 6);
    const std::vector<milliseconds> least = {500ms, 1000ms, 2000ms, 5000ms, 10'000ms, 10'000ms};
    REQUIRE(waits.asked.size() >= least.size());
    for (std::size_t i = 0; i < waits.asked.size(); ++i) {
        const milliseconds floor = least[std::min(i, least.size() - 1)];
        CHECK(waits.asked[i] >= floor);
        CHECK(waits.asked[i] <= floor + floor / 2);
    }
    CHECK(waits.all() <= 60s);
}

TEST_CASE("two lanes do not wait in step") {
    Waits waits;
    RetryBudget budget({60s, 3600s}, waits.wait());
    for (int i = 0; i < 20; ++i) {
        Retries retries(&budget);
        CHECK(retries.wait());
    }
    std::sort(waits.asked.begin(), waits.asked.end());
    CHECK(waits.asked.front() != waits.asked.back());
}

TEST_CASE("a question has no more time than it is given, a run neither") {
    Waits waits;
    RetryBudget short_question({4s, 3600s}, waits.wait());
    CHECK(tries_of(short_question) <= 4);  // 0.5 + 1 + 2 s, and no 5 s.
    CHECK(waits.all() <= 4s);

    Waits more;
    RetryBudget short_run({60s, 10s}, more.wait());
    for (int i = 0; i < 100; ++i) {
        Retries retries(&short_run);
        std::ignore = retries.wait();
        short_run.note_answer();
    }
    CHECK(more.all() <= 10s);
    CHECK(more.all() >= 9s);
}

TEST_CASE("time counts from the first loss, also the time of the tries") {
    Waits waits;
    RetryBudget budget({700ms, 3600s}, waits.wait());
    Retries retries(&budget);
    const auto begun = std::chrono::steady_clock::now();
    const bool first = retries.wait();
    while (std::chrono::steady_clock::now() - begun < 750ms) {
    }
    CHECK_FALSE(retries.wait());
    CHECK(retries.is_given_up());
    CHECK(waits.asked.size() == (first ? 1 : 0));
}

TEST_CASE("once a question was given up each has one try, until the registrar answers") {
    Waits waits;
    RetryBudget budget({60s, 3600s}, waits.wait());
    CHECK(tries_of(budget) > 6);
    const auto waited = waits.asked.size();
    CHECK(tries_of(budget) == 1);
    CHECK(tries_of(budget) == 1);
    CHECK(waits.asked.size() == waited);
    budget.note_answer();
    CHECK(tries_of(budget) > 6);
}

TEST_CASE("a run that is called off waits no more, and has given up nothing") {
    Waits waits;
    RetryBudget budget({60s, 3600s}, waits.wait());
    waits.is_called_off = true;
    Retries retries(&budget);
    CHECK_FALSE(retries.wait());
    CHECK_FALSE(retries.is_given_up());
    CHECK(waits.asked.size() == 1);
}

TEST_CASE("without a budget there is one try") {
    Retries retries(nullptr);
    CHECK_FALSE(retries.wait());
    CHECK_FALSE(retries.is_given_up());
    CHECK(retries.tries() == 1);
}
