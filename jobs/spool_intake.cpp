#include "jobs/spool_intake.h"

#include "ledger/read_from.h"
#include "orders/source_bytes.h"
#include "report/problem_list.h"
#include "spool/incoming.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/visible_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <tuple>

namespace domspool {

namespace {

// In the ledger: what the report is told of a file of active/ that is refused.
constexpr const char* kRefusal = "spool_refusal";
constexpr const char* kText = "text";

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

void make_archive_folder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0) return file::sync_folder(file::folder_of(path));
    if (errno == EEXIST) return;
    throw RunFailure(ExitCode::cannot_create, "cannot make the folder '" + path +
                                                  "': " + file::cause_of(errno) +
                                                  "; check the owner of the spool's folders");
}

// False: somebody else took it.
bool moved(const std::string& from, const std::string& to) {
    try {
        return file::move_to_free_name(from, to);
    } catch (const RunFailure& failure) {
        if (failure.code() == ExitCode::file_not_found) return false;
        throw;
    }
}

std::string hash_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    SourceBytes bytes(in, std::numeric_limits<std::size_t>::max());
    bytes.drain();
    return bytes.content_hash();
}

SpoolAnswer refusal(const std::string& name, const std::string& reason) {
    SpoolAnswer answer;
    answer.problems.push_back({name, 0, "", "", reason});
    return answer;
}

std::string text_of(const std::vector<Problem>& problems) {
    ProblemList list;
    for (const Problem& problem : problems) list.add(problem);
    return list.text(Look{});
}

}  // namespace

SpoolIntake::SpoolIntake(const SpoolLayout& layout, SpoolIntakeParts parts)
    : layout_(layout), parts_(std::move(parts)) {}

SpoolIntake::Leftovers SpoolIntake::leftovers() const {
    Leftovers found;
    for (const auto& entry : std::filesystem::directory_iterator(layout_.active())) {
        const std::string name = entry.path().filename().string();
        (parse_active_name(name) ? found.files : found.unknown).push_back(name);
    }
    std::ranges::sort(found.files);
    std::ranges::sort(found.unknown);
    return found;
}

std::optional<BatchRecord> SpoolIntake::batch_read_from(const std::string& active_name) const {
    const auto known = parts_.ledger.recall(kReadFrom, visible_text(active_name), UtcTime{});
    if (!known) return std::nullopt;
    const auto batch = parts_.ledger.batch(std::stoll(field_of(*known, kReadAsBatch)));
    return batch && batch->complete ? batch : std::nullopt;
}

SpoolOutcome SpoolIntake::take_leftover(const std::string& active_name) {
    const Claimed file{layout_.active() + "/" + active_name,
                       visible_text(parse_active_name(active_name)->name), ""};
    if (const auto batch = batch_read_from(active_name)) return go_on(file, *batch);
    auto claimed = claim(file.path, parse_active_name(active_name)->name);
    if (!claimed) return SpoolOutcome{{}, file.name, ""};
    const auto noted = parts_.ledger.recall(kRefusal, visible_text(active_name), UtcTime{});
    if (noted) claimed->refusal_noted = field_of(*noted, kText);
    return read(*claimed);
}

SpoolOutcome SpoolIntake::take(const std::string& path) {
    const std::string name = name_of(path);
    const auto claimed = claim(path, name);
    if (!claimed) return {{}, visible_text(name), ""};
    SpoolOutcome outcome = read(*claimed);
    // What was wrong with a file that is mended goes with it.
    const std::string problems = problems_name(layout_.refused() + "/" + name);
    const bool was_refused = file::folder_of(path) == layout_.refused() && file_state(problems);
    if (was_refused && outcome.path.starts_with(layout_.done() + "/")) {
        std::ignore = moved(problems, problems_name(outcome.path));
    }
    return outcome;
}

std::optional<SpoolIntake::Claimed> SpoolIntake::claim(const std::string& path,
                                                       const std::string& name) {
    const ActiveName active{parts_.run, ++claimed_, name};
    const std::string claimed = layout_.active() + "/" + to_file_name(active);
    if (!moved(path, claimed)) return std::nullopt;
    crash_point("spool_claimed");
    return Claimed{claimed, visible_text(parse_active_name(name_of(claimed))->name), ""};
}

