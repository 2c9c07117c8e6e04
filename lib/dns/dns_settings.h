// Whom to ask, at which port, and how long to wait.
#pragma once

#include <cstdint>
#include <string>

namespace domspool {

struct DnsSettings {
    std::string resolver = "system";  // or addresses, separated by blanks or commas
    std::uint16_t port = 53;          // of the resolver and of every name server
    int timeout_seconds = 5;          // for one whole question, repeated sending included
};

}  // namespace domspool
