#include "bin/order_decisions.h"

#include "app/confirmation.h"
#include "app/signals.h"
#include "bin/order_options.h"
#include "jobs/decision_telling.h"
#include "jobs/decisions.h"
#include "jobs/decisions_on_many.h"
#include "jobs/doubt_decisions.h"
#include "jobs/order_kinds.h"
#include "jobs/order_lookup.h"
#include "jobs/orders_chosen.h"
#include "jobs/retry.h"

#include <algorithm>
#include <set>

namespace domspool {

namespace {

void require_reason_in_words(const CommandLine& line) {
    if (line.value("reason").value_or("none").find_first_not_of(" \t") == std::string::npos) {
        line.refuse("'--reason' needs the reason in words: it is kept as evidence");
    }
}

void require_one_way_to_resolve(const CommandLine& line) {
    const int ways = int{line.has("done")} + int{line.has("failed")} + int{line.has("resend")};
    if (ways != 1) line.refuse("resolve needs one of --done, --failed, --resend");
    if (line.has("force") && !line.has("resend")) line.refuse("'--force' goes with --resend only");
    if ((!line.has("resend") || line.has("force")) && !line.has("reason")) {
        line.refuse("resolve --done, --failed and --force need --reason TEXT: what you have seen");
    }
}

bool is_pausing(const CommandLine& line) {
    return line.verb() == "hold" || line.verb() == "release";
}

bool has_filter(const CommandLine& line) {
    return line.has("batch") || line.has("state") || line.has("reference");
}

// A file is paused at once, whatever it holds: it can be let go on again.
bool is_of_whole_file(const CommandLine& line) {
    return is_pausing(line) && line.has("batch") && !line.has("state") && !line.has("reference");
}

// Orders, a filter, or all.
void require_which_orders(const CommandLine& line) {
    const bool is_of_all = is_pausing(line) && line.has("all");
    if (int{!line.arguments().empty()} + int{has_filter(line)} + int{is_of_all} != 1) {
        line.refuse(line.verb() + " needs one of ORDER..., " + (is_pausing(line) ? "--all, " : "") +
                    "a filter of --batch N, --state STATE, --reference TEXT");
    }
    if (line.value("reference") == "") line.refuse("'--reference' needs a reference");
    std::ignore = state_in(line);  // Only that there is such a state.
    if (line.verb() == "hold" && is_of_all && !line.has("reason")) {
        line.refuse("hold --all needs --reason TEXT: everybody who finds nothing sent reads it");
    }
    if (line.verb() == "resolve" && line.has("resend") && has_filter(line)) {
        line.refuse("--resend looks at each order by itself: name them, ORDER...");
    }
}

void require_answer_to_count(const Program& program) {
    const CommandLine& line = program.line();
    const bool is_asked = has_filter(line) && !is_of_whole_file(line) && !line.has("yes");
    if (!is_asked || can_ask(program)) return;
    line.refuse(line.verb() +
                " by --batch, --state or --reference says at a terminal how many orders it is "
                "for, and asks; without one it needs --yes");
}

// What is said is known before a run begins.
void require_fitting_options(const CommandLine& line) {
    require_which_orders(line);
    if (line.verb() == "resolve") require_one_way_to_resolve(line);
    if (line.verb() == "dismiss" && !line.has("reason")) {
        line.refuse("dismiss needs --reason TEXT: whoever asks for the order later reads it");
    }
    const auto until = line.day("until");
    if (until && *until <= SystemClock().now().utc) {
        line.refuse("'--until' must be a day to come, not '" + *line.value("until") + "'");
    }
    require_reason_in_words(line);
}

DecisionParts decision_parts(RunSetup& setup, const std::string& person) {
    return {setup.ledger(),
            setup.run().id(),
            setup.clock(),
            person,
            doubt_settings(setup.settings()),
            [&setup]() -> AnswerCache& { return setup.cache(); },
            [&setup] {
                setup.require_all();
                return setup.open_lane(plan_order);
            }};
}

// One command, one run.
class Deciding {
  public:
    Deciding(Program& program, RunSetup& setup, const std::string& person)
        : program_(program),
          setup_(setup),
          line_(program.line()),
          verb_(line_.verb()),
          reason_(line_.value("reason").value_or("")),
          parts_(decision_parts(setup, person)),
          telling_(program, setup.log(), setup.ledger(), verb_, person) {}

    void decide() {
        const bool is_hold = verb_ == "hold";
        if (line_.has("all")) {
            return telling_.tell(is_hold ? hold_all_sending(parts_, reason_)
                                         : release_all_sending(parts_));
        }
        const auto batch = line_.number("batch", 1, INT64_MAX);
        if (batch && !setup_.ledger().batch(*batch)) {
            return program_.complain(ExitCode::some_orders_wrong,
                                     "there is no batch " + std::to_string(*batch));
        }
        if (is_of_whole_file(line_)) {
            return telling_.tell(*batch, is_hold ? hold_batch(parts_, *batch, reason_)
                                                 : release_batch(parts_, *batch, reason_));
        }
        const auto orders = has_filter(line_)
                                ? orders_that_fit()
                                : orders_named(program_, setup_.ledger(), line_.arguments());
        if (verb_ == "retry") return retry(orders);
        decide_on_each(orders);
    }

