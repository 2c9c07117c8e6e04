#include "jobs/spool_intake.h"

#include "orders/source_bytes.h"
#include "report/terminal/problem_list.h"
#include "util/crash_point.h"
#include "util/file.h"
#include "util/regular_file.h"
#include "util/visible_text.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

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

bool holds(const std::string& path, const std::string& content_hash, std::size_t limit) {
    RegularFile file(path);
    if (file.fault() != RegularFile::Fault::none) return false;
    const auto in = std::move(file).stream();
    SourceBytes bytes(*in, limit);
    bytes.drain();
    return bytes.content_hash() == content_hash;
}

// Nothing of it is to be read: why.
struct NotToBeRead {
    std::string reason;
};

std::string text_of(const IntakeReport& answer) {
    return problems_text(answer.problems, answer.more_problems, Look{}) + "\n";
}

}  // namespace

SpoolIntake::SpoolIntake(const SpoolLayout& layout, SpoolIntakeParts parts)
    : layout_(layout), parts_(std::move(parts)) {}

SpoolIntake::Leftovers SpoolIntake::leftovers() {
    file::remove_drafts(layout_.active());  // Copies that were not whole yet.
    Leftovers found;
    for (const std::string& name : file::names_in(layout_.active())) {
        (parse_active_name(name) ? found.files : found.unknown).push_back(name);
    }
    return found;
}

std::optional<BatchRecord> SpoolIntake::batch_read_from(const std::string& active_name) const {
    const auto known = parts_.ledger.spool_file(visible_text(active_name));
    if (!known || !known->batch) return std::nullopt;
    const auto batch = parts_.ledger.batch(*known->batch);
    return batch && batch->complete ? batch : std::nullopt;
}

SpoolOutcome SpoolIntake::take_leftover(const std::string& active_name) {
    const std::string name = parse_active_name(active_name)->name;
    Claimed file{layout_.active() + "/" + active_name, visible_text(name)};
    if (const auto batch = batch_read_from(active_name)) return go_on(file, *batch);
    const auto noted = parts_.ledger.spool_file(visible_text(active_name));
    file.is_refusal_told = noted && noted->is_refusal_told;
    if (auto outcome = claim(file, name)) return std::move(*outcome);
    return read(file);
}

SpoolOutcome SpoolIntake::take(const std::string& path) {
    const std::string name = name_of(path);
    Claimed file{path, visible_text(name)};
    if (auto outcome = claim(file, name)) return std::move(*outcome);
    SpoolOutcome outcome = read(file);
    // What was wrong with a file that is mended goes with it.
    const std::string problems = problems_name(layout_.refused() + "/" + name);
    const bool was_refused = file::folder_of(path) == layout_.refused() && file_state(problems);
    if (!was_refused || !outcome.path.starts_with(layout_.done() + "/")) return outcome;
    try {
        std::ignore = moved(problems, problems_name(outcome.path));
    } catch (const RunFailure& failure) {
        return in_trouble(std::move(outcome), failure.code(), failure.what());
    }
    return outcome;
}

// Nothing: it lies in active/ now, where nobody else can put another one in its place.
std::optional<SpoolOutcome> SpoolIntake::claim(Claimed& file, const std::string& name) {
    const ActiveName active{parts_.run, ++claimed_, name};
    const std::string claimed = layout_.active() + "/" + to_file_name(active);
    try {
        if (!moved(file.path, claimed)) return SpoolOutcome{{}, file.name, ""};
    } catch (const RunFailure& failure) {
        return left(file, failure.code(), failure.what());
    }
    crash_point("spool_claimed");
    file.path = claimed;
    file.name = visible_text(parse_active_name(name_of(claimed))->name);
    return std::nullopt;
}

SpoolOutcome SpoolIntake::read(const Claimed& file) {
    if (auto outcome = make_our_own(file)) return std::move(*outcome);
    crash_point("spool_copied");
    return enter(file);
}

// Whoever put it there may hold it open, or have another name for it; the copy is nobody else's.
std::optional<SpoolOutcome> SpoolIntake::make_our_own(const Claimed& file) {
    const RegularFile source(file.path);
    try {
        switch (source.fault()) {
            case RegularFile::Fault::none:
                copy(source, file.path);
                return std::nullopt;
            case RegularFile::Fault::missing:
                return SpoolOutcome{{}, file.name, ""};
            case RegularFile::Fault::no_right:
                return refuse(file, source.fault_text() + "; check its owner and mode");
            case RegularFile::Fault::no_regular_file:
                return refuse(file, source.fault_text() + "; only files are taken");
            case RegularFile::Fault::in_use:
            case RegularFile::Fault::unreadable:
                source.require();
        }
    } catch (const NotToBeRead& cause) {
        return refuse(file, cause.reason);
    } catch (const RunFailure& failure) {
        return left(file, failure.code(), failure.what());
    }
    our_bug("a file without a fault that is not to be read", __FILE__, __LINE__);
}

void SpoolIntake::copy(const RegularFile& source, const std::string& path) const {
    const FileState before = source.state();
    const auto fill = [&](const file::Append& append) {
        if (static_cast<std::size_t>(before.size) > parts_.request.file.limits.bytes ||
            !source.read(parts_.request.file.limits.bytes, append)) {
            throw NotToBeRead{larger_than(parts_.request.file.limits.bytes)};
        }
        crash_point("spool_file_read");
        if (source.state() != before) {
            throw NotToBeRead{"changed while it was read; nothing of it was taken, order again"};
        }
    };
    const bool is_placed = file::place_in_pieces(path, file::IfThere::replace, fill);
    DOMSPOOL_ASSERT(is_placed);
}

