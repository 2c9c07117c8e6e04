#include "jobs/order_telling.h"

#include "jobs/order_lookup.h"
#include "jobs/result_files.h"
#include "ledger/ledger_care.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/foreign_list.h"
#include "report/orders/order_history.h"
#include "report/orders/order_list.h"
#include "report/orders/outcome_table.h"
#include "util/visible_text.h"

#include <utility>

namespace domspool {

void tell_orders(Console& console, const Ledger& ledger, const OrderFilter& filter, AsCsv as_csv,
                 const std::string& may_be_more) {
    const std::vector<OrderRecord> orders = ledger.orders(filter);
    if (console.as_json()) {
        for (const OrderRecord& order : orders) console.print(json_line(outcome_row(order)));
        return;
    }
    if (as_csv == AsCsv::yes) return console.print(order_csv(orders));
    console.print(order_list(orders, console.look()));
    if (static_cast<int>(orders.size()) == filter.limit) console.print(may_be_more);
    if (const auto hold = ledger.sending_hold()) {
        console.print(visible_text(words_of(*hold)) + "\n");
    }
}

void tell_attention(Console& console, const Ledger& ledger, UtcTime now, AsCsv as_csv) {
    const std::vector<OrderForAPerson> waiting = ledger.orders_for_a_person(now);
    if (console.as_json()) {
        for (const OrderForAPerson& each : waiting) console.print(json_line(each));
        return;
    }
    std::vector<OrderRecord> orders;
    for (const OrderForAPerson& each : waiting) orders.push_back(each.order);
    console.print(as_csv == AsCsv::yes ? order_csv(orders) : order_list(orders, console.look()));
}

void tell_refused_rows(Console& console, const Ledger& ledger, BatchId batch) {
    OutcomeTable table(console.look(), [&](std::string_view text) { console.print(text); });
    ledger.rows_of_batch(batch, [&](BatchRow&& row) {
        if (outcome_row(row).state != kRefused) return;
        if (console.as_json()) {
            console.print(json_line(outcome_row(row)));
        } else {
            table.add(row);
        }
    });
    if (!console.as_json()) table.finish("domain-orders result " + std::to_string(batch));
}

void tell_foreign(Console& console, const Ledger& ledger, const std::string& domain, AsCsv as_csv) {
    std::vector<ForeignOperation> operations = ledger.foreign_operations();
    std::erase_if(operations, [&](const ForeignOperation& each) {
        return !domain.empty() && each.target != domain;
    });
    if (console.as_json()) {
        for (const auto& operation : operations) console.print(json_line(operation));
    } else if (as_csv == AsCsv::yes) {
        console.print(foreign_csv(operations));
    } else {
        console.print(foreign_list(operations, console.look()));
    }
}

void tell_histories(Console& console, const Ledger& ledger, const std::vector<std::string>& words,
                    const CommandInto& command_into) {
    bool is_first = true;
    for (const std::string& word : words) {
        const std::vector<OrderRecord> found = find_orders(ledger, word);
        if (found.empty()) {
            console.complain(ExitCode::some_orders_wrong, words_of_no_order(word));
            continue;
        }
        if (!console.as_json() && !std::exchange(is_first, false)) console.print("\n");
        if (found.size() > 1 && !console.as_json()) {
            console.print(order_list(found, console.look()));
            continue;
        }
        for (const OrderRecord& order : found) {
            const OrderHistory history = history_of(ledger, order.id);
            console.print(console.as_json() ? json_line(history)
                                            : to_text(history, console.look()));
            const auto archive = ledger_care::archive_of(ledger, order.batch);
            if (archive && !console.as_json()) {
                console.print("its history: " + command_into(*archive) + "\n");
            }
        }
    }
}

void tell_rows(Console& console, const Ledger& ledger, BatchId batch) {
    if (!console.as_json()) {
        return result_text(ledger, batch, [&](std::string_view text) { console.print(text); });
    }
    ledger.rows_of_batch(batch,
                         [&](BatchRow&& row) { console.print(json_line(outcome_row(row))); });
}

}  // namespace domspool
