// The JSON of --json: one object, one line. A stable interface (ORDER-FILES, "States").
#pragma once

#include "ledger/attention.h"
#include "orders/order_file.h"
#include "report/orders/order_history.h"
#include "report/orders/outcome_row.h"
#include "report/orders/plan_text.h"
#include "report/summary/summary.h"
#include "report/terminal/finding.h"

#include <string>

namespace domspool {

// line, order, domain, reference, order_id, state, operation_id, code, message, price, in this
// order, null where there is none; price as "12.50 EUR". Ends with a line break. Valid JSON
// whatever the texts hold: bytes that are no UTF-8 become U+FFFD; control characters and such that
// turn the direction of writing are escaped.
std::string json_line(const OutcomeRow& row);

// The same ten, then attention (the word of the reason) and attention_since.
std::string json_line(const OrderForAPerson& waiting);

// The same ten, then of a problem that several rows may have: field, value and reason, lines (as
// "2, 7, 9-1004") and rows (their number).
std::string json_line(const OutcomeRow& row, const Problem& problem);

// The same ten, then all that `domain-orders show` says: fields, steps, attempts, events. Times
// as "2026-11-24T17:15:23.123Z".
std::string json_line(const OrderHistory& history);

// A report: what needs a person, the orders with news, files, notes, counts and money.
std::string json_line(const Summary& summary);

// operation_id, target, code, status, first_seen_at, last_seen_at: an operation this ledger did not
// start.
std::string json_line(const ForeignOperation& operation);

// check, verdict ("ok", "warning", "wrong"), text, next: null where there is none.
std::string json_line(const Finding& finding);

// The same ten, then would ("send", "skip" ...), steps (phase, function, arguments) and notes. The
// state is the one it would have before anything is sent.
std::string json_line(const PlannedRow& row);

}  // namespace domspool
