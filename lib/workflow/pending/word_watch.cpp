#include "workflow/pending/word_watch.h"

#include "workflow/doubt/watched_word.h"
#include "workflow/moves/order_moves.h"

#include <optional>
#include <string>

namespace domspool {

namespace {

// Nothing: the registrar did not answer about it; the next pass asks again.
std::optional<WordCheck> compare(PendingPass& pass, const WatchedWord& word) {
    try {
        return compare_word(word, pass.list(),
                            {pass.ledger(), pass.queries(), pass.cache(), pass.now().utc});
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        return std::nullopt;
    }
}

void put_off_look(PendingPass& pass, WatchedWord word) {
    if (word.look_due > pass.now().utc) return;
    word.look_due = pass.now().utc + kWordLooks;
    pass.ledger().write([&](LedgerWrite& w) { w.watch_word(word); });
}

// Unless its domain has gone to a newer order; the warning just given says so then.
void hold_failed(PendingPass& pass, ClaimedOrder& claimed, const std::string& reason) {
    OrderMove move = held(claimed.order, HeldFor::contradiction, reason);
    move.keeps_domain = true;
    try {
        pass.move(claimed, move);
    } catch (const DomainBusy& busy) {
        pass.result().warnings.back() +=
            ", while order " + std::to_string(busy.other()) + " has begun for the same domain";
    }
    pass.go_on_with(claimed);
}

void tell_contradiction(PendingPass& pass, const WatchedWord& word, const std::string& evidence) {
    auto claimed = pass.orders().claim_order(word.order);
    if (!claimed) return;
    const std::string text =
        "the registrar contradicts what a person said: " + evidence + " (" + word.said + ")";
    pass.result().warnings.push_back("order " + std::to_string(word.order) + " (" +
                                     claimed->order.domain.shown() + "): " + text);
    pass.ledger().write([&](LedgerWrite& w) {
        w.event(pass.run(), "contradiction", text, pass.now().utc, word.order);
        w.forget_word(word.order);
    });
    const OrderState state = claimed->order.state;
    if (!is_end(state)) return pass.go_on_with(*claimed);
    if (state != OrderState::failed) return pass.orders().release(claimed->claim);
    hold_failed(pass, *claimed, text);
}

}  // namespace

void watch_words(PendingPass& pass) {
    if (!pass.is_list_read()) return;
    for (const WatchedWord& word : pass.ledger().watched_words()) {
        if (pass.is_called_off()) return;
        const auto check = compare(pass, word);
        if (!check) continue;
        switch (check->what) {
            case WordCheck::What::nothing_new:
                put_off_look(pass, word);
                break;
            case WordCheck::What::over:
                pass.ledger().write([&](LedgerWrite& w) { w.forget_word(word.order); });
                break;
            case WordCheck::What::contradicted:
                tell_contradiction(pass, word, check->evidence);
                break;
        }
    }
}

}  // namespace domspool
