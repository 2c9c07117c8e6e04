// extensions.yaml: what the registrar's API does not say of an extension.
#pragma once

#include "orders/extension_rules.h"

#include <map>
#include <string>

namespace domspool {

// By extension, A-label form ("co.uk"); "" holds the rules of all others. What an extension's entry
// leaves out it has from there.
using ExtensionSheet = std::map<std::string, ExtensionRules>;

inline constexpr const char* kDefaultExtensionsFile = "/etc/domspool/extensions.yaml";

// Strict as the settings are: RunFailure settings_or_ledger with all problems. A file that is not
// there is a failure if the settings name it; at the default path it means that every extension has
// the common rules: the registrar then refuses what they let pass, before it costs anything.
ExtensionSheet load_extension_sheet(const std::string& path);
// The same for a text; `file` is only shown.
ExtensionSheet parse_extension_sheet(const std::string& text, const std::string& file);

// Days an operation of this kind usually takes; after that it is warned about.
int usual_days(const ExtensionSheet& sheet, OrderKind kind, const std::string& extension);

}  // namespace domspool
