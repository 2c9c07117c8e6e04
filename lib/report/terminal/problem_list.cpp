#include "report/terminal/problem_list.h"

#include "report/terminal/text_width.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::string_view kValueEnd = "': ";

constexpr int kRangesShown = 12;

std::string line_ranges(const std::vector<int>& lines) {
    std::string text;
    int ranges = 0;
    for (std::size_t i = 0; i < lines.size();) {
        if (++ranges > kRangesShown) return text + ", …";
        std::size_t last = i;
        while (last + 1 < lines.size() && lines[last + 1] == lines[last] + 1) ++last;
        text += (text.empty() ? "" : ", ") + std::to_string(lines[i]);
        if (last > i) text += "-" + std::to_string(lines[last]);
        i = last + 1;
    }
    return text;
}

void append_wrapped(std::string& text, const std::string& words, int indent, int width) {
    for (const std::string& line : wrapped(words, width - indent)) {
        text += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n";
    }
}

std::string where(const std::vector<int>& lines, const std::string& first_value) {
    std::string text;
    if (lines.size() > 1 || lines.front() > 0) {
        text = (lines.size() == 1 ? "line " : "lines ") + line_ranges(lines);
    } else {
        text = "the whole file";
    }
    if (lines.size() > 2) text += " (" + std::to_string(lines.size()) + " rows)";
    if (!first_value.empty()) {
        text += lines.size() > 1 ? ", such as '" : ": '";
        text += first_value + "'";
    }
    return text;
}

}  // namespace

void ProblemList::add(const Problem& problem) {
    add(problem.line, problem.field, problem.value, problem.reason, to_text(problem));
}

void ProblemList::add(int line, std::string_view problem_text) {
    // Taken apart as to_text(Problem) puts it together; what looks otherwise is a reason as a
    // whole.
    std::string_view rest = problem_text;
    const std::string mark = ":" + std::to_string(line) + ": ";
    if (const auto at = rest.find(mark); at != std::string_view::npos) {
        rest.remove_prefix(at + mark.size());
    }
    const auto open = rest.find(" '");
    const auto close = rest.find(kValueEnd);
    const bool has_value = open != std::string_view::npos && close != std::string_view::npos &&
                           open + 2 <= close && rest.find(' ') == open;
    if (has_value) {
        add(line, std::string(rest.substr(0, open)),
            std::string(rest.substr(open + 2, close - open - 2)),
            std::string(rest.substr(close + kValueEnd.size())), std::string(problem_text));
    } else {
        add(line, "", "", std::string(rest), std::string(problem_text));
    }
}

void ProblemList::add(int line, std::string field, std::string value, std::string reason,
                      std::string text) {
    if (texts_.size() == kMostProblems) {
        ++more_;
        return;
    }
    texts_.push_back(visible_text(text));
    const auto [known, is_new] = known_.try_emplace({field, reason}, groups_.size());
    if (is_new) {
        groups_.push_back({visible_text(field), visible_text(reason), visible_text(value), {}});
    }
    std::vector<int>& lines = groups_[known->second].lines;
    if (lines.empty() || lines.back() != line) lines.push_back(line);
}

bool ProblemList::is_cut(const Look& look) const {
    return more_ > 0 || (look.is_terminal() && groups_.size() > kShown);
}

std::string ProblemList::text(const Look& look) const {
    std::string text;
    if (!look.is_terminal()) {
        for (const std::string& problem : texts_) text += problem + "\n";
        if (more_ > 0) text += "and " + std::to_string(more_) + " more problems\n";
        return text;
    }
    const std::size_t shown = std::min(groups_.size(), kShown);
    for (std::size_t i = 0; i < shown; ++i) {
        const Group& group = groups_[i];
        const std::string field = group.field.empty() ? "" : group.field + ": ";
        append_wrapped(text, field + group.reason, 2, look.width);
        append_wrapped(text, where(group.lines, group.first_value), 6, look.width);
    }
    if (const std::size_t more = groups_.size() - shown + more_; more > 0) {
        text += "  and " + std::to_string(more) + " more problems\n";
    }
    return text;
}

std::string problems_text(const std::vector<Problem>& problems, std::size_t more,
                          const Look& look) {
    ProblemList list;
    for (const Problem& problem : problems) list.add(problem);
    list.add_more(more);
    std::string text = list.text(look);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace domspool
