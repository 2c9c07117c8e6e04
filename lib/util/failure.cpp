#include "util/failure.h"

namespace domspool {

void our_bug(const char* condition, const char* file, int line) {
    throw std::logic_error(std::string("assertion failed: ") + condition + " at " + file + ":" +
                           std::to_string(line));
}

}  // namespace domspool
