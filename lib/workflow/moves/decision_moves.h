// Where a person's decision takes an order. Pure (SAFETY, "Decisions by a person").
#pragma once

#include "ledger/ledger_records.h"

#include <string>

namespace domspool {

// A refusal names the state, and what would work.
struct DecisionMove {
    OrderMove move;
    std::string refusal;  // "": the move may be made
};

// `whom`: the person, and why.
DecisionMove pause(const OrderRecord& order, const std::string& whom);
// Back to what its steps say. What was refused for certain is planned again; what failed otherwise,
// and may have been executed, is not.
DecisionMove let_go_on(const OrderRecord& order);

// Held, and perhaps sent after the ledger was copied: in doubt again.
OrderMove looked_for_first(const OrderRecord& order);

enum class CancelWay { unsent, ask_the_registrar, refused };
struct Cancelling {
    CancelWay way = CancelWay::refused;
    std::string refusal;
};
Cancelling way_to_cancel(const OrderRecord& order);
// Says what was done before the main step and stays so.
OrderMove cancelled_unsent(const OrderRecord& order, const std::string& person);

// The step a person can say something of: in doubt, waiting without an answer, failed, or to be
// sent a second time. nullptr: none, and why.
struct StepAtStake {
    const StepRecord* step = nullptr;
    std::string refusal;
};
StepAtStake step_at_stake(const OrderRecord& order);
// `said`: who said it, when and why.
DecisionMove after_word(const OrderRecord& order, const StepRecord& step, Word word,
                        const std::string& said);
// Of an order perhaps sent after the ledger was copied: nothing is known of its main step, and what
// was to follow it is a person's affair. `said`: a person's word, or what the registrar told.
OrderMove after_word_of_whole(const OrderRecord& order, Word word, const std::string& said);

}  // namespace domspool
