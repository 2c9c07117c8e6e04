#include "bin/order_decisions.h"

#include "app/exit_codes.h"
#include "app/run_setup.h"
#include "bin/limit_options.h"
#include "bin/outcome_telling.h"
#include "jobs/decisions.h"
#include "jobs/decisions_on_many.h"
#include "jobs/doubt_decisions.h"
#include "jobs/order_kinds.h"
#include "jobs/order_lookup.h"
#include "jobs/order_submission.h"
#include "jobs/retry.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/first_lines.h"
#include "util/visible_text.h"

#include <algorithm>
#include <cstdlib>
#include <pwd.h>
#include <set>
#include <unistd.h>

namespace domspool {

namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw RunFailure(ExitCode::usage, reason + "\nTry: domain-orders --help");
}

enum class Way { done, failed, resend };

struct Resolution {
    Way way = Way::resend;
    std::string reason;  // --force, where it is a resend
};

std::string reason_in(const CommandLine& line, const std::string& option) {
    const std::string reason = line.value(option).value_or("");
    if (line.has(option) && reason.find_first_not_of(" \t") == std::string::npos) {
        refuse("'--" + option + "' needs the reason in words: it is kept as evidence");
    }
    return reason;
}

Resolution resolution_in(const CommandLine& line) {
    const int ways = int{line.has("done")} + int{line.has("failed")} + int{line.has("resend")};
    if (ways != 1) refuse("resolve needs one of --done REASON, --failed REASON, --resend");
    if (line.has("force") && !line.has("resend")) refuse("'--force' goes with --resend only");
    if (line.has("done")) return {Way::done, reason_in(line, "done")};
    if (line.has("failed")) return {Way::failed, reason_in(line, "failed")};
    return {Way::resend, reason_in(line, "force")};
}

// Orders, a file, or all.
void require_what_to_pause(const CommandLine& line) {
    if (line.verb() != "hold" && line.verb() != "release") return;
    const bool names_orders = !line.arguments().empty();
    if (int{names_orders} + int{line.has("batch")} + int{line.has("all")} != 1) {
        refuse(line.verb() + " needs one of ORDER..., --batch N, --all");
    }
    if (line.verb() == "hold" && line.has("all") && !line.has("reason")) {
        refuse("hold --all needs --reason TEXT: everybody who finds nothing sent reads it");
    }
    std::ignore = reason_in(line, "reason");
}

std::string name_of(const OrderRecord& order) {
    return "order " + std::to_string(order.id) + " " + order.domain.shown();
}

// One command, one run.
class Deciding {
  public:
    Deciding(Program& program, RunSetup& setup, const std::string& person)
        : program_(program), setup_(setup), line_(program.line()) {
        setup.log();
        parts_.emplace(DecisionParts{setup.ledger(), setup.run().id(), setup.clock(), person,
                                     setup.doubt_settings(),
                                     [&setup]() -> Knowledge& { return setup.knowledge(); },
                                     [&setup] {
                                         setup.require_all();
                                         return setup.open_lane(plan_order);
                                     }});
    }

    void decide() {
        const std::string& verb = line_.verb();
        const bool is_hold = verb == "hold";
        const std::string reason = reason_in(line_, "reason");
        if (line_.has("all")) {
            return tell(is_hold ? hold_all_sending(*parts_, reason) : release_all_sending(*parts_));
        }
        if (const auto batch = line_.number("batch", 1, INT64_MAX)) {
            return decide_on_batch(*batch, reason);
        }
        const std::vector<OrderId> orders = orders_named();
        if (verb == "retry") return retry(orders);
        for (const OrderId order : orders) {
            if (is_hold) tell(hold_order(*parts_, order, reason));
            if (verb == "release") tell_released(release_order(*parts_, order, reason));
            if (verb == "cancel") tell(cancel_order(*parts_, order));
            if (verb == "resolve") tell(resolve(order));
        }
        tell_why_stopped();
    }

  private:
    void decide_on_batch(BatchId batch, const std::string& reason) {
        if (!setup_.ledger().batch(batch)) {
            return program_.complain(ExitCode::some_orders_wrong,
                                     "there is no batch " + std::to_string(batch));
        }
        const bool is_hold = line_.verb() == "hold";
        tell(batch,
             is_hold ? hold_batch(*parts_, batch, reason) : release_batch(*parts_, batch, reason));
    }

