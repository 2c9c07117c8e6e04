// Domains come, change hands, are renewed and go.
#include "sandbox/functions/domain_words.h"
#include "sandbox/functions/function.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

namespace domspool::sandbox {

namespace {

using soap::Value;

constexpr const char* kAutomaticOwner = "#AUTO#";

void refuse_held(CallScene& scene, const std::string& name) {
    const auto known = scene.state.domain(name);
    if (known && is_held(*known)) {
        throw Refusal(code::kAlreadyYours, "domain already in your account: " + name);
    }
}

// What the registry says of a name that others have; "" of one that is free.
std::string unavailable(CallScene& scene, const std::string& name) {
    const auto known = scene.state.domain(name);
    const bool is_taken = (known && is_registered(*known)) || name.starts_with("taken");
    return is_taken ? std::string(code::kNotAvailable) + " : domain not available: " + name : "";
}

// What the sandbox knows of a domain from the moment it is ordered.
Domain ordered_domain(CallScene& scene, const std::string& name, const Fields& contacts,
                      const std::string& nameservers) {
    Domain domain = scene.state.domain(name).value_or(Domain{.name = name});
    domain.in_account = true;
    for (const auto& [role, id] : contacts) domain.fields[role] = id;
    if (!nameservers.empty()) domain.fields["ns"] = nameservers;  // A transfer without keeps them.
    domain.fields["status"] = "PENDING";
    return domain;
}

std::string first_problem(std::initializer_list<std::string> problems) {
    for (const std::string& problem : problems) {
        if (!problem.empty()) return problem;
    }
    return {};
}

// What our servers will say first; nothing if others serve the domain.
std::string first_zone(const Arguments& arguments, const std::string& nameservers) {
    const bool is_given = !arguments.text("templateDNS").empty();
    const std::string zone = zone_of_template(is_given ? arguments.integer("templateDNS") : 1);
    return uses_registrar_servers(nameservers) ? zone : "";
}

Value create_domain(CallScene& scene, const Arguments& arguments) {
    const NamedDomain domain = named_domain(arguments);
    refuse_closed(scene, domain.extension, "domainCreate");
    refuse_busy(scene, domain.name);
    refuse_held(scene, domain.name);
    const Contact owner = owner_contact(scene, arguments.needed("idOwner"));
    Fields contacts = other_contacts_of(scene, arguments);
    contacts["idOwner"] = owner.id;
    std::string nameservers = nameservers_of(arguments);
    if (nameservers.empty() && domain.extension.nameservers_at_create) {
        throw Refusal(code::kNameservers, "ns1 and ns2 are mandatory");
    }
    if (nameservers.empty()) nameservers = scene.settings.default_nameservers;
    const std::int64_t years = arguments.integer("duration");
    if (!allows_years(domain.extension, years)) {
        throw Refusal(code::kDuration, "duration not offered: " + std::to_string(years));
    }
    const Fields becomes = {
        {"status", active_status(nameservers)},
        {"dateCreate", wire_date(scene.now)},
        {"dateExpiration", date_plus(wire_date(scene.now), static_cast<int>(years), 0)},
        {"authID", domain.extension.has_epp_code ? new_auth_code() : ""},
        {"zone", first_zone(arguments, nameservers)}};
    const std::string taken = unavailable(scene, domain.name);
    if (taken.empty()) {
        scene.state.set_domain(ordered_domain(scene, domain.name, contacts, nameservers));
    }
    return submit(
        scene, {.code = "domainCreate",
                .target = domain.name,
                .effect = becomes,
                .fee_cents = fee_now(scene, domain) * years,
                .failure = first_problem(
                    {taken, failure_by_name(domain.name),
                     missing_owner_data(domain.extension, owner.fields, domain.name).value_or(""),
                     nameserver_problem(domain.extension, nameservers)}),
                .pace = pace_of(domain.extension, domain.name)});
}

// The owner of a transfer: a contact, or #AUTO# where the extension takes it.
std::string transfer_owner(CallScene& scene, const NamedDomain& domain, const std::string& id) {
    const bool automatic = id == kAutomaticOwner;
    if (automatic && domain.extension.transfer_owner == TransferOwner::contact_only) {
        throw Refusal(code::kContactKind, "this extension wants a contact as idOwner");
    }
    if (!automatic && domain.extension.transfer_owner == TransferOwner::automatic_only) {
        throw Refusal(code::kContactKind, "this extension wants #AUTO# as idOwner");
    }
    return automatic ? id : owner_contact(scene, id).id;
}

// Why the losing side will refuse; "" if it will not.
std::string code_problem(CallScene& scene, const NamedDomain& domain, const std::string& given) {
    const auto known = scene.state.domain(domain.name);
    if (known && field_of(known->fields, "domainIsLock") == "1") return "domain is locked";
    if (!domain.extension.has_epp_code) return {};
    if (given.empty() && !domain.extension.needs_epp_code) return {};
    const std::string expected = known ? field_of(known->fields, "expectedAuthID") : "";
    const bool is_wrong = expected.empty() ? given.starts_with("wrong") : given != expected;
    return is_wrong ? "invalid authorization code" : "";
}

Value transfer(CallScene& scene, const Arguments& arguments, const std::string& operation,
               const std::string& owner) {
    const NamedDomain domain = named_domain(arguments);
    const std::string auth_code = arguments.text("authID");
    const std::string nameservers = nameservers_of(arguments);
    Fields contacts = other_contacts_of(scene, arguments);
    if (!owner.empty()) contacts["idOwner"] = owner;
    const std::string failure = first_problem(
        {failure_by_name(domain.name), code_problem(scene, domain, auth_code),
         nameservers.empty() ? "" : nameserver_problem(domain.extension, nameservers)});
    const std::string expires = date_plus(wire_date(scene.now), 1, 0);
    const Domain ordered = ordered_domain(scene, domain.name, contacts, nameservers);
    scene.state.set_domain(ordered);
    return submit(scene,
                  {.code = operation,
                   .target = domain.name,
                   .effect = {{"status", active_status(field_of(ordered.fields, "ns"))},
                              {"dateCreate", wire_date(scene.now)},
                              {"dateExpiration", expires},
                              {"domainIsLock", "0"},
                              {"expectedAuthID", ""},
                              {"authID", domain.extension.has_epp_code ? new_auth_code() : ""}},
                   .fee_cents = fee_now(scene, domain),
                   .failure = failure,
                   .pace = Pace::after_delay});
}

void refuse_transfer(CallScene& scene, const NamedDomain& domain, const Arguments& arguments,
                     const char* operation) {
    refuse_closed(scene, domain.extension, operation);
    refuse_busy(scene, domain.name);
    refuse_held(scene, domain.name);
    if (domain.extension.has_epp_code && domain.extension.needs_epp_code) {
        std::ignore = arguments.needed("authID");  // Only its presence is looked at here.
    }
}

Value transfer_in(CallScene& scene, const Arguments& arguments) {
    const NamedDomain domain = named_domain(arguments);
    refuse_transfer(scene, domain, arguments, "domainTransferIn");
    const std::string owner = transfer_owner(scene, domain, arguments.needed("idOwner"));
    return transfer(scene, arguments, "domainTransferIn", owner);
}

Value transfer_trade(CallScene& scene, const Arguments& arguments) {
    const NamedDomain domain = named_domain(arguments);
    refuse_transfer(scene, domain, arguments, "domainTransferTrade");
    const std::string owner = owner_contact(scene, arguments.needed("idOwner")).id;
    return transfer(scene, arguments, "domainTransferTrade", owner);
}

Value internal_transfer(CallScene& scene, const Arguments& arguments) {
    const NamedDomain domain = named_domain(arguments);
    refuse_closed(scene, domain.extension, "domainInternalTransfer");
    refuse_busy(scene, domain.name);
    refuse_held(scene, domain.name);
    return transfer(scene, arguments, "domainInternalTransfer", "");
}

Value transfer_ownership(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = named_domain(arguments);
    const Domain domain = working_domain(scene, named.name);
    refuse_closed(scene, named.extension, "domainTransferOwner");
    refuse_busy(scene, named.name);
    const Contact owner = owner_contact(scene, arguments.needed("idOwner"));
    if (field_of(domain.fields, "idOwner") == owner.id) {
        throw Refusal(code::kContactKind, "this contact is the owner already");
    }
    return submit(
        scene, {.code = "domainTransferOwner",
                .target = named.name,
                .effect = {{"idOwner", owner.id}},
                .fee_cents = named.extension.trade_fee_cents,
                .failure = first_problem(
                    {failure_by_name(named.name),
                     missing_owner_data(named.extension, owner.fields, named.name).value_or("")}),
                .pace = Pace::after_delay});
}

Value renew_domain(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = named_domain(arguments);
    const Domain domain = working_domain(scene, named.name);
    refuse_closed(scene, named.extension, "domainRenew");
    refuse_busy(scene, named.name);
    const std::int64_t years = arguments.integer("duration");
    if (!allows_years(named.extension, years)) {
        throw Refusal(code::kDuration, "duration not offered: " + std::to_string(years));
    }
    const std::string expires =
        date_plus(field_of(domain.fields, "dateExpiration"), static_cast<int>(years), 0);
    return submit(scene, {.code = "domainRenew",
                          .target = named.name,
                          .effect = {{"dateExpiration", expires}},
                          .fee_cents = fee_now(scene, named) * years,
                          .failure = failure_by_name(named.name),
                          .pace = pace_of(named.extension, named.name)});
}

Value delete_domain(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = named_domain(arguments);
    std::ignore = own_domain(scene, named.name);  // Only that it is there.
    refuse_closed(scene, named.extension, "domainDelete");
    refuse_busy(scene, named.name);
    if (arguments.needed("typeDelete") != "NOW") {
        throw Refusal(code::kParameter, "typeDelete is NOW");
    }
    return submit(scene, {.code = "domainDelete",
                          .target = named.name,
                          .pace = pace_of(named.extension, named.name)});
}

std::vector<Part> with_servers(std::vector<Part> parts) {
    for (const Part& part : nameserver_parts()) parts.push_back(part);
    return parts;
}

}  // namespace

std::vector<Function> ordering_functions() {
    const std::string operation = "StructOperationResponse";
    const Part domain = domain_part(), code{"authID", "string"}, owner{"idOwner", "string"},
               admin{"idAdmin", "string"}, tech{"idTech", "string"}, billing{"idBilling", "string"},
               duration{"duration", "int"};
    auto create_parts = with_servers({domain, owner, admin, tech, billing});
    create_parts.push_back(duration);
    create_parts.push_back({"templateDNS", "int"});
    const auto transfer_parts = with_servers({domain, code, owner, admin, tech, billing});
    return {
        {"domainCreate", create_parts, "return", operation, create_domain},
        {"domainTransferIn", transfer_parts, "return", operation, transfer_in},
        {"domainTransferTrade", transfer_parts, "return", operation, transfer_trade},
        {"domainInternalTransfer", with_servers({domain, code, admin, tech, billing}), "return",
         operation, internal_transfer},
        {"domainTransferOwner", {domain, owner}, "return", operation, transfer_ownership},
        {"domainRenew", {domain, duration}, "return", operation, renew_domain},
        {"domainDelete", {domain, {"typeDelete", "string"}}, "return", operation, delete_domain},
    };
}

}  // namespace domspool::sandbox
