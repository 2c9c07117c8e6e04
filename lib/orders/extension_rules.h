// What an extension demands: from the registrar (domainTldInfo, queryOpeList) and from
// extensions.yaml (what the API does not say).
#pragma once

#include "orders/field_map.h"
#include "orders/order_kind.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// Allowed durations in years. "1-10", "1;3;5", "1:3", "1-5:10", "2-2", blanks anywhere
// (API, "Extensions"). Nothing when it cannot be read.
std::optional<std::set<int>> parse_periods(std::string_view text);

struct ExtensionRules {
    std::string extension;
    // From the registrar.
    std::set<int> create_years;
    bool has_epp_code = false, has_registrar_lock = false, has_autorenew = false,
         has_whois_privacy = false, has_zonecheck = false, has_dnssec = false,
         has_trustee_service = false, has_local_contact_service = false;
    std::string fee_currency;
    // By the registrar's names, "registration" for one year; what it does not tell is not there.
    std::map<std::string, std::int64_t> fee_cents;
    std::map<std::string, bool> operations;  // queryOpeList: code, lower case -> open
    // From extensions.yaml; defaults where it says nothing.
    int minimum_nameservers = 2;
    enum class TransferOwner { either, contact, automatic };
    TransferOwner transfer_owner = TransferOwner::either;
    std::set<std::string> required_owner_fields;  // "idNumber", "additional.EU_CITIZENSHIP"
    std::set<std::string> domain_bound;           // keys of `additional` bound to the domain
    std::map<OrderKind, int> usual_days;
    bool nameservers_required_at_create = false;
};

}  // namespace domspool
