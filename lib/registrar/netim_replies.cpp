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

// Asked for one, the registrar may show a list of it.
const Value& only_row(const Value& value) {
    const bool is_list_of_one = value.kind == Value::Kind::list && value.members.size() == 1;
    return is_list_of_one ? value.members.front().value : value;
}

bool is_number(const std::string& key) {
    return !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
}

enum class Rows {
    none,
    members,     // each is a row
    only,        // the value itself is the row
    within_one,  // they stand in its one member
};

Rows rows_of_record(const std::vector<Field>& members, bool are_leaves) {
    const bool have_one_name = std::all_of(members.begin(), members.end(), [&](const Field& each) {
        return soap::equal_folded(each.name, members.front().name);
    });
    if (!have_one_name) return Rows::only;
    if (members.size() > 1) return Rows::members;
    return are_leaves ? Rows::only : Rows::within_one;
}

// Of a map that is one row the fields are the keys; else they are numbers, or what each row is of.
Rows rows_of(const Value& value) {
    if (value.is_empty() || (value.is_leaf() && trimmed(value.text).empty())) return Rows::none;
    const auto& members = value.members;
    const bool are_leaves = std::all_of(members.begin(), members.end(),
                                        [](const Field& each) { return each.value.is_leaf(); });
    switch (value.kind) {
        case Value::Kind::list:
            return Rows::members;
        case Value::Kind::map:
            return are_leaves && !is_number(members.front().name) ? Rows::only : Rows::members;
        case Value::Kind::record:
            return rows_of_record(members, are_leaves);
        case Value::Kind::nil:
        case Value::Kind::text:
        case Value::Kind::integer:
            break;
    }
    throw Unreadable("the reply is no list");
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

OperationRecord read_operation(const Value& answer, OperationId asked) {
    const Value& value = only_row(answer);
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
    ContactRecord record{asked, flag_of(value, {"isOwner"}), {}};
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
    ContactListRow read{text_of(row, {"idContact"}), row.text_of("firstName"),
                        row.text_of("lastName"),     text_of(row, {"bodyForm"}),
                        row.text_of("bodyName"),     flag_of(row, {"isOwner"})};
    if (read.id.empty()) throw Unreadable("a row of the list is no contact");
    return read;
}

DomainRecord read_domain(const Value& value, const DomainName& asked) {
    require_fields(value, "domain");
    const std::string name = host_name(value.text_of("domain"));
    if (!name.empty() && target_of(name) != asked.ascii()) {
        throw Unreadable("the reply shows another domain");
    }
    if (name.empty() && trimmed(value.text_of("status")).empty()) {
        throw Unreadable("the reply shows no domain");
    }
    DomainRecord record;
    record.domain = asked.ascii();
    record.status = trimmed(value.text_of("status"));
    record.id_owner = text_of(value, {"idOwner"});
    record.id_admin = text_of(value, {"idAdmin"});
    record.id_tech = text_of(value, {"idTech"});
    record.id_billing = text_of(value, {"idBilling"});
    record.nameservers = hosts_of(value, "ns");
    record.locked = flag_of(value, {"domainIsLock"});
    record.privacy = flag_of(value, {"whoisPrivacy", "maskedWhois"});
    record.auto_renew = flag_of(value, {"autoRenew"});
    record.is_signed = flag_of(value, {"IsSigned"});
    record.uses_registrar_dns = flag_of(value, {"HasDNS4Service"});
    record.date_creation = text_of(value, {"dateCreate"});
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
    if (read.type.empty() && read.value.empty()) throw Unreadable("a row is none of a zone");
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
    switch (rows_of(value)) {
        case Rows::none:
            return;
        case Rows::only:
            return take(value);
        case Rows::within_one:
            return take_rows(value.members.front().value, take);
        case Rows::members:
            for (const Field& member : value.members) take(member.value);
    }
}

}  // namespace domspool::netim
