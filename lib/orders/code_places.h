// Where in the text of an order file its EPP codes stand, so that all else can stay as it is.
#pragma once

#include "orders/order_file.h"

#include <memory>
#include <optional>
#include <string_view>

namespace domspool {

bool is_code_field(std::string_view name);
// Nothing, or what stands in the place of a code that is gone.
bool is_harmless_code(std::string_view value);

struct CodePlace {
    std::size_t begin = 0, end = 0;  // with its quotes
};

// From the text's beginning to its end, each place once; harmless ones are left out. Codes written
// in an unusual way are not found: the text must be read once more without what is found here.
class CodePlaces {
  public:
    virtual ~CodePlaces() = default;
    virtual std::optional<CodePlace> next() = 0;
};

// The text outlives it.
std::unique_ptr<CodePlaces> code_places(std::string_view text, FileFormat format);

}  // namespace domspool
