// A stub server that stands between a program and a registrar.
#pragma once

#include "support/stub_server.h"

#include <cstdint>
#include <string>

namespace domspool::test {

// The reply of the server on that port of the loopback to the same request, whole.
std::string handed_on(const StubRequest& request, std::uint16_t port);

}  // namespace domspool::test
