#include "report/machine/run_log.h"

#include "report/orders/outcome_row.h"
#include "util/failure.h"

namespace domspool {

namespace {

Severity severity_of(const OrderRecord& order) {
    switch (order.state) {
        case OrderState::failed:
        case OrderState::held:
            return Severity::error;
        case OrderState::in_doubt:
        case OrderState::done_open_ends:
            return Severity::warning;
        case OrderState::accepted:
        case OrderState::in_progress:
        case OrderState::waiting:
        case OrderState::done:
        case OrderState::skipped:
            return Severity::info;
        case OrderState::cancelled:
            return is_cancelled_by_others(order) ? Severity::warning : Severity::info;
    }
    our_bug("a state without a severity", __FILE__, __LINE__);
}

}  // namespace

void log_order(Log& log, const OrderRecord& order) {
    const OutcomeRow row = outcome_row(order);
    LogFields fields = {{"order", order.id},
                        {"batch", order.batch},
                        {"kind", to_word(order.kind)},
                        {"domain", row.domain},
                        {"state", row.state}};
    if (row.operation_id) fields.emplace_back("operation", *row.operation_id);
    if (!row.code.empty()) fields.emplace_back("code", row.code);
    if (!row.message.empty()) fields.emplace_back("message", row.message);
    log.write(severity_of(order), "order_told", fields);
}

}  // namespace domspool
