#include "orders/line_spans.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kMostSpans = 1'000;

}  // namespace

void LineSpans::add(int line) {
    ++count_;
    if (!spans_.empty() && (line == spans_.back().last || line == spans_.back().last + 1)) {
        spans_.back().last = line;
    } else if (spans_.size() < kMostSpans) {
        spans_.push_back({line, line});
    } else {
        is_cut_ = true;
    }
}

void LineSpans::add(const LineSpans& others) {
    const int count = count_ + others.count_;
    for (const Span& span : others.spans_) {
        add(span.first);
        if (span.last > span.first) spans_.back().last = std::max(spans_.back().last, span.last);
    }
    count_ = count;
    is_cut_ = is_cut_ || others.is_cut_;
}

std::string LineSpans::text(std::size_t most) const {
    std::string text;
    std::size_t shown = 0;
    for (const Span& span : spans_) {
        if (++shown > most) return text + ", …";
        text += (text.empty() ? "" : ", ") + std::to_string(span.first);
        if (span.last > span.first) text += "-" + std::to_string(span.last);
    }
    return is_cut_ ? text + ", …" : text;
}

}  // namespace domspool
