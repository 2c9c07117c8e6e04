// One question to one server address, and its answer in plain types.
#pragma once

#include "dns/dns_settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace domspool {

enum class DnsTransport { udp, tcp };
std::string_view to_word(DnsTransport transport);  // UDP, TCP

enum class Recursion { wanted, none };
enum class Signatures { wanted, none };

struct DnsQuestion {
    std::string name;  // "example.com"; "" is the root
    std::string type;  // "SOA", "NS", "A" ...
    Recursion recursion = Recursion::none;
    Signatures signatures = Signatures::none;
};

// Names everywhere: lower case, without the last dot.
struct DnsRecord {
    std::string name;
    std::string type;
    std::uint32_t ttl = 0;
    std::vector<std::string> fields;  // the record's data, one text per field
    std::string text;                 // the whole record in zone file form
};

struct DnsAnswer {
    std::string code;  // "NOERROR", "NXDOMAIN", "REFUSED" ...
    bool authoritative = false;
    bool truncated = false;
    std::vector<DnsRecord> answer, authority, additional;
};

// The records of one name and type.
std::vector<DnsRecord> records_of(const std::vector<DnsRecord>& section, const std::string& name,
                                  std::string_view type);

struct NoAnswer {
    // closed: the host is there but nothing listens. silent: nothing came in time, or the way is
    // broken. unreadable: something came that is no answer to the question. no_time: the settings'
    // `until` came first; it says nothing about the server.
    enum class Why { closed, silent, unreadable, no_time };
    Why why = Why::silent;
    std::string text;  // "no answer over UDP within 5 s"
};

using DnsReply = std::variant<DnsAnswer, NoAnswer>;

// Never waits longer than the time-out in all, nor beyond the settings' `until`; over UDP the
// question is sent a second time at half of it, since one lost packet says nothing about a server.
// Replies with another id or question are passed over (UDP) or unreadable (TCP). Throws
// std::invalid_argument for a text that is no address or no name, which callers rule out before.
DnsReply ask_address(const std::string& address, const DnsQuestion& question,
                     DnsTransport transport, const DnsSettings& settings);

// Over UDP, and over TCP where the answer did not fit.
DnsReply ask_address(const std::string& address, const DnsQuestion& question,
                     const DnsSettings& settings);

// Whether this machine has any route to the address; sends nothing. False for every public IPv6
// address on a machine without IPv6, or with private IPv6 addresses only.
bool has_route_to(const std::string& address, const DnsSettings& settings);

bool is_address(const std::string& text);
bool is_v6(const std::string& address);

// A record's field as a number; nothing where it is none.
std::optional<int> number_in(const std::string& field);

// Lower case, without the last dot.
std::string plain_name(std::string_view name);

}  // namespace domspool
