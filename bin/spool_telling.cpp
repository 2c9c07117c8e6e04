#include "bin/spool_telling.h"

#include "app/shell_words.h"
#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/problem_list.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

ExitCode code_of(LeftAlone::Kind kind) {
    switch (kind) {
        case LeftAlone::Kind::in_the_making:
        case LeftAlone::Kind::not_for_us:
            return ExitCode::file_refused;
        case LeftAlone::Kind::unreadable:
            return ExitCode::no_permission;
        case LeftAlone::Kind::still_moving:
            return ExitCode::try_later;
    }
    our_bug("a thing in incoming without an exit code", __FILE__, __LINE__);
}

std::string in_words(const LeftAlone& thing) {
    return "'" + visible_text(thing.name) + "' is left alone: it " + thing.reason;
}

std::string files(int count) {
    return std::to_string(count) + (count == 1 ? " file" : " files");
}

std::string text_of(const Program& program, const SpoolAnswer& answer) {
    ProblemList list;
    for (const Problem& problem : answer.problems) list.add(problem);
    list.add_more(answer.more_problems);
    std::string text = list.text(program.look());
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

bool SpoolTelling::is_for_a_person() const {
    const CommandLine& line = program_.line();
    return !line.has("quiet") && !line.has("json") &&
           (program_.look().is_terminal() || line.has("verbose"));
}

// By what a person has to do, each sort in one complaint.
void SpoolTelling::tell_left_alone(const std::vector<LeftAlone>& left) {
    std::map<ExitCode, FirstLines> sorts;
    for (const LeftAlone& thing : left) {
        if (thing.kind == LeftAlone::Kind::in_the_making) {
            if (is_for_a_person()) program_.print(in_words(thing) + "\n");
            continue;
        }
        sorts[code_of(thing.kind)].add(in_words(thing));
    }
    for (const auto& [code, lines] : sorts) {
        program_.complain(code, "in '" + layout_.incoming() + "':" + lines.text());
    }
}

void SpoolTelling::tell_left_alone(const std::vector<LeftAlone>& left, Ledger& ledger, RunId run,
                                   const Clock& clock) {
    const std::map<std::string, std::string> named = ledger.files_left_alone();
    std::map<std::string, std::string> now;
    std::vector<LeftAlone> news;
    std::vector<std::string> events;
    for (const LeftAlone& thing : left) {
        const std::string name = visible_text(thing.name);
        const bool is_news =
            thing.mark.empty() || !named.contains(name) || named.at(name) != thing.mark;
        if (!thing.mark.empty()) now[name] = thing.mark;
        if (is_news && !thing.mark.empty()) events.push_back(in_words(thing));
        if (is_news || is_for_a_person()) news.push_back(thing);
    }
    tell_left_alone(news);
    if (now == named) return;
    ledger.write([&](LedgerWrite& w) {
        w.note_files_left_alone(now);
        for (const std::string& text : events) {
            w.event(run, "file_left_alone", text, clock.now().utc);
        }
    });
}

void SpoolTelling::tell_unknown(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        program_.complain(ExitCode::file_refused,
                          "'" + visible_text(name) + "' in '" + layout_.active() +
                              "' is no file of a run and is left alone; files are dropped into '" +
                              layout_.incoming() + "'");
    }
}

void SpoolTelling::print_refused_as_json(const SpoolOutcome& outcome) {
    for (const Problem& problem : outcome.answer.problems) {
        OutcomeRow row;
        row.line = problem.line;
        row.state = kRefused;
        row.message = to_text(problem);
        program_.print(json_line(row));
    }
    if (outcome.answer.more_problems == 0) return;
    OutcomeRow others;
    others.state = kRefused;
    others.message =
        outcome.name + ": and " + std::to_string(outcome.answer.more_problems) + " more problems";
    program_.print(json_line(others));
}

void SpoolTelling::note(const SpoolOutcome& outcome) {
    const SpoolAnswer& answer = outcome.answer;
    if (!outcome.trouble.empty()) left_[outcome.trouble_code].add(outcome.trouble);
    if (answer.what == SpoolAnswer::What::left) return;
    const bool is_refused = answer.what == SpoolAnswer::What::refused;
    if (!is_refused && answer.what != SpoolAnswer::What::too_many) {
        if (is_for_a_person()) program_.print("taken: " + outcome.name + "\n");
        return;
    }
    if (program_.line().has("json")) print_refused_as_json(outcome);
    const std::string reason =
        answer.problems.empty() ? outcome.name : to_text(answer.problems.front());
    if (is_refused) {
        const std::size_t more =
            answer.more_problems + (answer.problems.empty() ? 0 : answer.problems.size() - 1);
        refused_.add(reason + (more == 0 ? "" : " (and " + std::to_string(more) + " more)"));
    } else {
        too_many_.add(reason);
    }
}

void SpoolTelling::tell_files() {
    if (refused_.count() > 0) {
        const std::string of_them = refused_.count() == 1 ? "it" : "them";
        program_.complain(ExitCode::file_refused, files(refused_.count()) +
                                                      " refused, nothing of " + of_them +
                                                      " was ordered; see NAME.problems.txt in '" +
                                                      layout_.refused() + "':" + refused_.text());
    }
    if (too_many_.count() > 0) {
        program_.complain(
            ExitCode::service_refused,
            files(too_many_.count()) + " put into '" + layout_.refused() + "':" + too_many_.text());
    }
    for (const auto& [code, lines] : left_) {
        program_.complain(code, files(lines.count()) + " could not be taken now:" + lines.text());
    }
}

void SpoolTelling::tell_checked(const std::string& name, const std::string& path,
                                const SpoolAnswer& answer, int bad_rows, int most_rows) {
    if (answer.what == SpoolAnswer::What::refused) {
        program_.complain(ExitCode::file_refused,
                          "'" + name + "' would be refused:\n" + text_of(program_, answer));
        return;
    }
    if (bad_rows > 0) {
        program_.complain(ExitCode::some_orders_wrong,
                          std::to_string(bad_rows) + " of " + std::to_string(answer.rows) +
                              " rows of '" + name + "' would be refused:\n" +
                              text_of(program_, answer));
    }
    if (most_rows > 0 && answer.rows > most_rows) {
        program_.complain(ExitCode::service_refused,
                          "'" + name + "' has " + std::to_string(answer.rows) +
                              " orders, limits.max_orders_per_run is " + std::to_string(most_rows) +
                              "; to order it: " + command_for(path, answer.rows));
    }
    if (program_.line().has("quiet") || program_.line().has("json")) return;
    program_.print(name + ": " + std::to_string(answer.rows) +
                   (answer.rows == 1 ? " row" : " rows") + " read; nothing was ordered\n");
}

std::string SpoolTelling::command_for(const std::string& path, int rows) const {
    std::vector<std::string> words{program_.name()};
    if (const auto config = program_.line().value("config")) {
        words.insert(words.end(), {"--config", *config});
    }
    words.insert(words.end(), {"--max-orders", std::to_string(rows), path});
    return shell_line(words);
}

}  // namespace domspool
