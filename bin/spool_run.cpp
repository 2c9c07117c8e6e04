// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         spool-run: order everything that was dropped into the spool
USAGE        spool-run [OPTIONS] [FILE...]     (cron: nightly)
READS        spool/incoming, settings, password, extensions.yaml; with FILE that file
             of spool/refused instead, mended or let pass
WRITES       ledger, log; spool/active while it reads, then spool/done with a result
             file, or spool/refused with NAME.problems.txt
EXIT         0 all done, or under way at the registrar, or nothing there; 1 some rows
             refused, or orders failed, held, in doubt or done otherwise than ordered;
             65 a file was refused, or something lies in incoming that is no order
             file; 69 the registrar refuses service, a limit is reached, or all sending
             is held; 75 not all was sent, and what was not stays accepted; 77 a folder
             of the spool is open to others
AFTER CRASH  start it again: a file left in spool/active goes on, or is read again
             from its first line; no order is entered twice

             Taken are regular files ending in .csv .yaml .yml that have not changed
             for spool.settle_seconds. All else is left where it is, and named once.
             Then all orders are sent that are still accepted, whoever entered them.
)";

#include "app/program.h"
#include "app/run_log.h"
#include "app/run_setup.h"
#include "app/signals.h"
#include "bin/limit_options.h"
#include "bin/outcome_telling.h"
#include "bin/spool_results.h"
#include "bin/spool_telling.h"
#include "bin/staying.h"
#include "jobs/order_intake.h"
#include "jobs/order_kinds.h"
#include "jobs/order_submission.h"
#include "jobs/refused_files.h"
#include "jobs/spool_intake.h"
#include "spool/folder_safety.h"
#include "spool/incoming.h"
#include "spool/spool_layout.h"
#include "util/regular_file.h"
#include "util/visible_text.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

namespace {

using namespace domspool;

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = limit_options();
    manual.most_arguments = 10'000;
    manual.without = {"dry-run"};
    return manual;
}

IntakeRequest request_for(const Settings& settings, const std::string& name, FileFormat format) {
    FileLimits limits;
    limits.bytes = settings.spool.largest_file();
    limits.require_count = settings.spool.require_count;
    IntakeRequest request{{name, format, std::nullopt, limits}};
    request.most_rows = settings.limits.max_orders_per_run;
    return request;
}

SpoolAnswer answer_of(IntakeReport&& report) {
    SpoolAnswer answer;
    switch (report.what) {
        case IntakeReport::What::taken:
            answer.what = SpoolAnswer::What::taken;
            break;
        case IntakeReport::What::resumed:
            answer.what = SpoolAnswer::What::resumed;
            break;
        case IntakeReport::What::refused:
            answer.what = SpoolAnswer::What::refused;
            break;
        case IntakeReport::What::too_many:
            answer.what = SpoolAnswer::What::too_many;
            break;
    }
    answer.batch = report.batch;
    answer.problems = std::move(report.problems);
    answer.more_problems = report.more_problems;
    answer.rows = report.rows;
    return answer;
}

// refused/ or incoming/ by the name the spool has for it; "" if it is neither.
std::string folder_of_spool(const std::filesystem::path& path, const SpoolLayout& layout) {
    std::error_code error;
    for (const std::string& folder : {layout.refused(), layout.incoming()}) {
        if (std::filesystem::equivalent(path, folder, error)) return folder;
    }
    return "";
}

// The files named lie in refused/ (or still in incoming/): others must be dropped first, so that no
// file is taken from under somebody's hands.
std::vector<std::string> named_files(const Program& program, const SpoolLayout& layout) {
    std::vector<std::string> paths;
    for (const std::string& word : program.line().arguments()) {
        const std::filesystem::path path = std::filesystem::absolute(word).lexically_normal();
        const std::string folder = folder_of_spool(path.parent_path(), layout);
        if (folder.empty()) {
            throw RunFailure(ExitCode::usage, "'" + word + "' does not lie in '" +
                                                  layout.refused() +
                                                  "'; drop other files with: spool-drop");
        }
        const std::string name = path.filename().string();
        const std::string fault = file_state(path.string()) ? name_fault(name) : "is no file";
        if (!fault.empty()) {
            throw RunFailure(ExitCode::file_not_found, "cannot take '" + word + "': it " + fault);
        }
        paths.push_back(folder + "/" + name);
    }
    return paths;
}

