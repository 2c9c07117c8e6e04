// Whether the contacts of an order can be what they are ordered as. Each throws PreflightEnd.
#pragma once

#include "workflow/checks/preflight_parts.h"

namespace domspool {

// Contacts given by id are there, owners and others each in their kind.
void require_contacts(const PreflightParts& parts);

// The owner has what the extension demands, by the order or, for a contact there is, already. Comes
// after require_contacts.
void require_owner_data(const PreflightParts& parts, const ExtensionRules& rules);

}  // namespace domspool
