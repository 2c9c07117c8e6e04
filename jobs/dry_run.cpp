#include "jobs/dry_run.h"

#include "jobs/grouped_rows.h"
#include "jobs/order_kinds.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/orders/plan_text.h"
#include "workflow/checks/order_preview.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace domspool {

namespace {

// Of rows with equal problems so many are written out, the others told together.
constexpr int kWrittenOut = 3;

std::string counted(int number, const std::string& what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// What stands at the registrar's door: a row of a new file, or an order that is in the ledger.
struct Candidate {
    OutcomeRow outcome;
    FieldMap fields;
    std::optional<OrderId> id;
    Secret auth_code;
    std::optional<OrderId> resembles;
};

class DryRun {
  public:
    DryRun(Console& console, const DryRunSettings& settings, const DryRunParts& parts)
        : console_(console), settings_(settings), parts_(parts) {}

    enum class AndAccepted { no, yes };
    void tell(std::vector<OrderFile>& files, AndAccepted and_accepted) {
        for (OrderFile& file : files) {
            if (!parts_.is_called_off()) look_at(file);
        }
        if (and_accepted == AndAccepted::yes) look_at_accepted();
        if (parts_.is_called_off()) {
            return console_.complain(ExitCode::try_later,
                                     "stopped by a signal; nothing was changed");
        }
        tell_end();
    }

  private:
    void look_at(OrderFile& file) {
        const IntakePreview preview =
            foresee_order_file(*file.stream, file.request, std::move(file.inspection),
                               parts_.ledger, settings_.ledger_path, parts_.clock);
        const IntakeReport& report = preview.report;
        if (report.what == IntakeReport::What::refused) {
            return tell_refused_file(console_, file, report);
        }
        if (console_.as_text()) console_.print(file.request.file.name + "\n");
        source_ = file.request.file.name;
        if (report.what == IntakeReport::What::resumed) {
            preview_batch(*report.batch);
            return tell_others();
        }
        snapshot(std::ranges::count_if(
            preview.rows, [](const ForeseenRow& row) { return is_arrival(row.row.kind); }));
        for (const ForeseenRow& row : preview.rows) look_at(row);
        tell_others();
    }

    void look_at_accepted() {
        OrderFilter filter;
        filter.state = OrderState::accepted;
        filter.oldest_first = true;
        std::vector<OrderRecord> orders = parts_.ledger.orders(filter);
        std::erase_if(orders,
                      [&](const OrderRecord& order) { return seen_orders_.contains(order.id); });
        if (orders.empty()) return;
        if (console_.as_text()) console_.print("accepted before\n");
        snapshot(std::ranges::count_if(
            orders, [](const OrderRecord& order) { return is_arrival(order.kind); }));
        for (const OrderRecord& order : orders) {
            if (parts_.is_called_off()) return;
            source_ = name_of(order.batch);
            plan_accepted(order, outcome_row(order));
        }
        tell_others();
    }

    const std::string& name_of(BatchId batch) {
        const auto [known, is_new] = names_.try_emplace(batch);
        if (is_new) known->second = parts_.ledger.batch(batch)->name;
        return known->second;
    }

    void tell_end() {
        Bill bill = bill_;
        add_account(bill);
        if (console_.as_text()) console_.print(bill_text(bill));
        tell_hold();
        tell_limits(bill);
        tell_counts();
    }

    void snapshot(std::ptrdiff_t arrivals) {
        if (arrivals < kSnapshotFrom || has_snapshot_) return;
        parts_.cache().snapshot_domains(parts_.queries());
        has_snapshot_ = true;
    }

    void preview_batch(BatchId batch) {
        parts_.ledger.rows_of_batch(batch, [&](BatchRow&& row) {
            PlannedRow planned;
            planned.outcome = outcome_row(row);
            if (!row.order) {
                planned.would = row.earlier_order ? Would::be_skipped : Would::be_refused;
                return tell(planned, IsNews::no, row.problems);
            }
            const OrderRecord order = parts_.ledger.order(row.order->id);
            if (order.state != OrderState::accepted) {
                planned.would = order.state == OrderState::in_progress ? Would::go_on : Would::stay;
                return tell(planned, IsNews::no);
            }
            plan_accepted(order, planned.outcome);
        });
    }

    void plan_accepted(const OrderRecord& order, OutcomeRow outcome) {
        seen_orders_.insert(order.id);
        outcome.message.clear();
        const Secret code = order.has_auth_code ? parts_.ledger.auth_code(order.id) : Secret();
        plan({std::move(outcome), order.fields, order.id, code, order.resembles});
    }

    void look_at(const ForeseenRow& foreseen) {
        const IntakeRow& row = foreseen.row;
        PlannedRow planned;
        OutcomeRow& outcome = planned.outcome;
        outcome.line = row.line;
        outcome.kind = row.kind;
        outcome.domain = row.domain;
        outcome.reference = row.reference;
        if (!row.problems.empty()) {
            outcome.state = kRefused;
            outcome.message = in_one_text(row.problems);
            planned.would = Would::be_refused;
            return tell(planned, IsNews::yes, row.problems);
        }
        if (foreseen.earlier_order) {
            outcome.state = to_word(OrderState::skipped);
            outcome.order_id = foreseen.earlier_order;
            outcome.message = words_of_earlier(parts_.ledger.order(*foreseen.earlier_order),
                                               foreseen.same_by, row.reference);
            planned.would = Would::be_skipped;
            alike_ += foreseen.same_by == SameBy::likeness && !is_told_by_what_is_shown(row.kind);
            return tell(planned, IsNews::yes);
        }
        plan({outcome, row.normalised, std::nullopt, row.auth_code, foreseen.resembles});
    }

    void plan(const Candidate& candidate) {
        PlannedRow planned;
        planned.outcome = candidate.outcome;
        const OrderKind kind = candidate.outcome.kind;
        if (!seen_.insert(candidate.outcome.domain).second) {
            return prospect(planned, Would::wait, OrderState::accepted,
                            "another of these files orders the same for the domain, and goes "
                            "first");
        }
        const ReadOrder read = read_order(kind, candidate.fields);
        if (!read.order) {
            return prospect(planned, Would::be_held, OrderState::held,
                            "the ledger's fields of this order cannot be read");
        }
        const Preview preview = foresee(
            {*read.order, candidate.id, candidate.auth_code, candidate.resembles},
            {parts_.ledger, parts_.cache(), parts_.queries(), parts_.preflight(), plan_order});
        const Verdict& verdict = preview.verdict;
        planned.outcome.code = verdict.code;
        planned.outcome.price = verdict.price;
        planned.steps = preview.steps;
        planned.notes = verdict.notes;
        alike_ += candidate.resembles && verdict.what == Verdict::What::so_already &&
                  !is_told_by_what_is_shown(kind);
        follow(planned, verdict);
    }

    void follow(PlannedRow& planned, const Verdict& verdict) {
        switch (verdict.what) {
            case Verdict::What::go:
                ++bill_.orders;
                if (verdict.price) add(*verdict.price);
                return prospect(planned, Would::be_sent, OrderState::accepted, "");
            case Verdict::What::not_possible:
                return prospect(planned, Would::fail, OrderState::failed, verdict.reason);
            case Verdict::What::not_now:
            case Verdict::What::waits:
                return prospect(planned, Would::wait, OrderState::accepted, verdict.reason);
            case Verdict::What::so_already:
                return prospect(planned, Would::be_skipped, OrderState::skipped, verdict.reason);
            case Verdict::What::to_be_held:
                return prospect(planned, Would::be_held, OrderState::held, verdict.reason);
        }
        our_bug("a verdict without a name", __FILE__, __LINE__);
    }

    void prospect(PlannedRow& planned, Would would, OrderState state, const std::string& reason) {
        planned.would = would;
        planned.outcome.state = to_word(state);
        planned.outcome.message = reason;
        tell(planned, IsNews::yes);
    }

    void add(const Money& price) {
        bill_.price.cents += price.cents;
        bill_.price.currency = price.currency;
    }

    enum class IsNews { no, yes };
    void tell(const PlannedRow& planned, IsNews is_news,
              const std::vector<std::string>& problems = {}) {
        if (console_.as_json()) console_.print(json_line(planned));
        if (console_.as_text()) write_out(planned, problems);
        if (is_news == IsNews::no) return;
        const Would would = planned.would;
        wrong_ += would == Would::fail || would == Would::be_refused || would == Would::be_held;
        waiting_ += would == Would::wait;
    }

    void write_out(const PlannedRow& planned, const std::vector<std::string>& problems) {
        const OutcomeRow& outcome = planned.outcome;
        const WrongRow row{source_, outcome.domain, outcome.line,
                           words_of(planned.would) + ": " + outcome.message, problems};
        const bool has_trouble = !outcome.message.empty() || !problems.empty();
        if (has_trouble && ++alike_rows_[kind_of_trouble(row)] > kWrittenOut) {
            return others_.add(row);
        }
        console_.print(plan_text(planned, console_.look()));
    }

    // The rows that were not written out.
    void tell_others() {
        if (others_.count() > 0) {
            console_.print("and " + counted(others_.count(), "row") +
                           " like these:" + others_.text(console_.look()) + "\n");
        }
        others_ = {};
        alike_rows_.clear();
    }

    void add_account(Bill& bill) {
        if (bill.price.currency.empty()) bill.price.currency = settings_.currency;
        if (bill.price.cents == 0) return;
        bill.ceiling = settings_.max_spend_per_day;
        const auto today = std::chrono::floor<std::chrono::days>(parts_.clock.now().utc);
        bill.out_today_cents = parts_.ledger.money_out_since(today);
        if (!settings_.check_balance) return;
        bill.floor = settings_.balance_floor;
        const auto balance = parts_.cache().account(parts_.queries()).balance_cents;
        if (balance) bill.balance = Money{*balance, bill.price.currency};
    }

    void tell_limits(const Bill& bill) {
        if (settings_.most_orders > 0 && bill.orders > settings_.most_orders) {
            console_.complain(ExitCode::service_refused,
                              "limits.max_orders_per_run is " +
                                  std::to_string(settings_.most_orders) + "; " +
                                  counted(bill.orders - settings_.most_orders, "order") +
                                  " would wait for the next run");
        }
        if (bill.price.cents == 0) return;
        const auto limit = [&](const std::string& text) {
            console_.complain(ExitCode::service_refused, text);
        };
        const std::int64_t floor = bill.floor ? bill.floor->cents : 0;
        if (bill.floor && !bill.balance) {
            limit("the account's balance cannot be read; nothing would be sent");
        } else if (bill.balance && bill.balance->cents - floor < bill.price.cents) {
            limit("the orders cost " + to_text(bill.price) + ", the balance is " +
                  to_text(*bill.balance) + " and must not fall below " + to_text(*bill.floor) +
                  (settings_.as_far_as_funds_go ? "; not all would be sent"
                                                : "; nothing would be sent"));
        }
        if (!bill.ceiling) {
            limit("limits.max_spend_per_day is not set; nothing that costs would be sent");
        } else if (bill.out_today_cents + bill.price.cents > bill.ceiling->cents) {
            limit("limits.max_spend_per_day is " + to_text(*bill.ceiling) +
                  " and would be reached; not all would be sent today");
        }
    }

    void tell_hold() {
        const auto hold = parts_.ledger.sending_hold();
        if (!hold) return;
        console_.complain(ExitCode::service_refused, words_of(*hold) + "; nothing would be sent");
    }

    void tell_counts() {
        if (wrong_ > 0) {
            console_.complain(
                ExitCode::some_orders_wrong,
                counted(wrong_, "row") + " would be refused, would fail or would be held");
        }
        if (alike_ > 0) {
            console_.complain(ExitCode::some_orders_wrong,
                              counted(alike_, "row") +
                                  " would be skipped as orders of before; --again orders them all "
                                  "the same");
        }
        if (waiting_ > 0) {
            console_.complain(ExitCode::try_later, counted(waiting_, "order") +
                                                       " could not be sent now and would stay "
                                                       "accepted");
        }
    }

    Console& console_;
    const DryRunSettings& settings_;
    const DryRunParts& parts_;
    Bill bill_;
    std::string source_;  // the file of the rows at hand
    std::map<BatchId, std::string> names_;
    std::map<std::string, int> alike_rows_;  // by their problems
    GroupedRows others_;
    std::set<std::string> seen_;  // domains
    std::set<OrderId> seen_orders_;
    bool has_snapshot_ = false;
    int wrong_ = 0, waiting_ = 0;
    int alike_ = 0;  // skipped for their likeness
};

}  // namespace

void tell_dry_run(Console& console, const DryRunSettings& settings, const DryRunParts& parts,
                  std::vector<OrderFile>& files) {
    DryRun(console, settings, parts).tell(files, DryRun::AndAccepted::no);
}

void tell_dry_run_of_all(Console& console, const DryRunSettings& settings, const DryRunParts& parts,
                         std::vector<OrderFile>& files) {
    DryRun(console, settings, parts).tell(files, DryRun::AndAccepted::yes);
}

}  // namespace domspool
