#include "workflow/steps/step_arguments.h"
#include "workflow/steps/step_kind_tables.h"

namespace domspool {

namespace {

using What = Observation::What;

std::string shown(const DomainRecord& record) {
    return "domainInfo shows status '" + record.status + "', owner " + record.id_owner;
}

BeforePicture picture_of_arrival(const StepContext& context) {
    const DomainName& domain = context.order.domain;
    BeforePicture picture;
    picture.fields["in_account"] = "0";
    picture.fields["seen_by"] = "queryDomainList";
    if (context.cache.is_listed(domain) == false) return picture;
    picture.fields["seen_by"] = "domainInfo";
    const auto record = context.queries.domain(domain);
    if (!record) return picture;
    picture.fields["status"] = record->status;
    if (!record->is_in_account()) return picture;
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
    if (record.is_in_account()) return false;
    if (field_of(picture, "status") == record.status) return true;
    return field_of(picture, "seen_by") == "queryDomainList" && record.main_status() != "ERROR";
}

Observation look_for_arrival(const StepContext& context, const FieldMap& picture) {
    const auto record = context.queries.domain(context.order.domain);
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

Outcome send_create(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    CreateRequest request{context.order.domain, contacts_in(context.arguments),
                          nameservers_in(context.arguments),
                          std::stoi(field_of(context.arguments, "years")), std::nullopt};
    if (const std::string& number = field_of(context.arguments, "template"); !number.empty()) {
        request.zone_template = std::stoi(number);
    }
    return commands.create_domain(request);
}

Outcome send_transfer(const StepContext& context, const Secret& auth_code,
                      RegistrarCommands& commands) {
    return commands.transfer_in({context.order.domain, auth_code, contacts_in(context.arguments),
                                 nameservers_in(context.arguments)});
}

constexpr StepKind kArrivalSteps[] = {
    {"domainCreate", "domainCreate", 2, picture_of_arrival, send_create, look_for_arrival},
    {"domainTransferIn", "domainTransferIn", 2, picture_of_arrival, send_transfer, look_for_arrival,
     true},
};

}  // namespace

std::span<const StepKind> arrival_step_kinds() {
    return kArrivalSteps;
}

}  // namespace domspool
