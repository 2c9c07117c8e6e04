#include "workflow/steps/contact_memory.h"

#include "orders/contact.h"

namespace domspool {

bool makes_contact(const StepRecord& step) {
    return step.function == "contactCreate";
}

std::string fingerprint_of(FieldMap contact_arguments) {
    const bool is_owner = field_of(contact_arguments, "isOwner") == "1";
    contact_arguments.erase("isOwner");
    return contact_fingerprint(contact_from_fields(contact_arguments), is_owner);
}

void settle_contact(LedgerWrite& w, const FieldMap& arguments, const Outcome& outcome,
                    UtcTime now) {
    const std::string fingerprint = fingerprint_of(arguments);
    if (const auto* done = std::get_if<Done>(&outcome))
        w.remember_contact(fingerprint, done->value, now);
    else if (!std::holds_alternative<InDoubt>(outcome) &&
             !std::holds_alternative<Unproven>(outcome))
        w.forget_contact(fingerprint);
}

}  // namespace domspool
