#include "jobs/order_run.h"

#include "report/machine/run_log.h"

namespace domspool {

OrderRun::OrderRun(Console& console, const OrderRunSettings& settings, const OrderRunParts& parts,
                   OutcomeTelling::Tables tables)
    : console_(console),
      settings_(settings),
      parts_(parts),
      ledger_(parts.submission.ledger),
      telling_(console, tables) {
    parts_.submission.tell = [this](const OrderRecord& order) {
        log_order(parts_.log, order);
        telling_.note(order);
    };
}

void OrderRun::send(const std::vector<BatchId>& batches) {
    files_.assign(batches.begin(), batches.end());
    run();
}

void OrderRun::send_all() {
    files_ = {std::nullopt};
    run();
}

void OrderRun::run() {
    for (const auto& file : files_) telling_.expect(orders_to_send(ledger_, file));
    submit();
    stay();
}

void OrderRun::submit() {
    for (const auto& file : files_) {
        if (parts_.submission.rules.is_stopped() || parts_.submission.is_called_off()) return;
        settings_.submission.batch = file;
        submit_orders(settings_.submission, parts_.submission);
    }
}

void OrderRun::stay() {
    const SubmissionParts& parts = parts_.submission;
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = parts.open_lane();
        return *lane->runner;
    };
    settle_own_doubts(settings_.stay,
                      {{parts.ledger, parts.clock, parts.cache, parts.rules, parts_.queries, runner,
                        [&] { return parts.run; }, parts.is_called_off},
                       parts_.wait,
                       [this] { submit(); },
                       parts.tell,
                       [this](int doubts, UtcTime until) { say_waiting(doubts, until); }});
}

void OrderRun::say_waiting(int doubts, UtcTime until) {
    if (!console_.look().is_terminal() || console_.is_quiet()) return;
    console_.show_progress("");
    console_.print("waits to look for " + std::to_string(doubts) +
                   (doubts == 1 ? " order" : " orders") + " in doubt, until " + to_minute(until) +
                   " at most; Ctrl-C leaves that to pending-check\n");
}

void OrderRun::tell_end() {
    telling_.tell_news();
    const std::string left = telling_.left_over();
    const std::string left_over = left.empty() ? "" : ";\n  " + left;
    if (const auto reason = parts_.submission.rules.reason()) {
        console_.complain(reason->code, reason->text + left_over + way_past(reason->limit));
    }
    if (parts_.submission.is_called_off()) {
        console_.complain(ExitCode::try_later, "stopped by a signal" + left_over + way_to_keep());
    }
}

// What becomes of the accepted orders, and how to keep them back.
std::string OrderRun::way_to_keep() const {
    const bool is_of_all = files_ == decltype(files_){std::nullopt};
    const std::set<BatchId> batches =
        is_of_all ? batches_to_send(ledger_) : telling_.batches_left_over();
    std::string numbers;
    for (const BatchId batch : batches) {
        numbers += (numbers.empty() ? "" : ", ") + std::to_string(batch);
    }
    const bool is_one = batches.size() == 1;
    const std::string words =
        batches.empty() ? ""
                        : "; the next spool-run sends these; `domain-orders hold --batch " +
                              (is_one ? numbers : "N") + "` keeps them" +
                              (is_one ? "" : ", N each of " + numbers);
    return words + (is_of_all ? "" : "; the same command goes on with what was not sent");
}

std::string OrderRun::way_past(Limit limit) {
    switch (limit) {
        case Limit::orders_per_run: {
            int orders = 0;
            for (const auto& file : files_) orders += orders_to_send(ledger_, file);
            return "\nThe next run goes on with them; to send them now:\n  " +
                   settings_.command_with("max-orders", std::to_string(orders));
        }
        case Limit::spend_per_day: {
            const std::string amount = ceiling_that_lets_all_pass();
            if (amount.empty()) return "";
            return "\nTo pass it once:\n  " + settings_.command_with("max-spend", amount);
        }
        case Limit::balance:
        case Limit::none:
            return "";
    }
    our_bug("a limit without a way past it", __FILE__, __LINE__);
}

// Whole units, so that a rounded fee does not stop the run again.
std::string OrderRun::ceiling_that_lets_all_pass() {
    const auto today = std::chrono::floor<std::chrono::days>(parts_.submission.clock.now().utc);
    try {
        const std::int64_t cents =
            ledger_.money_out_since(today) + cents_to_send(parts_.submission, parts_.queries);
        return std::to_string((cents + 99) / 100) + " " + settings_.currency;
    } catch (const QueryFailure&) {
        return "";  // No answer, no figure: the settings' own words must do.
    }
}

}  // namespace domspool
