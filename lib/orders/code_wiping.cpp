#include "orders/code_wiping.h"

#include "orders/code_places.h"
#include "orders/csv_rows.h"
#include "orders/order_values.h"
#include "orders/yaml_rows.h"
#include "util/utf8.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::string_view kGivenUp =
    "# (wiped) The EPP codes of this file could not be taken out one by one.\n"
    "# Its rows, and what became of each, stand in its result file.\n";

// The text in pieces, with the word in place of each code.
class WipedText {
  public:
    WipedText(std::string_view text, FileFormat format)
        : text_(text), codes_(code_places(text, format)) {}

    // Empty at the end.
    std::string_view next() {
        constexpr std::size_t kAtOnce = 64u << 10;
        while (true) {
            if (at_ < kept_to_) {
                const std::string_view piece = text_.substr(at_, std::min(kAtOnce, kept_to_ - at_));
                at_ += piece.size();
                return piece;
            }
            if (std::exchange(is_code_next_, false)) {
                at_ = kept_to_ = behind_code_;
                has_code_ = true;
                return kWipedCode;
            }
            if (at_ == text_.size()) return {};
            find_code();
        }
    }
    // So far.
    bool has_code() const { return has_code_; }

  private:
    void find_code() {
        const std::optional<CodePlace> code = codes_->next();
        is_code_next_ = code.has_value();
        kept_to_ = code ? code->begin : text_.size();
        behind_code_ = code ? code->end : text_.size();
    }

    std::string_view text_;
    std::unique_ptr<CodePlaces> codes_;
    std::size_t at_ = 0, kept_to_ = 0, behind_code_ = 0;
    bool is_code_next_ = false, has_code_ = false;
};

// As the readers want it.
std::function<std::string_view()> without_mark(WipedText& text) {
    return [&text, is_first = true]() mutable {
        std::string_view piece = text.next();
        if (std::exchange(is_first, false) && piece.starts_with(utf8::kByteOrderMark)) {
            piece.remove_prefix(utf8::kByteOrderMark.size());
        }
        return piece;
    };
}

bool is_csv_wiped(WipedText& text) {
    std::size_t column = std::string::npos;
    bool has_header = false, is_wiped = true;
    const auto trouble = read_csv_rows(without_mark(text), {}, [&](CsvRow&& row) {
        if (!std::exchange(has_header, true)) {
            const auto found = std::find_if(row.cells.begin(), row.cells.end(), is_code_field);
            if (found != row.cells.end()) {
                column = static_cast<std::size_t>(found - row.cells.begin());
            }
        } else if (column < row.cells.size() && folded(trimmed(row.cells.front())) != "#end") {
            is_wiped = is_wiped && is_harmless_code(row.cells[column]);
        }
        return true;
    });
    return is_wiped && !trouble;
}

bool is_node_wiped(std::string_view name, const YamlNode& node) {
    if (node.form == YamlNode::Form::scalar) {
        return !is_code_field(name) || is_harmless_code(node.text);
    }
    return std::all_of(node.members.begin(), node.members.end(),
                       [](const auto& member) { return is_node_wiped(member.name, member.node); });
}

bool is_yaml_wiped(WipedText& text) {
    bool is_wiped = true;
    read_yaml_parts(
        without_mark(text), {},
        [&](YamlPart&& part) {
            is_wiped = is_wiped && is_node_wiped(part.name, part.node) &&
                       is_node_wiped(part.section, part.node);
        },
        [&](YamlTrouble&& trouble) { is_wiped = is_wiped && !trouble.ends_reading; });
    return is_wiped;
}

}  // namespace

CodeWiping::CodeWiping(std::string_view text, FileFormat format) : text_(text), format_(format) {
    if (text == kGivenUp) return;
    WipedText wiped(text, format);
    const bool is_done = format == FileFormat::csv ? is_csv_wiped(wiped) : is_yaml_wiped(wiped);
    if (!is_done) {
        need_ = Need::giving_up;
    } else if (wiped.has_code()) {
        need_ = Need::codes_out;
    }
}

void CodeWiping::write(const std::function<void(std::string_view)>& append) const {
    if (need_ == Need::giving_up) return append(kGivenUp);
    WipedText wiped(text_, format_);
    for (auto piece = wiped.next(); !piece.empty(); piece = wiped.next()) append(piece);
}

std::optional<std::string> with_codes_wiped(const std::string& text, FileFormat format) {
    const CodeWiping wiping(text, format);
    if (!wiping.is_needed()) return std::nullopt;
    std::string wiped;
    wiping.write([&](std::string_view piece) { wiped += piece; });
    return wiped;
}

}  // namespace domspool