class SpoolRun {
  public:
    SpoolRun(Program& program, const Settings& settings)
        : program_(program),
          layout_(settings.spool.directory),
          setup_(program.name(), settings),
          telling_(program, layout_),
          outcomes_(program, telling_.is_for_a_person() ? OutcomeTelling::Tables::unless_quiet
                                                        : OutcomeTelling::Tables::left_out) {}

    void run() {
        setup_.require_all();
        const std::vector<std::string> named = named_files(program_, layout_);
        take_files(named);
        outcomes_.expect(orders_to_send(setup_.ledger(), std::nullopt));
        submit();
        stay_for_doubts(program_, setup_, outcomes_, [this] { submit(); });
        setup_.wipe_auth_codes();
        tell();
        end_run(program_, setup_, named.empty() ? StartedBy::cron : StartedBy::person);
    }

  private:
    const Settings& settings() const { return setup_.settings(); }
    bool is_over() { return setup_.rules().is_stopped() || setup_.is_called_off(); }

    void take_files(std::vector<std::string> paths) {
        if (paths.empty()) {
            const IncomingLook look = look_into_incoming(
                layout_.incoming(), std::chrono::seconds(settings().spool.settle_seconds),
                stop_on_signals());
            telling_.tell_left_alone(look.left, setup_.ledger(), setup_.run().id(), setup_.clock());
            for (const std::string& name : look.files) {
                paths.push_back(layout_.incoming() + "/" + name);
            }
        }
        SpoolLock lock(layout_.directory());
        lock.take();
        SpoolIntake intake(layout_, intake_parts());
        const SpoolIntake::Leftovers left = intake.leftovers();
        telling_.tell_unknown(left.unknown);
        for (const std::string& name : left.files) {
            if (!setup_.is_called_off()) note([&] { return intake.take_leftover(name); });
        }
        for (const std::string& path : paths) {
            if (!setup_.is_called_off()) note([&] { return intake.take(path); });
        }
        wipe_refused();
    }

    // A file that cannot be read now keeps neither the others nor what is accepted waiting.
    void note(const std::function<SpoolOutcome()>& take) {
        try {
            note(take());
        } catch (const RunFailure& failure) {
            program_.complain(failure.code(), failure.what());
        }
    }

    void wipe_refused() {
        RefusedWiping wiping;
        wiping.untouched_since = setup_.codes_kept_since();
        wiping.largest_file = settings().spool.largest_file();
        wiping.wiped = [this](const std::string& name) {
            setup_.log().info("refused_file_wiped", {{"file", visible_text(name)}});
        };
        wiping.failed = [this](const std::string& name, const std::string& cause) {
            setup_.log().warning("refused_file_not_wiped",
                                 {{"file", visible_text(name)}, {"cause", cause}});
        };
        wipe_codes_of_refused(layout_, wiping);
    }

    SpoolIntakeParts intake_parts() {
        return {
            setup_.ledger(),
            setup_.run().id(),
            setup_.clock(),
            [this](std::istream& in, const SpoolReading& reading) {
                IntakeRequest request = request_for(settings(), reading.name, reading.format);
                request.with_batch = reading.with_batch;
                return answer_of(take_order_file(in, request, setup_.ledger(), setup_.run().id(),
                                                 setup_.clock()));
            },
            [this](const std::string& path, int rows) { return telling_.command_for(path, rows); },
            settings().spool.largest_file()};
    }

    void note(const SpoolOutcome& outcome) {
        if (outcome.path.empty()) return;  // Somebody took it back in time.
        telling_.note(outcome);
        const SpoolAnswer& answer = outcome.answer;
        if (!answer.batch) return;
        const bool is_new = answer.what == SpoolAnswer::What::taken;
        batches_.emplace(*answer.batch,
                         is_new ? OutcomeTelling::IsNew::yes : OutcomeTelling::IsNew::no);
    }

    void submit() {
        if (is_over()) return;
        SubmissionSettings submission;
        submission.lanes = settings().registrar.lanes;
        submission.most_orders = settings().limits.max_orders_per_run;
        submission.check_balance = settings().checks.balance;
        submission.balance_floor = settings().limits.balance_floor;
        submission.as_far_as_funds_go = program_.line().has("as-far-as-funds-go");
        submit_orders(submission,
                      {setup_.ledger(), setup_.run().id(), setup_.knowledge(), setup_.rules(),
                       setup_.clock(), [this] { return setup_.open_lane(plan_order); },
                       [this] { return setup_.is_called_off(); },
                       [this](const OrderRecord& order) {
                           log_order(setup_.log(), order);
                           outcomes_.note(order);
                       }});
    }

