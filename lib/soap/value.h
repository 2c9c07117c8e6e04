// A SOAP value: what goes into a call and what a reply holds. Pure data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::soap {

struct Field;

// text, integer: a leaf. record: named members in order (a struct). map: string keys (an Apache
// Map, PHP's associative array). list: members all named "item". nil: xsi:nil or nothing at all.
// A reply's leaf is always `text` (its xsi:type is not trusted); an empty leaf is text "".
struct Value {
    enum class Kind { nil, text, integer, record, map, list };

    Kind kind = Kind::nil;
    std::string text;            // Leaf content; for integer the decimal digits.
    std::string type_name;       // record and list: the WSDL type to declare, e.g. "StructContact".
    std::vector<Field> members;  // record, map, list.

    static Value nil();
    static Value of(std::string text);
    static Value of(std::int64_t number);
    static Value record(std::string type_name, std::vector<Field> members);
    static Value map(std::vector<Field> members);
    static Value list(std::string item_type_name, std::vector<Value> items);

    bool is_leaf() const { return kind == Kind::text || kind == Kind::integer; }
    // nil, an empty leaf, or a collection without members: "no value".
    bool is_empty() const;
    // The first member of that name, letter case ignored; nullptr if there is none.
    const Value* find(std::string_view name) const;
    // A leaf's text of that member; "" if it is absent, nil or no leaf.
    std::string text_of(std::string_view name) const;
    // A whole number, read strictly (blanks around it allowed, "3.0" counts as 3); else nothing.
    std::optional<std::int64_t> integer_value() const;
    std::optional<std::int64_t> integer_of(std::string_view name) const;
};

struct Field {
    std::string name;
    Value value;
};

bool operator==(const Value& a, const Value& b);
bool operator==(const Field& a, const Field& b);

}  // namespace domspool::soap
