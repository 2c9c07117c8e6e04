// The registrar's published description of its service against what we send. Pure.
#pragma once

#include "registrar/netim_account.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

struct WsdlComparison {
    std::size_t functions = 0;       // of ours that stand there
    std::vector<std::string> wrong;  // what we send would arrive as something else
    std::vector<std::string> notes;  // a part we know by another name, or not at all
};

// Parts are compared by their place; letter case of names does not count. A part that the
// registrar calls otherwise is a note where we send by position, and wrong where we send names; a
// name of ours that stands at another place is always wrong. std::runtime_error: the text is no
// WSDL.
WsdlComparison compare_with_wsdl(std::string_view wsdl, NetimSettings::Parameters how);

}  // namespace domspool
