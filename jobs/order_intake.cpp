#include "jobs/order_intake.h"

#include "ledger/intake_row.h"
#include "ledger/sql/intake_preview.h"
#include "orders/code_wiping.h"
#include "orders/repeated_rows.h"
#include "orders/source_bytes.h"
#include "report/terminal/problem_list.h"
#include "util/crash_point.h"
#include "workflow/moves/order_moves.h"
#include "workflow/sending/order_in_hand.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>

namespace domspool {

namespace {

// What is entered in one transaction: so many rows, or fewer with so many fields.
constexpr std::size_t kPortion = 20'000;
constexpr std::size_t kPortionFields = 100'000;
constexpr std::size_t kPortionBytes = 16u << 20;

Problem problem_of(const FileRequest& file, int line, const FieldFault& fault) {
    return {file.name, line, fault.field, fault.value, fault.reason};
}

Problem whole_file(const FileRequest& file, const std::string& reason) {
    return {file.name, 0, "", "", reason, {}, true};
}

void set_problems(IntakeReport& report, const ProblemList& list) {
    report.problems = list.worst_first();
    report.more_problems = list.more();
}

IntakeReport refuse(IntakeReport report, const FileRequest& file, const std::string& reason) {
    report.what = IntakeReport::What::refused;
    report.problems.insert(report.problems.begin(), whole_file(file, reason));
    return report;
}

// Whatever its rows are like: mending them would not help.
IntakeReport refuse_whatever_it_holds(IntakeReport report, const FileRequest& file,
                                      const std::string& reason) {
    report.problems.clear();
    report.more_problems = 0;
    return refuse(std::move(report), file, reason);
}

// What a batch with the same content means for the file; nothing: it is to be entered.
std::optional<IntakeReport> answer_to_known(const std::optional<BatchRecord>& known,
                                            const IntakeRequest& request, IntakeReport report) {
    if (!known || !known->complete) return std::nullopt;
    if (!known->finished) {
        report.what = IntakeReport::What::resumed;
        report.batch = known->id;
        return report;
    }
    if (request.again) return std::nullopt;
    return refuse_whatever_it_holds(
        std::move(report), request.file,
        "the same file was taken on " + to_minute(known->taken_at) + " as batch " +
            std::to_string(known->id) + " and is finished; see `domain-orders result " +
            std::to_string(known->id) + "`, or order it anew with --again");
}

bool is_above_limit(const IntakeRequest& request, const IntakeReport& report) {
    return request.most_rows > 0 && report.rows > request.most_rows;
}

IntakeReport too_many(IntakeReport report) {
    report.what = IntakeReport::What::too_many;
    return report;
}

Judging judging_of(const IntakeRequest& request) {
    return request.again ? Judging::again : Judging::as_new;
}

void rewind(std::istream& in) {
    in.clear();
    in.seekg(0);
}

std::string hash_of(const std::string& text) {
    std::istringstream in(text);
    SourceBytes bytes(in, std::numeric_limits<std::size_t>::max());
    bytes.drain();
    return bytes.content_hash();
}

// In the write that lets them be claimed, so that no other run comes to them before.
void hold_but_first(LedgerWrite& w, RunId run, BatchId batch, int first, UtcTime now) {
    if (first == 0) return;
    const std::string option = "--first " + std::to_string(first);
    const std::vector<OrderId> accepted = w.accepted_of(batch);
    for (std::size_t i = static_cast<std::size_t>(first); i < accepted.size(); ++i) {
        const auto claimed = w.claim_order(run, accepted[i]);
        if (!claimed) continue;  // Another run has begun with it.
        w.move_order(claimed->claim,
                     held(claimed->order, HeldFor::person,
                          "held by " + option + "; `domain-orders release --batch " +
                              std::to_string(batch) + "` lets the file go on"),
                     now);
        w.event(run, kDecisionEvent, "held by " + option, now, accepted[i]);
        w.release(claimed->claim);
    }
}

// By which hash the ledger knows the file: its own, or where a batch was entered from an archived
// file whose codes were gone already, that of the file without its codes.
std::string known_hash(std::istream& in, const IntakeRequest& request, const Ledger& ledger,
                       const std::string& own_hash) {
    const auto wiped_files = ledger.wiped_files();
    if (wiped_files.empty() || ledger.batch_of_content(own_hash)) return own_hash;
    rewind(in);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    rewind(in);
    const auto wiped = with_codes_wiped(text, request.file.format);
    if (!wiped) return own_hash;
    const std::string hash = hash_of(*wiped);
    return wiped_files.contains(hash) ? hash : own_hash;
}

std::size_t fields_of(const IntakeRow& row) {
    return row.given.size() + row.normalised.size() + row.problems.size();
}

std::size_t bytes_of(const IntakeRow& row) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : row.given) bytes += name.size() + value.size();
    for (const auto& [name, value] : row.normalised) bytes += name.size() + value.size();
    for (const std::string& problem : row.problems) bytes += problem.size();
    return bytes;
}

