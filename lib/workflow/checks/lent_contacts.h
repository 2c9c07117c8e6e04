// The registrar's own contacts in an order: the trustee that stands as owner, the local contact
// that stands as admin (API, "Lent contacts").
#pragma once

#include "orders/extension_rules.h"
#include "orders/order.h"

#include <string>

namespace domspool {

// Why they cannot stand where the order has them; "" where they can, or there are none.
std::string trouble_with_lent_contacts(const Order& order, const ExtensionRules& rules);

}  // namespace domspool
