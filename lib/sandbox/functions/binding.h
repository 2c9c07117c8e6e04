// Which element of a call is which parameter: the registrar's rule. Pure.
#pragma once

#include "soap/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

// A message part of the WSDL.
struct Part {
    std::string name;
    std::string type;  // "string", "int", "Map", a struct of the registrar; "X[]" a list
};

// The parameters of one call, one per part; what was not sent is nil.
class Arguments {
  public:
    Arguments(const std::vector<Part>& parts, std::vector<soap::Value> values);

    // The part must exist. A leaf's text without blanks around it; "" for nil or a collection.
    std::string text(std::string_view part) const;
    // Throws Refusal when it is empty.
    std::string needed(std::string_view part) const;
    // Throws Refusal when it is not a whole number.
    std::int64_t integer(std::string_view part) const;
    const soap::Value& value(std::string_view part) const;
    const std::vector<Part>& parts() const { return parts_; }

  private:
    const std::vector<Part>& parts_;
    std::vector<soap::Value> values_;
};

// If at least one element carries the name of a part, the call is bound by name and every part
// without its element is nil, also when the element is there under a wrong name. If none does,
// the call is bound by position. Letter case counts. Surplus elements are ignored.
std::vector<soap::Value> bind_parameters(const std::vector<Part>& parts,
                                         const std::vector<soap::Field>& elements);
// Bound by position with more elements than parts: PHP's server refuses such a call.
bool has_surplus(const std::vector<Part>& parts, const std::vector<soap::Field>& elements);

}  // namespace domspool::sandbox
