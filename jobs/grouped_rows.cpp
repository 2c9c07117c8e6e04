#include "jobs/grouped_rows.h"

#include <algorithm>
#include <functional>

namespace domspool {

namespace {

std::vector<Problem> problems_of(const WrongRow& row) {
    if (row.problems.empty()) return {{row.file, row.line, "domain", row.domain, row.why}};
    std::vector<Problem> problems;
    for (const std::string& text : row.problems) {
        problems.push_back(problem_in(row.line, text));
        // A reason as a whole, of the ledger's own, names no file.
        if (problems.back().file.empty()) problems.back().file = row.file;
    }
    return problems;
}

}  // namespace

void GroupedRows::add(const WrongRow& row) {
    ++rows_;
    OfFile& file = files_[row.file];
    ++file.rows;
    for (Problem& problem : problems_of(row)) file.list.add(std::move(problem));
}

std::string GroupedRows::text(const Look& look) const {
    std::vector<const OfFile*> worst_first;
    for (const auto& [name, file] : files_) worst_first.push_back(&file);
    std::ranges::stable_sort(worst_first, std::ranges::greater(), &OfFile::rows);
    std::string text;
    std::size_t left = kTold, untold_files = 0;
    for (const OfFile* file : worst_first) {
        if (left == 0) {
            ++untold_files;
            continue;
        }
        text += "\n" + file->list.text(look, left);
        text.pop_back();  // Its last line break.
        left -= std::min(left, file->list.worst_first().size());
    }
    if (untold_files > 0) {
        text += "\nand rows of " + std::to_string(untold_files) + " more file" +
                (untold_files == 1 ? "" : "s");
    }
    return text;
}

std::string kind_of_trouble(const WrongRow& row) {
    std::string kind;
    for (const Problem& problem : problems_of(row)) {
        kind += problem.field + ": " + problem.reason + "\n";
    }
    return kind;
}

}  // namespace domspool