  private:
    // None where the person at the terminal does not want so many.
    std::vector<OrderId> orders_that_fit() {
        OrderFilter filter;
        filter.batch = line_.number("batch", 1, INT64_MAX);
        filter.state = state_in(line_);
        filter.reference = line_.value("reference").value_or("");
        const auto orders = orders_chosen(setup_.ledger(), verb_, filter, setup_.clock().now().utc);
        if (orders.empty()) {
            program_.complain(ExitCode::some_orders_wrong,
                              "no order fits that " + verb_ + " is for");
            return {};
        }
        const std::string count = std::to_string(orders.size());
        const std::string question = verb_ + " " + count +
                                     (orders.size() == 1 ? " order" : " orders") + "? type " +
                                     count + " to go on: ";
        if (line_.has("yes") || is_confirmed(program_, question, count)) return orders;
        program_.complain(ExitCode::some_orders_wrong,
                          "not confirmed by " + count + ": nothing was changed");
        return {};
    }

    // To the end, unless a signal comes or the registrar refuses service.
    void decide_on_each(const std::vector<OrderId>& orders) {
        std::size_t decided = 0;
        for (const OrderId order : orders) {
            if (setup_.is_called_off() || setup_.rules().is_stopped()) break;
            telling_.tell(decide_on(order));
            ++decided;
        }
        const std::string left = decided == orders.size()
                                     ? ""
                                     : "; " + std::to_string(orders.size() - decided) + " of " +
                                           std::to_string(orders.size()) +
                                           " orders were not looked at";
        if (setup_.rules().reason()) {
            run().tell_end();
            if (!left.empty()) program_.complain(ExitCode::try_later, "stopped" + left);
        } else if (setup_.is_called_off()) {
            program_.complain(ExitCode::try_later, "stopped by a signal" + left);
        }
    }

    Decided decide_on(OrderId order) {
        if (verb_ == "hold") return hold_order(parts_, order, reason_);
        if (verb_ == "cancel") return cancel_order(parts_, order);
        if (verb_ == "dismiss") return dismiss_order(parts_, order, reason_, line_.day("until"));
        if (verb_ == "release") return release_order(parts_, order, reason_);
        if (line_.has("resend")) {
            return resolve_by_sending(parts_, order, line_.has("force") ? reason_ : "");
        }
        const Word word = line_.has("done") ? Word::done : Word::failed;
        return resolve_by_word(parts_, order, word, reason_);
    }

    // The new orders go through all checks and are sent at once.
    void retry(const std::vector<OrderId>& orders) {
        const Retried retried = retry_orders(parts_, orders);
        std::set<BatchId> batches(retried.unsent.begin(), retried.unsent.end());
        if (retried.batch) batches.insert(*retried.batch);
        for (const Decided& decided : retried.decided) {
            if (decided.code != ExitCode::all_well || !program_.as_json()) telling_.tell(decided);
        }
        if (batches.empty()) return;
        OrderRun sending = run();
        sending.send({batches.begin(), batches.end()});
        for (const BatchId batch : batches) {
            sending.telling().tell_batch(setup_.ledger(), batch, OutcomeTelling::IsNew::yes,
                                         "domain-orders result " + std::to_string(batch));
        }
        sending.tell_end();
    }

    OrderRun run() {
        return {program_, order_run_settings(program_, setup_.settings()), order_run_parts(setup_)};
    }

    Program& program_;
    RunSetup& setup_;
    const CommandLine& line_;
    const std::string verb_, reason_;
    const DecisionParts parts_;
    DecisionTelling telling_;
};

}  // namespace

std::vector<VerbSpec> decision_verbs() {
    return {{"hold", "[ORDER...]", "pause: nothing more of it, of a file, of all is sent"},
            {"release", "[ORDER...]", "what is held goes on as its steps say"},
            {"retry", "[ORDER...]", "new orders in place of failed ones, sent at once"},
            {"cancel", "[ORDER...]", "unsent: at once; pending: ask the registrar to"},
            {"resolve", "[ORDER...]", "end a doubt: --done, --failed or --resend"},
            {"dismiss", "[ORDER...]", "seen: reports tell it no more; nothing else changes"}};
}

std::vector<OptionSpec> decision_options() {
    std::vector<OptionSpec> options = {
        {"all", "", "instead of orders: all sending, of every program", {"hold", "release"}},
        {"yes",
         "",
         "for scripts: as many orders as fit, without being asked",
         {"hold", "release", "retry", "cancel", "resolve", "dismiss"}},
        {"reason", "TEXT", "why, or what you have seen", {"hold", "release", "resolve", "dismiss"}},
        {"until", "DAY", "reports tell it again from that day (UTC): 2026-12-24", {"dismiss"}},
        {"done", "", "you have seen that it was executed", {"resolve"}},
        {"failed", "", "you have seen that it was not, and will not be", {"resolve"}},
        {"resend", "", "look, and send again if that is safe", {"resolve"}},
        {"force", "", "with --resend: send although the look does not tell", {"resolve"}}};
    for (OptionSpec option : limit_options()) {
        option.verbs = {"retry", "resolve"};
        options.push_back(option);
    }
    return options;
}

bool is_decision(const std::string& verb) {
    const auto verbs = decision_verbs();
    return std::ranges::find(verbs, verb, &VerbSpec::name) != verbs.end();
}

void decide(Program& program, Settings settings, const std::string& person) {
    require_fitting_options(program.line());
    require_answer_to_count(program);
    pass_limits_once(program.line(), settings);
    RunSetup setup(program.name(), settings);
    setup.log();
    Deciding(program, setup, person).decide();
    setup.wipe_auth_codes();
    end_run(program, setup, StartedBy::person);
}

}  // namespace domspool
