#include "report/orders/settling.h"

#include "util/failure.h"

namespace domspool {

namespace {

// What was sent may have been executed: only a person's word, or a look, ends it.
std::vector<std::string> for_doubts() {
    return {"resolve N --resend", "resolve N --done --reason TEXT",
            "resolve N --failed --reason TEXT"};
}

// By a person, who lets it go on; or because nothing conclusive was seen.
std::vector<std::string> for_held_after_sending() {
    std::vector<std::string> verbs = for_doubts();
    verbs.insert(verbs.begin(), "release N");
    return verbs;
}

std::vector<std::string> verbs_for(const OrderRecord& order) {
    switch (order.state) {
        case OrderState::accepted:
            return {"show N", "cancel N"};
        case OrderState::in_progress:
            return {};
        case OrderState::waiting:
            return {"show N", "cancel N"};
        case OrderState::in_doubt:
            return for_doubts();
        case OrderState::held:
            return order.keeps_domain ? for_held_after_sending()
                                      : std::vector<std::string>{"release N", "cancel N"};
        case OrderState::failed:
            return {"retry N"};
        case OrderState::done_open_ends:
            return {"show N", "dismiss N --reason TEXT"};
        case OrderState::cancelled:
            return is_cancelled_by_others(order)
                       ? std::vector<std::string>{"show N", "dismiss N --reason TEXT"}
                       : std::vector<std::string>{};
        case OrderState::done:
        case OrderState::skipped:
            return {};
    }
    our_bug("a state without its commands", __FILE__, __LINE__);
}

}  // namespace

std::vector<std::string> settling_commands(const OrderRecord& order, const std::string& tail) {
    std::vector<std::string> commands;
    for (std::string verb : verbs_for(order)) {
        verb.replace(verb.find('N'), 1, std::to_string(order.id));
        commands.push_back("domain-orders " + verb + tail);
    }
    return commands;
}

}  // namespace domspool
