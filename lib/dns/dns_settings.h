// Whom to ask, at which port, and how long to wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace domspool {

// The registrar of a rehearsal, which answers for the zones above its domains: they are in no other
// DNS.
struct RehearsalParent {
    std::string address;
    std::uint16_t port = 0;
};

struct DnsSettings {
    std::string resolver = "system";  // or addresses, separated by blanks or commas
    std::uint16_t port = 53;          // of the resolver and of every name server
    int timeout_seconds = 5;          // for one whole question, repeated sending included
    // No question waits longer, however many there are; see limited().
    std::optional<std::chrono::steady_clock::time_point> until{};
    std::optional<RehearsalParent> rehearsal_parent{};  // asked for the DS of a domain, alone
};

// For all the questions about one matter together: six times the time of one, unless an end is set
// already. What was not answered by then is not known.
DnsSettings limited(DnsSettings settings);

}  // namespace domspool
