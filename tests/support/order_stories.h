// Orders in a small ledger, brought where a test of reports wants them.
#pragma once

#include "support/small_ledger.h"

#include <optional>
#include <string>

namespace domspool::test {

struct Story {
    std::string domain;
    OrderState state = OrderState::done;
    std::string reason = {}, code = {}, message = {};
    std::optional<Money> price = {};
    bool is_by_others = false;  // cancelled, and nobody here had asked for it
};

class OrderStories : public SmallLedger {
  public:
    OrderId tell(const Story& story) {
        const BatchId batch = add_batch({good_row(2, story.domain)});
        return ledger->write([&](LedgerWrite& w) {
            const auto claimed = w.claim_next(run->id(), batch, 1, clock.now().utc);
            REQUIRE(claimed.size() == 1);
            const Claim& claim = claimed.front().claim;
            if (story.price) w.set_price(claim, *story.price);
            const bool is_begun = story.state != OrderState::accepted &&
                                  story.state != OrderState::held &&
                                  story.state != OrderState::skipped;
            if (is_begun) w.move_order(claim, move_to({"", OrderState::in_progress}), now());
            OrderMove move = move_to(story);
            if (story.is_by_others) {
                w.store_plan(claim, {{StepPhase::main, "domainCreate", {}}});
                move.position = 1;
                move.step_state = StepState::open_end;
            }
            if (story.state != OrderState::accepted) w.move_order(claim, move, now());
            w.release(claim);
            return claimed.front().order.id;
        });
    }

    // Of an order that has not ended.
    void move(OrderId order, const Story& story) {
        ledger->write([&](LedgerWrite& w) {
            const auto claimed = w.claim_order(run->id(), order);
            REQUIRE(claimed);
            w.move_order(claimed->claim, move_to(story), now());
            w.release(claimed->claim);
        });
    }

    // As a run does with what cannot be known now.
    void put_aside_all() {
        ledger->write([&](LedgerWrite& w) {
            for (const ClaimedOrder& each : w.claim_next(run->id(), {}, 100, now())) {
                w.put_aside(each.claim, "not now", now());
                w.release(each.claim);
            }
        });
    }

    void dismiss(OrderId order) {
        ledger->write([&](LedgerWrite& w) {
            w.dismiss({order, "ada", "the customer knows", now(), std::nullopt});
        });
    }

    void note(const std::string& kind, const std::string& text,
              std::optional<OrderId> order = std::nullopt) {
        ledger->write([&](LedgerWrite& w) { w.event(run->id(), kind, text, now(), order); });
    }

    void hold_sending() {
        ledger->write(
            [&](LedgerWrite& w) { w.hold_sending(run->id(), "ada", "the wrong file", now()); });
    }

    // So that there is nothing new.
    void report_all() {
        const std::string id = "<" + std::to_string(++reports_) + "@example.net>";
        ledger->write([&](LedgerWrite& w) { w.end_report(w.begin_report(id, now()), now()); });
    }

    UtcTime now() const { return clock.now().utc; }

  private:
    static OrderMove move_to(const Story& story) {
        OrderMove move;
        move.state = story.state;
        if (move.state == OrderState::held) move.held_for = HeldFor::person;
        move.reason = story.reason;
        move.code = story.code;
        move.message = story.message;
        move.keeps_domain = story.state == OrderState::in_progress ||
                            story.state == OrderState::waiting ||
                            story.state == OrderState::in_doubt;
        return move;
    }

    int reports_ = 0;
};

}  // namespace domspool::test
