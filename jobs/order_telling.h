// What a person asks of the ledger: lists of orders, what became of one, the rows of a file. Only
// reads.
#pragma once

#include "ledger/ledger.h"
#include "report/terminal/console.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool {

// As CSV for scripts and spreadsheets; else as the console has it.
enum class AsCsv { no, yes };

// `may_be_more`: told below a list that is as long as its limit; "": nothing.
void tell_orders(Console& console, const Ledger& ledger, const OrderFilter& filter, AsCsv as_csv,
                 const std::string& may_be_more);
// Those that wait for a person, the oldest first.
void tell_attention(Console& console, const Ledger& ledger, UtcTime now, AsCsv as_csv);
// Rows that never became orders are found in their batch only.
void tell_refused_rows(Console& console, const Ledger& ledger, BatchId batch);
// Operations that belong to no order; of one domain, "": of all.
void tell_foreign(Console& console, const Ledger& ledger, const std::string& domain, AsCsv as_csv);

// The command that looks into an archive.
using CommandInto = std::function<std::string(const std::string& archive)>;
// What became of the orders that fit each word, every attempt.
void tell_histories(Console& console, const Ledger& ledger, const std::vector<std::string>& words,
                    const CommandInto& command_into);
// The rows of a file and what became of them.
void tell_rows(Console& console, const Ledger& ledger, BatchId batch);

}  // namespace domspool
