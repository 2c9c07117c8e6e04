// What the registrar did is laid beside what was wished and what the ledger says of it. The
// sandbox's own call log and end state are the measure, never the ledger alone.
#pragma once

#include "crash/soak_wishes.h"
#include "support/shop.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace domspool::test {

struct Judgement {
    std::vector<std::string> doubles;       // a paid call took effect more often than wished
    std::vector<std::string> lost;          // wished, and nothing in the ledger, or no end
    std::vector<std::string> wrongly_done;  // said to be done, and the registrar does not show it
    std::vector<std::string> unknown_ids;   // a main step's operation that is neither known nor
                                            // said to be unknown, or another's
    std::map<std::string, int> states;
    std::map<std::string, int> held_for;  // by reason, digits taken out
    std::map<std::string, int> doubts;    // by what they were settled as
    int second_sendings = 0;              // of any step, after a doubt
    int unproven = 0;                     // answers
    int done_without_id = 0;
    int so_already = 0;           // the owner wished stood there already: settings alone were sent
    int with_follow_ups_due = 0;  // the main step must have taken effect as if done
    int behind_held = 0;          // waits for an order of the same domain that is held
    std::map<std::string, int> calls;     // by function, those with effect
    std::map<std::string, int> misdeeds;  // by kind
    int all_calls = 0;

    bool is_clean() const {
        return doubles.empty() && lost.empty() && wrongly_done.empty() && unknown_ids.empty();
    }
};

// `foreign`: ids of operations that somebody else started. How doubts were settled is read from the
// ledger, all else from the registrar and from what `domain-orders list` says.
Judgement judge(Shop& shop, const std::vector<Wish>& wishes, const std::set<std::string>& foreign);

}  // namespace domspool::test
