#include "jobs/problem_telling.h"

#include "report/machine/json_lines.h"

namespace domspool {

void print_problems(Console& console, const std::string& name, const IntakeReport& report,
                    OrderKind kind) {
    OutcomeRow row;
    row.kind = kind;
    row.state = kRefused;
    for (const Problem& problem : report.problems) {
        row.line = problem.line;
        row.message = to_text(problem);
        console.print(json_line(row, problem));
    }
    if (report.more_problems == 0) return;
    row.line = 0;
    row.message = name + ": and " + std::to_string(report.more_problems) + " more problems";
    console.print(json_line(row));
}

std::string words_of_checked(const std::string& name, const IntakeReport& report) {
    return name + ": " + std::to_string(report.rows) + (report.rows == 1 ? " row" : " rows") +
           " read; nothing was ordered\n";
}

}  // namespace domspool
