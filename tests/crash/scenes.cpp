#include "crash/scenes.h"

#include <cstdlib>
#include <utility>

namespace domspool::test {

namespace {

const std::string kPerson =
    "firstName,X.lastName,X.address1,X.zipCode,X.city,X.country,X.phone,X.email,X.language";
const std::string kNora = "Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN";
const std::string kTom = "Tom,Field,1 Mill Lane,75001,Paris,FR,+33 123456780,tom@example.net,EN";
const std::string kRegistrarServers = "ns1.sandbox.example ns2.sandbox.example";
const std::string kKey = "c2FuZGJveCBrZXk=";

std::string columns_of(const std::string& role) {
    std::string columns = role + "." + kPerson;
    for (std::size_t at; (at = columns.find("X.")) != std::string::npos;) {
        columns.replace(at, 1, role);
    }
    return columns;
}

using Calls = std::vector<WishedCall>;

void add(Calls& calls, const std::string& function, const std::string& domain,
         const std::string& parameters) {
    calls.push_back({function, domain, parameters});
}

void add_preference(Calls& calls, const std::string& domain, const std::string& code,
                    const std::string& value) {
    const bool is_never_shown = code == "tag" || code == "note";
    calls.push_back(
        {"domainSetPreference", domain, "codePref=" + code + "&value=" + value, is_never_shown});
}

bool has_all_settings(const std::string& domain) {
    return is_long_form() || !domain.starts_with("slow-");
}

// Of the columns "tag,note,privacy,auto_renew,lock".
std::string settings_for(const std::string& domain) {
    return has_all_settings(domain) ? "shop,first,on,on,on" : "shop,,,,on";
}

void add_settings(Calls& calls, const std::string& domain) {
    add_preference(calls, domain, "tag", "shop");
    add_preference(calls, domain, "registrar_lock", "1");
    if (!has_all_settings(domain)) return;
    add_preference(calls, domain, "note", "first");
    if (!domain.ends_with(".us")) add_preference(calls, domain, "whois_privacy", "1");
    add_preference(calls, domain, "auto_renew", "1");
}

void add_key(Calls& calls, const std::string& domain) {
    add(calls, "domainSetDNSSecExt", domain, "flags=257&protocol=3&algo=13&pubKey=" + kKey);
}

}  // namespace

bool is_long_form() {
    return std::getenv("DOMSPOOL_LONG_TESTS") != nullptr;
}

Scene plain_registrations(std::vector<std::string> domains) {
    Scene scene;
    scene.program = "domain-register";
    scene.main_function = "domainCreate";
    scene.domains = std::move(domains);
    scene.order_file = "domain,years," + columns_of("owner") + ",lock\n";
    add(scene.calls, "contactCreate", "", "isOwner:1");
    for (const std::string& domain : scene.domains) {
        scene.order_file += domain + ",1," + kNora + ",on\n";
        add(scene.calls, "domainCreate", domain, "duration=1");
        add_preference(scene.calls, domain, "registrar_lock", "1");
    }
    return scene;
}

Scene registrations_with_everything() {
    Scene scene;
    scene.program = "domain-register";
    scene.main_function = "domainCreate";
    scene.domains = {"now-rich.com", "slow-rich.com"};
    scene.order_file = "domain,years," + columns_of("owner") + "," + columns_of("tech") +
                       ",zone_template,dnssec,tag,note,privacy,auto_renew,lock\n";
    add(scene.calls, "contactCreate", "", "isOwner:1");
    add(scene.calls, "contactCreate", "", "isOwner:0");
    for (const std::string& domain : scene.domains) {
        scene.order_file +=
            domain + ",1," + kNora + "," + kTom + ",1,on," + settings_for(domain) + "\n";
        add(scene.calls, "domainCreate", domain, "duration=1&templateDNS=1");
        add(scene.calls, "domainSetDNSsec", domain, "value=1");
        add_settings(scene.calls, domain);
    }
    return scene;
}

Scene transfers_with_everything() {
    Scene scene;
    scene.program = "domain-transfer";
    scene.main_function = "domainTransferIn";
    scene.domains = {"now-move.com", "slow-move.com"};
    scene.preparations =
        "add-domain now-move.com outside authID=Se-cret-1\n"
        "add-domain slow-move.com outside authID=Se-cret-2\n";
    scene.order_file = "domain," + columns_of("owner") +
                       ",auth_code,new_auth_code,nameservers,zone_template,dnssec,"
                       "tag,note,privacy,auto_renew,lock\n"
                       "now-move.com," +
                       kNora + ",Se-cret-1,yes," + kRegistrarServers + ",1,on," +
                       settings_for("now-move.com") + "\nslow-move.com," + kNora +
                       ",Se-cret-2,owner,ns1.example.net ns2.example.net,,257 3 13 " + kKey + "," +
                       settings_for("slow-move.com") + "\n";
    Calls& calls = scene.calls;
    add(calls, "contactCreate", "", "isOwner:1");
    add(calls, "domainTransferIn", "now-move.com", "ns1=ns1.sandbox.example");
    add(calls, "domainTransferIn", "slow-move.com", "ns1=ns1.example.net");
    add(calls, "domainAuthID", "now-move.com", "sendtoregistrant=0");
    add(calls, "domainAuthID", "slow-move.com", "sendtoregistrant=1");
    add(calls, "domainZoneInit", "now-move.com", "numTemplate=1");
    add(calls, "domainSetDNSsec", "now-move.com", "value=1");
    add_key(calls, "slow-move.com");
    for (const std::string& domain : scene.domains) add_settings(calls, domain);
    return scene;
}

Scene trades_with_everything() {
    const std::string nora =
        "Nora,Field,1 Mill Lane,62701,Springfield,US,+1 2025550101,nora@example.net,EN,IL";
    Scene scene;
    scene.program = "domain-trade";
    scene.main_function = "domainTransferOwner";
    scene.domains = {"now-own.us", "slow-own.us"};
    scene.order_file = "domain," + columns_of("owner") +
                       ",owner.area,additional.US_CATEGORY,additional.US_APP_PURPOSE,"
                       "tag,note,privacy,auto_renew,lock\n"
                       "now-own.us," +
                       nora + ",C11,P1," + settings_for("now-own.us") +
                       "\n"
                       "slow-own.us," +
                       nora + ",C11,P2," + settings_for("slow-own.us") + "\n";
    add(scene.calls, "contactCreate", "", "isOwner:1");
    add(scene.calls, "contactOwnerUpdate", "", "");
    for (const std::string& domain : scene.domains) {
        scene.preparations += "add-domain " + domain + " ns=ns1.example.net,ns2.example.net\n";
        add(scene.calls, "domainTransferOwner", domain, "");
        // .us has no privacy: a note.
        add_settings(scene.calls, domain);
    }
    return scene;
}

Scene nameserver_changes_with_everything() {
    Scene scene;
    scene.program = "domain-nameservers";
    scene.main_function = "domainChangeDNS";
    scene.makes_contacts = false;
    scene.domains = {"now-ns.com", "slow-ns.com"};
    scene.order_file =
        "domain,nameservers,zone_template,dnssec,tag,note,privacy,auto_renew,lock\n"
        "now-ns.com," +
        kRegistrarServers + ",1,on," + settings_for("now-ns.com") +
        "\n"
        "slow-ns.com,ns3.example.net ns4.example.net,,257 3 13 " +
        kKey + "," + settings_for("slow-ns.com") + "\n";
    Calls& calls = scene.calls;
    add(calls, "domainChangeDNS", "now-ns.com", "ns1=ns1.sandbox.example");
    add(calls, "domainChangeDNS", "slow-ns.com", "ns1=ns3.example.net&ns2=ns4.example.net");
    add(calls, "domainZoneInit", "now-ns.com", "numTemplate=1");
    add(calls, "domainSetDNSsec", "now-ns.com", "value=1");
    add_key(calls, "slow-ns.com");
    for (const std::string& domain : scene.domains) {
        scene.preparations += "add-domain " + domain + " ns=ns1.example.net,ns2.example.net\n";
        add_settings(calls, domain);
    }
    return scene;
}

Scene unsigned_nameserver_change(const SettingChanges& with_ds, const SettingChanges& without_ds) {
    Scene scene;
    scene.program = "domain-nameservers";
    scene.main_function = "domainChangeDNS";
    scene.makes_contacts = false;
    scene.settings = with_ds;
    scene.later_settings = without_ds;
    scene.pause = std::chrono::seconds(2);
    scene.domains = {"slow-signed.com"};
    scene.preparations =
        "add-domain slow-signed.com ns=ns1.sandbox.example,ns2.sandbox.example IsSigned=1\n";
    scene.order_file =
        "domain,nameservers,dnssec,tag,lock\n"
        "slow-signed.com,ns1.example.net ns2.example.net,off,shop,on\n";
    add(scene.calls, "domainSetDNSsec", "slow-signed.com", "value=0");
    add(scene.calls, "domainChangeDNS", "slow-signed.com", "ns1=ns1.example.net");
    add_preference(scene.calls, "slow-signed.com", "tag", "shop");
    add_preference(scene.calls, "slow-signed.com", "registrar_lock", "1");
    return scene;
}

}  // namespace domspool::test
