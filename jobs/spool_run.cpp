#include "jobs/spool_run.h"

#include "jobs/problem_telling.h"
#include "jobs/refused_files.h"
#include "jobs/spool_intake.h"
#include "jobs/spool_results.h"
#include "jobs/spool_telling.h"
#include "report/terminal/problem_list.h"
#include "spool/folder_safety.h"
#include "spool/incoming.h"
#include "util/regular_file.h"
#include "util/visible_text.h"

#include <filesystem>
#include <map>
#include <set>

namespace domspool {

namespace {

// refused/ or incoming/ by the name the spool has for it; "" if it is neither.
std::string folder_of_spool(const std::filesystem::path& path, const SpoolLayout& layout) {
    std::error_code error;
    for (const std::string& folder : {layout.refused(), layout.incoming()}) {
        if (std::filesystem::equivalent(path, folder, error)) return folder;
    }
    return "";
}

class SpoolRun {
  public:
    SpoolRun(Console& console, const SpoolRunSettings& settings, const OrderRunSettings& sending,
             const OrderRunParts& parts)
        : console_(console),
          settings_(settings),
          layout_(settings.layout),
          parts_(parts),
          ledger_(parts.submission.ledger),
          telling_(console, layout_),
          orders_(console, sending, parts,
                  console.is_for_a_person() ? OutcomeTelling::Tables::unless_quiet
                                            : OutcomeTelling::Tables::left_out) {}

    void run(const std::vector<std::string>& named) {
        const bool is_safe = goes_well([&] { require_safe_spool(layout_.directory()); });
        if (is_safe) goes_well([&] { take_files(named); });
        orders_.send_all();
        settings_.wipe_auth_codes();
        std::map<BatchId, std::string> results;
        if (is_safe) goes_well([&] { results = write_results(); });
        tell(results);
    }

  private:
    // Whatever is wrong with the spool or a part of it keeps nothing that is accepted waiting.
    bool goes_well(const std::function<void()>& act) {
        try {
            act();
            return true;
        } catch (const RunFailure& failure) {
            console_.complain(failure.code(), failure.what());
            return false;
        }
    }

    void take_files(std::vector<std::string> paths) {
        if (paths.empty()) goes_well([&] { paths = files_at_rest(); });
        const SubmissionParts& parts = parts_.submission;
        SpoolLock lock(layout_.directory());
        lock.take();
        SpoolIntake intake(layout_, {ledger_, parts.run, parts.clock, settings_.request,
                                     settings_.command_past_limit});
        goes_well([&] { take_leftovers(intake); });
        for (const std::string& path : paths) {
            if (!parts.is_called_off()) goes_well([&] { note(intake.take(path)); });
        }
        goes_well([&] { wipe_refused(); });
    }

    std::vector<std::string> files_at_rest() {
        const SubmissionParts& parts = parts_.submission;
        const IncomingList look =
            list_incoming(layout_.incoming(), settings_.settle, stop_on_signals());
        telling_.tell_left_alone(look.left, ledger_, parts.run, parts.clock);
        std::vector<std::string> paths;
        for (const std::string& name : look.files) paths.push_back(layout_.incoming() + "/" + name);
        return paths;
    }

    void take_leftovers(SpoolIntake& intake) {
        const SpoolIntake::Leftovers left = intake.leftovers();
        telling_.tell_unknown(left.unknown);
        for (const std::string& name : left.files) {
            if (parts_.submission.is_called_off()) return;
            goes_well([&] { note(intake.take_leftover(name)); });
        }
    }

    void note(const SpoolOutcome& outcome) {
        if (outcome.path.empty()) return;  // Somebody took it back in time.
        telling_.note(outcome);
        const IntakeReport& answer = outcome.answer;
        if (!answer.batch) return;
        const bool is_new = answer.what == IntakeReport::What::taken;
        batches_.emplace(*answer.batch,
                         is_new ? OutcomeTelling::IsNew::yes : OutcomeTelling::IsNew::no);
    }

    void wipe_refused() {
        RefusedWiping wiping;
        wiping.untouched_since = settings_.codes_kept_since();
        wiping.largest_file = settings_.request.file.limits.bytes;
        wiping.wiped = [this](const std::string& name) {
            parts_.log.info("refused_file_wiped", {{"file", visible_text(name)}});
        };
        wiping.failed = [this](const std::string& name, const std::string& cause) {
            parts_.log.warning("refused_file_not_wiped",
                               {{"file", visible_text(name)}, {"cause", cause}});
        };
        wipe_codes_of_refused(layout_, wiping);
    }

    void tell(std::map<BatchId, std::string>& results) {
        OutcomeTelling& outcomes = orders_.telling();
        for (const auto& [batch, is_new] : batches_) {
            outcomes.tell_batch(ledger_, batch, is_new, results[batch]);
        }
        for (const BatchId batch : outcomes.touched_batches()) {
            if (batches_.contains(batch)) continue;
            outcomes.tell_batch(ledger_, batch, OutcomeTelling::IsNew::no, "",
                                OutcomeTelling::Rows::touched);
        }
        telling_.tell_files();
        orders_.tell_end();
    }

    // Where each one is, or why there is none.
    std::map<BatchId, std::string> write_results() {
        std::set<BatchId> also;
        for (const auto& [batch, is_new] : batches_) also.insert(batch);
        const SpoolResultParts parts{ledger_, parts_.submission.clock, settings_.ledger_path,
                                     layout_.directory(), settings_.request.file.limits.bytes};
        std::map<BatchId, std::string> places;
        for (const ResultReport& report : write_spool_results(console_, parts, also)) {
            places[report.batch] = report.written ? report.path : report.note;
        }
        return places;
    }

