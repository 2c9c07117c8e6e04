// What became of one input row or order, in the ten words that --json, tables and result files
// share (ORDER-FILES, "States").
#pragma once

#include "ledger/ledger_records.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

// The state of a row that never became an order.
inline constexpr const char* kRefused = "refused";

// Texts are as they came; whoever shows them makes them harmless.
struct OutcomeRow {
    int line = 0;
    OrderKind kind = OrderKind::register_domain;
    std::string domain;  // A-label form; of a refused row as given
    std::string reference;
    std::optional<OrderId> order_id;  // of a skipped row without order: the earlier order
    std::string state;                // the word
    std::optional<OperationId> operation_id;
    std::string code;     // the registrar's, as far as it explains the state; else ""
    std::string message;  // why it stands as it does: ours and the registrar's own words
    std::optional<Money> price;
    bool needs_a_person = false;  // refused, or as below
};

// Failed, held, in doubt, done otherwise than ordered, or cancelled by somebody else.
bool needs_a_person(const OrderRecord& order);

// "years: is missing; owner: is missing"
std::string in_one_text(const std::vector<std::string>& problems);

OutcomeRow outcome_row(const BatchRow& row);
OutcomeRow outcome_row(const OrderRecord& order);

// What is said of a row with that reference which is an earlier order, as it now stands.
std::string words_of_earlier(const OrderRecord& earlier, std::optional<SameBy> same_by,
                             const std::string& reference);

// Whether it was skipped only because it is like an order of before: a person should hear of it. Of
// name servers that are as the row wants them nobody need hear.
bool is_skipped_as_alike(const BatchRow& row);

// What a table has to say below an order's line, which shows state and operation already: "" for
// an order that is merely done, or pending as that operation.
std::string words_below(const OrderRecord& order);

}  // namespace domspool
