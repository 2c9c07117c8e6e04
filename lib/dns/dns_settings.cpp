#include "dns/dns_settings.h"

namespace domspool {

namespace {

constexpr int kMostTimeouts = 6;

}  // namespace

DnsSettings limited(DnsSettings settings) {
    if (!settings.until) {
        settings.until = std::chrono::steady_clock::now() +
                         kMostTimeouts * std::chrono::seconds(settings.timeout_seconds);
    }
    return settings;
}

}  // namespace domspool
