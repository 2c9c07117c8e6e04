// The extensions the sandbox sells, and what each demands. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

// What an extension wants to know about the owner beyond the contact's plain fields.
enum class OwnerData {
    nothing,
    aero_member,     // additional AERO_AUTHID and AERO_AUTHKEY
    eu_citizenship,  // additional EU_CITIZENSHIP from owners outside the EU and EEA
    us_nexus,        // additional US_CATEGORY, and US_APP_PURPOSE bound to the domain
    italian_number,  // vatNumber of organisations, idNumber of persons
    uk_category,     // additional UK_CATEGORY of organisations
    spanish_type,    // additional ES_TIPO, and the number that belongs to it
};

enum class TransferOwner { either, contact_only, automatic_only };

struct Extension {
    std::string name;
    std::string country{};
    std::string periods = "1-10";
    std::int64_t fee_cents = 0;  // for each year, and for a transfer
    std::int64_t trade_fee_cents = 0;
    bool real_time = true;  // false: every operation is Pending first
    bool has_epp_code = true;
    bool needs_epp_code = true;  // meaningful with has_epp_code
    bool has_lock = true;
    bool has_auto_renew = true;
    bool has_privacy = true;
    bool has_multiple_check = true;
    bool has_dns_test = false;
    bool has_dnssec = true;
    bool has_premium = false;
    int minimum_nameservers = 2;
    bool nameservers_at_create = false;  // ns1 and ns2 are mandatory in domainCreate
    TransferOwner transfer_owner = TransferOwner::either;
    OwnerData owner_data = OwnerData::nothing;
    std::set<std::string> closed{};  // operation codes, lower case
};

const std::vector<Extension>& all_extensions();
// By name without dot, any letter case; nullptr if the sandbox does not sell it.
const Extension* extension_named(std::string_view name);
// Of a domain in lower case, by its longest known ending; nullptr if there is none, or if the
// part before it is not exactly one well-formed label.
const Extension* extension_of(std::string_view domain);

// True if the extension allows that number of years.
bool allows_years(const Extension& extension, std::int64_t years);
bool is_premium(const Extension& extension, std::string_view domain);
std::int64_t yearly_fee_cents(const Extension& extension, std::string_view domain);
// "9.50"
std::string money_text(std::int64_t cents);

// Every operation code there is, as the registrar spells it.
const std::vector<std::string>& operation_codes();
bool is_open(const Extension& extension, std::string_view operation_code);

}  // namespace domspool::sandbox
