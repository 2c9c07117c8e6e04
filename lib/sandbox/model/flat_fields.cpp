#include "sandbox/model/flat_fields.h"

namespace domspool::sandbox {

namespace {

void append_escaped(std::string& out, std::string_view text, std::string_view special) {
    for (const char c : text) {
        if (special.find(c) == std::string_view::npos) {
            out += c;
            continue;
        }
        out += '\\';
        out += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c == '=' ? 'e' : c;
    }
}

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char c = text[++i];
        out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == 'e' ? '=' : c;
    }
    return out;
}

}  // namespace

std::string encode_fields(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        append_escaped(out, name, "\\\n\r=");
        out += '=';
        append_escaped(out, value, "\\\n\r");
        out += '\n';
    }
    return out;
}

Fields decode_fields(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto equal = line.find('=');
        if (equal == std::string_view::npos) continue;
        fields.emplace_hint(fields.end(), unescape(line.substr(0, equal)),
                            unescape(line.substr(equal + 1)));
    }
    return fields;
}

std::string field_of(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

std::string escape_cell(std::string_view text) {
    std::string out;
    append_escaped(out, text, "\\\n\r\t");
    return out;
}

}  // namespace domspool::sandbox
