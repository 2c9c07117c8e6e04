#include "orders/foreign_names.h"

#include "orders/order_values.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace domspool::foreign_names {

namespace {

// Theirs in lower case, letters and digits only.
using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 62> kOfContacts = {{
    {"company", "bodyName"},
    {"companyname", "bodyName"},
    {"organisation", "bodyName"},
    {"organization", "bodyName"},
    {"organisationname", "bodyName"},
    {"organizationname", "bodyName"},
    {"org", "bodyName"},
    {"orgname", "bodyName"},
    {"firm", "bodyName"},
    {"legalform", "bodyForm"},
    {"legaltype", "bodyForm"},
    {"state", "area"},
    {"province", "area"},
    {"stateprovince", "area"},
    {"region", "area"},
    {"county", "area"},
    {"zip", "zipCode"},
    {"postcode", "zipCode"},
    {"postalcode", "zipCode"},
    {"pc", "zipCode"},
    {"plz", "zipCode"},
    {"street", "address1"},
    {"street1", "address1"},
    {"address", "address1"},
    {"addressline1", "address1"},
    {"street2", "address2"},
    {"addressline2", "address2"},
    {"town", "city"},
    {"countrycode", "country"},
    {"cc", "country"},
    {"phonenumber", "phone"},
    {"telephone", "phone"},
    {"tel", "phone"},
    {"voice", "phone"},
    {"mobile", "phone"},
    {"faxnumber", "fax"},
    {"mail", "email"},
    {"emailaddress", "email"},
    {"givenname", "firstName"},
    {"forename", "firstName"},
    {"fname", "firstName"},
    {"surname", "lastName"},
    {"familyname", "lastName"},
    {"lname", "lastName"},
    {"lang", "language"},
    {"locale", "language"},
    {"vat", "vatNumber"},
    {"vatid", "vatNumber"},
    {"taxid", "vatNumber"},
    {"tva", "vatNumber"},
    {"siren", "companyNumber"},
    {"siret", "companyNumber"},
    {"registrationnumber", "companyNumber"},
    {"companyregistrationnumber", "companyNumber"},
    {"dob", "birthDate"},
    {"birthday", "birthDate"},
    {"dateofbirth", "birthDate"},
    {"placeofbirth", "birthCity"},
    {"passportnumber", "idNumber"},
    {"identitynumber", "idNumber"},
    {"trademark", "tmName"},
    {"trademarknumber", "tmNumber"},
}};

constexpr std::array<Pair, 50> kOfOrders = {{
    {"domainname", "domain"},
    {"fqdn", "domain"},
    {"authcode", "auth_code"},
    {"authinfo", "auth_code"},
    {"authid", "auth_code"},
    {"authorizationcode", "auth_code"},
    {"epp", "auth_code"},
    {"eppcode", "auth_code"},
    {"eppkey", "auth_code"},
    {"transfercode", "auth_code"},
    {"transferkey", "auth_code"},
    {"secret", "auth_code"},
    {"period", "years"},
    {"duration", "years"},
    {"year", "years"},
    {"term", "years"},
    {"ref", "reference"},
    {"ordernumber", "reference"},
    {"orderno", "reference"},
    {"customerreference", "reference"},
    {"registrant", "owner"},
    {"registrantcontact", "owner"},
    {"ownercontact", "owner"},
    {"holder", "owner"},
    {"ownerid", "owner"},
    {"idowner", "owner"},
    {"admincontact", "admin"},
    {"idadmin", "admin"},
    {"techcontact", "tech"},
    {"idtech", "tech"},
    {"billingcontact", "billing"},
    {"idbilling", "billing"},
    {"nameserver", "nameservers"},
    {"ns", "nameservers"},
    {"dns", "nameservers"},
    {"hosts", "nameservers"},
    {"type", "order"},
    {"kind", "order"},
    {"action", "order"},
    {"command", "order"},
    {"comment", "note"},
    {"comments", "note"},
    {"remark", "note"},
    {"label", "tag"},
    {"whoisprivacy", "privacy"},
    {"idprotection", "privacy"},
    {"autorenew", "auto_renew"},
    {"renewal", "auto_renew"},
    {"registrarlock", "lock"},
    {"template", "zone_template"},
}};

constexpr std::array<Pair, 10> kRoles = {{{"owner", "owner"},
                                          {"registrant", "owner"},
                                          {"holder", "owner"},
                                          {"admin", "admin"},
                                          {"administrative", "admin"},
                                          {"tech", "tech"},
                                          {"technical", "tech"},
                                          {"billing", "billing"},
                                          {"ac", "admin"},
                                          {"tc", "tech"}}};

// The names that differ from ours in signs only.
constexpr std::array<std::string_view, 25> kContactFields = {
    "firstName", "lastName",     "bodyForm",  "bodyName",      "address1",
    "address2",  "zipCode",      "area",      "city",          "country",
    "phone",     "fax",          "email",     "language",      "tmName",
    "tmDate",    "tmNumber",     "tmType",    "companyNumber", "vatNumber",
    "birthDate", "birthZipCode", "birthCity", "birthCountry",  "idNumber"};

std::string packed(std::string_view name) {
    std::string letters;
    for (const char c : order_values::folded(std::string(name))) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
    }
    return letters;
}

std::string found_in(std::span<const Pair> list, const std::string& word) {
    const auto found = std::ranges::find(list, word, &Pair::first);
    return found == list.end() ? "" : std::string(found->second);
}

std::string contact_field(const std::string& word) {
    for (const std::string_view field : kContactFields) {
        if (packed(field) == word) return std::string(field);
    }
    return found_in(kOfContacts, word);
}

// "nameserver1", "dns_1", "ns-1"
std::string numbered_server(const std::string& word) {
    const char number = word.empty() ? '0' : word.back();
    if (number < '1' || number > '5') return "";
    const std::string_view stem = std::string_view(word).substr(0, word.size() - 1);
    const bool is_server = stem == "nameserver" || stem == "dns" || stem == "ns" || stem == "host";
    return is_server ? "ns" + std::string(1, number) : "";
}

}  // namespace

std::string ours_for(std::string_view name) {
    const std::string word = packed(name);
    if (const std::string ours = found_in(kOfOrders, word); !ours.empty()) return ours;
    if (const std::string server = numbered_server(word); !server.empty()) return server;
    for (const auto& [theirs, role] : kRoles) {
        if (!word.starts_with(theirs)) continue;
        const std::string field = contact_field(word.substr(theirs.size()));
        if (!field.empty()) return std::string(role) + "." + field;
    }
    const std::string field = contact_field(word);
    return field.empty() ? "" : "owner." + field;
}

}  // namespace domspool::foreign_names