    // Each once. A word that fits several orders decides nothing.
    std::vector<OrderId> orders_named() {
        std::vector<OrderId> orders;
        for (const std::string& word : line_.arguments()) {
            const std::vector<OrderRecord> found = find_orders(setup_.ledger(), word);
            if (found.size() == 1) {
                const OrderId id = found.front().id;
                if (std::find(orders.begin(), orders.end(), id) == orders.end()) {
                    orders.push_back(id);
                }
                continue;
            }
            std::string numbers;
            for (const OrderRecord& order : found) numbers += " " + std::to_string(order.id);
            program_.complain(
                ExitCode::some_orders_wrong,
                found.empty()
                    ? "no order has the number, operation, domain or reference '" + word + "'"
                    : "'" + word + "' fits several orders, name one by its number:" + numbers);
        }
        return orders;
    }

    Decided resolve(OrderId order) {
        const Resolution resolution = resolution_in(line_);
        switch (resolution.way) {
            case Way::done:
                return resolve_by_word(*parts_, order, Word::done, resolution.reason);
            case Way::failed:
                return resolve_by_word(*parts_, order, Word::failed, resolution.reason);
            case Way::resend:
                return resolve_by_sending(*parts_, order, resolution.reason);
        }
        our_bug("a way without a name", __FILE__, __LINE__);
    }

    void tell(const Decided& decided) {
        const std::string state(to_word(decided.order.state));
        setup_.log().info("decision", {{"order", std::to_string(decided.order.id)},
                                       {"verb", line_.verb()},
                                       {"by", parts_->person},
                                       {"state", state},
                                       {"text", decided.words}});
        if (line_.has("json")) program_.print(json_line(outcome_row(decided.order)));
        if (decided.code != ExitCode::all_well) {
            return program_.complain(
                decided.code,
                "cannot " + line_.verb() + " " + name_of(decided.order) + ": " + decided.words);
        }
        if (line_.has("json") || line_.has("quiet")) return;
        program_.print(visible_text(name_of(decided.order) + ": " + state + ", " + decided.words) +
                       "\n");
    }

    void tell_released(Decided decided) {
        if (decided.code == ExitCode::all_well) {
            decided.words += "; " + what_goes_on(decided.order) + unless_held();
        }
        tell(decided);
    }

    std::string unless_held() const {
        const auto hold = setup_.ledger().sending_hold();
        return hold ? "; but " + words_of(*hold) : "";
    }

    void log_decision(const std::string& about, const std::string& words) {
        setup_.log().info(
            "decision",
            {{"about", about}, {"verb", line_.verb()}, {"by", parts_->person}, {"text", words}});
    }

    void tell(const SendingDecided& decided) {
        log_decision("all sending", decided.words);
        if (decided.code != ExitCode::all_well) {
            return program_.complain(decided.code, decided.words);
        }
        if (line_.has("json") || line_.has("quiet")) return;
        program_.print(visible_text(decided.words) + "\n");
    }

    void tell(BatchId batch, const BatchDecided& decided) {
        std::vector<ExitCode> codes;
        FirstLines others;
        for (const NotDecided& each : decided.others) {
            codes.push_back(each.code);
            others.add(name_of(each.order) + ": " + visible_text(each.why));
        }
        if (decided.decided.empty()) codes.push_back(ExitCode::some_orders_wrong);
        const std::string done = line_.verb() == "hold" ? "held" : "released";
        std::string words = "batch " + std::to_string(batch) + ": " +
                            std::to_string(decided.decided.size()) + " orders " + done;
        log_decision("batch " + std::to_string(batch), words);
        if (others.count() > 0) {
            words += ", " + std::to_string(others.count()) + " not:" + others.text();
        }
        if (line_.has("json")) {
            for (const OrderRecord& order : decided.decided) {
                program_.print(json_line(outcome_row(order)));
            }
        }
        const ExitCode code = gravest_of(codes);
        if (code != ExitCode::all_well) return program_.complain(code, words);
        if (line_.has("json") || line_.has("quiet")) return;
        program_.print(words + (done == "held" ? "" : visible_text(unless_held())) + "\n");
    }

    std::string what_goes_on(const OrderRecord& order) {
        const StepRecord* to_send = nullptr;
        for (const StepRecord& step : order.steps) {
            if (step.state == StepState::planned && step.phase != StepPhase::after) to_send = &step;
        }
        const bool is_to_be_sent = order.state == OrderState::accepted ||
                                   (order.state == OrderState::in_progress && to_send != nullptr);
        if (is_end(order.state)) return "nothing was left to do";
        if (!is_to_be_sent) return "pending-check goes on with it";
        const auto batch = setup_.ledger().batch(order.batch);
        const std::string name = batch ? batch->name : "";
        if (order.instead_of && name.starts_with("retry of ")) {
            return "`domain-orders retry " + std::to_string(*order.instead_of) +
                   "` or the next spool-run sends it";
        }
        return "the next spool-run sends it, or `" +
               std::string(order_kind_entry(order.kind).program) + "` when given '" + name +
               "' again";
    }