SpoolOutcome SpoolIntake::enter(const Claimed& file) {
    RegularFile own(file.path);
    own.require();
    const auto in = std::move(own).stream();
    IntakeRequest request = parts_.request;
    request.file.name = file.name;
    request.file.format = format_of_name(file.path).value_or(FileFormat::csv);
    request.with_batch = [&](LedgerWrite& w, BatchId batch) {
        w.note_spool_file(visible_text(name_of(file.path)), {batch, false});
    };
    IntakeReport answer = take_order_file(*in, request, inspect_order_file(*in, request),
                                          parts_.ledger, parts_.run, parts_.clock);
    const bool is_entered =
        answer.what == IntakeReport::What::taken || answer.what == IntakeReport::What::resumed;
    return is_entered ? archive(file, std::move(answer)) : refuse(file, std::move(answer));
}

// Of a dead run that had read it whole.
SpoolOutcome SpoolIntake::go_on(const Claimed& file, const BatchRecord& batch) {
    if (holds(file.path, batch.content_hash, parts_.request.file.limits.bytes)) {
        IntakeReport answer;
        answer.what = IntakeReport::What::resumed;
        answer.batch = batch.id;
        answer.rows = batch.rows;
        return archive(file, std::move(answer));
    }
    const std::string number = std::to_string(batch.id);
    return refuse(file, "was changed after it had been read as batch " + number +
                            ", whose orders go on as they were read (see `domain-orders list "
                            "--batch " +
                            number + "`); put what is new into a file of its own");
}

SpoolOutcome SpoolIntake::archive(const Claimed& file, IntakeReport answer) {
    const auto batch = parts_.ledger.batch(*answer.batch);
    DOMSPOOL_ASSERT(batch.has_value());
    SpoolOutcome outcome{std::move(answer), file.name, file.path};
    try {
        outcome.path = put_into_archive(file, *batch);
    } catch (const RunFailure& failure) {
        return in_trouble(std::move(outcome), failure.code(), failure.what());
    }
    crash_point("spool_archived");
    return outcome;
}

std::string SpoolIntake::put_into_archive(const Claimed& file, const BatchRecord& batch) const {
    const std::string folder = layout_.archive_folder(batch.taken_at);
    make_archive_folder(folder);
    std::string place;
    int copy = 0;
    do {
        place = folder + "/" + archive_name(batch.id, batch.name, ++copy);
    } while (!file::move_to_free_name(file.path, place));
    return place;
}

SpoolOutcome SpoolIntake::refuse(const Claimed& file, const std::string& reason) {
    IntakeReport answer;
    answer.problems.push_back({file.name, 0, "", "", reason});
    return refuse(file, std::move(answer));
}

SpoolOutcome SpoolIntake::refuse(const Claimed& file, IntakeReport answer) {
    SpoolOutcome outcome{std::move(answer), file.name, file.path};
    try {
        outcome.path = put_aside(file, outcome.answer);
    } catch (const RunFailure& failure) {
        return in_trouble(std::move(outcome), failure.code(), failure.what());
    }
    crash_point("spool_refused");
    return outcome;
}

std::string SpoolIntake::put_aside(const Claimed& file, IntakeReport& answer) {
    const std::string place = free_refused_path(file);
    if (answer.what == IntakeReport::What::too_many) {
        answer.more_problems = 0;
        answer.problems = {{file.name, 0, "", "",
                            "has " + std::to_string(answer.rows) +
                                " orders, more than limits.max_orders_per_run lets pass; nothing "
                                "of it was ordered. To order it: " +
                                parts_.command_past_limit(place, answer.rows)}};
    }
    // Beside it before it comes, so that no refused file is ever without its reason.
    file::write_whole(problems_name(place), text_of(answer));
    crash_point("spool_problems_written");
    note_refusal(file, answer, place);
    crash_point("spool_refusal_noted");
    if (file::move_to_free_name(file.path, place)) return place;
    throw RunFailure(ExitCode::try_later, "cannot put '" + place +
                                              "' there: somebody put another file there just now; "
                                              "the next run goes on");
}

SpoolOutcome SpoolIntake::left(const Claimed& file, ExitCode code, const std::string& trouble) {
    IntakeReport answer;
    answer.what = IntakeReport::What::left;
    return in_trouble({std::move(answer), file.name, file.path}, code, trouble);
}

SpoolOutcome SpoolIntake::in_trouble(SpoolOutcome outcome, ExitCode code,
                                     const std::string& trouble) {
    outcome.trouble = "'" + outcome.name + "' is left at '" + visible_text(outcome.path) +
                      "': " + visible_text(trouble);
    outcome.trouble_code = code;
    parts_.ledger.write([&](LedgerWrite& w) {
        w.event(parts_.run, "file_left_alone", outcome.trouble, parts_.clock.now().utc);
    });
    return outcome;
}

// For the next report; the reasons lie beside the file. Before the file is where no run looks any
// more: what a run that died had noted already is not noted twice.
void SpoolIntake::note_refusal(const Claimed& file, const IntakeReport& answer,
                               const std::string& place) {
    const std::string reason =
        answer.problems.empty() ? file.name : to_text(answer.problems.front());
    const std::string text = "refused: " + reason + "; it lies at " + place;
    if (file.is_refusal_told) return;
    const UtcTime now = parts_.clock.now().utc;
    parts_.ledger.write([&](LedgerWrite& w) {
        w.event(parts_.run, "file_refused", text, now);
        w.note_spool_file(visible_text(name_of(file.path)), {std::nullopt, true});
    });
}

std::string SpoolIntake::free_refused_path(const Claimed& file) const {
    const std::string usual = layout_.refused() + "/" + refused_name(file.name);
    const bool is_taken = ::faccessat(AT_FDCWD, usual.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return is_taken ? layout_.refused() + "/" + refused_name(name_of(file.path)) : usual;
}

}  // namespace domspool
