// How long this process has computed: what waits for a busy machine does not count.
#pragma once

#include <chrono>
#include <ctime>

namespace domspool::test {

inline std::chrono::duration<double> cpu_time() {
    return std::chrono::duration<double>(static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

}  // namespace domspool::test
