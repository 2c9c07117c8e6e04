#include "jobs/result_files.h"

#include "ledger/ledger_place.h"
#include "report/orders/result_rows.h"
#include "util/file.h"
#include "util/regular_file.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <utility>

namespace domspool {

namespace {

constexpr auto kLongestWait = std::chrono::seconds(10);
constexpr auto kBetweenTries = std::chrono::milliseconds(20);
// An older result larger than that is not read to see whether it is one.
constexpr std::size_t kMostBytes = 1u << 30;

using Write = std::function<void(std::string_view)>;

bool changes_servers(OrderKind kind) {
    return entry_of(kind).servers == Servers::needed;
}

bool has_nameserver_orders(const Ledger& ledger, BatchId batch) {
    bool has_some = false;
    ledger.rows_of_batch(batch, [&](BatchRow&& row) { has_some |= changes_servers(row.kind); });
    return has_some;
}

// The picture taken before the first sending of the change.
std::string previous_nameservers(const Ledger& ledger, const BatchRow& row) {
    if (!row.order || !changes_servers(row.kind)) return "";
    for (const AttemptRecord& attempt : ledger.attempts(row.order->id)) {
        if (attempt.function == "domainChangeDNS") return field_of(attempt.picture, "value");
    }
    return "";
}

bool names_servers(const FieldMap& given) {
    return std::any_of(given.begin(), given.end(), [](const auto& field) {
        const std::string& name = field.first;
        return name == "nameservers" ? field.second != "keep" : name.starts_with("ns");
    });
}

std::string servers_in(const FieldMap& arguments) {
    std::string servers;
    for (const char* name : {"ns1", "ns2", "ns3", "ns4", "ns5"}) {
        const std::string& server = field_of(arguments, name);
        if (!server.empty()) servers += (servers.empty() ? "" : " ") + server;
    }
    return servers;
}

// Which servers an order got that named none. Among the words, not in the input's own columns: the
// file shall say the same when it is handed in again.
void tell_servers(const Ledger& ledger, BatchRow& row) {
    if (!row.order || !row.order->operation || names_servers(row.given)) return;
    if (!is_arrival(row.kind)) return;
    for (const StepRecord& step : ledger.order(row.order->id).steps) {
        const std::string servers =
            step.phase == StepPhase::main ? servers_in(step.arguments) : std::string();
        if (servers.empty()) continue;
        std::string& words = row.order->reason;
        words += (words.empty() ? "" : "; ") + ("name servers sent: " + servers);
    }
}

std::string command_for(BatchId batch) {
    return "domain-orders result " + std::to_string(batch);
}

std::string absolute_path(const std::string& path) {
    return path.empty() ? "" : std::filesystem::absolute(path).lexically_normal().string();
}

enum class Place { is_free, holds_older_result, holds_something_else };

Place look_at(const Ledger& ledger, BatchId batch, const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) return Place::is_free;
    if (!S_ISREG(about.st_mode)) return Place::holds_something_else;
    const std::string old_text = RegularFile(path).whole(kMostBytes);
    ResultComparison comparison(old_text);
    result_text(ledger, batch, [&](std::string_view line) { comparison.compare(line); });
    return comparison.is_same_batch() ? Place::holds_older_result : Place::holds_something_else;
}

ResultReport not_written(BatchId batch, const std::string& path, const std::string& reason) {
    return {batch, false, path, reason + "; see the rows with: " + command_for(batch)};
}

}  // namespace

void result_text(const Ledger& ledger, BatchId batch, const Write& write) {
    const auto record = ledger.batch(batch);
    if (!record) throw std::out_of_range("there is no batch " + std::to_string(batch));
    using Previous = ResultRows::PreviousNameservers;
    const bool shows_previous = has_nameserver_orders(ledger, batch);
    const ResultRows rows(record->columns, shows_previous ? Previous::shown : Previous::left_out,
                          ledger.id());
    write(rows.header());
    int count = 0;
    ledger.rows_of_batch(batch, [&](BatchRow&& row) {
        tell_servers(ledger, row);
        write(rows.row(row, shows_previous ? previous_nameservers(ledger, row) : ""));
        ++count;
    });
    if (record->states_count) write(ResultRows::end(count));
}

ResultFiles::ResultFiles(Ledger& ledger, const std::string& ledger_path, const Clock& clock)
    : ledger_(ledger),
      clock_(clock),
      locks_(files_beside(ledger_path) + ".results", ByteLockFile::IfMissing::create) {}

bool ResultFiles::promise(BatchId batch, const std::string& path) {
    if (!locks_.try_lock(batch)) return false;
    const std::string place = absolute_path(path);
    ledger_.write([&](LedgerWrite& w) { w.promise_result(batch, place); });
    return true;
}

ResultReport ResultFiles::write(BatchId batch, const std::string& path,
                                const std::function<void()>& first) {
    const auto give_up_at = std::chrono::steady_clock::now() + kLongestWait;
    while (!locks_.try_lock(batch)) {
        if (std::chrono::steady_clock::now() >= give_up_at) {
            return not_written(batch, absolute_path(path),
                               "the result of batch " + std::to_string(batch) +
                                   " is left to another run, which is at it");
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
    const UtcTime read_from = clock_.now().utc;
    if (first) first();
    ResultReport report = write_locked(batch, absolute_path(path));
    keep_promise(batch, read_from);
    locks_.unlock(batch);
    return report;
}

ResultReport ResultFiles::write_locked(BatchId batch, const std::string& path) {
    if (path.empty()) {
        return not_written(batch, "", "rows from standard input have no result file");
    }
    try {
        const Place place = look_at(ledger_, batch, path);
        const auto fill = [&](const file::Append& append) { result_text(ledger_, batch, append); };
        const bool is_ours = place == Place::holds_older_result;
        if (place == Place::holds_something_else ||
            !file::place_in_pieces(path, is_ours ? file::IfThere::replace : file::IfThere::leave,
                                   fill)) {
            return not_written(
                batch, path,
                "'" + path + "' is no older result of the same rows and is not written over");
        }
        return {batch, true, path, ""};
    } catch (const RunFailure& failure) {
        return not_written(batch, path, failure.what());
    }
}

// With the time from before its rows were read: an order that ended since leaves it due, and one
// that ended in the same millisecond as well.
void ResultFiles::keep_promise(BatchId batch, UtcTime read_from) {
    ledger_.write([&](LedgerWrite& w) {
        w.note_result_written(batch, read_from - std::chrono::milliseconds(1));
    });
}

std::vector<ResultReport> ResultFiles::keep_promises_of_dead_runs() {
    std::vector<ResultReport> reports;
    for (const BatchRecord& batch : ledger_.batches_with_result_due()) {
        if (!promised_path(batch.id) || !locks_.try_lock(batch.id)) continue;
        // Asked again under the lock: the run that had it may just have kept its promise.
        if (const auto path = promised_path(batch.id)) {
            const UtcTime read_from = clock_.now().utc;
            reports.push_back(write_locked(batch.id, *path));
            keep_promise(batch.id, read_from);
        }
        locks_.unlock(batch.id);
    }
    return reports;
}

std::optional<std::string> ResultFiles::promised_path(BatchId batch) const {
    const auto record = ledger_.batch(batch);
    return record ? record->promised_result : std::nullopt;
}

}  // namespace domspool
