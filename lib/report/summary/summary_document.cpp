#include "report/summary/summary_document.h"

#include "report/terminal/table_columns.h"
#include "util/failure.h"
#include "util/visible_text.h"

#include <algorithm>
#include <array>

namespace domspool {

namespace {

constexpr std::size_t kMattersShown = 100;
constexpr std::size_t kErrorsShown = 50;  // of a state
constexpr std::size_t kOthersShown = 25;
constexpr std::size_t kNotesShown = 50;
constexpr std::size_t kFilesShown = 50;

struct StateWords {
    std::string_view state, title;
    Tone tone;
};

// Worst first.
constexpr std::array<StateWords, 10> kStates = {
    {{"failed", "Failed", Tone::bad},
     {"held", "Held", Tone::attention},
     {"in_doubt", "In doubt", Tone::attention},
     {"done_open_ends", "Done with open ends", Tone::bad},
     {"cancelled", "Cancelled", Tone::plain},
     {"waiting", "Waiting", Tone::plain},
     {"in_progress", "In progress", Tone::plain},
     {"accepted", "Accepted, not sent", Tone::plain},
     {"skipped", "Skipped", Tone::plain},
     {"done", "Done", Tone::good}}};

std::string with_count(std::string_view title, std::size_t count) {
    return std::string(title) + " (" + std::to_string(count) + ")";
}

std::string left_out(std::size_t count, const std::string& where) {
    return "and " + std::to_string(count) + " more: " + where;
}

void add_fact(std::string& facts, const std::string& fact) {
    if (fact.empty()) return;
    facts += (facts.empty() ? "" : ", ") + fact;
}

std::string head_of(const OutcomeRow& row) {
    const std::string number = row.order_id ? "order " + std::to_string(*row.order_id) + ": " : "";
    return number + std::string(to_word(row.kind)) + " " + shown_domain(row.domain);
}

std::string facts_of(const OutcomeRow& row) {
    std::string facts;
    if (!row.reference.empty()) add_fact(facts, "reference " + visible_text(row.reference));
    if (row.price) add_fact(facts, to_text(*row.price));
    if (row.operation_id) add_fact(facts, "operation " + std::to_string(*row.operation_id));
    return facts;
}

// An order that is done needs no words, unless it differs from what was ordered.
std::string words_of(const OutcomeRow& row) {
    const bool says_code = row.code.empty() || row.message.find(row.code) != std::string::npos;
    if (says_code) return visible_text(row.message);
    return visible_text(row.code + (row.message.empty() ? "" : ": " + row.message));
}

DocumentItem item_of(const Matter& matter) {
    DocumentItem item;
    item.head = head_of(matter.order);
    item.facts = visible_text(matter.why) + ", since " + to_minute(matter.since);
    add_fact(item.facts, facts_of(matter.order));
    item.words = words_of(matter.order);
    item.commands = matter.commands;
    return item;
}

DocumentItem item_of(const SummaryOrder& order) {
    return {head_of(order.row), facts_of(order.row), words_of(order.row), order.commands};
}

DocumentSection hold_of(const Summary& summary) {
    DocumentSection section{"All sending is held", Tone::attention, {}, ""};
    if (!summary.sending_hold) return section;
    const SendingHold& hold = *summary.sending_hold;
    section.items.push_back({"by " + visible_text(hold.person),
                             "since " + to_minute(hold.since),
                             visible_text(hold.reason),
                             {summary.release}});
    return section;
}

DocumentSection matters_of(const Summary& summary) {
    DocumentSection section{
        with_count("Needs a person", summary.matters.size()), Tone::attention, {}, ""};
    for (const Matter& matter : summary.matters) {
        if (section.items.size() == kMattersShown) break;
        section.items.push_back(item_of(matter));
    }
    if (summary.matters.size() > kMattersShown) {
        section.rest =
            left_out(summary.matters.size() - kMattersShown, "domain-orders list --attention");
    }
    return section;
}

bool is_matter(const Summary& summary, const SummaryOrder& order) {
    return std::ranges::any_of(summary.matters, [&](const Matter& matter) {
        return matter.order.order_id == order.row.order_id;
    });
}

DocumentSection news_of(const Summary& summary, const StateWords& words) {
    const bool is_error = words.tone == Tone::bad || words.tone == Tone::attention;
    const std::size_t most = is_error ? kErrorsShown : kOthersShown;
    DocumentSection section{"", words.tone, {}, ""};
    std::size_t count = 0;
    for (const SummaryOrder& order : summary.news) {
        if (order.row.state != words.state || is_matter(summary, order)) continue;
        if (++count <= most) section.items.push_back(item_of(order));
    }
    section.title = with_count(words.title, count);
    if (count > most) section.rest = left_out(count - most, "see the CSV that comes with this");
    return section;
}

DocumentSection refused_of(const Summary& summary) {
    DocumentSection section{"", Tone::bad, {}, ""};
    std::size_t count = 0;
    for (const SummaryFile& file : summary.files) {
        count += static_cast<std::size_t>(file.refused);
        for (const OutcomeRow& row : file.refused_rows) {
            if (section.items.size() == kErrorsShown) break;
            section.items.push_back(
                {head_of(row),
                 "batch " + std::to_string(file.batch) + ", line " + std::to_string(row.line),
                 visible_text(row.message),
                 {}});
        }
    }
    section.title = with_count("Refused rows, mend them and hand them in again", count);
    if (count > section.items.size()) {
        section.rest =
            left_out(count - section.items.size(), "domain-orders result BATCH has them all");
    }
    return section;
}

DocumentSection files_of(const Summary& summary) {
    DocumentSection section{with_count("Files taken", summary.files.size()), Tone::plain, {}, ""};
    for (const SummaryFile& file : summary.files) {
        if (section.items.size() == kFilesShown) break;
        section.items.push_back(
            {"batch " + std::to_string(file.batch) + ": " + visible_text(file.words),
             to_minute(file.taken_at),
             "",
             {}});
    }
    if (summary.files.size() > kFilesShown) {
        section.rest = left_out(summary.files.size() - kFilesShown, "domain-orders list --batch N");
    }
    return section;
}

DocumentSection notes_of(const Summary& summary) {
    DocumentSection section{with_count("Notes", summary.notes.size()), Tone::plain, {}, ""};
    for (const SummaryNote& note : summary.notes) {
        if (section.items.size() == kNotesShown) break;
        std::string facts = note.order ? "order " + std::to_string(*note.order) : "";
        add_fact(facts, to_minute(note.at));
        section.items.push_back({visible_text(note.text), facts, "", {}});
    }
    if (summary.notes.size() > kNotesShown) {
        section.rest = left_out(summary.notes.size() - kNotesShown,
                                "domain-orders show ORDER has those of an order");
    }
    return section;
}

DocumentSection foreign_of(const Summary& summary) {
    DocumentSection section{
        with_count("Operations on the account that were not started here", summary.foreign.size()),
        Tone::plain,
        {},
        ""};
    for (const ForeignOperation& operation : summary.foreign) {
        if (section.items.size() == kOthersShown) break;
        section.items.push_back(
            {"operation " + std::to_string(operation.id) + ": " + visible_text(operation.code) +
                 " " + visible_text(operation.target),
             visible_text(operation.status) + ", seen since " + to_minute(operation.first_seen),
             "orders for this domain wait until it has ended",
             {}});
    }
    if (summary.foreign.size() > kOthersShown) {
        section.rest = left_out(summary.foreign.size() - kOthersShown, "see the registrar's panel");
    }
    return section;
}

std::string sums(const MoneySums& money) {
    std::string text;
    for (const auto& [currency, cents] : money) {
        text += (text.empty() ? "" : ", ") + to_text(Money{cents, currency});
    }
    return text;
}

std::string age_of(UtcTime since, UtcTime now) {
    const auto hours = std::chrono::floor<std::chrono::hours>(now - since).count();
    if (hours < 1) return "less than an hour";
    if (hours < 48) return std::to_string(hours) + (hours == 1 ? " hour" : " hours");
    return std::to_string(hours / 24) + " days";
}

void add_numbers(const Summary& summary, SummaryDocument& document) {
    auto& numbers = document.numbers;
    if (!summary.ordered.empty()) {
        numbers.emplace_back("ordered at quoted prices", sums(summary.ordered));
    }
    if (!summary.pending.empty()) numbers.emplace_back("pending", sums(summary.pending));
    std::string open;
    for (const auto& [state, count] : summary.open) {
        std::string words = state;
        std::ranges::replace(words, '_', ' ');
        open += (open.empty() ? "" : ", ") + std::to_string(count) + " " + words;
    }
    if (!open.empty()) numbers.emplace_back("still open", open);
    if (summary.failed_not_settled > 0) {
        numbers.emplace_back("failed within a week, not settled",
                             std::to_string(summary.failed_not_settled));
    }
    if (summary.oldest_pending) {
        numbers.emplace_back("oldest pending operation",
                             age_of(*summary.oldest_pending, summary.until));
    }
}

Tone tone_of(const Summary& summary) {
    if (!summary.matters.empty() || summary.sending_hold) return Tone::attention;
    return has_errors(summary) ? Tone::bad : Tone::good;
}

}  // namespace

SummaryDocument document_of(const Summary& summary) {
    SummaryDocument document;
    document.title = headline(summary);
    document.account = visible_text("domspool on " + summary.host + ", account " + summary.account);
    document.period = (summary.since ? "since the report of " + to_minute(*summary.since)
                                     : "since the beginning") +
                      ", until " + to_minute(summary.until);
    document.tone = tone_of(summary);
    add_numbers(summary, document);
    const auto add = [&](DocumentSection&& section) {
        if (!section.items.empty()) document.sections.push_back(std::move(section));
    };
    add(hold_of(summary));
    add(matters_of(summary));
    for (const StateWords& words : kStates) {
        add(news_of(summary, words));
        if (words.state == "failed") add(refused_of(summary));
    }
    add(files_of(summary));
    add(notes_of(summary));
    add(foreign_of(summary));
    return document;
}

}  // namespace domspool
