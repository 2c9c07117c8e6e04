// Several questions at the same time, but never many.
#pragma once

#include <cstddef>
#include <functional>

namespace domspool {

// Whatever is asked about: a service may have few tasks, and a resolver little patience.
inline constexpr std::size_t kAtOnce = 16;

// Calls ask(0) to ask(count - 1), each once and no more than kAtOnce at the same time, and returns
// when all have ended. The caller's thread works as well, so that where no other can be made one
// question follows the other. What `ask` throws is thrown on at the end, the first of several.
void ask_at_once(std::size_t count, const std::function<void(std::size_t)>& ask);

}  // namespace domspool
