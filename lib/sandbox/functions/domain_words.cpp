#include "sandbox/functions/domain_words.h"

#include "sandbox/model/letter_case.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <random>
#include <sstream>

namespace domspool::sandbox {

namespace {

constexpr std::string_view kRegistrarServers = ".sandbox.example";

bool is_host_name(const std::string& name) {
    return name.size() <= 255 && name.find('.') != std::string::npos && !name.starts_with('.') &&
           !name.ends_with('.') && name.find("..") == std::string::npos &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '.';
           });
}

std::string simple_contact(CallScene& scene, const Arguments& arguments, const char* part) {
    const std::string id = arguments.needed(part);
    if (lower(id) == lower(scene.settings.reseller_id)) return scene.settings.reseller_id;
    const auto contact = scene.state.contact(id);
    if (!contact) throw Refusal(code::kContactUnknown, "contact unknown: " + id);
    if (contact->is_owner) {
        throw Refusal(code::kContactKind, std::string(part) + " wants a contact with isOwner=0");
    }
    return id;
}

}  // namespace

NamedDomain named_domain(const Arguments& arguments) {
    const std::string name = lower(arguments.needed("domain"));
    const Extension* extension = extension_of(name);
    if (extension == nullptr) {
        throw Refusal(code::kDomainName, "domain name or extension not accepted: " + name);
    }
    return {name, *extension};
}

Domain own_domain(CallScene& scene, const std::string& name) {
    auto domain = scene.state.domain(name);
    if (!domain || !domain->in_account) {
        throw Refusal(code::kDomainNotYours, "domain not under your management: " + name);
    }
    return *domain;
}

Domain working_domain(CallScene& scene, const std::string& name) {
    Domain domain = own_domain(scene, name);
    const std::string status = field_of(domain.fields, "status");
    if (!status.starts_with("ACTIVE") && !status.starts_with("RESERVED") &&
        !status.starts_with("EXPIRED")) {
        throw Refusal(code::kNotOffered, "not possible while the domain is " + status);
    }
    return domain;
}

bool is_held(const Domain& domain) {
    const std::string status = field_of(domain.fields, "status");
    return domain.in_account && status != "ERROR" && status != "DELETED" &&
           status != "TRANSFERRED OUT";
}

bool is_registered(const Domain& domain) {
    const std::string status = field_of(domain.fields, "status");
    // A transfer that failed leaves the domain where it was.
    const bool is_elsewhere = !field_of(domain.fields, "expectedAuthID").empty();
    return is_elsewhere || (status != "ERROR" && status != "DELETED");
}

std::string nameservers_of(const Arguments& arguments) {
    std::vector<std::string> names;
    for (const char* part : {"ns1", "ns2", "ns3", "ns4", "ns5"}) {
        const std::string name = lower(arguments.text(part));
        if (name.empty()) continue;
        if (!is_host_name(name)) {
            throw Refusal(code::kNameservers, std::string(part) + " is no host name");
        }
        if (std::find(names.begin(), names.end(), name) != names.end()) {
            throw Refusal(code::kNameservers, "name server given twice: " + name);
        }
        names.push_back(name);
    }
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : " ") + name;
    return joined;
}

std::vector<std::string> split_words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

bool uses_registrar_servers(const std::string& nameservers) {
    const auto names = split_words(nameservers);
    return !names.empty() && std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return name.ends_with(kRegistrarServers);
    });
}

std::string nameserver_problem(const Extension& extension, const std::string& nameservers) {
    const auto names = split_words(nameservers);
    if (static_cast<int>(names.size()) < extension.minimum_nameservers) {
        return "at least " + std::to_string(extension.minimum_nameservers) + " name servers needed";
    }
    if (!extension.has_dns_test) return {};
    for (const std::string& name : names) {
        if (name.starts_with("lame")) return "DNS test failed: " + name + " does not answer";
    }
    return {};
}

Fields other_contacts_of(CallScene& scene, const Arguments& arguments) {
    Fields contacts;
    for (const char* part : {"idAdmin", "idTech", "idBilling"}) {
        contacts[part] = simple_contact(scene, arguments, part);
    }
    return contacts;
}

Contact owner_contact(CallScene& scene, const std::string& id) {
    auto contact = scene.state.contact(id);
    if (!contact) throw Refusal(code::kContactUnknown, "contact unknown: " + id);
    if (!contact->is_owner) {
        throw Refusal(code::kContactKind, "idOwner wants a contact with isOwner=1");
    }
    return *contact;
}

std::string wire_date(Millis time) {
    return wire_time(time).substr(0, 10);
}

std::string date_plus(const std::string& date, int years, int days) {
    namespace chrono = std::chrono;
    if (date.size() != 10) return date;
    chrono::year_month_day day(chrono::year(std::stoi(date.substr(0, 4))),
                               chrono::month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))),
                               chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2)))));
    day += chrono::years(years);
    if (!day.ok()) day = day.year() / day.month() / chrono::last;  // The 29th of February.
    const chrono::sys_days moved = chrono::sys_days(day) + chrono::days(days);
    return wire_date(chrono::duration_cast<chrono::milliseconds>(moved.time_since_epoch()).count());
}

std::string active_status(const std::string& nameservers) {
    return nameservers.empty() ? "ACTIVE, NOT DELEGATED" : "ACTIVE, DELEGATED";
}

std::string new_auth_code() {
    static constexpr std::string_view kSigns = "abcdefghijkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQR";
    static std::mt19937_64 random{std::random_device{}()};
    std::string text;
    while (text.size() < 14) text += kSigns[random() % kSigns.size()];
    return text + "-1";
}

std::string zone_of_template(std::int64_t number) {
    if (number < 1 || number > kMostTemplates) {
        throw Refusal(code::kParameter, "no such DNS template: " + std::to_string(number));
    }
    const std::string address = "192.0.2." + std::to_string(number);
    return "@ A " + address + "\nwww A " + address + "\n@ MX 10 mail" + std::to_string(number) +
           ".sandbox.example";
}

std::vector<ZoneRecord> zone_records_of(const std::string& zone) {
    std::vector<ZoneRecord> records;
    std::istringstream lines(zone);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        ZoneRecord record;
        words >> record.subdomain >> record.type;
        std::getline(words >> std::ws, record.value);
        records.push_back(record);
    }
    return records;
}

std::int64_t fee_now(const CallScene& scene, const NamedDomain& domain) {
    const auto change = scene.settings.fee_changes_cents.find(domain.extension.name);
    const std::int64_t more = change == scene.settings.fee_changes_cents.end() ? 0 : change->second;
    return yearly_fee_cents(domain.extension, domain.name) + more;
}

Part domain_part() {
    return {"domain", "string"};
}

std::vector<Part> nameserver_parts() {
    return {{"ns1", "string"},
            {"ns2", "string"},
            {"ns3", "string"},
            {"ns4", "string"},
            {"ns5", "string"}};
}

}  // namespace domspool::sandbox
