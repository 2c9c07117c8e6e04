#include "jobs/order_files.h"

#include "jobs/problem_telling.h"
#include "jobs/result_files.h"
#include "report/terminal/problem_list.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kMostTold = 100;  // problems of one file, where no person looks on

// A mail of cron stays readable; a terminal bounds them itself.
std::string text_of(const Console& console, const IntakeReport& report) {
    const std::string text =
        problems_text(report.problems, report.more_problems, console.look(), kMostTold);
    const bool is_cut = !console.look().is_terminal() && report.problems.size() > kMostTold;
    return is_cut ? text + "; --check --json prints them" : text;
}

void tell_problems(Console& console, const OrderFile& file, const IntakeReport& report) {
    const std::string& name = file.request.file.name;
    if (console.as_json()) print_problems(console, name, report, *file.request.file.program_kind);
    if (report.what == IntakeReport::What::refused) {
        console.complain(
            ExitCode::file_refused,
            "'" + name + "' is refused, nothing of it was ordered:\n" + text_of(console, report));
    } else if (!report.problems.empty()) {
        console.complain(ExitCode::some_orders_wrong,
                         std::to_string(report.bad_rows) + " of " + std::to_string(report.rows) +
                             " rows of '" + name + "' would be refused:\n" +
                             text_of(console, report));
    }
}

struct TakenBatch {
    BatchId id = 0;
    IntakeReport::What what = IntakeReport::What::taken;
    std::string result_path;
    int first = 0;
};

// Refused ones are complained of and left out. One batch once.
std::vector<TakenBatch> take(Console& console, std::vector<OrderFile>& files,
                             const SubmissionParts& parts) {
    std::vector<TakenBatch> batches;
    for (OrderFile& file : files) {
        const IntakeReport report =
            take_order_file(*file.stream, file.request, std::move(file.inspection), parts.ledger,
                            parts.run, parts.clock);
        if (report.what == IntakeReport::What::refused) {
            tell_problems(console, file, report);
            continue;
        }
        const bool is_known = std::ranges::find(batches, *report.batch, &TakenBatch::id) !=
                              batches.end();  // The same file, named twice.
        if (is_known) continue;
        batches.push_back({*report.batch, report.what, file.result_path, file.request.first});
    }
    return batches;
}

// What is to follow the first few.
void tell_held_rest(Console& console, const Ledger& ledger, const TakenBatch& batch) {
    if (batch.first == 0 || !console.as_text()) return;
    const auto counts = ledger.count_by_state(batch.id);
    const auto held = counts.find(std::string(to_word(OrderState::held)));
    if (held == counts.end()) return;
    console.print(std::to_string(held->second) + (held->second == 1 ? " order is" : " orders are") +
                  " held; `domain-orders release --batch " + std::to_string(batch.id) +
                  "` lets them go on, then the same command without --first or the next spool-run "
                  "sends them\n");
}

// How many of a file's rows are to be sent.
int rows_to_send(const OrderFile& file) {
    const int rows = file.inspection.report.rows, first = file.request.first;
    return first > 0 ? std::min(rows, first) : rows;
}

}  // namespace

void tell_refused_file(Console& console, const OrderFile& file, const IntakeReport& report) {
    DOMSPOOL_ASSERT(report.what == IntakeReport::What::refused);
    tell_problems(console, file, report);
}

void inspect_files(Console& console, std::vector<OrderFile>& files, TellProblems tell) {
    std::erase_if(files, [&](OrderFile& file) {
        file.inspection = inspect_order_file(*file.stream, file.request);
        const IntakeReport& report = file.inspection.report;
        const bool is_refused = report.what == IntakeReport::What::refused;
        if (is_refused || tell == TellProblems::yes) tell_problems(console, file, report);
        return is_refused;
    });
}

void leave_out_too_many(Console& console, int most_orders, const OrderRunSettings& settings,
                        std::vector<OrderFile>& files) {
    if (most_orders == 0) return;
    int all = 0, taken = 0;
    for (const OrderFile& file : files) all += rows_to_send(file);
    std::erase_if(files, [&](const OrderFile& file) {
        const int rows = rows_to_send(file);
        if (taken + rows <= most_orders) {
            taken += rows;
            return false;
        }
        console.complain(
            ExitCode::service_refused,
            "'" + file.request.file.name + (file.request.first > 0 ? "' is to send " : "' has ") +
                std::to_string(rows) + " orders, limits.max_orders_per_run is " +
                std::to_string(most_orders) + "; nothing of it was ordered. To order it:\n  " +
                settings.command_with("max-orders", std::to_string(all)));
        return true;
    });
}

void order_files(Console& console, std::vector<OrderFile>& files, const std::string& ledger_path,
                 WantsResults wants_results, OrderRun& run, const OrderRunParts& parts) {
    Ledger& ledger = parts.submission.ledger;
    const std::vector<TakenBatch> batches = take(console, files, parts.submission);
    ResultFiles results(ledger, ledger_path, parts.submission.clock);
    for (const ResultReport& report : results.keep_promises_of_dead_runs()) {
        if (console.is_verbose() && !report.note.empty()) console.print(report.note + "\n");
    }
    std::vector<BatchId> numbers;
    for (const TakenBatch& batch : batches) {
        if (!batch.result_path.empty()) std::ignore = results.promise(batch.id, batch.result_path);
        numbers.push_back(batch.id);
    }
    run.send(numbers);
    for (const TakenBatch& batch : batches) {
        const ResultReport result = results.write(batch.id, batch.result_path);
        const bool is_new = batch.what == IntakeReport::What::taken;
        run.telling().tell_batch(ledger, batch.id,
                                 is_new ? OutcomeTelling::IsNew::yes : OutcomeTelling::IsNew::no,
                                 result.written ? result.path : result.note);
        tell_held_rest(console, ledger, batch);
        if (wants_results == WantsResults::yes && !result.written) {
            console.complain(ExitCode::cannot_create, result.note);
        }
    }
    run.tell_end();
}

}  // namespace domspool
