// Writes that may be lost without harm, kept until the next one that may not: they share its
// commit and cost none of their own.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/ledger.h"

namespace domspool {

// Of one lane. Nothing is written by the destructor: call flush().
class PutOffWrites {
  public:
    explicit PutOffWrites(Ledger& ledger) : ledger_(ledger) {}

    void put_off(std::function<void(LedgerWrite&)> verb) { verbs_.push_back(std::move(verb)); }

    // All that was put off, then the verb. If that throws, nothing of either is written and what
    // was put off waits for the next write.
    template <typename Verb>
    auto write(Verb verb) {
        using Result = decltype(verb(std::declval<LedgerWrite&>()));
        const auto all = [&](LedgerWrite& w) {
            write_put_off(w);
            return verb(w);
        };
        if constexpr (std::is_void_v<Result>) {
            ledger_.write(all);
            verbs_.clear();
        } else {
            Result result = ledger_.write(all);
            verbs_.clear();
            return result;
        }
    }

    void flush() {
        if (!verbs_.empty()) write([](LedgerWrite&) {});
    }

  private:
    void write_put_off(LedgerWrite& w) {
        for (const auto& verb : verbs_) {
            try {
                verb(w);
            } catch (const ClaimLost&) {
                // Another run took the order over and does again what is lost here.
            }
        }
    }

    Ledger& ledger_;
    std::vector<std::function<void(LedgerWrite&)>> verbs_;
};

}  // namespace domspool
