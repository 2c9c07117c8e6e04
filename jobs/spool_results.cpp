#include "jobs/spool_results.h"

#include "jobs/spool_archive.h"

#include <optional>

namespace domspool {

namespace {

std::vector<BatchRecord> batches_to_write(const Ledger& ledger, const std::set<BatchId>& also) {
    std::vector<BatchRecord> batches = ledger.batches_with_result_due();
    std::set<BatchId> known;
    for (const BatchRecord& batch : batches) known.insert(batch.id);
    for (const BatchId id : also) {
        const auto batch = known.contains(id) ? std::nullopt : ledger.batch(id);
        if (batch) batches.push_back(*batch);
    }
    return batches;
}

}  // namespace

std::vector<ResultReport> write_spool_results(Console& console, const SpoolResultParts& parts,
                                              const std::set<BatchId>& also) {
    const SpoolLayout layout(parts.spool);
    const SpoolArchive archive(layout, parts.largest_file);
    std::vector<ResultReport> reports;
    std::optional<ResultFiles> files;
    for (const BatchRecord& batch : batches_to_write(parts.ledger, also)) {
        const auto path = archive.result_path(batch);
        if (!path) continue;
        if (!files) files.emplace(parts.ledger, parts.ledger_path, parts.clock);
        std::string trouble;
        const auto wipe = [&] { trouble = archive.wipe_codes(*parts.ledger.batch(batch.id)); };
        const ResultReport report = files->write(batch.id, *path, wipe);
        if (!trouble.empty()) reports.push_back({batch.id, false, *path, trouble});
        reports.push_back(report);
    }
    for (const ResultReport& report : reports) {
        if (!report.written) console.complain(ExitCode::cannot_create, report.note);
    }
    return reports;
}

}  // namespace domspool
