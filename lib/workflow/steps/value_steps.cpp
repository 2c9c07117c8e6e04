#include "workflow/steps/same_person.h"
#include "workflow/steps/step_arguments.h"
#include "workflow/steps/step_kind_tables.h"

#include <algorithm>

namespace domspool {

namespace {

using What = Observation::What;

const char* flag_digit(bool value) {
    return value ? "1" : "0";
}

struct ShownValue {
    std::optional<std::string> value;  // absent: the registrar does not show it
    std::string wanted;
};

using ReadValue = ShownValue (*)(const DomainRecord&, const FieldMap& arguments);

ShownValue owner_value(const DomainRecord& record, const FieldMap& arguments) {
    return {record.id_owner, field_of(arguments, "owner")};
}

ShownValue nameservers_value(const DomainRecord& record, const FieldMap& arguments) {
    return {joined_sorted(record.nameservers), joined_sorted(nameservers_in(arguments))};
}

ShownValue flag_value(const std::optional<bool>& flag, const std::string& wanted) {
    if (!flag) return {std::nullopt, wanted};
    return {flag_digit(*flag), wanted};
}

ShownValue signed_value(const DomainRecord& record, const FieldMap& arguments) {
    return flag_value(record.is_signed, field_of(arguments, "value"));
}

// Where the registrar shows keys, a domain is signed as wanted only with the key sent.
ShownValue signed_ext_value(const DomainRecord& record, const FieldMap& arguments) {
    ShownValue shown = flag_value(record.is_signed, "1");
    if (record.is_signed != true || record.dnssec.empty()) return shown;
    const std::string& key = field_of(arguments, "public_key");
    const bool is_the_key = std::any_of(record.dnssec.begin(), record.dnssec.end(),
                                        [&](const auto& field) { return field.second == key; });
    if (!is_the_key) shown.value = "1, with another key";
    return shown;
}

ShownValue preference_value(const DomainRecord& record, const FieldMap& arguments) {
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
    const ShownValue now = read(*record, arguments);
    if (now.value) picture.fields["value"] = *now.value;
    picture.is_so_already = now.value && *now.value == now.wanted;
    return picture;
}

template <ReadValue read>
BeforePicture picture_of_value(const StepContext& context) {
    return picture_of_shown(domain_before(context), read, context.arguments);
}

template <ReadValue read>
Observation look_at_value(const StepContext& context, const FieldMap& picture) {
    const auto record = context.queries.domain(context.order.domain);
    if (!record) return {What::inconclusive, "the domain is not in the account any more", ""};
    const ShownValue now = read(*record, context.arguments);
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

// A new owner whose data the order brings may have become it already, under another number than the
// one made now: from a file this ledger does not know, or in the registrar's panel.
bool is_owner_already(const StepContext& context, const std::string& shown_owner) {
    const ContactChoice& owner = context.order.owner;
    if (owner.how != ContactChoice::How::inline_data || shown_owner.empty()) return false;
    const auto answer = context.cache.contact(shown_owner, context.queries);
    const auto* contact = std::get_if<KnownContact>(&answer);
    return contact != nullptr && is_whole_person(owner.data, contact->data);
}

BeforePicture picture_of_trade(const StepContext& context) {
    const auto record = domain_before(context);
    BeforePicture picture = picture_of_shown(record, owner_value, context.arguments);
    if (!picture.impossible.empty() || picture.is_so_already) return picture;
    picture.is_so_already = is_owner_already(context, record->id_owner);
    return picture;
}

BeforePicture picture_of_nameservers(const StepContext& context) {
    const auto record = domain_before(context);
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
    const auto record = domain_before(context);
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

Outcome send_trade(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.transfer_owner(context.order.domain, field_of(context.arguments, "owner"));
}

Outcome send_nameservers(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.change_nameservers(context.order.domain, nameservers_in(context.arguments));
}

Outcome send_dnssec(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.set_dnssec(context.order.domain, field_of(context.arguments, "value") == "1");
}

Outcome send_dnssec_ext(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    const FieldMap& a = context.arguments;
    const DnsKey key{std::stoi(field_of(a, "flags")), std::stoi(field_of(a, "protocol")),
                     std::stoi(field_of(a, "algorithm")), field_of(a, "public_key")};
    const DsRecord record{std::stoi(field_of(a, "key_tag")), std::stoi(field_of(a, "digest_type")),
                          field_of(a, "digest")};
    return commands.set_dnssec_ext(context.order.domain, {record}, key);
}

Outcome send_preference(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.set_preference(context.order.domain, field_of(context.arguments, "code"),
                                   field_of(context.arguments, "value"));
}

constexpr StepKind kValueSteps[] = {
    {"domainTransferOwner", "domainTransferOwner", 2, picture_of_trade, send_trade,
     look_at_value<owner_value>},
    {"domainChangeDNS", "domainChangeDNS", 1, picture_of_nameservers, send_nameservers,
     look_at_value<nameservers_value>, true},
    {"domainSetDNSsec", "domainSetDNSSEC", 1, picture_of_signing, send_dnssec,
     look_at_value<signed_value>},
    {"domainSetDNSSecExt", "domainSetDNSSECExt", 1, picture_of_value<signed_ext_value>,
     send_dnssec_ext, look_at_value<signed_ext_value>},
    {"domainSetPreference", "domainSetPreference", 1, picture_of_value<preference_value>,
     send_preference, look_at_value<preference_value>},
};

}  // namespace

std::span<const StepKind> value_step_kinds() {
    return kValueSteps;
}

}  // namespace domspool
