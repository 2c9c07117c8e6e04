#include "util/secret.h"

#include <cstring>

namespace domspool {

void Secret::wipe() {
    if (!text_.empty()) ::explicit_bzero(text_.data(), text_.size());
    text_.clear();
}

}  // namespace domspool
