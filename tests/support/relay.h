// A stub server that stands between a program and a registrar.
#pragma once

#include <cstdint>
#include <string>

#include "support/stub_server.h"

namespace domspool::test {

// The reply of the server on that port of the loopback to the same request, whole.
std::string handed_on(const StubRequest& request, std::uint16_t port);

}  // namespace domspool::test
