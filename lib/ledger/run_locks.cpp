#include "ledger/run_locks.h"

#include "ledger/ledger_place.h"
#include "util/failure.h"

#include <cstdio>
#include <cstdlib>

namespace domspool {

namespace {

constexpr std::size_t kHeaderSize = 32;

}  // namespace

RunLocks::RunLocks(const std::string& ledger, ByteLockFile::IfMissing if_missing)
    : file_(files_beside(ledger) + ".runs", if_missing) {
    // Whole from the beginning: what is written over it later lies in one sector, and a power cut
    // leaves the old or the new.
    const bool may_be_new = if_missing == ByteLockFile::IfMissing::create;
    if (may_be_new && file_.read_at(0, 1).empty()) note_sending_run(0);
}

RunId RunLocks::last_sending_run() const {
    const std::string header = file_.read_at(0, kHeaderSize);
    if (header.empty()) return 0;
    long long run = 0;
    if (std::sscanf(header.c_str(), "domspool-runs 1 %lld\n", &run) != 1) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "the ledger's .runs file is damaged; run `domain-orders reconcile`");
    }
    return run;
}

void RunLocks::note_sending_run(RunId run) {
    char header[kHeaderSize + 1];
    std::snprintf(header, sizeof header, "domspool-runs 1 %-15lld\n", static_cast<long long>(run));
    file_.write_at(0, header);
}

}  // namespace domspool
