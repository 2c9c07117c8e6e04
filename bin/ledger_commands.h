// The verbs of domain-orders by which the ledger is kept: migrate, backup, verify, restore,
// reconcile, archive.
#pragma once

#include "app/program.h"
#include "app/settings.h"

#include <string>
#include <vector>

namespace domspool {

std::vector<VerbSpec> ledger_verbs();
void care_for_ledger(Program& program, const Settings& settings);

}  // namespace domspool
