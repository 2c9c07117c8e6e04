#include "sandbox/functions/binding.h"

#include "sandbox/model/refusal.h"
#include "util/failure.h"

#include <algorithm>

namespace domspool::sandbox {

namespace {

const soap::Field* element_named(const std::vector<soap::Field>& elements,
                                 const std::string& name) {
    const auto found = std::find_if(elements.begin(), elements.end(),
                                    [&](const soap::Field& field) { return field.name == name; });
    return found == elements.end() ? nullptr : &*found;
}

bool binds_by_name(const std::vector<Part>& parts, const std::vector<soap::Field>& elements) {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
        return element_named(elements, part.name) != nullptr;
    });
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::vector<soap::Value> bind_parameters(const std::vector<Part>& parts,
                                         const std::vector<soap::Field>& elements) {
    const bool by_name = binds_by_name(parts, elements);
    std::vector<soap::Value> values;
    values.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const soap::Field* element = by_name               ? element_named(elements, parts[i].name)
                                     : i < elements.size() ? &elements[i]
                                                           : nullptr;
        values.push_back(element != nullptr ? element->value : soap::Value::nil());
    }
    return values;
}

bool has_surplus(const std::vector<Part>& parts, const std::vector<soap::Field>& elements) {
    return elements.size() > parts.size() && !binds_by_name(parts, elements);
}

Arguments::Arguments(const std::vector<Part>& parts, std::vector<soap::Value> values)
    : parts_(parts), values_(std::move(values)) {
    DOMSPOOL_ASSERT(parts_.size() == values_.size());
}

const soap::Value& Arguments::value(std::string_view part) const {
    const auto found = std::find_if(parts_.begin(), parts_.end(),
                                    [&](const Part& candidate) { return candidate.name == part; });
    DOMSPOOL_ASSERT(found != parts_.end());
    return values_[static_cast<std::size_t>(found - parts_.begin())];
}

std::string Arguments::text(std::string_view part) const {
    const soap::Value& found = value(part);
    return found.is_leaf() ? trimmed(found.text) : std::string();
}

std::string Arguments::needed(std::string_view part) const {
    std::string found = text(part);
    if (found.empty()) throw Refusal(code::kParameter, "parameter missing: " + std::string(part));
    return found;
}

std::int64_t Arguments::integer(std::string_view part) const {
    const auto number = value(part).integer_value();
    if (!number) throw Refusal(code::kParameter, "no whole number: " + std::string(part));
    return *number;
}

}  // namespace domspool::sandbox
