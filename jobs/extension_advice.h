// What an order for an extension has to know of it, as the registrar and extensions.yaml tell it.
#pragma once

#include "orders/extension_rules.h"
#include "registrar/registrar_records.h"
#include "report/terminal/console.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace domspool {

// "periods" and "1 to 5 years": what it is about, and the words.
using Advice = std::vector<std::pair<std::string, std::string>>;

// `operations` as queryOpeList gives them; `sheet` the entry of extensions.yaml, or its default
// (`has_entry`).
Advice advice_on(const ExtensionRecord& record, const std::map<std::string, bool>& operations,
                 const ExtensionRules& sheet, bool has_entry);

void tell_advice(Console& console, const Advice& advice);

// "aero", ".aero", "CO.uk" as domains have it behind their first label. RunFailure usage.
std::string extension_named(const std::string& word);

}  // namespace domspool
