#include "soap/element_tree.h"

#include "soap/soap_xml.h"
#include "soap/xml_text.h"

#include <algorithm>

namespace domspool::soap {
namespace {

// Far above any real reply; a few links that multiply each other would pass it at once.
constexpr std::size_t kMostValues = 2'000'000;

bool is_map(const Element& element) {
    if (element.type == "Map") return true;
    return !element.is_array && !element.children.empty() &&
           std::all_of(element.children.begin(), element.children.end(), is_map_entry);
}

}  // namespace

bool is_map_entry(const Element& element) {
    return equal_folded(element.name, "item") && element.children.size() == 2 &&
           find_child(element, "key") != nullptr && find_child(element, "value") != nullptr;
}

bool is_list_item_of(const Element& parent, const Element& item) {
    if (parent.is_array) return true;
    return parent.type != "Map" && equal_folded(item.name, "item") && !is_map_entry(item);
}

bool is_list(const Element& element) {
    if (element.is_array) return true;
    return !element.children.empty() && !is_map(element) &&
           std::all_of(element.children.begin(), element.children.end(),
                       [](const Element& child) { return equal_folded(child.name, "item"); });
}

const Element* find_child(const Element& parent, std::string_view name) {
    for (const Element& child : parent.children) {
        if (equal_folded(child.name, name)) return &child;
    }
    return nullptr;
}

void ValueReader::learn(const Element& root) {
    if (!root.id.empty() && !by_id_.emplace(root.id, &root).second) {
        throw UnreadableMessage("two elements carry the same id");
    }
    if (!root.has_links) return;
    for (const Element& child : root.children) learn(child);
}

const Element& ValueReader::target_of(const Element& element) const {
    const Element* target = &element;
    for (int steps = 0; !target->href.empty(); ++steps) {
        const auto found = by_id_.find(target->href);
        if (found == by_id_.end()) throw UnreadableMessage("a link leads nowhere");
        if (steps == depth_limit_) throw UnreadableMessage("links in a circle");
        target = found->second;
    }
    return *target;
}

Value ValueReader::read(const Element& link, int depth) {
    if (depth > depth_limit_) throw UnreadableMessage("nested too deeply");
    if (++values_made_ > kMostValues) throw UnreadableMessage("links swell beyond measure");
    const Element& element = target_of(link);
    if (element.is_nil) return Value::nil();
    if (is_map(element)) return read_map(element, depth);
    if (is_list(element)) {
        std::vector<Value> items;
        items.reserve(element.children.size());
        for (const Element& child : element.children) items.push_back(read(child, depth + 1));
        return Value::list(element.item_type, std::move(items));
    }
    if (element.children.empty()) return Value::of(element.text);
    Value record = Value::record(element.type, {});
    for (const Element& child : element.children) {
        record.members.push_back({child.name, read(child, depth + 1)});
    }
    return record;
}

Value ValueReader::read_map(const Element& element, int depth) {
    Value map = Value::map({});
    for (const Element& link : element.children) {
        const Element& entry = target_of(link);
        const Element* key = find_child(entry, "key");
        const Element* value = find_child(entry, "value");
        if (key == nullptr || value == nullptr) throw UnreadableMessage("a map entry without key");
        map.members.push_back({target_of(*key).text, read(*value, depth + 1)});
    }
    return map;
}

}  // namespace domspool::soap
