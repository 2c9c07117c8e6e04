#include "report/summary/summary_html.h"

#include "util/failure.h"

namespace domspool {

namespace {

// Mail programs that take no style sheet show plain black on white, one thing below the other.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 16px; background: #f4f5f7; color: #1d2126;
  font: 16px/1.45 -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 720px; margin: 0 auto; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 28px 0 8px; }
.good h1, .good h2 { color: #1b6e3c; } .bad h1, .bad h2 { color: #b3261e; }
.attention h1, .attention h2 { color: #8a4b00; }
.small { color: #59616b; font-size: 14px; margin: 0; }
.card, .picture { background: #ffffff; border: 1px solid #dfe2e7; border-radius: 8px;
  padding: 10px 12px; margin: 0 0 8px; overflow-wrap: anywhere; }
.attention .card { border-left: 4px solid #c77700; } .bad .card { border-left: 4px solid #d0463c; }
.head { font-weight: 600; }
.words { margin: 4px 0 0; }
code { display: block; margin: 6px 0 0; padding: 6px 8px; border-radius: 6px; background: #eef0f3;
  font: 14px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 16px 0 0; }
td { padding: 4px 0; vertical-align: top; border-bottom: 1px solid #dfe2e7; }
td + td { text-align: right; padding-left: 12px; font-weight: 600; }
.picture { margin: 16px 0 0; text-align: center; }
img { max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e4e7eb; }
  .card, .picture { background: #1e2226; border-color: #343a41; }
  code { background: #2a2f35; } td { border-color: #343a41; } .small { color: #a3abb5; }
  .good h1, .good h2 { color: #7ccf98; } .bad h1, .bad h2 { color: #ff9a90; }
  .attention h1, .attention h2 { color: #ffbe6b; }
}
)";

std::string_view class_of(Tone tone) {
    switch (tone) {
        case Tone::plain:
            return "plain";
        case Tone::good:
            return "good";
        case Tone::bad:
            return "bad";
        case Tone::attention:
            return "attention";
    }
    our_bug("a tone without a class", __FILE__, __LINE__);
}

std::string element(const std::string& tag, std::string_view css, std::string_view text) {
    if (text.empty()) return "";
    const std::string named = css.empty() ? "" : " class=\"" + std::string(css) + "\"";
    return "<" + tag + named + ">" + html_escaped(text) + "</" + tag + ">\n";
}

std::string card(const DocumentItem& item) {
    std::string html = "<div class=\"card\">\n" + element("div", "head", item.head) +
                       element("p", "small", item.facts) + element("p", "words", item.words);
    for (const std::string& command : item.commands) html += element("code", "", command);
    return html + "</div>\n";
}

std::string section(const DocumentSection& section) {
    std::string html = "<section class=\"" + std::string(class_of(section.tone)) + "\">\n" +
                       element("h2", "", section.title);
    for (const DocumentItem& item : section.items) html += card(item);
    return html + element("p", "small", section.rest) + "</section>\n";
}

std::string numbers(const SummaryDocument& document) {
    if (document.numbers.empty()) return "";
    std::string html = "<table>\n";
    for (const auto& [name, value] : document.numbers) {
        html +=
            "<tr><td>" + html_escaped(name) + "</td><td>" + html_escaped(value) + "</td></tr>\n";
    }
    return html + "</table>\n";
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::string to_html(const SummaryDocument& document, std::string_view picture) {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>";
    html += html_escaped(document.title) + "</title>\n<style>" + std::string(kStyle) +
            "</style>\n</head>\n<body>\n<main>\n<header class=\"" +
            std::string(class_of(document.tone)) + "\">\n";
    html += element("h1", "", document.title) + element("p", "small", document.account) +
            element("p", "small", document.period) + "</header>\n" + numbers(document);
    const auto& sections = document.sections;
    const bool is_urgent = !sections.empty() && sections.front().tone == Tone::attention;
    if (is_urgent) html += section(sections.front());
    if (!picture.empty()) {
        html +=
            "<div class=\"picture\"><img alt=\"Orders per day by outcome, and how long "
            "operations have been pending\" width=\"400\" src=\"" +
            html_escaped(picture) + "\"></div>\n";
    }
    for (std::size_t i = is_urgent ? 1 : 0; i < sections.size(); ++i) html += section(sections[i]);
    return html + "</main>\n</body>\n</html>\n";
}

}  // namespace domspool
