#include "dns/resolver.h"

#include "util/failure.h"

#include <fstream>
#include <sstream>

namespace domspool {
namespace {

const char* const kResolvConf = "/etc/resolv.conf";

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

HostAddresses resolve_host(const std::string& name, const DnsSettings& settings) {
    HostAddresses host;
    bool is_open = false;
    for (const char* type : {"A", "AAAA"}) {
        const DnsReply reply = ask_resolver(name, type, settings);
        if (const auto* silence = std::get_if<NoAnswer>(&reply)) {
            is_open = true;
            host.reason = silence->text;
            continue;
        }
        for (const DnsRecord& record : std::get<DnsAnswer>(reply).answer) {
            if (record.fields.empty()) continue;
            if (record.type == type) host.addresses.push_back(record.fields[0]);
            if (record.type == "CNAME" && record.name == name) host.alias_of = record.fields[0];
        }
    }
    if (!host.addresses.empty()) {
        host.state = HostAddresses::State::found;
        host.reason.clear();
    } else if (is_open) {
        host.state = HostAddresses::State::not_known_now;
    } else {
        host.state = HostAddresses::State::none;
        host.reason = "the resolver knows no address of it";
    }
    return host;
}

}  // namespace domspool