void enter_all_rows(std::istream& in, const IntakeRequest& request, Ledger& ledger, BatchId batch,
                    const FileReading& first_reading, bool& is_unchanged) {
    std::vector<IntakeRow> portion;
    std::size_t fields = 0, bytes = 0;
    const auto enter = [&] {
        ledger.write([&](LedgerWrite& w) { w.enter_rows(batch, portion); });
        portion.clear();
        fields = bytes = 0;
        crash_point("rows_entered");
    };
    const FileReading reading = read_order_file(in, request.file, [&](OrderRow&& row) {
        portion.push_back(intake_row(std::move(row), request.file.name));
        fields += fields_of(portion.back());
        bytes += bytes_of(portion.back());
        if (portion.size() == kPortion || fields >= kPortionFields || bytes >= kPortionBytes) {
            enter();
        }
    });
    if (!portion.empty()) enter();
    is_unchanged =
        reading.file_problems.empty() && reading.content_hash == first_reading.content_hash;
}

std::vector<IntakeRow> read_all_rows(std::istream& in, const IntakeRequest& request) {
    std::vector<IntakeRow> rows;
    rewind(in);
    std::ignore = read_order_file(in, request.file, [&](OrderRow&& row) {
        rows.push_back(intake_row(std::move(row), request.file.name));
    });  // What is wrong with it was told by the first reading.
    return rows;
}

std::vector<ForeseenRow> joined(std::vector<IntakeRow> rows, std::vector<RowPreview> foreseen) {
    DOMSPOOL_ASSERT(rows.size() == foreseen.size());
    std::vector<ForeseenRow> result;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        IntakeRow& row = rows[i];
        DOMSPOOL_ASSERT(row.line == foreseen[i].line);
        row.problems = std::move(foreseen[i].problems);
        row.auth_code = std::move(foreseen[i].auth_code);
        result.push_back({std::move(row), foreseen[i].earlier_order, foreseen[i].same_by,
                          foreseen[i].instead_of, foreseen[i].resembles});
    }
    return result;
}

void add_problems(int line, const std::vector<std::string>& problems, ProblemList& list) {
    for (const std::string& problem : problems) list.add(line, problem);
}

// The rows are read once more only where something may stand twice.
void add_repeated(std::istream& in, const IntakeRequest& request, RepeatedRows& repeated,
                  Inspection& result, ProblemList& list) {
    if (!repeated.is_second_look_needed()) return;
    rewind(in);
    std::ignore =
        read_order_file(in, request.file, [&](OrderRow&& row) { repeated.look_again(row); });
    for (Problem& problem : repeated.problems(request.file.name)) list.add(std::move(problem));
    result.report.bad_rows += repeated.newly_bad_rows();
}

}  // namespace

Inspection inspect_order_file(std::istream& in, const IntakeRequest& request) {
    Inspection result;
    IntakeReport& report = result.report;
    ProblemList list;
    RepeatedRows repeated;
    result.reading = read_order_file(in, request.file, [&](OrderRow&& row) {
        repeated.note(row);
        for (const FieldFault& fault : row.faults) {
            list.add(problem_of(request.file, row.line, fault));
        }
    });
    const FileReading& reading = result.reading;
    report.rows = reading.rows;
    report.bad_rows = reading.bad_rows;
    for (const Problem& problem : reading.file_problems) list.add(problem);
    const bool file_is_bad = !reading.file_problems.empty();
    if (!file_is_bad) add_repeated(in, request, repeated, result, list);
    const bool rows_refuse_it =
        report.bad_rows > 0 && (request.all_or_nothing || reading.on_error == OnError::refuse_file);
    report.what =
        file_is_bad || rows_refuse_it ? IntakeReport::What::refused : IntakeReport::What::taken;
    set_problems(report, list);
    return result;
}

