#include "soap/value.h"

#include "soap/xml_text.h"

#include <charconv>
#include <stdexcept>

namespace domspool::soap {
namespace {

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "3.00" -> "3"; anything but zeros behind the point stays and will not be read.
std::string_view without_zero_fraction(std::string_view digits) {
    const auto point = digits.find('.');
    if (point == std::string_view::npos || point == 0 || point + 1 == digits.size()) return digits;
    if (digits.find_first_not_of('0', point + 1) != std::string_view::npos) return digits;
    return digits.substr(0, point);
}

}  // namespace

Value Value::nil() {
    return {};
}

Value Value::of(std::string text) {
    Value value;
    value.kind = Kind::text;
    value.text = std::move(text);
    return value;
}

Value Value::of(std::int64_t number) {
    Value value;
    value.kind = Kind::integer;
    value.text = std::to_string(number);
    return value;
}

Value Value::record(std::string type_name, std::vector<Field> members) {
    Value value;
    value.kind = Kind::record;
    value.type_name = std::move(type_name);
    value.members = std::move(members);
    return value;
}

Value Value::map(std::vector<Field> members) {
    Value value;
    value.kind = Kind::map;
    value.members = std::move(members);
    return value;
}

Value Value::list(std::string item_type_name, std::vector<Value> items) {
    Value value;
    value.kind = Kind::list;
    value.type_name = std::move(item_type_name);
    value.members.reserve(items.size());
    for (Value& item : items) value.members.push_back({"item", std::move(item)});
    return value;
}

bool Value::is_empty() const {
    switch (kind) {
        case Kind::nil:
            return true;
        case Kind::text:
        case Kind::integer:
            return text.empty();
        case Kind::record:
        case Kind::map:
        case Kind::list:
            return members.empty();
    }
    return true;
}

const Value* Value::find(std::string_view name) const {
    for (const Field& member : members) {
        if (equal_folded(member.name, name)) return &member.value;
    }
    return nullptr;
}

std::string Value::text_of(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && value->is_leaf() ? value->text : std::string();
}

std::optional<std::int64_t> Value::integer_value() const {
    if (!is_leaf()) return std::nullopt;
    std::string_view digits = without_zero_fraction(without_blanks(text));
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> Value::integer_of(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr ? value->integer_value() : std::nullopt;
}

bool operator==(const Value& a, const Value& b) {
    return a.kind == b.kind && a.text == b.text && a.type_name == b.type_name &&
           a.members == b.members;
}

bool operator==(const Field& a, const Field& b) {
    return a.name == b.name && a.value == b.value;
}

}  // namespace domspool::soap
