// Which step makes a contact, and what the ledger keeps of the person it makes.
#pragma once

#include "ledger/ledger.h"
#include "registrar/outcome.h"

namespace domspool {

bool makes_contact(const StepRecord& step);

// The person a contactCreate step makes, as the ledger knows it.
std::string fingerprint_of(FieldMap contact_arguments);

// To be called in the write of the outcome. In doubt: the person stays this order's to make.
void settle_contact(LedgerWrite& w, const FieldMap& arguments, const Outcome& outcome, UtcTime now);

}  // namespace domspool
