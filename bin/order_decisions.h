// The verbs of domain-orders by which a person decides: hold, release, retry, cancel, resolve.
#pragma once

#include "app/program.h"
#include "app/settings.h"

#include <string>
#include <vector>

namespace domspool {

std::vector<VerbSpec> decision_verbs();
std::vector<OptionSpec> decision_options();
bool is_decision(const std::string& verb);

// `person`: who decides, for the orders' history.
void decide(Program& program, Settings settings, const std::string& person);

}  // namespace domspool
