// The address of the registrar's service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace domspool {

inline constexpr const char* kProductionHost = "api.netim.com";

struct Endpoint {
    bool is_plain = false;  // http
    std::string host;       // lower case; IPv6 without brackets
    std::uint16_t port = 443;
    std::string path;
};

// Nothing unless it is http:// or https:// with a host, and no user, query or fragment.
std::optional<Endpoint> parse_endpoint(const std::string& url);

// What a ledger is stamped with: the host, with the port if not the scheme's own.
std::string stamp_host(const Endpoint& endpoint);

// localhost, 127.0.0.0/8, ::1.
bool is_loopback(const std::string& host);

}  // namespace domspool
