#include "jobs/spool_telling.h"

#include "jobs/problem_telling.h"
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

}  // namespace

// By what a person has to do, each sort in one complaint.
void SpoolTelling::tell_left_alone(const std::vector<LeftAlone>& left) {
    std::map<ExitCode, FirstLines> sorts;
    for (const LeftAlone& thing : left) {
        if (thing.kind == LeftAlone::Kind::in_the_making) {
            if (console_.is_for_a_person()) console_.print(in_words(thing) + "\n");
            continue;
        }
        sorts[code_of(thing.kind)].add(in_words(thing));
    }
    for (const auto& [code, lines] : sorts) {
        console_.complain(code, "in '" + layout_.incoming() + "':" + lines.text());
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
        if (is_news || console_.is_for_a_person()) news.push_back(thing);
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
        console_.complain(ExitCode::file_refused,
                          "'" + visible_text(name) + "' in '" + layout_.active() +
                              "' is no file of a run and is left alone; files are dropped into '" +
                              layout_.incoming() + "'");
    }
}

void SpoolTelling::note(const SpoolOutcome& outcome) {
    const IntakeReport& answer = outcome.answer;
    if (!outcome.trouble.empty()) left_[outcome.trouble_code].add(outcome.trouble);
    if (answer.what == IntakeReport::What::left) return;
    const bool is_refused = answer.what == IntakeReport::What::refused;
    if (!is_refused && answer.what != IntakeReport::What::too_many) {
        if (console_.is_for_a_person()) console_.print("taken: " + outcome.name + "\n");
        return;
    }
    if (console_.as_json()) print_problems(console_, outcome.name, answer);
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
        console_.complain(ExitCode::file_refused, files(refused_.count()) +
                                                      " refused, nothing of " + of_them +
                                                      " was ordered; see NAME.problems.txt in '" +
                                                      layout_.refused() + "':" + refused_.text());
    }
    if (too_many_.count() > 0) {
        console_.complain(
            ExitCode::service_refused,
            files(too_many_.count()) + " put into '" + layout_.refused() + "':" + too_many_.text());
    }
    for (const auto& [code, lines] : left_) {
        console_.complain(code, files(lines.count()) + " could not be taken now:" + lines.text());
    }
}

}  // namespace domspool