    void tell() {
        const std::map<BatchId, std::string> results = write_results();
        for (const auto& [batch, is_new] : batches_) {
            const auto result = results.find(batch);
            outcomes_.tell_batch(setup_.ledger(), batch, is_new,
                                 result == results.end() ? "" : result->second);
        }
        for (const BatchId batch : outcomes_.touched_batches()) {
            if (batches_.contains(batch)) continue;
            outcomes_.tell_batch(setup_.ledger(), batch, OutcomeTelling::IsNew::no, "",
                                 OutcomeTelling::Rows::touched);
        }
        telling_.tell_files();
        outcomes_.tell_news();
        tell_why_it_stopped();
    }

    // Where each one is, or why there is none.
    std::map<BatchId, std::string> write_results() {
        std::set<BatchId> also;
        for (const auto& [batch, is_new] : batches_) also.insert(batch);
        std::map<BatchId, std::string> places;
        for (const ResultReport& report : write_spool_results(setup_, also)) {
            places[report.batch] = report.written ? report.path : report.note;
            if (!report.written) program_.complain(ExitCode::cannot_create, report.note);
        }
        return places;
    }

    void tell_why_it_stopped() {
        const std::string left =
            outcomes_.left_over().empty() ? "" : ";\n  " + outcomes_.left_over();
        if (const auto reason = setup_.rules().reason()) {
            program_.complain(reason->code, reason->text + left + way_past(reason->text));
        }
        if (setup_.is_called_off()) {
            program_.complain(
                ExitCode::try_later,
                "stopped by a signal" + left + way_to_keep(batches_to_send(setup_.ledger())));
        }
    }

    std::string way_past(const std::string& reason) {
        if (!reason.starts_with("limits.max_orders_per_run")) {
            return way_past_limit(program_, setup_, reason);
        }
        return "\nThe next run goes on with them; to send them now:\n  " +
               program_.command_with("max-orders",
                                     std::to_string(orders_to_send(setup_.ledger(), std::nullopt)));
    }

    Program& program_;
    const SpoolLayout layout_;
    RunSetup setup_;
    SpoolTelling telling_;
    OutcomeTelling outcomes_;
    std::map<BatchId, OutcomeTelling::IsNew> batches_;
};

// Reads and says what would be refused; touches no file.
void check_files(Program& program, const Settings& settings) {
    const SpoolLayout layout(settings.spool.directory);
    SpoolTelling telling(program, layout);
    std::vector<std::string> paths = named_files(program, layout);
    if (paths.empty()) {
        const IncomingLook look =
            look_into_incoming(layout.incoming(), std::chrono::seconds(0), stop_on_signals());
        telling.tell_left_alone(look.left);
        for (const std::string& name : look.files) paths.push_back(layout.incoming() + "/" + name);
    }
    for (const std::string& path : paths) {
        RegularFile file(path);
        if (file.fault() == RegularFile::Fault::missing) continue;  // Taken away meanwhile.
        if (file.fault() != RegularFile::Fault::none) {
            program.complain(
                ExitCode::file_refused,
                "'" + visible_text(path) + "' would be refused: it " + file.fault_text());
            continue;
        }
        const auto in = std::move(file).stream();
        const std::string name = visible_text(std::filesystem::path(path).filename().string());
        const IntakeRequest request =
            request_for(settings, name, format_of_name(path).value_or(FileFormat::csv));
        IntakeReport report = inspect_order_file(*in, request);
        const int bad_rows = report.bad_rows;
        telling.tell_checked(name, path, answer_of(std::move(report)), bad_rows,
                             settings.limits.max_orders_per_run);
    }
}

void run(Program& program) {
    const CommandLine& line = program.line();
    Settings settings = load_settings(line.value("config").value_or(kDefaultSettingsFile));
    pass_limits_once(line, settings);
    program.become_service_user(settings);
    require_safe_spool(settings.spool.directory);
    if (line.has("check")) return check_files(program, settings);
    SpoolRun(program, settings).run();
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), run);
}
