// NAME     registrar_probe: one call of the registrar client to any SOAP endpoint, for the tests
// USAGE    registrar_probe ENDPOINT FUNCTION ARGUMENTS...
//          Opens a session, makes the call, closes the session. Prints the outcome and, one per
//          line, "field=value"; lists one row per line, its fields parted by tabs.
//            Done, Pending, Refused, Unproven, TryLater, InDoubt      of a call that changes
//            something answered, nothing, QueryFailure    of a question, or before a change is sent
//          "nothing": the domain is not in the account.
// READS    environment: REGISTRAR_RESELLER (AB123), REGISTRAR_PASSWORD (sandbox),
//          REGISTRAR_PARAMETERS (position; names), REGISTRAR_MODE (synchronous; asynchronous)
// EXIT     0 whatever the outcome, 64 usage, 70 anything unexpected
//
// FUNCTION and ARGUMENTS
//   queryResellerAccount            contactInfo ID             queryContactList FILTER FIELD
//   domainInfo DOMAIN               queryDomainList FILTER     domainTldInfo EXTENSION
//   queryOpeList EXTENSION          queryDomainPrice DOMAIN [CODE]
//   queryOpe ID                     queryOpePending            queryZoneList DOMAIN
//   queryAllSessions
//   contactCreate 0|1 FIELD=VALUE...          (1: an owner; additional.KEY, bound.KEY.DOMAIN)
//   contactOwnerUpdate ID FIELD=VALUE...
//   domainCreate DOMAIN OWNER ADMIN TECH BILLING YEARS TEMPLATE|- [NAMESERVER...]
//   domainTransferIn DOMAIN CODE OWNER ADMIN TECH BILLING [NAMESERVER...]
//   domainTransferOwner DOMAIN OWNER          domainChangeDNS DOMAIN NAMESERVER...
//   domainAuthID DOMAIN 0|1                   domainZoneInit DOMAIN TEMPLATE
//   domainSetDNSsec DOMAIN 0|1
//   domainSetDNSSecExt DOMAIN FLAGS PROTOCOL ALGORITHM KEY [TAG:TYPE:DIGEST...]
//   domainSetPreference DOMAIN CODE VALUE     cancelOpe ID
#include "registrar/netim_registrar.h"

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>

