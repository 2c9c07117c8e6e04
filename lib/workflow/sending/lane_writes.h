// What one lane writes into the ledger: at once; put off, because losing it is harmless; or an
// answer of the registrar, which is never lost and may share the commit of the lane's next intent.
#pragma once

#include "ledger/ledger.h"

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace domspool {

// What the registrar said to an attempt.
struct RegistrarAnswer {
    ClaimedOrder& order;  // told the move that was written; stays where it is until then
    AttemptId attempt;
    AttemptEnd end;
    OrderMove next;
    std::function<void(LedgerWrite&)> also;  // in the same transaction; may be empty
    std::function<void()> written;           // called after the commit; may be empty
};

// Nothing is written by the destructor: call flush().
class LaneWrites {
  public:
    LaneWrites(Ledger& ledger, Run& run) : ledger_(ledger), run_(run) {}

    void put_off(std::function<void(LedgerWrite&)> verb) { waiting_.push_back(std::move(verb)); }

    // Kept until the next write of any kind, which must come before the next question or call.
    void keep(RegistrarAnswer answer);
    bool has_answer() const { return answer_.has_value(); }
    // Written now. Throws ClaimLost if another run has the order: it finds the attempt open, and
    // looks.
    void write_answer(RegistrarAnswer answer);

    // All that waits, then the verb, in one transaction. If the verb throws ClaimLost, SendingHeld,
    // DomainBusy or CeilingReached, an answer is written without it, and the rest waits for the
    // next write. An answer the ledger does not take stands in the run's spill file, and RunFailure
    // cannot_write is thrown.
    template <typename Verb>
    auto write(Verb verb) {
        using Result = decltype(verb(std::declval<LedgerWrite&>()));
        std::conditional_t<std::is_void_v<Result>, bool, std::optional<Result>> result{};
        write_together([&](LedgerWrite& w) {
            if constexpr (std::is_void_v<Result>)
                verb(w);
            else
                result.emplace(verb(w));
        });
        if constexpr (!std::is_void_v<Result>) return std::move(*result);
    }

    void flush();

  private:
    using Verb = std::function<void(LedgerWrite&)>;
    void write_together(const Verb& verb);
    void write_waiting(LedgerWrite& w);
    void conclude(LedgerWrite& w);
    void is_written();
    void write_without_verb();
    void spill(const std::exception& trouble);

    Ledger& ledger_;
    Run& run_;
    std::vector<Verb> waiting_;  // in order; the answer's place is among them
    std::optional<RegistrarAnswer> answer_;
    std::optional<OrderMove> written_move_;
    std::exception_ptr claim_lost_;  // of the answer last written
};

}  // namespace domspool
