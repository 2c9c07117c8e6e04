#include "registrar/fault_code.h"

#include "soap/xml_text.h"

namespace domspool::netim {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool digits_at(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return false;
    for (std::size_t i = at; i < at + count; ++i) {
        if (!is_digit(text[i])) return false;
    }
    return true;
}

// Host names, ids and the like may hold what looks like a code: "e02.example.com", "X-E02-7".
bool begins_word(std::string_view text, std::size_t at) {
    if (at == 0) return true;
    const char before = text[at - 1];
    return !is_word(before) && before != '-' && before != '.' && before != '@' && before != '/';
}

bool ends_word(std::string_view text, std::size_t at) {
    if (at == text.size()) return true;
    if (is_word(text[at]) || text[at] == '@') return false;
    const bool joins = text[at] == '-' || text[at] == '.' || text[at] == '/';
    return !joins || at + 1 == text.size() || !is_word(text[at + 1]);
}

// The length of E\d{2}(-M\d{4})? at `at`, 0 if there is none.
std::size_t code_length(std::string_view text, std::size_t at) {
    if (text[at] != 'E' || !digits_at(text, at + 1, 2) || !begins_word(text, at)) return 0;
    const std::size_t family = at + 3;
    const bool has_number = text.substr(family).starts_with("-M") && digits_at(text, family + 2, 4);
    const std::size_t end = has_number ? family + 6 : family;
    return ends_word(text, end) ? end - at : 0;
}

}  // namespace

std::string code_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (const std::size_t length = code_length(text, at)) {
            return std::string(text.substr(at, length));
        }
    }
    return {};
}

std::string fault_code(const soap::Fault& fault) {
    std::string code = code_in(fault.code);
    if (code.empty()) code = code_in(fault.text);
    if (!code.empty()) return code;
    const auto colon = fault.code.rfind(':');
    const auto local = std::string_view(fault.code).substr(colon + 1);  // npos + 1 is 0
    return soap::equal_folded(local, "Client") ? fault.code : std::string();
}

bool is_dead_session(std::string_view code) {
    return code == "E02" || code.starts_with("E02-");
}

}  // namespace domspool::netim
