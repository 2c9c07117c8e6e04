#include "workflow/step_kinds.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace domspool {

namespace {

using What = Sighting::What;

constexpr std::array kNameserverNames = {"ns1", "ns2", "ns3", "ns4", "ns5"};

std::string folded(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::vector<std::string> nameservers_in(const FieldMap& arguments) {
    std::vector<std::string> servers;
    for (const char* name : kNameserverNames) {
        if (const std::string& server = field_of(arguments, name); !server.empty()) {
            servers.push_back(server);
        }
    }
    return servers;
}

std::string joined_sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

Contacts contacts_in(const FieldMap& arguments) {
    return {field_of(arguments, "owner"), field_of(arguments, "admin"), field_of(arguments, "tech"),
            field_of(arguments, "billing")};
}

// Contact ids are shown in upper case, whatever case they were sent in.
bool is_same_id(const std::string& a, const std::string& b) {
    return folded(a) == folded(b);
}

bool is_no_longer_ours(const DomainRecord& record) {
    const std::string status = record.main_status();
    return status == "ERROR" || status == "DELETED" || status == "TRANSFERRED OUT";
}

std::string shown(const DomainRecord& record) {
    return "domainInfo shows status '" + record.status + "', owner " + record.id_owner;
}

const char* digit(bool value) {
    return value ? "1" : "0";
}

// ---- A domain that comes into the account: domainCreate, domainTransferIn.

BeforePicture picture_of_arrival(const StepContext& context) {
    const DomainName& domain = context.order.domain;
    BeforePicture picture;
    picture.fields["in_account"] = "0";
    picture.fields["seen_by"] = "queryDomainList";
    if (context.knowledge.is_listed(domain) == false) return picture;
    picture.fields["seen_by"] = "domainInfo";
    const auto record = context.view.domain(domain);
    if (!record) return picture;
    picture.fields["status"] = record->status;
    if (is_no_longer_ours(*record)) return picture;
    picture.fields["in_account"] = "1";
    picture.impossible = "the domain is in the account already (" + shown(*record) + ")";
    return picture;
}

bool has_contacts(const DomainRecord& record, const Contacts& sent) {
    const bool owner_fits = sent.owner == "#AUTO#" || is_same_id(record.id_owner, sent.owner);
    return owner_fits && is_same_id(record.id_admin, sent.admin) &&
           is_same_id(record.id_tech, sent.tech) && is_same_id(record.id_billing, sent.billing);
}

// What a domain that went wrong or away once leaves behind. Neither call ends in DELETED or
// TRANSFERRED OUT, and a list of the account's domains need not show such ones.
bool is_from_before(const DomainRecord& record, const FieldMap& picture) {
    if (!is_no_longer_ours(record)) return false;
    if (field_of(picture, "status") == record.status) return true;
    return field_of(picture, "seen_by") == "queryDomainList" && record.main_status() != "ERROR";
}

Sighting look_for_arrival(const StepContext& context, const FieldMap& picture) {
    const auto record = context.view.domain(context.order.domain);
    if (!record) return {What::nothing_there, "the domain is not in the account", ""};
    const std::string evidence = shown(*record);
    if (is_from_before(*record, picture)) return {What::nothing_there, evidence, ""};
    if (field_of(picture, "in_account") != "0") return {What::inconclusive, evidence, ""};
    if (!has_contacts(*record, contacts_in(context.arguments))) {
        return {What::inconclusive, evidence + ", with other contacts than were sent", ""};
    }
    const std::string status = record->main_status();
    if (status == "ACTIVE" || status == "RESERVED") return {What::executed, evidence, ""};
    if (status == "PENDING") return {What::under_way, evidence, ""};
    if (status == "ERROR") return {What::failed, evidence, ""};
    return {What::inconclusive, evidence, ""};
}

Outcome send_create(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    CreateRequest request{context.order.domain, contacts_in(context.arguments),
                          nameservers_in(context.arguments),
                          std::stoi(field_of(context.arguments, "years")), std::nullopt};
    if (const std::string& number = field_of(context.arguments, "template"); !number.empty()) {
        request.zone_template = std::stoi(number);
    }
    return desk.create_domain(request);
}

Outcome send_transfer(const StepContext& context, const Secret& auth_code, RegistrarDesk& desk) {
    return desk.transfer_in({context.order.domain, auth_code, contacts_in(context.arguments),
                             nameservers_in(context.arguments)});
}

// ---- A value of a domain of ours: what it is, what it shall be.

struct Shown {
    std::optional<std::string> value;  // absent: the registrar does not show it
    std::string wanted;
};

using ReadValue = Shown (*)(const DomainRecord&, const FieldMap& arguments);

Shown owner_value(const DomainRecord& record, const FieldMap& arguments) {
    return {record.id_owner, field_of(arguments, "owner")};
}

Shown nameservers_value(const DomainRecord& record, const FieldMap& arguments) {
    return {joined_sorted(record.nameservers), joined_sorted(nameservers_in(arguments))};
}

Shown flag_value(const std::optional<bool>& flag, const std::string& wanted) {
    if (!flag) return {std::nullopt, wanted};
    return {digit(*flag), wanted};
}

Shown signed_value(const DomainRecord& record, const FieldMap& arguments) {
    return flag_value(record.is_signed, field_of(arguments, "value"));
}

// Where the registrar shows keys, a domain is signed as wanted only with the key sent.
Shown signed_ext_value(const DomainRecord& record, const FieldMap& arguments) {
    Shown shown = flag_value(record.is_signed, "1");
    if (record.is_signed != true || record.dnssec.empty()) return shown;
    const std::string& key = field_of(arguments, "public_key");
    const bool is_the_key = std::any_of(record.dnssec.begin(), record.dnssec.end(),
                                        [&](const auto& field) { return field.second == key; });
    if (!is_the_key) shown.value = "1, with another key";
    return shown;
}

Shown preference_value(const DomainRecord& record, const FieldMap& arguments) {
    const std::string& code = field_of(arguments, "code");
    const std::string& wanted = field_of(arguments, "value");
    if (code == "whois_privacy") return flag_value(record.privacy, wanted);
    if (code == "auto_renew") return flag_value(record.auto_renew, wanted);
    if (code == "registrar_lock") return flag_value(record.locked, wanted);
    return {std::nullopt, wanted};  // tag, note
}

BeforePicture picture_of_shown(const std::optional<DomainRecord>& record, ReadValue read,
                               const FieldMap& arguments) {
    BeforePicture picture;
    if (!record) {
        picture.impossible = "the domain is not in the account (E15-M1502)";
        return picture;
    }
    const Shown now = read(*record, arguments);
    if (now.value) picture.fields["value"] = *now.value;
    picture.is_so_already = now.value && *now.value == now.wanted;
    return picture;
}

template <ReadValue read>
BeforePicture picture_of_value(const StepContext& context) {
    return picture_of_shown(context.view.domain(context.order.domain), read, context.arguments);
}

template <ReadValue read>
Sighting look_at_value(const StepContext& context, const FieldMap& picture) {
    const auto record = context.view.domain(context.order.domain);
    if (!record) return {What::inconclusive, "the domain is not in the account any more", ""};
    const Shown now = read(*record, context.arguments);
    const bool was_shown = picture.contains("value");
    if (!now.value || !was_shown) {
        return {What::not_shown, "the registrar does not show this value", ""};
    }
    const std::string evidence = "domainInfo shows '" + *now.value + "', before '" +
                                 field_of(picture, "value") + "', ordered '" + now.wanted + "'";
    const std::string& before = field_of(picture, "value");
    if (*now.value == now.wanted && before != now.wanted) return {What::executed, evidence, ""};
    if (*now.value == before) return {What::nothing_there, evidence, ""};
    return {What::inconclusive, evidence, ""};
}

BeforePicture picture_of_nameservers(const StepContext& context) {
    const auto record = context.view.domain(context.order.domain);
    BeforePicture picture = picture_of_shown(record, nameservers_value, context.arguments);
    if (!picture.impossible.empty() || picture.is_so_already) return picture;
    const bool says_nothing = context.order.dnssec.how == DnssecWish::How::not_given;
    if (record->is_signed == true && says_nothing) {
        picture.impossible =
            "the domain is signed (domainInfo: IsSigned), and other name servers can make it "
            "unreachable; say in dnssec what shall become of its keys: keep, on, off, auto or the "
            "key data";
    }
    return picture;
}

// Whether it may be switched off for other servers the registrar does not say: it is asked.
BeforePicture picture_of_signing(const StepContext& context) {
    const auto record = context.view.domain(context.order.domain);
    BeforePicture picture = picture_of_shown(record, signed_value, context.arguments);
    if (!picture.impossible.empty() || picture.is_so_already) return picture;
    const bool is_to_sign = field_of(context.arguments, "value") == "1";
    if (is_to_sign && record->uses_registrar_dns == false) {
        picture.impossible =
            "domainSetDNSsec works only with the registrar's name servers, and the domain uses "
            "others; order `dnssec: auto` or give the key data";
    }
    return picture;
}

Outcome send_trade(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.transfer_owner(context.order.domain, field_of(context.arguments, "owner"));
}

Outcome send_nameservers(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.change_nameservers(context.order.domain, nameservers_in(context.arguments));
}

Outcome send_dnssec(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.set_dnssec(context.order.domain, field_of(context.arguments, "value") == "1");
}

Outcome send_dnssec_ext(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    const FieldMap& a = context.arguments;
    const DnsKey key{std::stoi(field_of(a, "flags")), std::stoi(field_of(a, "protocol")),
                     std::stoi(field_of(a, "algorithm")), field_of(a, "public_key")};
    const DsRecord record{std::stoi(field_of(a, "key_tag")), std::stoi(field_of(a, "digest_type")),
                          field_of(a, "digest")};
    return desk.set_dnssec_ext(context.order.domain, {record}, key);
}

Outcome send_preference(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.set_preference(context.order.domain, field_of(context.arguments, "code"),
                               field_of(context.arguments, "value"));
}

// ---- The new EPP code, known here only by a digest.

BeforePicture picture_of_auth_code(const StepContext& context) {
    BeforePicture picture;
    const auto record = context.view.domain(context.order.domain);
    if (!record)
        picture.impossible = "the domain is not in the account (E15-M1502)";
    else
        picture.fields["digest"] = context.knowledge.digest_of(record->auth_code);
    return picture;
}

Sighting look_at_auth_code(const StepContext& context, const FieldMap& picture) {
    const auto record = context.view.domain(context.order.domain);
    if (!record) return {What::inconclusive, "the domain is not in the account any more", ""};
    const std::string now = context.knowledge.digest_of(record->auth_code);
    if (!now.empty() && now != field_of(picture, "digest")) {
        return {What::executed, "domainInfo shows another EPP code than before", ""};
    }
    return {What::not_shown, "domainInfo shows no new EPP code", ""};
}

Outcome send_auth_code(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.new_auth_code(context.order.domain,
                              field_of(context.arguments, "to_registrant") == "1");
}

// ---- The zone.

std::string zone_text(const StepContext& context) {
    auto rows = context.view.zone(context.order.domain);
    std::sort(rows.begin(), rows.end());
    std::string text;
    for (const ZoneRow& row : rows) text += row.subdomain + " " + row.type + " " + row.value + "\n";
    return text;
}

BeforePicture picture_of_zone(const StepContext& context) {
    BeforePicture picture;
    picture.fields["zone"] = zone_text(context);
    return picture;
}

Sighting look_at_zone(const StepContext& context, const FieldMap& picture) {
    if (zone_text(context) != field_of(picture, "zone")) {
        return {What::executed, "queryZoneList shows another zone than before", ""};
    }
    return {What::nothing_there, "queryZoneList shows the zone as before", ""};
}

Outcome send_zone(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.init_zone(context.order.domain, std::stoi(field_of(context.arguments, "template")));
}

// ---- Contacts.

ContactData contact_in(FieldMap arguments) {
    arguments.erase("isOwner");
    arguments.erase("idContact");
    return contact_from_fields(arguments);
}

bool wants_owner(const FieldMap& arguments) {
    return field_of(arguments, "isOwner") == "1";
}

// All that was sent is shown. The registrar may show more, and leaves empty fields out.
bool shows(const ContactRecord& record, const ContactData& sent) {
    const auto is_shown = [](const FieldMap& where) {
        return [&where](const auto& field) {
            return field.second.empty() || field_of(where, field.first) == field.second;
        };
    };
    return std::all_of(sent.fields.begin(), sent.fields.end(), is_shown(record.data.fields)) &&
           std::all_of(sent.additional.begin(), sent.additional.end(),
                       is_shown(record.data.additional));
}

bool shows_bound(const ContactRecord& record, const ContactData& sent) {
    return std::all_of(sent.bound.begin(), sent.bound.end(), [&](const auto& entry) {
        const auto shown = record.data.bound.find(entry.first);
        if (shown == record.data.bound.end()) return false;
        return std::all_of(entry.second.begin(), entry.second.end(), [&](const auto& value) {
            return field_of(shown->second, value.first) == value.second;
        });
    });
}

BeforePicture no_picture(const StepContext&) {
    return {};
}

Outcome send_contact(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.create_contact(contact_in(context.arguments), wants_owner(context.arguments));
}

bool has_the_names(const ContactListRow& row, const ContactData& sent) {
    return row.first_name == field_of(sent.fields, "firstName") &&
           row.last_name == field_of(sent.fields, "lastName");
}

bool comes_before(const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Made by an order, or named by one.
bool is_known_to_the_ledger(const std::string& contact_id, const Ledger& ledger) {
    return ledger.recall(kMadeContact, contact_id, UtcTime{}) ||
           ledger.recall("contact", contact_id, UtcTime{});
}

Sighting look_for_contact(const StepContext& context, const FieldMap&) {
    const ContactData sent = contact_in(context.arguments);
    const bool is_owner = wants_owner(context.arguments);
    std::string lowest;
    for (const ContactListRow& row : context.view.contacts("", "")) {
        if (row.is_owner != is_owner || !has_the_names(row, sent)) continue;
        if (is_known_to_the_ledger(row.id, context.ledger)) continue;
        if (!shows(context.view.contact(row.id), sent)) continue;
        if (lowest.empty() || comes_before(row.id, lowest)) lowest = row.id;
    }
    if (lowest.empty()) return {What::nothing_there, "no contact shows the data sent", ""};
    return {What::executed, "contactInfo shows the data sent under " + lowest, lowest};
}

// The call replaces the whole contact: what the order brings is laid over what is there.
BeforePicture picture_of_owner_data(const StepContext& context) {
    BeforePicture picture;
    const std::string& id = field_of(context.arguments, "idContact");
    const ContactRecord record = context.view.contact(id);
    const ContactData brought = contact_in(context.arguments);
    picture.is_so_already = shows(record, brought) && shows_bound(record, brought);
    ContactData whole = record.data;
    for (const auto& [name, value] : brought.fields) whole.fields[name] = value;
    for (const auto& [name, value] : brought.additional) whole.additional[name] = value;
    for (const auto& [key, values] : brought.bound) {
        for (const auto& [domain, value] : values) whole.bound[key][domain] = value;
    }
    picture.completed_arguments = to_fields(whole);
    (*picture.completed_arguments)["idContact"] = id;
    return picture;
}

Outcome send_owner_data(const StepContext& context, const Secret&, RegistrarDesk& desk) {
    return desk.update_owner_contact(field_of(context.arguments, "idContact"),
                                     contact_in(context.arguments));
}

Sighting look_at_owner_data(const StepContext& context, const FieldMap&) {
    const std::string& id = field_of(context.arguments, "idContact");
    const ContactRecord record = context.view.contact(id);
    const ContactData sent = contact_in(context.arguments);
    if (shows(record, sent) && shows_bound(record, sent)) {
        return {What::executed, "contactInfo shows the data sent under " + id, ""};
    }
    return {What::nothing_there, "contactInfo does not show the data sent under " + id, ""};
}

constexpr StepKind kKinds[] = {
    {"contactCreate", "", 1, no_picture, send_contact, look_for_contact},
    {"contactOwnerUpdate", "contactOwnerUpdate", 1, picture_of_owner_data, send_owner_data,
     look_at_owner_data},
    {"domainCreate", "domainCreate", 2, picture_of_arrival, send_create, look_for_arrival},
    {"domainTransferIn", "domainTransferIn", 2, picture_of_arrival, send_transfer,
     look_for_arrival},
    {"domainTransferOwner", "domainTransferOwner", 2, picture_of_value<owner_value>, send_trade,
     look_at_value<owner_value>},
    {"domainChangeDNS", "domainChangeDNS", 1, picture_of_nameservers, send_nameservers,
     look_at_value<nameservers_value>},
    {"domainSetDNSsec", "domainSetDNSSEC", 1, picture_of_signing, send_dnssec,
     look_at_value<signed_value>},
    {"domainSetDNSSecExt", "domainSetDNSSECExt", 1, picture_of_value<signed_ext_value>,
     send_dnssec_ext, look_at_value<signed_ext_value>},
    {"domainSetPreference", "domainSetPreference", 1, picture_of_value<preference_value>,
     send_preference, look_at_value<preference_value>},
    {"domainAuthID", "domainAuthid", 1, picture_of_auth_code, send_auth_code, look_at_auth_code},
    {"domainZoneInit", "domainZoneInit", 1, picture_of_zone, send_zone, look_at_zone},
};

}  // namespace

const StepKind* step_kind(std::string_view function) {
    for (const StepKind& kind : kKinds) {
        if (kind.function == function) return &kind;
    }
    return nullptr;
}

std::string operation_code_of(const StepKind& kind, const FieldMap& arguments) {
    std::string code(kind.operation_code);
    if (kind.function == "domainSetPreference") code += "." + field_of(arguments, "code");
    return code;
}

bool operation_fits(const std::string& listed_code, const StepKind& kind,
                    const FieldMap& arguments) {
    const std::string listed = folded(listed_code);
    const std::string plain = folded(kind.operation_code);
    return !plain.empty() &&
           (listed == plain || listed == folded(operation_code_of(kind, arguments)));
}

std::string operation_target(const StepKind& kind, const DomainName& domain,
                             const FieldMap& arguments) {
    if (kind.function == "contactOwnerUpdate") return field_of(arguments, "idContact");
    return domain.ascii();
}

bool is_same_target(const std::string& listed, const std::string& target) {
    return folded(listed) == folded(target);
}

std::string differences(const StepRecord& main_step, const FieldMap& arguments,
                        const DomainRecord& record) {
    std::string text;
    const auto compare = [&](const std::string& what, const std::string& ordered,
                             const std::string& is) {
        if (ordered.empty() || ordered == "#AUTO#" || is_same_id(ordered, is)) return;
        text += (text.empty() ? "" : "; ") + what + ": ordered '" + ordered + "', is '" + is + "'";
    };
    compare("owner", field_of(arguments, "owner"), record.id_owner);
    if (main_step.function != "domainTransferOwner") {
        compare("admin", field_of(arguments, "admin"), record.id_admin);
        compare("tech", field_of(arguments, "tech"), record.id_tech);
        compare("billing", field_of(arguments, "billing"), record.id_billing);
        compare("name servers", joined_sorted(nameservers_in(arguments)),
                joined_sorted(record.nameservers));
    }
    return text;
}

}  // namespace domspool
