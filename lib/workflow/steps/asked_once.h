// What several lanes want to know and one of them asks: others for the same thing wait for its
// answer, others for other things go on. No lock is held while the registrar is asked.
#pragma once

#include "registrar/registrar.h"
#include "util/clock.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace domspool {

// So long a question that could not be answered is not asked again, longer with each failure: of 60
// orders one hears it from the registrar, the others from here.
inline constexpr std::chrono::seconds kUnansweredFor{30};
inline constexpr int kMostDoublings = 4;  // 8 minutes

// An answer is kept for the run. A failure is told to all who waited for it; kept is one that is
// about the question. What is about the line ends the run or the pass, and the next may ask.
template <typename Key, typename Answer>
class AskedOnce {
  public:
    explicit AskedOnce(const Clock& clock) : clock_(clock) {}

    // `ask` is called in this thread, by one at a time for each key, and its exceptions come
    // through.
    template <typename Ask>
    std::shared_ptr<const Answer> get(const Key& key, RegistrarQueries& queries, Ask ask) {
        std::unique_lock lock(mutex_);
        const std::shared_ptr<Entry> entry = entry_of(key);
        while (entry->is_being_asked) {
            const int round = entry->round;
            wait_for_other(*entry, round, queries, lock);
            if (!entry->answer && entry->failed_round == round) throw QueryFailure(*entry->failure);
        }
        if (entry->answer) return entry->answer;
        if (is_failure_kept(*entry)) throw QueryFailure(*entry->failure);
        entry->is_being_asked = true;
        lock.unlock();
        return answer_of(*entry, ask);
    }

    void put(const Key& key, Answer answer) {
        auto entry = std::make_shared<Entry>();
        entry->answer = std::make_shared<const Answer>(std::move(answer));
        const std::lock_guard lock(mutex_);
        entries_[key] = std::move(entry);
    }

    // Who comes from now on asks anew; what is being asked is the answer of those who wait alone.
    void forget(const Key& key) {
        const std::lock_guard lock(mutex_);
        entries_.erase(key);
    }

  private:
    struct Entry {
        bool is_being_asked = false;
        int round = 0;  // of asking
        std::shared_ptr<const Answer> answer;
        std::optional<QueryFailure> failure;
        int failed_round = -1, failures = 0;
        Moment failed_at;
    };

    std::shared_ptr<Entry> entry_of(const Key& key) {
        auto& entry = entries_[key];
        if (!entry) entry = std::make_shared<Entry>();
        return entry;
    }

    // It may take as long as a question of one's own.
    void wait_for_other(Entry& entry, int round, RegistrarQueries& queries,
                        std::unique_lock<std::mutex>& lock) {
        lock.unlock();
        queries.about_to_wait();
        lock.lock();
        answered_.wait(lock, [&] { return entry.round != round; });
    }

    bool is_failure_kept(const Entry& entry) const {
        if (!entry.failure || !is_about_one_question(*entry.failure)) return false;
        const auto kept = kUnansweredFor * (1 << std::min(entry.failures - 1, kMostDoublings));
        return gap_between(entry.failed_at, clock_.now()) < kept;
    }

    template <typename Ask>
    std::shared_ptr<const Answer> answer_of(Entry& entry, Ask ask) {
        try {
            auto answer = std::make_shared<const Answer>(ask());
            const std::lock_guard lock(mutex_);
            entry.answer = answer;
            end_round(entry);
            return answer;
        } catch (const QueryFailure& failure) {
            const std::lock_guard lock(mutex_);
            entry.failure = failure;
            entry.failed_round = entry.round;
            ++entry.failures;
            entry.failed_at = clock_.now();
            end_round(entry);
            throw;
        } catch (...) {
            const std::lock_guard lock(mutex_);
            end_round(entry);  // One of those who wait asks.
            throw;
        }
    }

    void end_round(Entry& entry) {
        ++entry.round;
        entry.is_being_asked = false;
        answered_.notify_all();
    }

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::map<Key, std::shared_ptr<Entry>> entries_;
};

}  // namespace domspool
