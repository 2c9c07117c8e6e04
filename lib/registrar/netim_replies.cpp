#include "registrar/netim_replies.h"

#include "orders/money.h"
#include "registrar/reply_fields.h"
#include "soap/xml_text.h"
#include "util/redact.h"

#include <algorithm>

namespace domspool::netim {
namespace {

using soap::Field;
using soap::Value;

// Where a new EPP code is told is not documented; the message is one possible place.
bool may_be_auth_code(const OperationReply& reply) {
    return soap::equal_folded(reply.type, "domainAuthid") &&
           final_status_of(reply.status) != FinalStatus::failed;
}

Secret remembered(const std::string& text) {
    Secret secret(text);
    redact::remember(secret);
    return secret;
}

}  // namespace

OperationReply read_operation_reply(const Value& value) {
    OperationReply reply;
    reply.id = integer_of(value, {"ID_OPE", "IDOpe"});
    if (reply.id && *reply.id <= 0) reply.id.reset();
    reply.status = text_of(value, {"STATUS", "STATUS_OPE"});
    reply.message = text_of(value, {"MESSAGE", "Comment"});
    reply.type = text_of(value, {"TYPE", "code_ope"});
    reply.date = text_of(value, {"DATE", "date_ope"});
    reply.target = target_of(text_of(value, {"DATA", "data_ope"}));
    return reply;
}

OperationRecord read_operation(const Value& value, OperationId asked) {
    require_fields(value, "operation");
    OperationReply reply = read_operation_reply(value);
    if (reply.id && *reply.id != asked) throw Unreadable("the reply shows another operation");
    if (reply.status.empty()) throw Unreadable("the reply shows no status");
    if (may_be_auth_code(reply)) reply.message.clear();
    return {asked,      std::move(reply.status), std::move(reply.message), std::move(reply.type),
            reply.date, std::move(reply.target)};
}

AccountRecord read_account(const Value& value) {
    require_fields(value, "account");
    AccountRecord record;
    record.balance_cents = parse_cents(trimmed(value.text_of("BALANCE_AMOUNT")));
    for (std::size_t i = 0; i < record.default_nameservers.size(); ++i) {
        record.default_nameservers[i] =
            host_name(value.text_of("DEFAULT_DNS_" + std::to_string(i + 1)));
    }
    record.default_owner = text_of(value, {"DEFAULT_OWNER"});
    record.default_admin = text_of(value, {"DEFAULT_ADMIN"});
    record.default_tech = text_of(value, {"DEFAULT_TECH"});
    record.default_billing = text_of(value, {"DEFAULT_BILLING"});
    record.premium_processing = text_of(value, {"PREMIUM_PROCESSING"});
    return record;
}

ContactRecord read_contact(const Value& value, const std::string& asked) {
    require_fields(value, "contact");
    const std::string id = text_of(value, {"idContact"});
    if (!id.empty() && !soap::equal_folded(id, asked)) {
        throw Unreadable("the reply shows another contact");
    }
    const auto is_owner = flag_of(value, {"isOwner"});
    if (!is_owner) throw Unreadable("the reply does not say whether the contact is an owner");
    ContactRecord record{asked, *is_owner, {}};
    for (const std::string& name : contact_field_names()) {
        const std::string text = value.text_of(name);
        if (!text.empty()) record.data.fields[name] = text;
    }
    const Value* additional = value.find("additional");
    if (additional == nullptr) return record;
    for (const Field& member : additional->members) {
        if (member.value.is_leaf()) record.data.additional[member.name] = member.value.text;
        for (const Field& bound : member.value.members) {
            record.data.bound[member.name][target_of(bound.name)] = bound.value.text;
        }
    }
    return record;
}

ContactListRow read_contact_row(const Value& row) {
    const auto is_owner = flag_of(row, {"isOwner"});
    ContactListRow read{text_of(row, {"idContact"}), row.text_of("firstName"),
                        row.text_of("lastName"),     text_of(row, {"bodyForm"}),
                        row.text_of("bodyName"),     is_owner.value_or(false)};
    if (read.id.empty() || !is_owner) throw Unreadable("a row of the list is no contact");
    return read;
}

DomainRecord read_domain(const Value& value, const DomainName& asked) {
    require_fields(value, "domain");
    if (target_of(host_name(value.text_of("domain"))) != asked.ascii()) {
        throw Unreadable("the reply shows another domain, or none");
    }
    DomainRecord record;
    record.domain = asked.ascii();
    record.status = trimmed(value.text_of("status"));
    record.id_owner = text_of(value, {"idOwner"});
    record.id_admin = text_of(value, {"idAdmin"});
    record.id_tech = text_of(value, {"idTech"});
    record.id_billing = text_of(value, {"idBilling"});
    record.nameservers = hosts_of(value.find("ns"));
    record.locked = flag_of(value, {"domainIsLock"});
    record.privacy = flag_of(value, {"whoisPrivacy", "maskedWhois"});
    record.auto_renew = flag_of(value, {"autoRenew"});
    record.is_signed = flag_of(value, {"IsSigned"});
    record.uses_registrar_dns = flag_of(value, {"HasDNS4Service"});
    record.date_expiration = text_of(value, {"dateExpiration"});
    record.auth_code = remembered(trimmed(value.text_of("authID")));
    if (const Value* dnssec = value.find("DNSSEC")) flatten(*dnssec, "", record.dnssec);
    return record;
}

std::string read_domain_row(const Value& row) {
    std::string domain = target_of(host_name(row.is_leaf() ? row.text : row.text_of("domain")));
    if (domain.empty()) throw Unreadable("a row of the list names no domain");
    return domain;
}

ExtensionRecord read_extension(const Value& value) {
    require_fields(value, "extension");
    ExtensionRecord record;
    record.extension = lower(text_of(value, {"Tld"}));
    record.period_create = text_of(value, {"PeriodCreate"});
    record.fee_currency = text_of(value, {"FeeCurrency"});
    record.fee_cents = fees_of(value);
    for (const Field& member : value.members) {
        const std::string name = lower(member.name);
        if (!name.starts_with("has")) continue;
        if (const auto flag = flag_in(member.value)) record.flags[name] = *flag;
    }
    if (record.flags.empty()) throw Unreadable("the reply shows nothing of the extension");
    return record;
}

std::map<std::string, bool> read_open_operations(const Value& value) {
    require_fields(value, "list of operations");
    std::map<std::string, bool> open;
    for (const Field& member : value.members) {
        if (const auto flag = flag_in(member.value)) open[lower(member.name)] = *flag;
    }
    if (open.empty()) throw Unreadable("the reply shows no operation");
    return open;
}

PriceRecord read_price(const Value& value) {
    require_fields(value, "price");
    const auto is_premium = flag_of(value, {"IsPremium"});
    PriceRecord record{text_of(value, {"FeeCurrency"}), fees_of(value), is_premium.value_or(false)};
    if (record.currency.empty()) throw Unreadable("the reply shows no currency");
    if (!is_premium) throw Unreadable("the reply does not say whether the price is a premium one");
    return record;
}

std::optional<Availability> read_availability(const Value& row, const DomainName& asked) {
    if (target_of(host_name(row.text_of("domain"))) != asked.ascii()) return std::nullopt;
    std::string result = lower(text_of(row, {"result"}));
    std::replace(result.begin(), result.end(), '_', ' ');
    const bool is_plain = text_of(row, {"reason"}).empty();
    if (result == "available" && is_plain) return Availability::free;
    return result == "not available" ? Availability::taken : Availability::not_sure;
}

ZoneRow read_zone_row(const Value& row) {
    ZoneRow read{trimmed(row.text_of("subdomain")), text_of(row, {"type"}),
                 trimmed(row.text_of("value"))};
    if (read.type.empty()) throw Unreadable("a row of the zone has no type");
    return read;
}

SessionRecord read_session_row(const Value& row,
                               const std::function<bool(const Secret&)>& is_ours) {
    const Secret id = remembered(text_of(row, {"IDSession"}));
    if (id.empty()) throw Unreadable("a row of the list names no session");
    SessionRecord record;
    const std::string& text = id.reveal();
    record.id_ending = text.substr(text.size() - std::min<std::size_t>(4, text.size() / 4));
    record.opened = integer_of(row, {"timeLogin"}).value_or(0);
    record.last_activity = integer_of(row, {"timeLastActivity"}).value_or(0);
    record.is_ours = is_ours(id);
    return record;
}

std::optional<PendingRow> read_pending_row(const Value& row) {
    const OperationReply reply = read_operation_reply(row);
    if (!reply.id) return std::nullopt;
    PendingRow read{*reply.id, text_of(row, {"code_ope", "TYPE"}), std::nullopt,
                    text_of(row, {"date_ope", "DATE"}), reply.status};
    const std::string target = target_of(text_of(row, {"data_ope", "DATA"}));
    if (!target.empty()) read.target = target;
    return read;
}

void take_rows(const Value& value, const std::function<void(const Value&)>& take) {
    if (value.is_empty()) return;
    if (value.is_leaf()) throw Unreadable("the reply is no list");
    const auto is_item = [](const Field& member) {
        return soap::equal_folded(member.name, "item");
    };
    const bool has_rows = value.kind == Value::Kind::list || value.kind == Value::Kind::map ||
                          std::all_of(value.members.begin(), value.members.end(), is_item);
    if (!has_rows) return take(value);
    for (const Field& member : value.members) take(member.value);
}

}  // namespace domspool::netim
