// When a question that was lost on its way is asked again, and how long a run may wait for that.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <random>

namespace domspool {

struct RetrySettings {
    // From the first loss of a question to the beginning of its last try; 0: one try.
    std::chrono::milliseconds per_question = std::chrono::seconds(60);
    // All pauses of all lanes together.
    std::chrono::milliseconds per_run = std::chrono::minutes(30);
};

// Shared by the lanes of a run. Thread-safe.
class RetryBudget {
  public:
    // Waits so long, or until the run is called off: true then.
    using Wait = std::function<bool(std::chrono::milliseconds)>;
    RetryBudget(const RetrySettings& settings, Wait wait);

    // Waits for another reason. False: the run is called off, or has no time left for it.
    [[nodiscard]] bool pause(std::chrono::milliseconds time);
    // Waits because the registrar asks for it, which uses nothing up. False: the run is called off.
    [[nodiscard]] bool rest(std::chrono::milliseconds time) { return !wait_(time); }
    // The registrar is there. Once a question was given up each has one try until this is said.
    void note_answer();

  private:
    friend class Retries;
    enum class Waited { yes, called_off, no_time };
    Waited wait(std::chrono::milliseconds pause);
    void give_up();
    std::chrono::milliseconds with_chance(std::chrono::milliseconds pause);

    const RetrySettings settings_;
    const Wait wait_;
    std::mutex mutex_;
    std::mt19937_64 random_;
    std::chrono::milliseconds spent_{0};
    bool is_given_up_ = false;
};

// The tries of one question, or of one call that surely never left.
class Retries {
  public:
    // Without a budget there is one try, and nothing is ever given up.
    explicit Retries(RetryBudget* budget) : budget_(budget) {}

    // Waits before the next try: 0.5, 1, 2, 5, then 10 s each time, and up to half as long again by
    // chance, so that lanes and programs do not ask in step. False: there is no next try.
    [[nodiscard]] bool wait();
    // There is none because the time is used up; not because the run is called off.
    bool is_given_up() const { return is_given_up_; }
    int tries() const { return tries_; }

  private:
    RetryBudget* const budget_;
    std::chrono::steady_clock::time_point first_loss_{};
    std::chrono::milliseconds waited_{0};
    int tries_ = 1;
    bool is_given_up_ = false;
};

}  // namespace domspool