    // The new orders go through all checks and are sent at once.
    void retry(const std::vector<OrderId>& orders) {
        const Retried retried = retry_orders(*parts_, orders);
        std::set<BatchId> batches(retried.unsent.begin(), retried.unsent.end());
        if (retried.batch) batches.insert(*retried.batch);
        for (const Decided& decided : retried.decided) {
            if (decided.code != ExitCode::all_well || !line_.has("json")) tell(decided);
        }
        if (batches.empty()) return;
        setup_.require_all();
        OutcomeTelling telling(program_);
        for (const BatchId batch : batches) submit(batch, telling);
        for (const BatchId batch : batches) {
            telling.tell_batch(setup_.ledger(), batch, OutcomeTelling::IsNew::yes,
                               "domain-orders result " + std::to_string(batch));
        }
        telling.tell_news();
        const std::string left = telling.left_over();
        tell_why_stopped((left.empty() ? "" : ";\n  " + left) +
                         way_to_keep(telling.batches_left_over()));
    }

    void submit(BatchId batch, OutcomeTelling& telling) {
        if (setup_.rules().is_stopped() || setup_.is_called_off()) return;
        SubmissionSettings settings;
        settings.batch = batch;
        settings.lanes = setup_.settings().registrar.lanes;
        settings.most_orders = setup_.settings().limits.max_orders_per_run;
        settings.check_balance = setup_.settings().checks.balance;
        settings.balance_floor = setup_.settings().limits.balance_floor;
        settings.as_far_as_funds_go = line_.has("as-far-as-funds-go");
        submit_orders(settings,
                      {setup_.ledger(), setup_.run().id(), setup_.knowledge(), setup_.rules(),
                       setup_.clock(), parts_->open_lane, [this] { return setup_.is_called_off(); },
                       [&](const OrderRecord& order) { telling.note(order); }});
    }

    // `left_over`: what becomes of orders that a signal kept from being sent.
    void tell_why_stopped(const std::string& left_over = "") {
        if (const auto reason = setup_.rules().reason()) {
            program_.complain(reason->code,
                              reason->text + way_past_limit(program_, setup_, reason->text));
        }
        if (setup_.is_called_off()) {
            program_.complain(ExitCode::try_later, "stopped by a signal" + left_over);
        }
    }

    Program& program_;
    RunSetup& setup_;
    const CommandLine& line_;
    std::optional<DecisionParts> parts_;
};

}  // namespace

std::vector<VerbSpec> decision_verbs() {
    return {{"hold", "[ORDER...]", "pause: nothing more of it, of a file, of all is sent"},
            {"release", "[ORDER...]", "what is held goes on as its steps say"},
            {"retry", "ORDER...", "new orders in place of failed ones, sent at once", 1},
            {"cancel", "ORDER...", "unsent: at once; pending: ask the registrar to", 1},
            {"resolve", "ORDER", "end a doubt: --done, --failed or --resend", 1, 1}};
}

std::vector<OptionSpec> decision_options() {
    std::vector<OptionSpec> options = {
        {"all", "", "instead of orders: all sending, of every program", {"hold", "release"}},
        {"reason", "TEXT", "why, for the history; with hold --all needed", {"hold", "release"}},
        {"done", "REASON", "you have seen that it was executed", {"resolve"}},
        {"failed", "REASON", "you have seen that it was not, and will not be", {"resolve"}},
        {"resend", "", "look, and send again if that is safe", {"resolve"}},
        {"force", "REASON", "with --resend: send although the look does not tell", {"resolve"}}};
    for (OptionSpec option : limit_options()) {
        option.verbs = {"retry", "resolve"};
        options.push_back(option);
    }
    return options;
}

bool is_decision(const std::string& verb) {
    const auto verbs = decision_verbs();
    return std::any_of(verbs.begin(), verbs.end(),
                       [&](const VerbSpec& each) { return each.word == verb; });
}

std::string person_deciding() {
    const char* behind_sudo = std::getenv("SUDO_USER");
    if (behind_sudo != nullptr && *behind_sudo != '\0') return visible_text(behind_sudo);
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_name : "user " + std::to_string(::getuid());
}

void decide(Program& program, Settings settings, const std::string& person) {
    require_what_to_pause(program.line());
    if (program.line().verb() == "resolve") std::ignore = resolution_in(program.line());
    pass_limits_once(program.line(), settings);
    RunSetup setup(program.name(), settings);
    Deciding(program, setup, person).decide();
    setup.wipe_auth_codes();
}

}  // namespace domspool
