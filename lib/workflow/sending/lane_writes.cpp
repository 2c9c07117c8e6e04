#include "workflow/sending/lane_writes.h"

#include "util/failure.h"
#include "workflow/moves/order_moves.h"

#include <string>

namespace domspool {

void LaneWrites::keep(RegistrarAnswer answer) {
    DOMSPOOL_ASSERT(!answer_);
    answer_.emplace(std::move(answer));
    put_off([this](LedgerWrite& w) { conclude(w); });
}

void LaneWrites::write_answer(RegistrarAnswer answer) {
    keep(std::move(answer));
    flush();
    if (claim_lost_) std::rethrow_exception(claim_lost_);
}

void LaneWrites::flush() {
    if (!waiting_.empty()) write_together(nullptr);
}

void LaneWrites::write_together(const Verb& verb) {
    try {
        ledger_.write([&](LedgerWrite& w) {
            write_waiting(w);
            if (verb) verb(w);
        });
    } catch (const ClaimLost&) {
        write_without_verb();
        throw;
    } catch (const SendingHeld&) {
        write_without_verb();
        throw;
    } catch (const DomainBusy&) {
        write_without_verb();
        throw;
    } catch (const CeilingReached&) {
        write_without_verb();
        throw;
    } catch (const std::exception& trouble) {
        spill(trouble);
        throw;
    }
    is_written();
}

void LaneWrites::write_waiting(LedgerWrite& w) {
    for (const Verb& verb : waiting_) {
        try {
            verb(w);
        } catch (const ClaimLost&) {
            // Another run took the order over: it does again what is lost here, or looks.
        }
    }
}

void LaneWrites::conclude(LedgerWrite& w) {
    written_move_.reset();
    claim_lost_ = nullptr;
    try {
        written_move_ =
            w.finish_attempt(answer_->order.claim, answer_->attempt, answer_->end, answer_->next);
        if (answer_->also) answer_->also(w);
    } catch (const ClaimLost&) {
        claim_lost_ = std::current_exception();
    }
}

void LaneWrites::is_written() {
    waiting_.clear();
    if (!answer_) return;
    const RegistrarAnswer answer = std::move(*answer_);
    answer_.reset();
    if (!written_move_) return;
    apply(*written_move_, answer.order.order);
    if (answer.written) answer.written();
}

// The verb was refused by the ledger, not the answer before it.
void LaneWrites::write_without_verb() {
    if (answer_) write_together(nullptr);
}

void LaneWrites::spill(const std::exception& trouble) {
    if (!answer_) return;
    const RegistrarAnswer answer = std::move(*answer_);
    answer_.reset();
    waiting_.clear();
    run_.spill(answer.order.claim, answer.attempt, answer.end, answer.next);
    throw RunFailure(
        ExitCode::cannot_write,
        "cannot write an answer of the registrar into the ledger: " + std::string(trouble.what()) +
            "; it is kept beside the ledger and entered by the next run: make room on the disk, "
            "or see what is wrong with `domain-orders verify`");
}

}  // namespace domspool
