#include "workflow/moves/plan_builder.h"

#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

const char* digit(bool value) {
    return value ? "1" : "0";
}

}  // namespace

bool is_lent_contact(std::string_view id) {
    return id == "#AUTO#" || id.starts_with("TRUST4") || id.starts_with("NETIM4");
}

bool only_asks(std::string_view function) {
    return function == kReadBack || function == kReadParentDs || function == kAwaitNoDs;
}

FieldMap PlanBuilder::contacts_with_owner() {
    const Order& order = request_.order;
    FieldMap arguments;
    arguments["owner"] = owner();
    arguments["admin"] = simple_contact(order.admin, request_.defaults.admin);
    arguments["tech"] = simple_contact(order.tech, request_.defaults.tech);
    arguments["billing"] = simple_contact(order.billing, request_.defaults.billing);
    return arguments;
}

FieldMap PlanBuilder::owner_only() {
    return {{"owner", owner()}};
}

std::string PlanBuilder::owner() {
    const ContactChoice& choice = request_.order.owner;
    switch (choice.how) {
        case ContactChoice::How::id:
            if (!request_.order.additional.empty() && !is_lent_contact(choice.id)) {
                complete_owner(choice.id);
            }
            return choice.id;
        case ContactChoice::How::automatic:
            return "#AUTO#";
        case ContactChoice::How::inline_data: {
            const std::string made = new_contact(choice.data, true);
            // The person may have been made before, for another domain.
            if (brings_bound_data()) complete_owner(made);
            return made;
        }
        case ContactChoice::How::not_given:
        case ContactChoice::How::reseller:
            break;
    }
    our_bug("an order without an owner was planned", __FILE__, __LINE__);
}

std::string PlanBuilder::simple_contact(const ContactChoice& choice,
                                        const std::string& by_default) {
    switch (choice.how) {
        case ContactChoice::How::id:
            return choice.id;
        case ContactChoice::How::inline_data:
            return new_contact(choice.data, false);
        case ContactChoice::How::reseller:
            return request_.reseller_id;
        case ContactChoice::How::not_given:
        case ContactChoice::How::automatic:
            break;
    }
    return by_default == "reseller" ? request_.reseller_id : by_default;
}

// The arguments of two contactCreate steps are equal exactly if the persons are.
std::string PlanBuilder::new_contact(const ContactData& data, bool is_owner) {
    ContactData complete = data;
    if (is_owner) add_additional(complete);
    FieldMap arguments = to_fields(complete);
    arguments["isOwner"] = digit(is_owner);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (steps_[i].arguments == arguments) return "step:" + std::to_string(i + 1);
    }
    steps_.push_back({StepPhase::before, "contactCreate", std::move(arguments)});
    return "step:" + std::to_string(steps_.size());
}

void PlanBuilder::add_additional(ContactData& owner) const {
    for (const auto& [key, value] : request_.order.additional) {
        if (request_.rules.domain_bound.contains(key))
            owner.bound[key][request_.order.domain.ascii()] = value;
        else
            owner.additional[key] = value;
    }
}

bool PlanBuilder::brings_bound_data() const {
    return std::any_of(
        request_.order.additional.begin(), request_.order.additional.end(),
        [&](const auto& entry) { return request_.rules.domain_bound.contains(entry.first); });
}

// Skipped where the contact shows the data already.
void PlanBuilder::complete_owner(const std::string& contact_id) {
    ContactData brought;
    add_additional(brought);
    FieldMap arguments = to_fields(brought);
    arguments["idContact"] = contact_id;
    steps_.push_back({StepPhase::before, "contactOwnerUpdate", std::move(arguments)});
}

FieldMap PlanBuilder::nameservers() const {
    const auto& servers = request_.order.nameservers.empty() ? request_.nameservers_in_place
                                                             : request_.order.nameservers;
    FieldMap arguments;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        arguments["ns" + std::to_string(i + 1)] = servers[i];
    }
    return arguments;
}

void PlanBuilder::main_step(FieldMap arguments) {
    steps_.push_back({StepPhase::main, std::string(entry_of(request_.order.kind).main_call),
                      std::move(arguments)});
}

void PlanBuilder::after(const std::string& function, FieldMap arguments) {
    steps_.push_back({StepPhase::after, function, std::move(arguments)});
}

void PlanBuilder::read_back() {
    after(kReadBack, {});
}

void PlanBuilder::new_auth_code() {
    switch (request_.order.new_auth_code) {
        case NewAuthCode::no:
            return;
        case NewAuthCode::not_given:
            if (!request_.rules.has_epp_code) return;
            break;
        case NewAuthCode::yes:
        case NewAuthCode::to_owner:
            break;
    }
    const bool to_owner = request_.order.new_auth_code == NewAuthCode::to_owner;
    after("domainAuthID", {{"to_registrant", digit(to_owner)}});
}

void PlanBuilder::zone_template() {
    if (!request_.order.zone_template) return;
    after("domainZoneInit", {{"template", std::to_string(*request_.order.zone_template)}});
}

void PlanBuilder::dnssec() {
    const DnssecWish& wish = request_.order.dnssec;
    if (!request_.rules.has_dnssec) return;
    switch (wish.how) {
        case DnssecWish::How::not_given:
        case DnssecWish::How::keep:
            return;
        case DnssecWish::How::on:
            return after("domainSetDNSsec", {{"value", "1"}});
        case DnssecWish::How::off:
            if (is_unsigned_first_) return;
            return after("domainSetDNSsec", {{"value", "0"}});
        case DnssecWish::How::automatic: {
            FieldMap arguments = nameservers();
            arguments["keys"] = "auto";
            return after("domainSetDNSSecExt", std::move(arguments));
        }
        case DnssecWish::How::key:
            return after("domainSetDNSSecExt", {{"keys", "given"},
                                                {"flags", std::to_string(wish.flags)},
                                                {"protocol", std::to_string(wish.protocol)},
                                                {"algorithm", std::to_string(wish.algorithm)},
                                                {"public_key", wish.public_key}});
    }
}

// New servers without the old keys would make the domain unreachable for whoever knows its DS.
void PlanBuilder::unsign_first() {
    if (request_.order.dnssec.how != DnssecWish::How::off || !request_.rules.has_dnssec) return;
    steps_.push_back({StepPhase::before, kReadParentDs, {}});
    const std::string ttl = "step:" + std::to_string(steps_.size());
    steps_.push_back({StepPhase::before, "domainSetDNSsec", {{"value", "0"}}});
    steps_.push_back({StepPhase::before, kAwaitNoDs, {{"ttl", ttl}}});
    is_unsigned_first_ = true;
}

void PlanBuilder::preferences() {
    const Order& order = request_.order;
    const ExtensionRules& rules = request_.rules;
    if (!order.tag.empty()) preference("tag", order.tag);
    if (!order.note.empty()) preference("note", order.note);
    if (order.privacy && rules.has_whois_privacy) {
        preference("whois_privacy", digit(*order.privacy));
    }
    if (order.auto_renew && rules.has_autorenew) preference("auto_renew", digit(*order.auto_renew));
    if (order.lock && rules.has_registrar_lock) preference("registrar_lock", digit(*order.lock));
}

void PlanBuilder::preference(const std::string& code, const std::string& value) {
    after("domainSetPreference", {{"code", code}, {"value", value}});
}

}  // namespace domspool
