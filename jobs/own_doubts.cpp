#include "jobs/own_doubts.h"

#include "workflow/pending/doubt_settling.h"

#include <algorithm>
#include <optional>

namespace domspool {

namespace {

using std::chrono::milliseconds;

// Where no interval keeps them apart: between two looks that came to nothing.
constexpr milliseconds kBetweenLooks = std::chrono::seconds(2);

class Stay {
  public:
    Stay(const StaySettings& settings, const StayParts& parts)
        : settings_(settings), parts_(parts), begun_(parts.pass.clock.now()) {}

    void run() {
        while (!is_over()) {
            const auto wait = time_to_next_look();
            if (!wait || *wait > time_left()) return;
            tell_waiting();
            if (parts_.wait(*wait)) return;
            if (look() > 0 && !is_over() && take_up_again() > 0) parts_.send_again();
        }
    }

  private:
    Ledger& ledger() const { return parts_.pass.ledger; }
    Moment now() const { return parts_.pass.clock.now(); }
    bool is_over() const { return parts_.pass.rules.is_silent() || parts_.pass.is_called_off(); }
    milliseconds time_left() const { return settings_.longest - gap_between(begun_, now()); }

    std::optional<milliseconds> time_to_next_look() const {
        auto left =
            domspool::time_to_next_look(ledger(), parts_.pass.run(), now(), settings_.doubts);
        if (!left) return std::nullopt;
        if (has_looked_) left = std::max(*left, kBetweenLooks);
        const auto last = ledger().last_pass_begun();
        if (!last) return left;
        return std::max<milliseconds>(*left, settings_.min_interval - gap_between(*last, now()));
    }

    // Once: how many there are changes, and so may the time, but not what a person can do.
    void tell_waiting() {
        if (has_told_ || !parts_.tell_waiting) return;
        has_told_ = true;
        const auto doubts = ledger().count_by_state(std::nullopt);
        const auto found = doubts.find(std::string(to_word(OrderState::in_doubt)));
        parts_.tell_waiting(found == doubts.end() ? 0 : found->second, now().utc + time_left());
    }

    // How many doubts it has settled.
    int look() {
        has_looked_ = true;
        const auto lock = ledger().try_pass_lock();
        if (lock == nullptr) return 0;  // A pass of pending-check is looking.
        ledger().write([&](LedgerWrite& w) { w.note_pass_begun(now()); });
        PendingPass pass(parts_.pass);
        try {
            pass.ask_for_the_lists();
            settle_doubts_of(parts_.pass.run(), pass, settings_.doubts);
        } catch (const QueryFailure& failure) {
            parts_.pass.rules.note(failure);
        }
        pass.flush();
        for (const OrderRecord& order : pass.result().news) parts_.tell(order);
        return pass.result().settled + pass.result().adopted;
    }

    int take_up_again() {
        return ledger().write([&](LedgerWrite& w) { return w.take_up_again(parts_.pass.run()); });
    }

    const StaySettings& settings_;
    const StayParts& parts_;
    const Moment begun_;
    bool has_told_ = false, has_looked_ = false;
};

}  // namespace

void settle_own_doubts(const StaySettings& settings, const StayParts& parts) {
    if (settings.longest.count() > 0) Stay(settings, parts).run();
}

}  // namespace domspool
