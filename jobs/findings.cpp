#include "jobs/findings.h"

#include "report/machine/json_lines.h"
#include "util/exit_codes.h"

namespace domspool {

void Findings::tell(const Finding& finding) {
    if (finding.verdict == Finding::Verdict::wrong) {
        codes_.push_back(finding.code);
        wrong_ += "\n  " + finding.check + ": " + finding.text;
    }
    if (finding.verdict == Finding::Verdict::ok && console_.is_quiet()) return;
    console_.print(console_.as_json() ? json_line(finding)
                                      : finding_lines(finding, console_.look()));
}

bool Findings::holds(const std::string& check, const std::string& next,
                     const std::function<void()>& look) {
    try {
        look();
        return true;
    } catch (const RunFailure& failure) {
        tell(Finding::wrong(failure.code(), check, failure.what(), next));
        return false;
    }
}

void Findings::end() {
    if (!codes_.empty()) console_.complain(gravest_of(codes_), "these are wrong:" + wrong_);
}

}  // namespace domspool
