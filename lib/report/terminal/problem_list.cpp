#include "report/terminal/problem_list.h"

#include "report/terminal/text_width.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::string_view kValueEnd = "': ";

void append_wrapped(std::string& text, const std::string& words, int indent, int width) {
    for (const std::string& line : wrapped(visible_text(words), width - indent)) {
        text += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n";
    }
}

int rows_of(const Problem& problem) {
    return 1 + problem.also.count();
}

std::string where(const Problem& problem) {
    const int rows = rows_of(problem);
    std::string text = "the whole file";
    if (problem.line > 0 || rows > 1) {
        text = (rows == 1 ? "line " : "lines ") + problem.lines().text();
    }
    if (rows > 2) text += " (" + std::to_string(rows) + " rows)";
    if (!problem.value.empty()) text += (rows > 1 ? ", such as '" : ": '") + problem.value + "'";
    return text;
}

}  // namespace

// Taken apart as to_text(Problem) puts it together.
Problem problem_in(int line, std::string_view text) {
    Problem problem;
    problem.line = line;
    std::string_view rest = text;
    const std::string mark = ":" + std::to_string(line) + ": ";
    if (const auto at = rest.find(mark); at != std::string_view::npos) {
        problem.file = rest.substr(0, at);
        rest.remove_prefix(at + mark.size());
    }
    const auto open = rest.find(" '");
    const auto close = rest.find(kValueEnd);
    const bool has_value = open != std::string_view::npos && close != std::string_view::npos &&
                           open + 2 <= close && rest.find(' ') == open;
    if (has_value) {
        problem.field = rest.substr(0, open);
        problem.value = rest.substr(open + 2, close - open - 2);
        problem.reason = rest.substr(close + kValueEnd.size());
    } else {
        problem.reason = rest;
    }
    return problem;
}

void ProblemList::add(Problem problem) {
    // What several rows share as they come is a problem of that value.
    const std::string value = problem.also.count() > 0 ? " " + problem.value : "";
    const auto [known, is_new] =
        known_.try_emplace({problem.field + value, problem.reason}, groups_.size());
    if (!is_new) return groups_[known->second].join(problem);
    if (groups_.size() < kMostProblems) return groups_.push_back(std::move(problem));
    known_.erase(known);
    more_ += static_cast<std::size_t>(rows_of(problem));
}

std::vector<Problem> ProblemList::worst_first() const {
    std::vector<Problem> sorted = groups_;
    std::ranges::stable_sort(sorted, [](const Problem& a, const Problem& b) {
        if (a.is_of_file != b.is_of_file) return a.is_of_file;
        return rows_of(a) > rows_of(b);
    });
    return sorted;
}

bool ProblemList::is_cut(const Look& look) const {
    return more_ > 0 || (look.is_terminal() && groups_.size() > kShown);
}

std::string ProblemList::text(const Look& look, std::size_t most) const {
    const std::vector<Problem> sorted = worst_first();
    const std::size_t shown =
        std::min({sorted.size(), most, look.is_terminal() ? kShown : sorted.size()});
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        const Problem& problem = sorted[i];
        if (look.is_terminal()) {
            const std::string field = problem.field.empty() ? "" : problem.field + ": ";
            append_wrapped(text, field + problem.reason, 2, look.width);
            append_wrapped(text, where(problem), 6, look.width);
        } else {
            text += to_text(problem) + "\n";
        }
    }
    if (const std::size_t others = sorted.size() - shown + more_; others > 0) {
        text += std::string(look.is_terminal() ? "  " : "") + "and " + std::to_string(others) +
                " more problems\n";
    }
    return text;
}

std::string problems_text(const std::vector<Problem>& problems, std::size_t more, const Look& look,
                          std::size_t most) {
    ProblemList list;
    for (const Problem& problem : problems) list.add(problem);
    list.add_more(more);
    std::string text = list.text(look, most);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace domspool
