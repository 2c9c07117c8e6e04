// The header of an order file, to be filled in.
#pragma once

#include "orders/extension_rules.h"

#include <string>

namespace domspool {

// One line of CSV: the fields that orders of the kind mostly have, what the extension wants of its
// owners among them. `rules`: of extensions.yaml.
std::string order_template(OrderKind kind, const ExtensionRules& rules);

}  // namespace domspool
