#include "report/terminal/finding.h"

#include "report/terminal/text_width.h"
#include "util/redact.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr int kVerdictWidth = 9;
constexpr int kCheckWidth = 13;
constexpr int kLeastText = 30;

std::string coloured(const std::string& text, Finding::Verdict verdict) {
    switch (verdict) {
        case Finding::Verdict::ok:
            return "\033[32m" + text + "\033[0m";
        case Finding::Verdict::warning:
            return "\033[33m" + text + "\033[0m";
        case Finding::Verdict::wrong:
            return "\033[31m" + text + "\033[0m";
    }
    our_bug("a verdict without a colour", __FILE__, __LINE__);
}

// A pipe gets each text in one line: scripts read it by line.
std::string text_lines(const std::string& text, const std::string& first, const Look& look) {
    const std::string clean = visible_text(redact::clean(text));
    if (!look.is_terminal()) return first + clean + "\n";
    const int left = kVerdictWidth + kCheckWidth;
    std::string lines, begin = first;
    for (const std::string& line : wrapped(clean, std::max(kLeastText, look.width - left))) {
        lines += begin + line + "\n";
        begin = std::string(static_cast<std::size_t>(left), ' ');
    }
    return lines;
}

}  // namespace

Finding Finding::ok(std::string check, std::string text) {
    return {Verdict::ok, std::move(check), std::move(text), "", ExitCode::some_orders_wrong};
}

Finding Finding::warning(std::string check, std::string text, std::string next) {
    return {Verdict::warning, std::move(check), std::move(text), std::move(next),
            ExitCode::some_orders_wrong};
}

Finding Finding::wrong(ExitCode code, std::string check, std::string text, std::string next) {
    return {Verdict::wrong, std::move(check), std::move(text), std::move(next), code};
}

std::string_view to_word(Finding::Verdict verdict) {
    switch (verdict) {
        case Finding::Verdict::ok:
            return "ok";
        case Finding::Verdict::warning:
            return "warning";
        case Finding::Verdict::wrong:
            return "wrong";
    }
    our_bug("a verdict without a word", __FILE__, __LINE__);
}

std::string finding_lines(const Finding& finding, const Look& look) {
    std::string verdict = padded(to_word(finding.verdict), kVerdictWidth);
    if (look.colours) verdict = coloured(verdict, finding.verdict);
    std::string lines =
        text_lines(finding.text, verdict + padded(finding.check, kCheckWidth), look);
    if (finding.next.empty()) return lines;
    return lines + text_lines("-> " + finding.next, padded("", kVerdictWidth + kCheckWidth), look);
}

}  // namespace domspool
