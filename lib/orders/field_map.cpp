#include "orders/field_map.h"

namespace domspool {

namespace {

enum class Part { name, value };

void append_escaped(std::string& text, std::string_view raw, Part part) {
    for (const char c : raw) {
        if (c == '\\') {
            text += "\\\\";
        } else if (c == '\n') {
            text += "\\n";
        } else if (c == '\r') {
            text += "\\r";
        } else if (c == '=' && part == Part::name) {
            text += "\\=";
        } else {
            text += c;
        }
    }
}

// Up to an unescaped `end`, which is taken too. Nothing where the text ends before it.
std::optional<std::string> take_until(std::string_view& text, char end) {
    std::string raw;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == end) {
            text.remove_prefix(at + 1);
            return raw;
        }
        if (text[at] != '\\') {
            raw += text[at];
            continue;
        }
        if (++at == text.size()) return std::nullopt;
        raw += text[at] == 'n' ? '\n' : text[at] == 'r' ? '\r' : text[at];
    }
    return std::nullopt;
}

}  // namespace

std::string write_fields(const FieldMap& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        append_escaped(text, name, Part::name);
        text += '=';
        append_escaped(text, value, Part::value);
        text += '\n';
    }
    return text;
}

std::optional<FieldMap> read_fields(std::string_view text) {
    FieldMap fields;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::optional<std::string> name = take_until(rest, '=');
        if (!name) return std::nullopt;
        const std::optional<std::string> value = take_until(rest, '\n');
        if (!value) return std::nullopt;
        fields[*name] = *value;
    }
    // One map has one text; anything else was not written by us, or was damaged since.
    if (write_fields(fields) != text) return std::nullopt;
    return fields;
}

const std::string& field_of(const FieldMap& fields, const std::string& name) {
    static const std::string absent;
    const auto found = fields.find(name);
    return found == fields.end() ? absent : found->second;
}

FieldMap fields_under(const FieldMap& fields, std::string_view prefix) {
    FieldMap under;
    for (auto at = fields.lower_bound(std::string(prefix));
         at != fields.end() && at->first.starts_with(prefix); ++at) {
        under.emplace(at->first.substr(prefix.size()), at->second);
    }
    return under;
}

}  // namespace domspool
