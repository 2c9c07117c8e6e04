#include "jobs/installation_checks.h"

#include "jobs/installation.h"
#include "jobs/machine_checks.h"
#include "ledger/ledger_place.h"
#include "ledger/sql/sending_hold.h"
#include "util/file.h"

#include <cerrno>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

void require_writable(const std::string& path) {
    if (::access(path.c_str(), R_OK | W_OK) == 0) return;
    throw RunFailure(ExitCode::no_permission,
                     "cannot write '" + path + "': " + file::cause_of(errno));
}

}  // namespace

void check_machine(Findings& findings, const std::vector<SpoolFolder>& folders, UtcTime now) {
    std::vector<std::string> paths;
    for (const SpoolFolder& folder : folders) paths.push_back(folder.path);
    for (const Finding& finding : check_folders(folders)) findings.tell(finding);
    for (const Finding& finding : check_disk_space(paths)) findings.tell(finding);
    findings.tell(check_clock(now));
}

void check_ledger(Findings& findings, const std::string& place, const LedgerStamp& stamp,
                  const std::string& remark, const std::function<const Ledger&()>& open) {
    const bool is_good = findings.holds(
        "ledger", "look at it with: domain-orders (init, migrate, reconcile, restore)", [&] {
            std::ignore = open();
            require_writable(files_beside(place) + ".runs");
            if (is_in_postgresql(place)) return;
            file::require_private(place);
            require_writable(place);
        });
    if (!is_good) return;
    findings.tell(Finding::ok("ledger", "'" + place + "' is of " + stamp.reseller_id + " at " +
                                            stamp.endpoint_host + ", and can be written" + remark));
    if (const auto hold = open().sending_hold()) {
        findings.tell(Finding::warning(
            "sending",
            "all sending is held by " + hold->person + " since " + to_minute(hold->since) + ": " +
                hold->reason,
            "no program sends anything; domain-orders release --all lets it go on"));
    }
}

void check_sheet(Findings& findings, const std::string& file,
                 const std::function<std::size_t()>& read) {
    std::size_t count = 0;
    const std::string next = "mend it; a sample is extensions.sample.yaml";
    const bool is_read = findings.holds("extensions", next, [&] { count = read(); });
    if (!is_read) return;
    if (count > 0) {
        return findings.tell(Finding::ok(
            "extensions", "'" + file + "' has rules of " + std::to_string(count) + " extensions"));
    }
    findings.tell(Finding::warning("extensions", "'" + file + "' tells no extension's rules",
                                   "copy extensions.sample.yaml there, and compare it with the "
                                   "registrar's pages"));
}

}  // namespace domspool
