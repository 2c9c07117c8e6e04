#include "report/machine/metrics.h"

#include "orders/order_state.h"
#include "report/orders/outcome_row.h"

namespace domspool {

namespace {

std::string seconds(UtcTime time) {
    const auto milliseconds = time.time_since_epoch().count();
    std::string fraction = std::to_string(1000 + milliseconds % 1000).substr(1);
    return std::to_string(milliseconds / 1000) + "." + fraction;
}

std::string head(const std::string& name, const std::string& help) {
    return "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n";
}

// Label values of ours hold neither quotes nor backslashes.
std::string line(const std::string& name, const std::string& label, const std::string& value,
                 const std::string& number) {
    return name + "{" + label + "=\"" + value + "\"} " + number + "\n";
}

std::string alone(const std::string& name, const std::string& help, const std::string& number) {
    return head(name, help) + name + " " + number + "\n";
}

std::string orders(const MetricsFacts& facts) {
    using enum OrderState;
    std::string text =
        head("domspool_orders", "Orders in the ledger by state; refused: rows that became none.");
    const auto add = [&](const std::string& state) {
        const auto found = facts.orders.find(state);
        const int count = found == facts.orders.end() ? 0 : found->second;
        text += line("domspool_orders", "state", state, std::to_string(count));
    };
    for (const OrderState state : {accepted, in_progress, waiting, in_doubt, held, done,
                                   done_open_ends, skipped, failed, cancelled}) {
        add(std::string(to_word(state)));
    }
    add(kRefused);
    return text;
}

std::string ages(const MetricsFacts& facts) {
    using enum OrderState;
    const std::string name = "domspool_oldest_order_age_seconds";
    std::string text =
        head(name, "How long ago the oldest order in this state was accepted; 0: there is none.");
    for (const OrderState state : {accepted, in_progress, waiting, in_doubt, held}) {
        const std::string word(to_word(state));
        const auto found = facts.oldest.find(word);
        const auto age = found == facts.oldest.end() || found->second > facts.now
                             ? std::chrono::milliseconds(0)
                             : facts.now - found->second;
        text += line(name, "state", word,
                     std::to_string(std::chrono::floor<std::chrono::seconds>(age).count()));
    }
    return text;
}

}  // namespace

std::string metrics_text(const MetricsFacts& facts) {
    const std::string success = "domspool_last_success_timestamp_seconds";
    std::string text = head(success, "When a program last ended its run as it should.");
    for (const auto& [program, time] : facts.successes) {
        text += line(success, "program", program, seconds(time));
    }
    text += orders(facts) + ages(facts);
    text += alone("domspool_orders_cancelled_by_others",
                  "Orders whose operation was cancelled, though nobody here asked for it.",
                  std::to_string(facts.cancelled_by_others));
    text += alone("domspool_sending_held", "1 while a person holds all sending.",
                  facts.is_sending_held ? "1" : "0");
    if (facts.last_report) {
        text += alone("domspool_last_report_timestamp_seconds",
                      "When the latest report began that a mail server took.",
                      seconds(*facts.last_report));
    }
    return text + alone("domspool_metrics_written_timestamp_seconds", "When this file was written.",
                        seconds(facts.now));
}

}  // namespace domspool
