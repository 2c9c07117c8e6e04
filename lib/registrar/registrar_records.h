// What the registrar shows, in our words (API, "Operations"). Unknown fields are ignored.
#pragma once

#include "orders/contact.h"
#include "orders/domain_name.h"
#include "registrar/outcome.h"
#include "util/clock.h"
#include "util/secret.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

enum class FinalStatus { not_final, done, failed, cancelled };
// Case folded: DONE; FAILED, ERROR, KO; CANCELLED, CANCELED; anything else is not final.
FinalStatus final_status_of(std::string_view status);
// Pending (any case) or empty: a status that needs no alarm.
bool is_plain_pending(std::string_view status);

struct AccountRecord {
    std::optional<std::int64_t> balance_cents;
    std::array<std::string, 5> default_nameservers;
    std::string default_owner, default_admin, default_tech, default_billing;
    std::string premium_processing;
};

struct ContactRecord {
    std::string id;
    std::optional<bool> is_owner;  // absent: not told
    ContactData data;
};

struct ContactListRow {
    std::string id, first_name, last_name, body_form, body_name;
    std::optional<bool> is_owner;
};

struct DomainRecord {
    std::string domain;  // as shown, lower case
    std::string status;  // as it came
    // The main word of the status list (API, "domainInfo"), upper case: "ACTIVE".
    std::string main_status() const;
    bool has_flag(std::string_view flag) const;  // "HOLD", "NOT DELEGATED"
    // Not what a domain leaves behind that went wrong, away or to its end.
    bool is_in_account() const;
    std::string id_owner, id_admin, id_tech, id_billing;
    std::vector<std::string> nameservers;  // lower case, without last dot, empty ones left out
    std::optional<bool> locked, privacy, auto_renew, is_signed, uses_registrar_dns;
    std::string date_creation, date_expiration;  // as they came, mostly 2026-12-24
    Secret auth_code;
    std::map<std::string, std::string> dnssec;
};

struct ExtensionRecord {
    std::string extension;
    std::string period_create;
    std::map<std::string, bool> flags;  // "haseppcode" ... lower case
    std::string fee_currency;
    std::map<std::string, std::int64_t> fee_cents;  // "registration", "transfer", "trade", ...
};

struct PriceRecord {
    std::string currency;
    std::map<std::string, std::int64_t> fee_cents;  // the same keys
    bool is_premium = false;
};

// Whether a name can be had (domainCheck). free: a plain yes; not_sure: reserved, premium, or the
// registry did not answer.
enum class Availability { free, taken, not_sure };

struct OperationRecord {
    OperationId id = 0;
    std::string status;  // as it came
    std::string message;
    std::string type;    // operation code
    std::string date;    // as it came, no zone
    std::string target;  // where the reply has one
};

struct PendingRow {
    OperationId id = 0;
    std::string code;  // "": not told, while the target is
    std::optional<std::string>
        target;  // lower case A-label where it is a domain; absent: not named
    std::string date;
    std::string status;  // "" = pending
};

struct PendingList {
    Moment asked_at;          // before the call
    std::string server_date;  // the reply's Date header
    std::vector<PendingRow> rows;
    bool whole = true;  // false: a row could not be read, or the list
};

struct ZoneRow {
    std::string subdomain, type, value;
    friend auto operator<=>(const ZoneRow&, const ZoneRow&) = default;
};

struct DsRecord {
    int key_tag = 0, digest_type = 0;
    std::string digest;
};

struct DnsKey {
    int flags = 0, protocol = 0, algorithm = 0;
    std::string public_key;
};

struct SessionRecord {
    std::string id_ending;  // the last 4 characters, for people; the id itself is a secret
    std::int64_t opened = 0, last_activity = 0;  // Unix time
    bool is_ours = false;
};

}  // namespace domspool
