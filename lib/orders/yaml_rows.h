// The parts of a YAML order file, one after the other: a mapping whose values are scalars, mappings
// or lists, handed out member by member.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace domspool {

struct YamlMember;
struct YamlNode {
    enum class Form { scalar, map, list };
    Form form = Form::scalar;
    int line = 0;
    std::string text;                 // of a scalar, as written: "0012"
    std::vector<YamlMember> members;  // of a list: without names
    // Of a plain scalar: the comment in its line, which may have been meant as a part of it.
    std::string comment = {};
};
struct YamlMember {
    std::string name;
    YamlNode node;
};

// A value of the top mapping, or a member of one.
struct YamlPart {
    enum class Place { value, map_member, list_item };
    Place place = Place::value;
    std::string section;  // the key of the top mapping: "orders"
    std::string name;     // of a map_member
    int line = 0;
    YamlNode node;
};

struct YamlLimits {
    std::size_t scalar_bytes = 64u << 10;
    std::size_t nodes = 1000;  // in one part
    int depth = 8;
    std::size_t keys = 20'000;         // in one mapping
    std::size_t mappings = 2'000'000;  // and lists, in the whole text
};

struct YamlTrouble {
    int line = 0;
    std::string field;  // the key, where known
    std::string reason;
    bool ends_reading = false;
};

// `next` gives the text piece by piece, nothing at its end. One document; no anchors, aliases,
// tags, doubled keys or bare nulls: these are told, and reading goes on (without the second value).
// It ends at broken YAML and at a limit: of depth, of a scalar's size, of a mapping's keys, of
// their number, of the text between two values. A part is handed out only when it has been read
// whole; but a quote that is never closed is closed by the end of the text, so its last line must
// be looked at. Empty lists and mappings hand out nothing.
void read_yaml_parts(const std::function<std::string_view()>& next, const YamlLimits& limits,
                     const std::function<void(YamlPart&&)>& take,
                     const std::function<void(YamlTrouble&&)>& tell);

}  // namespace domspool
