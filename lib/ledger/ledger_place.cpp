#include "ledger/ledger_place.h"

#include "store/connection.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

namespace domspool {

namespace {

constexpr const char* kFiles = "files";
constexpr const char* kFolder = "/var/lib/domspool";

std::string parameter(const Poco::URI& uri, const std::string& name) {
    for (const auto& [key, value] : uri.getQueryParameters()) {
        if (key == name) return value;
    }
    return "";
}

std::string in_file_name(std::string words) {
    std::replace_if(
        words.begin(), words.end(),
        [](char c) {
            const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || c == '.' || c == '_';
            return !is_plain;
        },
        '-');
    return words;
}

std::string folder_in(const Poco::URI& uri) {
    const std::string folder = parameter(uri, kFiles);
    return folder.empty() ? kFolder : folder;
}

// A socket's folder stands in the query, as libpq has it.
std::string host_in(const Poco::URI& uri) {
    std::string host = uri.getHost();
    if (host.empty()) host = parameter(uri, "host");
    if (host.empty()) host = parameter(uri, "hostaddr");
    if (host.empty()) host = "local";
    const std::string port = uri.getSpecifiedPort() != 0 ? std::to_string(uri.getSpecifiedPort())
                                                         : parameter(uri, "port");
    return port.empty() ? host : host + ":" + port;
}

}  // namespace

bool is_in_postgresql(const std::string& ledger) {
    return store::names_postgresql(ledger);
}

std::string fault_of_place(const std::string& ledger) {
    if (!is_in_postgresql(ledger)) {
        return ledger.starts_with('/') ? "" : "must be an absolute path, not '" + ledger + "'";
    }
    try {
        const Poco::URI uri(ledger);
        const bool has_password = uri.getUserInfo().find(':') != std::string::npos ||
                                  !parameter(uri, "password").empty() ||
                                  !parameter(uri, "sslpassword").empty();
        if (has_password) {
            return "holds a password; take it out, and give it in ~/.pgpass of the service's user "
                   "or let the server trust that user (peer)";
        }
        if (!parameter(uri, "options").empty()) {
            return "has options=, which the programs set themselves; take them out, and set them "
                   "for its user or database (ALTER ROLE, ALTER DATABASE)";
        }
        if (host_in(uri).find(',') != std::string::npos) {
            return "names several servers; name the one that takes changes";
        }
        if (uri.getPath().size() < 2) {
            return "names no database, as in postgresql://domspool@host/domspool";
        }
        if (!folder_in(uri).starts_with('/')) {
            return "has '" + folder_in(uri) + "' as files=; that must be an absolute folder";
        }
        return "";
    } catch (const Poco::Exception&) {
        return "is no address like postgresql://domspool@host/domspool";
    }
}

// Cut out of the text: libpq wants the rest as it stands, and a URI put together anew loses the
// empty host of `postgresql:///`.
std::string database_of(const std::string& ledger) {
    const auto query = ledger.find('?');
    if (!is_in_postgresql(ledger) || query == std::string::npos) return ledger;
    std::string kept;
    for (std::size_t at = query + 1; at <= ledger.size();) {
        const std::size_t end = std::min(ledger.find('&', at), ledger.size());
        const std::string each = ledger.substr(at, end - at);
        if (!each.starts_with(std::string(kFiles) + "=")) kept += (kept.empty() ? "?" : "&") + each;
        at = end + 1;
    }
    return ledger.substr(0, query) + kept;
}

std::string files_beside(const std::string& ledger) {
    if (!is_in_postgresql(ledger)) return ledger;
    const Poco::URI uri(ledger);
    return folder_in(uri) + "/" + in_file_name(host_in(uri) + "-" + uri.getPath().substr(1));
}

}  // namespace domspool
