// A report in sections, before it becomes plain text or HTML: so that both say the same.
#pragma once

#include "report/summary/summary.h"

#include <string>
#include <utility>
#include <vector>

namespace domspool {

enum class Tone { plain, good, bad, attention };

struct DocumentItem {
    std::string head;   // "order 41: register shop.example.com"
    std::string facts;  // "held since 2026-11-24 02:10 UTC, reference K-1"
    std::string words;  // why: ours and the registrar's own
    std::vector<std::string> commands;
};

struct DocumentSection {
    std::string title;  // "Failed (2)"
    Tone tone = Tone::plain;
    std::vector<DocumentItem> items;
    std::string rest;  // what was left out, and where it is to be found
};

// Texts are harmless to a terminal, and not escaped for anything else.
struct SummaryDocument {
    std::string title, account, period;
    Tone tone = Tone::plain;
    std::vector<std::pair<std::string, std::string>> numbers;  // "ordered at quoted prices"
    std::vector<DocumentSection> sections;
};

SummaryDocument document_of(const Summary& summary);

}  // namespace domspool
