#include "orders/repeated_rows.h"

#include "util/utf8.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace domspool {

namespace {

// As the ledger keeps them.
std::string domain_of(const OrderRow& row) {
    return row.order ? row.order->domain.ascii() : field_of(row.given, "domain");
}
std::string reference_of(const OrderRow& row) {
    return row.order ? row.order->reference : field_of(row.given, "reference");
}

std::string key_of(const OrderRow& row, const std::string& text) {
    return std::string(to_word(row.kind)) + " " + text;
}

}  // namespace

void RepeatedRows::note(const OrderRow& row) {
    const RowIs is =
        row.named.order ? RowIs::named : (row.faults.empty() ? RowIs::good : RowIs::bad);
    const auto note_in = [&](std::vector<Mark>& marks, const std::string& text) {
        if (text.empty()) return;
        marks.push_back({std::hash<std::string>{}(key_of(row, text)), row.line, is});
    };
    note_in(domains_, domain_of(row));
    note_in(references_, reference_of(row));
}

bool RepeatedRows::is_second_look_needed() {
    keep_repeated(domains_);
    keep_repeated(references_);
    return !domains_.empty() || !references_.empty();
}

// In order of lines; of very many the first domains, or references.
void RepeatedRows::keep_repeated(std::vector<Mark>& marks) {
    std::ranges::sort(marks, [](const Mark& a, const Mark& b) {
        return a.digest != b.digest ? a.digest < b.digest : a.line < b.line;
    });
    std::vector<Mark> repeated;
    for (std::size_t begin = 0, end = 0; begin < marks.size(); begin = end) {
        while (end < marks.size() && marks[end].digest == marks[begin].digest) ++end;
        const auto first = marks.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = marks.begin() + static_cast<std::ptrdiff_t>(end);
        const bool is_to_be_told = end - begin > 1 && std::any_of(first, last, [](const Mark& m) {
                                       return m.is != RowIs::named;
                                   });
        if (is_to_be_told) repeated.insert(repeated.end(), first, last);
    }
    marks = std::move(repeated);
    std::ranges::sort(marks, {}, &Mark::line);
}

void RepeatedRows::look_at(const std::vector<Mark>& marks, ByText& found, const OrderRow& row,
                           const std::string& text) {
    const auto mark = std::ranges::lower_bound(marks, row.line, {}, &Mark::line);
    if (mark == marks.end() || mark->line != row.line) return;
    const std::string key = key_of(row, text);
    const auto known = found.find(key);
    if (known != found.end()) {
        known->second.lines.push_back(row.line);
    } else if (found.size() < kMostProblems) {
        found.emplace(key, Repeated{text, {row.line}});
    }
}

void RepeatedRows::look_again(const OrderRow& row) {
    look_at(domains_, found_domains_, row, domain_of(row));
    look_at(references_, found_references_, row, reference_of(row));
}

std::vector<Problem> RepeatedRows::problems(const std::string& file) const {
    std::vector<Problem> problems;
    const auto add = [&](const ByText& found, const char* field, const std::string& advice) {
        for (const auto& [key, repeated] : found) {
            if (repeated.lines.size() < 2) continue;
            Problem problem{file, repeated.lines.front(), field, utf8::shortened(repeated.value),
                            "stands there twice" + advice};
            for (const int line : repeated.lines) {
                if (line != problem.line) problem.also.add(line);
            }
            problems.push_back(std::move(problem));
        }
    };
    add(found_domains_, "domain", ", with the same kind of order; leave one of them");
    add(found_references_, "reference", "; give each order a reference of its own");
    std::ranges::stable_sort(problems, {}, &Problem::line);
    return problems;
}

int RepeatedRows::newly_bad_rows() const {
    std::vector<int> lines;
    for (const auto* marks : {&domains_, &references_}) {
        for (const Mark& mark : *marks) {
            if (mark.is == RowIs::good) lines.push_back(mark.line);
        }
    }
    std::ranges::sort(lines);
    return static_cast<int>(std::unique(lines.begin(), lines.end()) - lines.begin());
}

}  // namespace domspool
