#include "dns/dns_settings.h"

namespace domspool {

namespace {

constexpr int kMostTimeouts = 6;

}  // namespace

void SilentAddresses::note(const std::string& address, bool is_silent) {
    const std::lock_guard lock(mutex_);
    if (is_silent) {
        addresses_.insert(address);
    } else {
        addresses_.erase(address);
    }
}

bool SilentAddresses::contains(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    return addresses_.contains(address);
}

DnsSettings limited(DnsSettings settings) {
    if (!settings.until) {
        settings.until = std::chrono::steady_clock::now() +
                         kMostTimeouts * std::chrono::seconds(settings.timeout_seconds);
    }
    return settings;
}

}  // namespace domspool
