#include "sandbox/model/extensions.h"

#include "sandbox/model/letter_case.h"

#include <algorithm>

namespace domspool::sandbox {

namespace {

constexpr std::int64_t kPremiumFeeCents = 1093'00;

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
        return false;
    }
    return std::all_of(label.begin(), label.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

const std::vector<Extension>& all_extensions() {
    static const std::vector<Extension> all = {
        // In real time, with everything.
        {.name = "com", .fee_cents = 950},
        {.name = "net", .fee_cents = 1050},
        {.name = "org", .fee_cents = 990},
        {.name = "info", .fee_cents = 1490, .has_multiple_check = false},
        {.name = "shop", .fee_cents = 2890, .has_premium = true},
        // A DNS test, and the owner taken from the registry at a transfer.
        {.name = "de",
         .country = "DE",
         .periods = "1-1",
         .fee_cents = 590,
         .has_lock = false,
         .has_privacy = false,
         .has_dns_test = true,
         .nameservers_at_create = true,
         .transfer_owner = TransferOwner::automatic_only,
         .closed = {"domaintransfertrade"}},
        {.name = "be",
         .country = "BE",
         .periods = "1-1",
         .fee_cents = 690,
         .needs_epp_code = false,
         .has_lock = false,
         .has_privacy = false,
         .transfer_owner = TransferOwner::automatic_only,
         .closed = {"domaintransferowner"}},
        {.name = "fr",
         .country = "FR",
         .fee_cents = 790,
         .has_lock = false,
         .has_dns_test = true,
         .transfer_owner = TransferOwner::contact_only},
        // Data of the owner is asked for.
        {.name = "eu",
         .periods = "1-5:10",
         .fee_cents = 650,
         .has_lock = false,
         .owner_data = OwnerData::eu_citizenship},
        {.name = "us",
         .country = "US",
         .fee_cents = 1190,
         .has_privacy = false,
         .owner_data = OwnerData::us_nexus},
        {.name = "it",
         .country = "IT",
         .periods = "1-1",
         .fee_cents = 890,
         .has_lock = false,
         .has_privacy = false,
         .has_dns_test = true,
         .transfer_owner = TransferOwner::contact_only,
         .owner_data = OwnerData::italian_number},
        {.name = "es",
         .country = "ES",
         .periods = "1;2;3;5",
         .fee_cents = 890,
         .real_time = false,
         .has_lock = false,
         .has_privacy = false,
         .has_multiple_check = false,
         .has_dnssec = false,
         .owner_data = OwnerData::spanish_type,
         .closed = {"domaintransferowner", "domaintransfertrade"}},
        {.name = "aero",
         .periods = "1-5",
         .fee_cents = 4900,
         .trade_fee_cents = 2500,
         .real_time = false,
         .has_multiple_check = false,
         .owner_data = OwnerData::aero_member},
        // Transfers without a code.
        {.name = "co.uk",
         .country = "GB",
         .fee_cents = 790,
         .trade_fee_cents = 1000,
         .has_epp_code = false,
         .has_lock = false,
         .owner_data = OwnerData::uk_category},
        {.name = "is",
         .country = "IS",
         .periods = "1-1",
         .fee_cents = 4200,
         .trade_fee_cents = 3000,
         .real_time = false,
         .has_epp_code = false,
         .has_lock = false,
         .has_auto_renew = false,
         .has_privacy = false,
         .has_multiple_check = false,
         .has_dns_test = true,
         .has_dnssec = false,
         .nameservers_at_create = true},
        // Everything later, and few services.
        {.name = "lu",
         .country = "LU",
         .periods = "2-2",
         .fee_cents = 2600,
         .trade_fee_cents = 1500,
         .real_time = false,
         .has_lock = false,
         .has_privacy = false,
         .has_multiple_check = false},
    };
    return all;
}

const Extension* extension_named(std::string_view name) {
    const std::string wanted = lower(name);
    for (const Extension& extension : all_extensions()) {
        if (extension.name == wanted) return &extension;
    }
    return nullptr;
}

const Extension* extension_of(std::string_view domain) {
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos || !is_label(domain.substr(0, dot))) return nullptr;
    return extension_named(domain.substr(dot + 1));
}

bool allows_years(const Extension& extension, std::int64_t years) {
    // The table above holds "2-2", "1-5:10", "1;2;3;5".
    std::string_view rest = extension.periods;
    while (!rest.empty()) {
        const auto end = rest.find_first_of(";:");
        const std::string piece(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const auto dash = piece.find('-');
        const int low = std::stoi(piece);
        const int high = dash == std::string::npos ? low : std::stoi(piece.substr(dash + 1));
        if (years >= low && years <= high) return true;
    }
    return false;
}

bool is_premium(const Extension& extension, std::string_view domain) {
    return extension.has_premium && domain.starts_with("premium");
}

std::int64_t yearly_fee_cents(const Extension& extension, std::string_view domain) {
    return is_premium(extension, domain) ? kPremiumFeeCents : extension.fee_cents;
}

std::string money_text(std::int64_t cents) {
    const std::int64_t size = cents < 0 ? -cents : cents;
    const std::string fraction = std::to_string(size % 100);
    return (cents < 0 ? "-" : "") + std::to_string(size / 100) + "." +
           (fraction.size() < 2 ? "0" : "") + fraction;
}

const std::vector<std::string>& operation_codes() {
    static const std::vector<std::string> codes = {
        "contactUpdate",
        "contactOwnerUpdate",
        "contactDelete",
        "domainAuthid",
        "domainChangeContact",
        "domainChangeDNS",
        "domainCreate",
        "domainDelete",
        "domainInfo",
        "domainInternalTransfer",
        "domainRenew",
        "domainSetDNSSEC",
        "domainSetDNSSECExt",
        "domainSetPreference",
        "domainSetPreference.auto_renew",
        "domainSetPreference.registrar_lock",
        "domainSetPreference.whois_privacy",
        "domainTransferIn",
        "domainTransferOwner",
        "domainTransferTrade",
        "domainZoneInit",
    };
    return codes;
}

bool is_open(const Extension& extension, std::string_view operation_code) {
    const std::string wanted = lower(operation_code);
    if (extension.closed.contains(wanted)) return false;
    if (wanted == "domainauthid") return extension.has_epp_code;
    if (wanted == "domainsetdnssec" || wanted == "domainsetdnssecext") return extension.has_dnssec;
    if (wanted == "domainsetpreference.auto_renew") return extension.has_auto_renew;
    if (wanted == "domainsetpreference.registrar_lock") return extension.has_lock;
    if (wanted == "domainsetpreference.whois_privacy") return extension.has_privacy;
    return true;
}

}  // namespace domspool::sandbox
