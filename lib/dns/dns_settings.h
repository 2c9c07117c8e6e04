// Whom to ask, at which port, and how long to wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace domspool {

// The registrar of a rehearsal, which answers for the zones above its domains: they are in no other
// DNS.
struct RehearsalParent {
    std::string address;
    std::uint16_t port = 0;
};

// Addresses that gave no answer however often they were asked: the next order that names them asks
// once. Threads may share it.
class SilentAddresses {
  public:
    void note(const std::string& address, bool is_silent);
    bool contains(const std::string& address) const;

  private:
    mutable std::mutex mutex_;
    std::set<std::string> addresses_;
};

struct DnsSettings {
    std::string resolver = "system";  // or addresses, separated by blanks or commas
    std::uint16_t port = 53;          // of the resolver and of every name server
    int timeout_seconds = 5;          // for one whole question, repeated sending included
    // No question waits longer, however many there are; see limited().
    std::optional<std::chrono::steady_clock::time_point> until{};
    std::optional<RehearsalParent> rehearsal_parent{};  // asked for the DS of a domain, alone
    std::shared_ptr<SilentAddresses> silent{};          // of a run; nullptr: none are remembered
};

// For all the questions about one matter together: six times the time of one, unless an end is set
// already. What was not answered by then is not known.
DnsSettings limited(DnsSettings settings);

}  // namespace domspool
