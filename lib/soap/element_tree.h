// Elements as they came, and the values they stand for; href/id links are followed here. Pure.
#pragma once

#include "soap/value.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace domspool::soap {

// One element of section-5 encoded XML, prefixes taken off.
struct Element {
    std::string name;
    std::string type;       // local part of xsi:type
    std::string item_type;  // local part of SOAP-ENC:arrayType, without "[n]"
    std::string id, href;   // href without '#'
    bool is_nil = false;
    bool is_array = false;
    bool has_links = false;  // an id or href here or below
    std::string text;
    std::vector<Element> children;
};

// An item of an Apache Map: exactly <key> and <value>.
bool is_map_entry(const Element& element);
// Its children are the items of a list (declared so, or all named "item" and no map entries).
bool is_list(const Element& element);
bool is_list_item_of(const Element& parent, const Element& item);
const Element* find_child(const Element& parent, std::string_view name);

// Turns elements into values. Follows links to the elements given to `learn`, which must outlive
// it. Throws UnreadableMessage for a link to nowhere, in a circle, or that swells beyond measure.
class ValueReader {
  public:
    explicit ValueReader(int depth_limit) : depth_limit_(depth_limit) {}
    // Remembers every element with an id at and below `root`.
    void learn(const Element& root);
    Value value_of(const Element& element) { return read(element, 0); }
    // The element itself, or the one its href names.
    const Element& target_of(const Element& element) const;

  private:
    Value read(const Element& element, int depth);
    Value read_map(const Element& element, int depth);

    int depth_limit_;
    std::size_t values_made_ = 0;
    std::map<std::string, const Element*> by_id_;
};

}  // namespace domspool::soap
