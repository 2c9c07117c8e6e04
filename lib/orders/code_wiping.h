// EPP codes taken out of the text of an order file whose orders have all ended. Pure.
#pragma once

#include "orders/order_file.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// The text with `(wiped)` in place of each EPP code, all else byte for byte. Read again, not one
// other code stands in it: where that cannot be had (a code written in an unusual way, a file that
// is none of ours any more) the whole text is given up for two lines that say so. In time and
// memory as a reader of the text is, whatever stands in it.
class CodeWiping {
  public:
    // The text outlives this.
    CodeWiping(std::string_view text, FileFormat format);

    // Not where the text holds no code.
    bool is_needed() const { return need_ != Need::nothing; }
    void write(const std::function<void(std::string_view)>& append) const;

  private:
    enum class Need { nothing, codes_out, giving_up };
    std::string_view text_;
    FileFormat format_;
    Need need_ = Need::nothing;
};

// The same in one text; nothing if there is no need.
std::optional<std::string> with_codes_wiped(const std::string& text, FileFormat format);

}  // namespace domspool