namespace {

using namespace domspool;
using Arguments = std::vector<std::string>;

std::string from_environment(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

NetimSettings settings_for(const std::string& endpoint) {
    NetimSettings settings;
    settings.endpoint = endpoint;
    settings.reseller_id = from_environment("REGISTRAR_RESELLER", "AB123");
    settings.password = Secret(from_environment("REGISTRAR_PASSWORD", "sandbox"));
    if (from_environment("REGISTRAR_PARAMETERS", "position") == "names") {
        settings.parameters = NetimSettings::Parameters::names;
    }
    if (from_environment("REGISTRAR_MODE", "synchronous") == "asynchronous") {
        settings.mode = NetimSettings::Mode::asynchronous;
    }
    return settings;
}

DomainName domain_of(const std::string& text) {
    return DomainName::from_stored(text);
}

std::vector<std::string> from(const Arguments& arguments, std::size_t first) {
    if (first >= arguments.size()) return {};
    return {arguments.begin() + static_cast<std::ptrdiff_t>(first), arguments.end()};
}

ContactData contact_from(const Arguments& arguments) {
    FieldMap fields;
    for (const std::string& field : from(arguments, 1)) {
        const auto equals = field.find('=');
        fields[field.substr(0, equals)] = field.substr(equals + 1);
    }
    return contact_from_fields(fields);
}

std::vector<DsRecord> ds_records_from(const Arguments& arguments) {
    std::vector<DsRecord> records;
    for (const std::string& text : from(arguments, 5)) {
        const auto first = text.find(':'), second = text.find(':', first + 1);
        records.push_back({std::stoi(text.substr(0, first)), std::stoi(text.substr(first + 1)),
                           text.substr(second + 1)});
    }
    return records;
}

void say(const std::string& name, const std::string& value) {
    std::cout << name << '=' << value << '\n';
}

void say(const std::string& name, const std::optional<bool>& flag) {
    if (flag) say(name, std::string(*flag ? "1" : "0"));
}

void print(const Outcome& outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) {
        std::cout << "Done\n";
        if (done->operation) say("operation", std::to_string(*done->operation));
        say("message", done->message);
        say("value", done->value);
    } else if (const auto* pending = std::get_if<Pending>(&outcome)) {
        std::cout << "Pending\n";
        say("operation", std::to_string(pending->operation));
        say("status", pending->status);
        say("message", pending->message);
    } else if (const auto* refused = std::get_if<Refused>(&outcome)) {
        std::cout << "Refused\n";
        say("code", refused->code);
        say("text", refused->text);
    } else if (const auto* unproven = std::get_if<Unproven>(&outcome)) {
        std::cout << "Unproven\n";
        say("code", unproven->code);
        say("text", unproven->text);
    } else if (const auto* later = std::get_if<TryLater>(&outcome)) {
        const char* const whys[] = {"unreachable", "login_refused", "session_dead"};
        std::cout << "TryLater\n";
        say("why", std::string(whys[static_cast<int>(later->why)]));
        say("code", later->code);
        say("text", later->text);
    } else {
        std::cout << "InDoubt\n";
        say("evidence", std::get<InDoubt>(outcome).evidence);
    }
}

void print(const AccountRecord& record) {
    if (record.balance_cents) say("balance_cents", std::to_string(*record.balance_cents));
    for (const std::string& server : record.default_nameservers) say("nameserver", server);
    say("default_admin", record.default_admin);
}

void print(const ContactRecord& record) {
    say("id", record.id);
    say("isOwner", record.is_owner == true);
    for (const auto& [name, value] : to_fields(record.data)) say(name, value);
}

void print(const DomainRecord& record) {
    say("domain", record.domain);
    say("status", record.status);
    say("owner", record.id_owner);
    say("admin", record.id_admin);
    say("tech", record.id_tech);
    say("billing", record.id_billing);
    for (const std::string& server : record.nameservers) say("nameserver", server);
    say("locked", record.locked);
    say("privacy", record.privacy);
    say("auto_renew", record.auto_renew);
    say("is_signed", record.is_signed);
    say("has_code", std::string(record.auth_code.empty() ? "0" : "1"));
    for (const auto& [name, value] : record.dnssec) say("dnssec." + name, value);
}

void print(const ExtensionRecord& record) {
    say("extension", record.extension);
    say("period_create", record.period_create);
    say("currency", record.fee_currency);
    for (const auto& [name, cents] : record.fee_cents) say("fee." + name, std::to_string(cents));
    for (const auto& [name, flag] : record.flags) say("flag." + name, flag);
}

void print(const PriceRecord& record) {
    say("currency", record.currency);
    say("is_premium", record.is_premium);
    for (const auto& [name, cents] : record.fee_cents) say("fee." + name, std::to_string(cents));
}

void print(const OperationRecord& record) {
    say("id", std::to_string(record.id));
    say("status", record.status);
    say("message", record.message);
    say("type", record.type);
}

void print(const PendingList& list) {
    say("whole", list.whole);
    for (const PendingRow& row : list.rows) {
        std::cout << row.id << '\t' << row.code << '\t' << row.target.value_or("-") << '\t'
                  << row.status << '\n';
    }
}

// The calls that change something.
using Scene = std::function<Outcome(NetimRegistrar&, const Arguments&)>;
const std::map<std::string, Scene>& changes() {
    static const std::map<std::string, Scene> all{
        {"contactCreate",
         [](auto& r, const auto& a) { return r.create_contact(contact_from(a), a.at(0) == "1"); }},
        {"contactOwnerUpdate",
         [](auto& r, const auto& a) { return r.update_owner_contact(a.at(0), contact_from(a)); }},
        {"domainCreate",
         [](auto& r, const auto& a) {
             CreateRequest request{domain_of(a.at(0)),
                                   {a.at(1), a.at(2), a.at(3), a.at(4)},
                                   from(a, 7),
                                   std::stoi(a.at(5)),
                                   std::nullopt};
             if (a.at(6) != "-") request.zone_template = std::stoi(a.at(6));
             return r.create_domain(request);
         }},
        {"domainTransferIn",
         [](auto& r, const auto& a) {
             return r.transfer_in({domain_of(a.at(0)),
                                   Secret(a.at(1)),
                                   {a.at(2), a.at(3), a.at(4), a.at(5)},
                                   from(a, 6)});
         }},
        {"domainTransferOwner",
         [](auto& r, const auto& a) { return r.transfer_owner(domain_of(a.at(0)), a.at(1)); }},
        {"domainChangeDNS",
         [](auto& r, const auto& a) {
             return r.change_nameservers(domain_of(a.at(0)), from(a, 1));
         }},
        {"domainAuthID",
         [](auto& r, const auto& a) {
             return r.new_auth_code(domain_of(a.at(0)), a.at(1) == "1");
         }},
        {"domainZoneInit",
         [](auto& r, const auto& a) {
             return r.init_zone(domain_of(a.at(0)), std::stoi(a.at(1)));
         }},
        {"domainSetDNSsec",
         [](auto& r, const auto& a) { return r.set_dnssec(domain_of(a.at(0)), a.at(1) == "1"); }},
        {"domainSetDNSSecExt",
         [](auto& r, const auto& a) {
             const DnsKey key{std::stoi(a.at(1)), std::stoi(a.at(2)), std::stoi(a.at(3)), a.at(4)};
             return r.set_dnssec_ext(domain_of(a.at(0)), ds_records_from(a), key);
         }},
        {"domainSetPreference",
         [](auto& r, const auto& a) {
             return r.set_preference(domain_of(a.at(0)), a.at(1), a.at(2));
         }},
        {"cancelOpe",
         [](auto& r, const auto& a) { return r.cancel_operation(std::stoll(a.at(0))); }},
    };
    return all;
}

using View = std::function<void(NetimRegistrar&, const Arguments&)>;
const std::map<std::string, View>& questions() {
    static const std::map<std::string, View> all{
        {"queryResellerAccount", [](auto& r, const auto&) { print(r.account()); }},
        {"contactInfo", [](auto& r, const auto& a) { print(r.contact(a.at(0))); }},
        {"queryContactList",
         [](auto& r, const auto& a) {
             for (const ContactListRow& row : r.contacts(a.at(0), a.at(1))) {
                 std::cout << row.id << '\t' << row.first_name << '\t' << row.last_name << '\t'
                           << row.body_form << '\t' << (row.is_owner == true) << '\n';
             }
         }},
        {"domainInfo",
         [](auto& r, const auto& a) {
             const auto record = r.domain(domain_of(a.at(0)));
             if (record) return print(*record);
             std::cout << "nothing\n";
         }},
        {"queryDomainList",
         [](auto& r, const auto& a) {
             r.domains(a.at(0), [](const std::string& name) { std::cout << name << '\n'; });
         }},
        {"domainTldInfo", [](auto& r, const auto& a) { print(r.extension(a.at(0))); }},
        {"queryOpeList",
         [](auto& r, const auto& a) {
             for (const auto& [code, open] : r.open_operations(a.at(0))) say(code, open);
         }},
        {"queryDomainPrice",
         [](auto& r, const auto& a) {
             print(r.price(domain_of(a.at(0)), Secret(a.size() > 1 ? a[1] : "")));
         }},
        {"queryOpe", [](auto& r, const auto& a) { print(r.operation(std::stoll(a.at(0)))); }},
        {"queryOpePending", [](auto& r, const auto&) { print(r.pending()); }},
        {"queryZoneList",
         [](auto& r, const auto& a) {
             for (const ZoneRow& row : r.zone(domain_of(a.at(0)))) {
                 std::cout << row.subdomain << '\t' << row.type << '\t' << row.value << '\n';
             }
         }},
        {"queryAllSessions",
         [](auto& r, const auto&) {
             for (const SessionRecord& row : r.sessions()) say("is_ours", row.is_ours);
         }},
    };
    return all;
}

bool call(NetimRegistrar& registrar, const std::string& function, const Arguments& arguments) {
    const auto change = changes().find(function);
    const auto question = questions().find(function);
    if (change == changes().end() && question == questions().end()) return false;
    try {
        if (change != changes().end()) {
            registrar.make_ready([] {});
            print(change->second(registrar, arguments));
            return true;
        }
        std::cout << "answered\n";
        question->second(registrar, arguments);
    } catch (const QueryFailure& failure) {
        const char* const whys[] = {"unreachable", "login_refused", "refused", "unreadable"};
        std::cout << "QueryFailure\n";
        say("why", std::string(whys[static_cast<int>(failure.why())]));
        say("code", failure.code());
        say("text", std::string(failure.what()));
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::cerr << "usage: registrar_probe ENDPOINT FUNCTION ARGUMENTS...\n";
        return 64;
    }
    try {
        const SystemClock clock;
        NoLog log;
        const auto account = std::make_shared<NetimAccount>(settings_for(words[1]), clock, log);
        NetimRegistrar registrar(account);
        if (call(registrar, words[2], Arguments(words + 3, words + count))) return 0;
        std::cerr << "registrar_probe: no function '" << words[2] << "'\n";
        return 64;
    } catch (const std::exception& error) {
        std::cerr << "registrar_probe: " << error.what() << '\n';
        return 70;
    }
}
