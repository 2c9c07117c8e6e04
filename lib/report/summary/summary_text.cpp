#include "report/summary/summary_text.h"

#include "report/terminal/text_width.h"

namespace domspool {

namespace {

constexpr int kTextWidth = 78;

void add_wrapped(std::string& text, const std::string& words, int indent) {
    if (words.empty()) return;
    const std::string blanks(static_cast<std::size_t>(indent), ' ');
    for (const std::string& line : wrapped(words, kTextWidth - indent))
        text += blanks + line + "\n";
}

void add_item(std::string& text, const DocumentItem& item) {
    add_wrapped(text, item.head, 2);
    add_wrapped(text, item.facts, 6);
    add_wrapped(text, item.words, 6);
    // Never wrapped: they are there to be copied.
    for (const std::string& command : item.commands) text += "      $ " + command + "\n";
}

void add_section(std::string& text, const DocumentSection& section) {
    text += "\n" + section.title + "\n" +
            std::string(static_cast<std::size_t>(text_width(section.title)), '-') + "\n";
    for (const DocumentItem& item : section.items) add_item(text, item);
    add_wrapped(text, section.rest, 2);
}

}  // namespace

std::string to_text(const SummaryDocument& document) {
    std::string text = document.title + "\n\n";
    add_wrapped(text, document.account, 0);
    add_wrapped(text, document.period, 0);
    if (!document.numbers.empty()) text += "\n";
    for (const auto& [name, value] : document.numbers) add_wrapped(text, name + ": " + value, 0);
    for (const DocumentSection& section : document.sections) add_section(text, section);
    return text;
}

}  // namespace domspool
