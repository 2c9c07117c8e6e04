#include "workflow/sending/made_contacts.h"

#include "orders/contact.h"
#include "workflow/moves/order_moves.h"
#include "workflow/steps/same_person.h"

#include <chrono>

namespace domspool {

Next MadeContacts::take_known(ClaimedOrder& claimed, const StepRecord& step,
                              const StepContext& context, const std::string& id) {
    if (const std::string trouble = trouble_with(context, id); !trouble.empty()) {
        forget(claimed, context, id, trouble);
        return Next::go_on;  // The same step again, which makes a new one.
    }
    lane_.orders.move_later(claimed, after_step_ended(claimed.order, step, StepState::skipped, id,
                                                      "the contact is known"));
    return Next::go_on;
}

Next MadeContacts::wait_for(ClaimedOrder& claimed, OrderId maker) {
    const OrderState its = lane_.ledger.order(maker).state;
    if (its != OrderState::in_doubt) return Next::contact_elsewhere;
    lane_.orders.put_aside(claimed, "waits for order " + std::to_string(maker) +
                                        ", whose making of the same contact is in doubt");
    return Next::stop;
}

// Read once a day, as ids that orders name are: it may have been changed or deleted since. Making
// it counts as reading it.
std::string MadeContacts::trouble_with(const StepContext& context, const std::string& id) {
    const auto a_day_ago = lane_.clock.now().utc - std::chrono::hours(24);
    if (lane_.ledger.is_made_here(id, a_day_ago)) return "";
    const auto answer = lane_.cache.contact(id, lane_.queries);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) return "is gone: " + unknown->text;
    FieldMap sent = context.arguments;
    const bool is_owner = field_of(sent, "isOwner") == "1";
    sent.erase("isOwner");
    const auto& shown = std::get<KnownContact>(answer);
    if (shown.is_owner.value_or(is_owner) != is_owner) return "is of the other kind now (isOwner)";
    const std::string changed = changed_fields(contact_from_fields(sent), shown.data);
    return changed.empty() ? "" : "shows other data now (" + changed + ")";
}

// Unless another lane has done so, and made a new one already.
void MadeContacts::forget(const ClaimedOrder& claimed, const StepContext& context,
                          const std::string& id, const std::string& trouble) {
    lane_.writes.write([&](LedgerWrite& w) {
        const std::string fingerprint = fingerprint_of(context.arguments);
        const auto answer = w.reserve_contact(fingerprint, claimed.order.id);
        const auto* known = std::get_if<LedgerWrite::ContactKnown>(&answer);
        if (known == nullptr || known->contact_id != id) return;
        w.forget_contact(fingerprint);
        w.event(lane_.run.id(), "note",
                "contact " + id + ", made earlier for the same person, " + trouble +
                    "; the person is made anew",
                lane_.clock.now().utc, claimed.order.id);
    });
}

}  // namespace domspool
