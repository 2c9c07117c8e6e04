// A stream that owns its descriptor.
#pragma once

#include "util/descriptor.h"

#include <ext/stdio_filebuf.h>
#include <istream>

namespace domspool {

class DescriptorStream : public std::istream {
  public:
    explicit DescriptorStream(Descriptor descriptor)
        : std::istream(nullptr), buffer_(descriptor.release(), std::ios::in | std::ios::binary) {
        rdbuf(&buffer_);
    }

  private:
    __gnu_cxx::stdio_filebuf<char> buffer_;
};

}  // namespace domspool
