#include "dns/resolver.h"

#include "util/failure.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace domspool {
namespace {

const char* const kResolvConf = "/etc/resolv.conf";
constexpr int kMostAliases = 8;

std::vector<std::string> system_addresses() {
    std::ifstream file(kResolvConf);
    std::ostringstream text;
    text << file.rdbuf();
    auto addresses = addresses_in_resolv_conf(text.str());
    if (addresses.empty()) addresses.emplace_back("127.0.0.1");
    return addresses;
}

std::vector<std::string> listed_addresses(std::string list) {
    for (char& c : list) {
        if (c == ',') c = ' ';
    }
    std::istringstream words(list);
    std::vector<std::string> addresses;
    for (std::string word; words >> word;) {
        if (!is_address(word)) {
            throw RunFailure(ExitCode::settings_or_ledger,
                             "cannot use dns.resolver '" + word +
                                 "': no IP address; give addresses or the word system");
        }
        addresses.push_back(word);
    }
    if (addresses.empty()) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "cannot use dns.resolver '': no address; give addresses or the word "
                         "system");
    }
    return addresses;
}

// Where the aliases of the name lead within the answer; "" where they go round, or on and on.
std::string end_of_aliases(const std::vector<DnsRecord>& answer, std::string name) {
    for (int hops = 0; hops <= kMostAliases; ++hops) {
        const auto aliases = records_of(answer, name, "CNAME");
        if (aliases.empty() || aliases.front().fields.empty()) return name;
        name = aliases.front().fields[0];
    }
    return "";
}

// What an answer about one family adds to the host.
std::vector<std::string> addresses_in(HostAddresses& host, const DnsAnswer& answer,
                                      const std::string& name, const char* type) {
    const auto aliases = records_of(answer.answer, name, "CNAME");
    if (!aliases.empty() && !aliases.front().fields.empty()) {
        host.alias_of = aliases.front().fields[0];
    }
    const std::string last = end_of_aliases(answer.answer, name);
    if (last.empty()) host.reason = "its aliases (CNAME) go round, or on and on";
    std::vector<std::string> addresses;
    for (const DnsRecord& record : records_of(answer.answer, last, type)) {
        if (!record.fields.empty()) addresses.push_back(record.fields[0]);
    }
    return addresses;
}

}  // namespace

std::vector<std::string> addresses_in_resolv_conf(const std::string& text) {
    std::vector<std::string> addresses;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key, address;
        if (words >> key >> address && key == "nameserver" && is_address(address)) {
            addresses.push_back(address);
        }
    }
    return addresses;
}

std::vector<std::string> resolver_addresses(const DnsSettings& settings) {
    return settings.resolver == "system" ? system_addresses() : listed_addresses(settings.resolver);
}

DnsReply ask_resolver(const std::string& name, const std::string& type,
                      const DnsSettings& settings) {
    const DnsQuestion question{name, type, Recursion::wanted, Signatures::none};
    NoAnswer last;
    for (const std::string& address : resolver_addresses(settings)) {
        const DnsReply reply = ask_address(address, question, settings);
        if (const auto* answer = std::get_if<DnsAnswer>(&reply)) {
            if (answer->code == "NOERROR" || answer->code == "NXDOMAIN") return *answer;
            last = {NoAnswer::Why::unreadable,
                    "the resolver " + address + " answers " + answer->code};
        } else {
            last = std::get<NoAnswer>(reply);
            last.text = "the resolver " + address + ": " + last.text;
        }
    }
    return last;
}

void take_few(HostAddresses& host, const std::vector<std::string>& addresses) {
    std::vector<std::string> v4, v6;
    for (const std::string& address : addresses) {
        (is_v6(address) ? v6 : v4).push_back(address);
    }
    constexpr std::size_t kHalf = kMostAddresses / 2;
    const std::size_t most_v4 = kMostAddresses - std::min(v6.size(), kHalf);
    if (v4.size() > most_v4) v4.resize(most_v4);
    const std::size_t most_v6 = kMostAddresses - v4.size();
    if (v6.size() > most_v6) v6.resize(most_v6);
    v4.insert(v4.end(), v6.begin(), v6.end());
    host.left_out = addresses.size() - v4.size();
    host.addresses = std::move(v4);
}

HostAddresses resolve_host(const std::string& name, const DnsSettings& settings) {
    HostAddresses host;
    std::vector<std::string> addresses;
    bool is_open = false;
    for (const char* type : {"A", "AAAA"}) {
        const DnsReply reply = ask_resolver(name, type, settings);
        if (const auto* silence = std::get_if<NoAnswer>(&reply)) {
            is_open = true;
            host.reason = silence->text;
            continue;
        }
        const auto found = addresses_in(host, std::get<DnsAnswer>(reply), name, type);
        addresses.insert(addresses.end(), found.begin(), found.end());
    }
    take_few(host, addresses);
    if (!host.addresses.empty()) {
        host.state = HostAddresses::State::found;
        host.reason.clear();
    } else if (is_open) {
        host.state = HostAddresses::State::not_known_now;
    } else {
        host.state = HostAddresses::State::none;
        if (host.reason.empty()) host.reason = "the resolver knows no address of it";
    }
    return host;
}

}  // namespace domspool
