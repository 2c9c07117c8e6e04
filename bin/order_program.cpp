#include "bin/order_program.h"

#include "app/program.h"
#include "app/run_log.h"
#include "app/run_setup.h"
#include "app/service_user.h"
#include "app/signals.h"
#include "bin/limit_options.h"
#include "bin/order_dry_run.h"
#include "bin/order_files.h"
#include "bin/outcome_telling.h"
#include "bin/staying.h"
#include "jobs/order_kinds.h"
#include "jobs/order_submission.h"
#include "jobs/result_files.h"

#include <algorithm>
#include <unistd.h>

namespace domspool {

namespace {

ProgramManual manual_with(const std::string& text) {
    ProgramManual manual;
    manual.text = text;
    manual.options = {
        {"result", "FILE", "where the result file goes (of one order file); default: beside it"},
        {"format", "csv|yaml", "what the files are, where their names do not tell"},
        {"all-or-nothing", "", "one bad row refuses its whole file"},
        {"again", "",
         "read a finished file anew: what it ordered, open or done, is not ordered once more; what "
         "is only like an order of another file is"},
    };
    const auto limits = limit_options();
    manual.options.insert(manual.options.end(), limits.begin(), limits.end());
    manual.least_arguments = 1;
    manual.most_arguments = 10'000;
    return manual;
}

void require_fitting_options(const CommandLine& line) {
    const auto& names = line.arguments();
    if (line.has("result") && names.size() > 1) {
        throw RunFailure(ExitCode::usage, "'--result' names one file, for one order file");
    }
    if (std::ranges::count(names, "-") > 1) {
        throw RunFailure(ExitCode::usage, "'-' (standard input) can be read once only");
    }
}

// --check works without an installation: then the shipped defaults hold.
Settings settings_of(const CommandLine& line) {
    const std::string path = line.value("config").value_or(kDefaultSettingsFile);
    const bool is_optional = line.has("check") && !line.has("config");
    if (is_optional && ::access(path.c_str(), F_OK) != 0) {
        Settings shipped;
        shipped.user = "";
        return shipped;
    }
    return load_settings(path);
}

void tell_checked(Program& program, const std::vector<OrderFile>& files) {
    if (program.line().has("json") || program.line().has("quiet")) return;
    for (const OrderFile& file : files) {
        program.print(file.request.file.name + ": " + std::to_string(file.rows) +
                      (file.rows == 1 ? " row" : " rows") + " read; nothing was ordered\n");
    }
}

// One run over the batches taken.
class Submission {
  public:
    Submission(Program& program, RunSetup& setup)
        : program_(program),
          setup_(setup),
          telling_(program),
          results_(setup.ledger(), setup.settings().ledger, setup.clock()) {}

    void order(const std::vector<TakenBatch>& batches) {
        tell_kept_promises();
        for (const TakenBatch& batch : batches) {
            if (!batch.result_path.empty())
                std::ignore = results_.promise(batch.id, batch.result_path);
        }
        for (const TakenBatch& batch : batches)
            telling_.expect(orders_to_send(setup_.ledger(), batch.id));
        const auto submit_all = [&] {
            for (const TakenBatch& batch : batches) submit(batch);
        };
        submit_all();
        stay_for_doubts(program_, setup_, telling_, submit_all);
        for (const TakenBatch& batch : batches) tell(batch);
        tell_end();
    }

  private:
    void tell_kept_promises() {
        for (const ResultReport& report : results_.keep_promises_of_dead_runs()) {
            if (program_.line().has("verbose") && !report.note.empty()) {
                program_.print(report.note + "\n");
            }
        }
    }

    bool is_over() { return setup_.rules().is_stopped() || setup_.is_called_off(); }

    void submit(const TakenBatch& batch) {
        if (is_over()) return;
        SubmissionSettings settings;
        settings.batch = batch.id;
        settings.lanes = setup_.settings().registrar.lanes;
        settings.most_orders = 0;  // Files above the limit were not taken.
        settings.check_balance = setup_.settings().checks.balance;
        settings.balance_floor = setup_.settings().limits.balance_floor;
        settings.as_far_as_funds_go = program_.line().has("as-far-as-funds-go");
        submit_orders(
            settings,
            {setup_.ledger(), setup_.run().id(), setup_.knowledge(), setup_.rules(), setup_.clock(),
             [&] { return setup_.open_lane(plan_order); }, [&] { return setup_.is_called_off(); },
             [&](const OrderRecord& order) {
                 log_order(setup_.log(), order);
                 telling_.note(order);
             }});
    }

    void tell(const TakenBatch& batch) {
        const ResultReport result = results_.write(batch.id, batch.result_path);
        const bool is_new = batch.what == IntakeReport::What::taken;
        telling_.tell_batch(setup_.ledger(), batch.id,
                            is_new ? OutcomeTelling::IsNew::yes : OutcomeTelling::IsNew::no,
                            result.written ? result.path : result.note);
        if (program_.line().has("result") && !result.written) {
            program_.complain(ExitCode::cannot_create, result.note);
        }
    }

    void tell_end() {
        telling_.tell_news();
        const std::string left_over =
            telling_.left_over().empty() ? "" : ";\n  " + telling_.left_over();
        if (const auto reason = setup_.rules().reason()) {
            program_.complain(reason->code, reason->text + left_over +
                                                way_past_limit(program_, setup_, reason->text));
        }
        if (setup_.is_called_off()) {
            program_.complain(ExitCode::try_later,
                              "stopped by a signal" + left_over +
                                  way_to_keep(telling_.batches_left_over()) +
                                  "; the same command goes on with what was not sent");
        }
    }

    Program& program_;
    RunSetup& setup_;
    OutcomeTelling telling_;
    ResultFiles results_;
};

void order(Program& program, OrderKind kind) {
    const CommandLine& line = program.line();
    require_fitting_options(line);
    require_dry_options(line);
    Settings settings = settings_of(line);
    pass_limits_once(line, settings);
    std::vector<OrderFile> files = open_order_files(program, settings, kind);
    if (line.has("check")) {
        become_user(settings.user);
        look_through(program, files, TellProblems::yes);
        return tell_checked(program, files);
    }
    program.become_service_user(settings);
    look_through(program, files, TellProblems::no);
    leave_out_too_many(program, settings, files);
    if (files.empty()) return;
    if (line.has("dry-run")) {
        RunSetup asking(program.name(), settings, Changes::nothing);
        return tell_dry_run(program, asking, files);
    }
    if (kind != OrderKind::nameservers) require_spend_ceiling(settings);

    RunSetup setup(program.name(), settings);
    setup.require_all();
    const std::vector<TakenBatch> batches =
        take_order_files(program, files, setup.ledger(), setup.run().id(), setup.clock());
    Submission(program, setup).order(batches);
    setup.wipe_auth_codes();
    end_run(program, setup, StartedBy::person);
}

}  // namespace

int run_order_program(int count, char** words, OrderKind kind, const std::string& manual_text) {
    return run_program(count, words, manual_with(manual_text),
                       [&](Program& program) { order(program, kind); });
}

}  // namespace domspool