SpoolOutcome SpoolIntake::read(const Claimed& file) {
    const auto state = file_state(file.path);
    std::ifstream in(file.path, std::ios::binary);
    if (!state) return refuse(file, refusal(file.name, "is no file any more, it was exchanged"));
    if (!in) return refuse(file, refusal(file.name, "cannot be read: check its owner and mode"));
    SpoolReading reading;
    reading.name = file.name;
    reading.format = format_of_name(file.path).value_or(FileFormat::csv);
    reading.is_untouched = [&] { return file_state(file.path) == state; };
    reading.with_batch = [&](LedgerWrite& w, BatchId batch) {
        w.remember(kReadFrom, visible_text(name_of(file.path)),
                   {{kReadAsBatch, std::to_string(batch)}}, parts_.clock.now().utc);
    };
    SpoolAnswer answer = parts_.read(in, reading);
    const bool is_entered =
        answer.what == SpoolAnswer::What::taken || answer.what == SpoolAnswer::What::resumed;
    return is_entered ? archive(file, std::move(answer)) : refuse(file, std::move(answer));
}

// Of a dead run that had read it whole.
SpoolOutcome SpoolIntake::go_on(const Claimed& file, const BatchRecord& batch) {
    if (file_state(file.path) && hash_of(file.path) == batch.content_hash) {
        SpoolAnswer answer;
        answer.what = SpoolAnswer::What::resumed;
        answer.batch = batch.id;
        answer.rows = batch.rows;
        return archive(file, std::move(answer));
    }
    const std::string number = std::to_string(batch.id);
    return refuse(file, refusal(file.name, "was changed after it had been read as batch " + number +
                                               ", whose orders go on as they were read (see "
                                               "`domain-orders list --batch " +
                                               number +
                                               "`); put what is new into a file of its "
                                               "own"));
}

SpoolOutcome SpoolIntake::archive(const Claimed& file, SpoolAnswer answer) {
    const auto batch = parts_.ledger.batch(*answer.batch);
    DOMSPOOL_ASSERT(batch.has_value());
    const std::string folder = layout_.archive_folder(batch->taken_at);
    make_archive_folder(folder);
    std::string place;
    int copy = 0;
    do {
        place = folder + "/" + archive_name(batch->id, batch->name, ++copy);
    } while (!file::move_to_free_name(file.path, place));
    crash_point("spool_archived");
    return {std::move(answer), file.name, place};
}

SpoolOutcome SpoolIntake::refuse(const Claimed& file, SpoolAnswer answer) {
    std::string place = free_refused_path(file);
    if (answer.what == SpoolAnswer::What::too_many) {
        answer.problems = {{file.name, 0, "", "",
                            "has " + std::to_string(answer.rows) +
                                " orders, more than limits.max_orders_per_run lets pass; nothing "
                                "of it was ordered. To order it: " +
                                parts_.command_past_limit(place, answer.rows)}};
    }
    // Beside it before it comes, so that no refused file is ever without its reason.
    file::write_whole(problems_name(place), text_of(answer.problems));
    crash_point("spool_problems_written");
    note_refusal(file, answer, place);
    crash_point("spool_refusal_noted");
    if (!file::move_to_free_name(file.path, place)) {
        throw RunFailure(ExitCode::try_later, "cannot put '" + place +
                                                  "' there: somebody put another file there just "
                                                  "now; the next run goes on");
    }
    crash_point("spool_refused");
    return {std::move(answer), file.name, place};
}

// For the next report; the reasons lie beside the file. Before the file is where no run looks any
// more: what a run that died had noted already is not noted twice.
void SpoolIntake::note_refusal(const Claimed& file, const SpoolAnswer& answer,
                               const std::string& place) {
    const std::string reason =
        answer.problems.empty() ? file.name : to_text(answer.problems.front());
    const std::string text = "refused: " + reason + "; it lies at " + place;
    if (text == file.refusal_noted) return;
    const UtcTime now = parts_.clock.now().utc;
    parts_.ledger.write([&](LedgerWrite& w) {
        w.event(parts_.run, "file_refused", text, now);
        w.remember(kRefusal, visible_text(name_of(file.path)), {{kText, text}}, now);
    });
}

std::string SpoolIntake::free_refused_path(const Claimed& file) const {
    const std::string usual = layout_.refused() + "/" + refused_name(file.name);
    const bool is_taken = ::faccessat(AT_FDCWD, usual.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return is_taken ? layout_.refused() + "/" + refused_name(name_of(file.path)) : usual;
}

}  // namespace domspool
