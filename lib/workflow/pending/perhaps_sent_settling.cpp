#include "workflow/pending/perhaps_sent_settling.h"

#include "workflow/doubt/doubt.h"
#include "workflow/doubt/perhaps_sent_look.h"
#include "workflow/moves/decision_moves.h"
#include "workflow/moves/order_moves.h"

#include <string>

namespace domspool {

namespace {

std::string ways_out_of(const OrderRecord& order, const PerhapsSentLook& seen) {
    return "it may have been executed after the ledger was copied: " + seen.evidence +
           "; look at the registrar, then `domain-orders resolve " + std::to_string(order.id) +
           "` with --done or --failed";
}

// The move and the end of the doubt, in one transaction.
void end_doubt(PendingPass& pass, ClaimedOrder& claimed, const OrderMove& move) {
    pass.ledger().write([&](LedgerWrite& w) {
        w.move_order(claimed.claim, move, pass.now().utc);
        w.forget_perhaps_sent(claimed.order.id);
    });
    apply(move, claimed.order);
    ++pass.result().settled;
}

void note_nothing_there(PendingPass& pass, PerhapsSent each, ClaimedOrder& claimed,
                        std::chrono::seconds look_gap) {
    if (!each.first_look) {
        each.first_look = pass.clock().now();
        each.first_date = pass.list().server_date;
        pass.ledger().write([&](LedgerWrite& w) { w.note_perhaps_sent(each); });
        return;
    }
    if (gap_of_looks(*each.first_look, each.first_date, pass.list()) < look_gap) return;
    OrderMove back;
    back.state = each.before;
    back.held_for = each.held_for;
    back.reason = each.reason;
    back.keeps_domain = each.kept_domain;
    end_doubt(pass, claimed, back);
}

void look_for(PendingPass& pass, const PerhapsSent& each, ClaimedOrder& claimed,
              std::chrono::seconds look_gap) {
    const OrderRecord& order = claimed.order;
    const PerhapsSentLook seen =
        look_for_perhaps_sent(order, pass.list(), pass.queries(), pass.ledger());
    switch (seen.what) {
        case PerhapsSentLook::What::not_known:
            return pass.move(claimed, still(order,
                                            "may have been sent after the ledger was "
                                            "copied: " +
                                                seen.evidence));
        case PerhapsSentLook::What::perhaps_there:
            ++pass.result().settled;
            return pass.move(claimed, held(order, HeldFor::doubt, ways_out_of(order, seen)));
        case PerhapsSentLook::What::nothing_there:
            return note_nothing_there(pass, each, claimed, look_gap);
        case PerhapsSentLook::What::executed:
            return end_doubt(pass, claimed, after_word_of_whole(order, Word::done, seen.evidence));
        case PerhapsSentLook::What::failed:
            return end_doubt(pass, claimed,
                             after_word_of_whole(order, Word::failed, seen.evidence));
    }
}

}  // namespace

void settle_perhaps_sent(PendingPass& pass, std::chrono::seconds look_gap) {
    for (const PerhapsSent& each : pass.ledger().orders_perhaps_sent()) {
        if (pass.is_called_off()) return;
        auto claimed = pass.orders().claim_order(each.order);
        if (!claimed) continue;
        if (claimed->order.state != OrderState::in_doubt) {
            pass.orders().release(claimed->claim);
            continue;
        }
        try {
            look_for(pass, each, *claimed, look_gap);
        } catch (const QueryFailure& failure) {
            if (!is_about_one_question(failure)) throw;  // Else the next pass asks.
        }
        pass.go_on_with(*claimed);
    }
}

}  // namespace domspool