    Console& console_;
    const SpoolRunSettings& settings_;
    const SpoolLayout& layout_;
    const OrderRunParts& parts_;
    Ledger& ledger_;
    SpoolTelling telling_;
    OrderRun orders_;
    std::map<BatchId, OutcomeTelling::IsNew> batches_;
};

struct LookedThrough {
    std::string path;
    OrderFile order_file;
};

LookedThrough looked_through(const SpoolRunSettings& settings, const std::string& path,
                             RegularFile&& file) {
    IntakeRequest request = settings.request;
    request.file.name = visible_text(std::filesystem::path(path).filename().string());
    request.file.format = format_of_name(path).value_or(FileFormat::csv);
    LookedThrough looked{path, {std::move(file).stream(), std::move(request), ""}};
    looked.order_file.inspection =
        inspect_order_file(*looked.order_file.stream, looked.order_file.request);
    return looked;
}

// These files, or those of incoming/; what cannot be read is complained of.
void look_through_spool(Console& console, const SpoolRunSettings& settings,
                        std::vector<std::string> paths,
                        const std::function<void(LookedThrough&&)>& take) {
    const SpoolLayout& layout = settings.layout;
    if (paths.empty()) {
        const IncomingList look =
            list_incoming(layout.incoming(), std::chrono::seconds(0), stop_on_signals());
        SpoolTelling(console, layout).tell_left_alone(look.left);
        for (const std::string& name : look.files) paths.push_back(layout.incoming() + "/" + name);
    }
    for (const std::string& path : paths) {
        RegularFile file(path);
        if (file.fault() == RegularFile::Fault::missing) continue;  // Taken away meanwhile.
        if (file.fault() != RegularFile::Fault::none) {
            console.complain(
                ExitCode::file_refused,
                "'" + visible_text(path) + "' would be refused: it " + file.fault_text());
            continue;
        }
        try {
            take(looked_through(settings, path, std::move(file)));
        } catch (const RunFailure& failure) {
            console.complain(failure.code(), failure.what());
        }
    }
}

bool has_too_many(const IntakeRequest& request, const IntakeReport& report) {
    return request.most_rows > 0 && report.rows > request.most_rows;
}

void tell_checked(Console& console, const SpoolRunSettings& settings, const std::string& path,
                  const IntakeRequest& request, const IntakeReport& report) {
    const std::string& name = request.file.name;
    if (console.as_json()) print_problems(console, name, report);
    const auto problems = [&] {
        return problems_text(report.problems, report.more_problems, console.look());
    };
    if (report.what == IntakeReport::What::refused) {
        return console.complain(ExitCode::file_refused,
                                "'" + name + "' would be refused:\n" + problems());
    }
    if (report.bad_rows > 0) {
        console.complain(ExitCode::some_orders_wrong,
                         std::to_string(report.bad_rows) + " of " + std::to_string(report.rows) +
                             " rows of '" + name + "' would be refused:\n" + problems());
    }
    if (has_too_many(request, report)) {
        console.complain(ExitCode::service_refused,
                         "'" + name + "' has " + std::to_string(report.rows) +
                             " orders, limits.max_orders_per_run is " +
                             std::to_string(request.most_rows) +
                             "; to order it: " + settings.command_past_limit(path, report.rows));
    }
    if (console.as_text()) console.print(words_of_checked(name, report));
}

}  // namespace

std::vector<std::string> files_named(const SpoolLayout& layout,
                                     const std::vector<std::string>& words) {
    std::vector<std::string> paths;
    for (const std::string& word : words) {
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

void run_spool(Console& console, const SpoolRunSettings& settings, const OrderRunSettings& sending,
               const OrderRunParts& parts, const std::vector<std::string>& named) {
    SpoolRun(console, settings, sending, parts).run(named);
}

void check_spool(Console& console, const SpoolRunSettings& settings,
                 std::vector<std::string> paths) {
    look_through_spool(console, settings, std::move(paths), [&](const LookedThrough& file) {
        tell_checked(console, settings, file.path, file.order_file.request,
                     file.order_file.inspection.report);
    });
}

void dry_run_spool(Console& console, const SpoolRunSettings& settings,
                   const DryRunSettings& dry_run, const DryRunParts& parts,
                   std::vector<std::string> paths) {
    std::vector<OrderFile> files;
    look_through_spool(console, settings, std::move(paths), [&](LookedThrough&& file) {
        const IntakeRequest& request = file.order_file.request;
        const IntakeReport& report = file.order_file.inspection.report;
        const bool is_refused = report.what == IntakeReport::What::refused;
        if (!is_refused && !has_too_many(request, report)) {
            return files.push_back(std::move(file.order_file));
        }
        tell_checked(console, settings, file.path, request, report);
    });
    std::error_code failure;
    const std::filesystem::directory_iterator active(settings.layout.active(), failure);
    if (failure) {
        console.complain(ExitCode::no_permission,
                         "cannot read '" + settings.layout.active() + "': " + failure.message());
    }
    for (const auto& entry : active) {
        const auto name = parse_active_name(entry.path().filename().string());
        RegularFile own(entry.path().string());
        if (!name || own.fault() != RegularFile::Fault::none) continue;
        LookedThrough file = looked_through(settings, name->name, std::move(own));
        const bool is_good = file.order_file.inspection.report.what == IntakeReport::What::taken;
        if (is_good) files.push_back(std::move(file.order_file));
    }
    tell_dry_run_of_all(console, dry_run, parts, files);
}

}  // namespace domspool
