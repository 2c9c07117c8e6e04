#include "workflow/steps/step_kind_tables.h"

#include <algorithm>

namespace domspool {

namespace {

using What = Observation::What;

BeforePicture picture_of_auth_code(const StepContext& context) {
    BeforePicture picture;
    const auto record = domain_before(context);
    if (!record)
        picture.impossible = "the domain is not in the account (E15-M1502)";
    else
        picture.fields["digest"] = context.cache.digest_of(record->auth_code);
    return picture;
}

Observation look_at_auth_code(const StepContext& context, const FieldMap& picture) {
    const auto record = context.queries.domain(context.order.domain);
    if (!record) return {What::inconclusive, "the domain is not in the account any more", ""};
    const std::string now = context.cache.digest_of(record->auth_code);
    if (!now.empty() && now != field_of(picture, "digest")) {
        return {What::executed, "domainInfo shows another EPP code than before", ""};
    }
    return {What::not_shown, "domainInfo shows no new EPP code", ""};
}

Outcome send_auth_code(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.new_auth_code(context.order.domain,
                                  field_of(context.arguments, "to_registrant") == "1");
}

std::string zone_text(const StepContext& context) {
    auto rows = context.queries.zone(context.order.domain);
    std::sort(rows.begin(), rows.end());
    std::string text;
    for (const ZoneRow& row : rows) text += row.subdomain + " " + row.type + " " + row.value + "\n";
    return text;
}

BeforePicture picture_of_zone(const StepContext& context) {
    BeforePicture picture;
    const auto record = domain_before(context);
    if (record && record->uses_registrar_dns == false) {
        picture.impossible =
            "a zone template is for the registrar's name servers, and the domain uses others";
        return picture;
    }
    picture.fields["zone"] = zone_text(context);
    return picture;
}

Observation look_at_zone(const StepContext& context, const FieldMap& picture) {
    if (zone_text(context) != field_of(picture, "zone")) {
        return {What::executed, "queryZoneList shows another zone than before", ""};
    }
    return {What::nothing_there, "queryZoneList shows the zone as before", ""};
}

Outcome send_zone(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.init_zone(context.order.domain,
                              std::stoi(field_of(context.arguments, "template")));
}

constexpr StepKind kCodeAndZoneSteps[] = {
    {"domainAuthID", "domainAuthid", 1, picture_of_auth_code, send_auth_code, look_at_auth_code},
    {"domainZoneInit", "domainZoneInit", 1, picture_of_zone, send_zone, look_at_zone},
};

}  // namespace

std::span<const StepKind> code_and_zone_step_kinds() {
    return kCodeAndZoneSteps;
}

}  // namespace domspool