IntakeReport take_order_file(std::istream& in, const IntakeRequest& request, Inspection inspection,
                             Ledger& ledger, RunId run, const Clock& clock) {
    IntakeReport& report = inspection.report;
    const FileReading& reading = inspection.reading;
    if (report.what == IntakeReport::What::refused) return report;

    const std::string content_hash = known_hash(in, request, ledger, reading.content_hash);
    std::optional<IntakeReport> answer;
    const BatchId batch = ledger.write([&](LedgerWrite& w) {
        // Asked while nobody else can write: another program may be taking the same file.
        const auto known = ledger.batch_of_content(content_hash);
        answer = answer_to_known(known, request, report);
        if (!answer && is_above_limit(request, report)) answer = too_many(report);
        if (answer && answer->what == IntakeReport::What::resumed) {
            hold_but_first(w, run, *answer->batch, request.first, clock.now().utc);
        }
        if (answer) return BatchId{0};
        if (known && !known->complete) w.abandon_batch(known->id);  // Its run died half-way.
        const BatchId begun =
            w.begin_batch({request.file.name, content_hash, run, clock.now().utc});
        if (request.with_batch) request.with_batch(w, begun);
        return begun;
    });
    if (answer) return *answer;
    crash_point("batch_begun");
    rewind(in);
    bool is_unchanged = false;
    enter_all_rows(in, request, ledger, batch, reading, is_unchanged);
    if (!is_unchanged) {
        ledger.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
        return refuse_whatever_it_holds(
            std::move(report), request.file,
            "the file changed while it was read; nothing of it was taken, order again");
    }
    const OnError on_error = request.all_or_nothing ? OnError::refuse_file : reading.on_error;
    const bool completed = ledger.write([&](LedgerWrite& w) {
        const UtcTime now = clock.now().utc;
        const bool is_complete = w.complete_batch(
            batch, {reading.columns, on_error, reading.states_count, judging_of(request)}, now);
        if (is_complete) hold_but_first(w, run, batch, request.first, now);
        return is_complete;
    });
    crash_point("batch_complete");
    report.batch = batch;
    if (completed) return report;
    ProblemList list;
    ledger.rows_of_batch(batch,
                         [&](BatchRow&& row) { add_problems(row.line, row.problems, list); });
    set_problems(report, list);
    ledger.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
    report.batch.reset();
    return refuse(std::move(report), request.file,
                  "rows were refused, and the file asks for all or nothing");
}

IntakePreview foresee_order_file(std::istream& in, const IntakeRequest& request,
                                 Inspection inspection, const Ledger& ledger,
                                 const std::string& ledger_path, const Clock& clock) {
    IntakeReport& report = inspection.report;
    const FileReading& reading = inspection.reading;
    if (report.what == IntakeReport::What::refused) return {std::move(report), {}};
    const std::string content_hash = known_hash(in, request, ledger, reading.content_hash);
    const auto known = ledger.batch_of_content(content_hash);
    if (auto answer = answer_to_known(known, request, report)) return {std::move(*answer), {}};

    std::vector<IntakeRow> rows = read_all_rows(in, request);
    auto foreseen = foresee_intake(
        ledger_path, {request.file.name, content_hash, clock.now().utc, judging_of(request)}, rows);
    IntakePreview preview{std::move(report), joined(std::move(rows), std::move(foreseen))};
    const OnError on_error = request.all_or_nothing ? OnError::refuse_file : reading.on_error;
    const bool has_refused =
        std::any_of(preview.rows.begin(), preview.rows.end(),
                    [](const ForeseenRow& row) { return !row.row.problems.empty(); });
    if (on_error != OnError::refuse_file || !has_refused) return preview;
    ProblemList list;
    for (const ForeseenRow& row : preview.rows) {
        add_problems(row.row.line, row.row.problems, list);
    }
    set_problems(preview.report, list);
    return {refuse(std::move(preview.report), request.file,
                   "rows were refused, and the file asks for all or nothing"),
            {}};
}

}  // namespace domspool
