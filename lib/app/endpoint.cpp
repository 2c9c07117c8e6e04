#include "app/endpoint.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>

namespace domspool {

namespace {

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

std::optional<Endpoint> parse_endpoint(const std::string& url) {
    try {
        const Poco::URI uri(url);
        const std::string scheme = lower_case(uri.getScheme());
        const bool has_extras =
            !uri.getUserInfo().empty() || !uri.getRawQuery().empty() || !uri.getFragment().empty();
        if ((scheme != "http" && scheme != "https") || uri.getHost().empty() || has_extras) {
            return std::nullopt;
        }
        return Endpoint{scheme == "http", lower_case(uri.getHost()), uri.getPort(),
                        uri.getPath().empty() ? "/" : uri.getPath()};
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

std::string stamp_host(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + endpoint.host + "]" : endpoint.host;
    const std::uint16_t usual_port = endpoint.is_plain ? 80 : 443;
    return endpoint.port == usual_port ? host : host + ":" + std::to_string(endpoint.port);
}

bool is_loopback(const std::string& host) {
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
    return host == "localhost";
}

}  // namespace domspool
