#include "orders/order_likeness.h"

#include "orders/order_values.h"
#include "orders/retyped_cells.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace domspool {

namespace {

const std::string kReference = "reference";

// A person who spells them otherwise may mean it.
constexpr std::array<std::string_view, 9> kSpelled = {
    "tag", "note", "firstName", "lastName", "bodyName", "tmName", "address1", "address2", "city"};

bool is_spelled(const std::string& field) {
    const std::string_view last = std::string_view(field).substr(field.rfind('.') + 1);
    return std::find(kSpelled.begin(), kSpelled.end(), last) != kSpelled.end();
}

bool is_same(const std::string& field, const std::string& a, const std::string& b) {
    if (is_spelled(field)) return retyped_cells::may_be_the_same(a, b);
    return retyped_cells::may_be_the_same(order_values::folded(a), order_values::folded(b));
}

}  // namespace

std::vector<std::string> differing_fields(const FieldMap& row, const FieldMap& order) {
    std::set<std::string> names;
    for (const auto& [name, value] : row) names.insert(name);
    for (const auto& [name, value] : order) names.insert(name);
    std::vector<std::string> differing;
    for (const std::string& name : names) {
        const std::string &ours = field_of(row, name), &theirs = field_of(order, name);
        if (name == kAuthCode && ours.empty()) continue;
        if (!is_same(name, ours, theirs)) differing.push_back(name);
    }
    return differing;
}

bool is_alike(const FieldMap& row, const FieldMap& order) {
    const bool has_none = field_of(row, kReference).empty() || field_of(order, kReference).empty();
    const std::vector<std::string> differing = differing_fields(row, order);
    return std::all_of(differing.begin(), differing.end(),
                       [&](const std::string& field) { return has_none && field == kReference; });
}

std::string field_list(const std::vector<std::string>& fields) {
    std::string text;
    for (const std::string& field : fields) text += (text.empty() ? "" : ", ") + field;
    return text;
}

}  // namespace domspool
