// Changes to a domain of the account: servers, contacts, preferences, DNSSEC, zone, code.
#include "sandbox/functions/domain_words.h"
#include "sandbox/functions/function.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace domspool::sandbox {

namespace {

using soap::Value;

// A domain of the account that may be changed by that operation now.
NamedDomain changeable_domain(CallScene& scene, const Arguments& arguments, const char* operation) {
    const NamedDomain named = named_domain(arguments);
    std::ignore = working_domain(scene, named.name);  // Refuses what cannot be changed.
    refuse_closed(scene, named.extension, operation);
    refuse_busy(scene, named.name);
    return named;
}

Value submit_change(CallScene& scene, const NamedDomain& named, const char* operation,
                    Fields becomes, std::string failure = {}) {
    return submit(scene, {.code = operation,
                          .target = named.name,
                          .effect = std::move(becomes),
                          .failure = std::move(failure),
                          .pace = pace_of(named.extension, named.name)});
}

Value change_nameservers(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainChangeDNS");
    std::ignore = arguments.needed("ns1");  // Only its presence is looked at here.
    const std::string nameservers = nameservers_of(arguments);
    return submit_change(scene, named, "domainChangeDNS",
                         {{"ns", nameservers}, {"status", active_status(nameservers)}},
                         nameserver_problem(named.extension, nameservers));
}

Value change_contacts(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainChangeContact");
    return submit_change(scene, named, "domainChangeContact", other_contacts_of(scene, arguments));
}

struct Preference {
    const char* code;
    const char* operation;
    const char* field;
    bool is_flag;
};

constexpr std::array<Preference, 5> kPreferences = {{
    {"whois_privacy", "domainSetPreference.whois_privacy", "whoisPrivacy", true},
    {"registrar_lock", "domainSetPreference.registrar_lock", "domainIsLock", true},
    {"auto_renew", "domainSetPreference.auto_renew", "autoRenew", true},
    {"tag", "domainSetPreference", "tag", false},
    {"note", "domainSetPreference", "note", false},
}};

Value set_preference(CallScene& scene, const Arguments& arguments) {
    const std::string wanted = arguments.needed("codePref"), value = arguments.text("value");
    const auto preference =
        std::find_if(kPreferences.begin(), kPreferences.end(),
                     [&](const Preference& known) { return wanted == known.code; });
    if (preference == kPreferences.end()) {
        throw Refusal(code::kParameter, "unknown preference: " + wanted);
    }
    if (preference->is_flag && value != "0" && value != "1") {
        throw Refusal(code::kParameter, wanted + " is 0 or 1");
    }
    const NamedDomain named = changeable_domain(scene, arguments, preference->operation);
    return submit_change(scene, named, preference->operation, {{preference->field, value}});
}

Value set_dnssec(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainSetDNSSEC");
    const std::int64_t value = arguments.integer("value");
    if (value != 0 && value != 1) throw Refusal(code::kParameter, "value is 0 or 1");
    const Domain domain = own_domain(scene, named.name);
    if (value == 1 && !uses_registrar_servers(field_of(domain.fields, "ns"))) {
        throw Refusal(code::kNotOffered, "the domain does not use our name servers");
    }
    return submit_change(scene, named, "domainSetDNSSEC",
                         {{"IsSigned", std::to_string(value)},
                          {"dnskey", value == 1 ? "257 3 13 c2FuZGJveCBrZXk=" : ""},
                          {"ds", ""}});
}

bool is_hexadecimal(const std::string& text) {
    return !text.empty() && text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

// "12345 2 AB..;12345 4 CD.."
std::string ds_records_of(const Value& list) {
    std::string all;
    for (const soap::Field& item : list.members) {
        const auto key = item.value.integer_of("key"), type = item.value.integer_of("type");
        const std::string digest = item.value.text_of("digest");
        if (!key || *key < 0 || *key > 65535 || !type || !is_hexadecimal(digest)) {
            throw Refusal(code::kParameter, "DSRecords: key, type or digest not valid");
        }
        all += (all.empty() ? "" : ";") + std::to_string(*key) + " " + std::to_string(*type) + " " +
               digest;
    }
    if (all.empty()) throw Refusal(code::kParameter, "parameter missing: DSRecords");
    return all;
}

Value set_dnssec_external(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainSetDNSSECExt");
    const Domain domain = own_domain(scene, named.name);
    if (uses_registrar_servers(field_of(domain.fields, "ns"))) {
        throw Refusal(code::kNotOffered, "the domain uses our name servers");
    }
    const std::string key = std::to_string(arguments.integer("flags")) + " " +
                            std::to_string(arguments.integer("protocol")) + " " +
                            std::to_string(arguments.integer("algo")) + " " +
                            arguments.needed("pubKey");
    return submit_change(
        scene, named, "domainSetDNSSECExt",
        {{"IsSigned", "1"}, {"dnskey", key}, {"ds", ds_records_of(arguments.value("DSRecords"))}});
}

Value init_zone(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainZoneInit");
    const std::int64_t number = arguments.integer("numTemplate");
    const Domain domain = own_domain(scene, named.name);
    if (!uses_registrar_servers(field_of(domain.fields, "ns"))) {
        throw Refusal(code::kNotOffered, "the domain does not use our name servers");
    }
    return submit_change(scene, named, "domainZoneInit", {{"zone", zone_of_template(number)}});
}

Value zone_list(CallScene& scene, const Arguments& arguments) {
    const Domain domain = own_domain(scene, named_domain(arguments).name);
    std::vector<Value> rows;
    for (const ZoneRecord& record : zone_records_of(field_of(domain.fields, "zone"))) {
        rows.push_back(
            Value::record("StructQueryZoneList", {{"subdomain", Value::of(record.subdomain)},
                                                  {"type", Value::of(record.type)},
                                                  {"value", Value::of(record.value)}}));
    }
    return Value::list("StructQueryZoneList", std::move(rows));
}

Value new_code(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = changeable_domain(scene, arguments, "domainAuthid");
    const std::int64_t to_registrant = arguments.integer("sendtoregistrant");
    if (to_registrant != 0 && to_registrant != 1) {
        throw Refusal(code::kParameter, "sendtoregistrant is 0 or 1");
    }
    return submit_change(scene, named, "domainAuthid", {{"authID", new_auth_code()}});
}

}  // namespace

std::vector<Function> change_functions() {
    const std::string operation = "StructOperationResponse";
    const Part domain = domain_part();
    std::vector<Part> servers = nameserver_parts();
    servers.insert(servers.begin(), domain);
    return {
        {"domainChangeDNS", servers, "return", operation, change_nameservers},
        {"domainChangeContact",
         {domain, {"idAdmin", "string"}, {"idTech", "string"}, {"idBilling", "string"}},
         "return",
         operation,
         change_contacts},
        {"domainSetPreference",
         {domain, {"codePref", "string"}, {"value", "string"}},
         "return",
         operation,
         set_preference},
        {"domainSetDNSsec", {domain, {"value", "int"}}, "return", operation, set_dnssec},
        {"domainSetDNSSecExt",
         {domain,
          {"DSRecords", "StructDSRecord[]"},
          {"flags", "int"},
          {"protocol", "int"},
          {"algo", "int"},
          {"pubKey", "string"}},
         "return",
         operation,
         set_dnssec_external},
        {"domainZoneInit", {domain, {"numTemplate", "int"}}, "return", operation, init_zone},
        {"queryZoneList", {domain}, "queryZoneListReturn", "StructQueryZoneList[]", zone_list},
        {"domainAuthID", {domain, {"sendtoregistrant", "int"}}, "return", operation, new_code},
    };
}

}  // namespace domspool::sandbox
