#include "workflow/steps/step_kind_tables.h"

#include <algorithm>

namespace domspool {

namespace {

using What = Observation::What;

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

Outcome send_contact(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.create_contact(contact_in(context.arguments), wants_owner(context.arguments));
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
    return ledger.is_made_here(contact_id) || ledger.known_contact(contact_id, UtcTime{});
}

bool is_of_kind(const std::optional<bool>& told, bool is_owner, const std::string& contact_id) {
    if (told) return *told == is_owner;
    throw QueryFailure(QueryFailure::Why::unreadable, "",
                       "the registrar does not say of contact " + contact_id +
                           ", which shows the data sent, whether it is an owner");
}

Observation look_for_contact(const StepContext& context, const FieldMap&) {
    const ContactData sent = contact_in(context.arguments);
    const bool is_owner = wants_owner(context.arguments);
    std::string lowest;
    for (const ContactListRow& row : context.queries.contacts("", "")) {
        if (row.is_owner.value_or(is_owner) != is_owner || !has_the_names(row, sent)) continue;
        if (is_known_to_the_ledger(row.id, context.ledger)) continue;
        const ContactRecord record = context.queries.contact(row.id);
        if (!shows(record, sent)) continue;
        if (!is_of_kind(row.is_owner ? row.is_owner : record.is_owner, is_owner, row.id)) continue;
        if (lowest.empty() || comes_before(row.id, lowest)) lowest = row.id;
    }
    if (lowest.empty()) return {What::nothing_there, "no contact shows the data sent", ""};
    return {What::executed, "contactInfo shows the data sent under " + lowest, lowest};
}

// The call replaces the whole contact: what the order brings is laid over what is there.
BeforePicture picture_of_owner_data(const StepContext& context) {
    BeforePicture picture;
    const std::string& id = field_of(context.arguments, "idContact");
    const ContactRecord record = context.queries.contact(id);
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

Outcome send_owner_data(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.update_owner_contact(field_of(context.arguments, "idContact"),
                                         contact_in(context.arguments));
}

Observation look_at_owner_data(const StepContext& context, const FieldMap&) {
    const std::string& id = field_of(context.arguments, "idContact");
    const ContactRecord record = context.queries.contact(id);
    const ContactData sent = contact_in(context.arguments);
    if (shows(record, sent) && shows_bound(record, sent)) {
        return {What::executed, "contactInfo shows the data sent under " + id, ""};
    }
    return {What::nothing_there, "contactInfo does not show the data sent under " + id, ""};
}

constexpr StepKind kContactSteps[] = {
    {"contactCreate", "", 1, no_picture, send_contact, look_for_contact},
    {"contactOwnerUpdate", "contactOwnerUpdate", 1, picture_of_owner_data, send_owner_data,
     look_at_owner_data},
};

}  // namespace

std::span<const StepKind> contact_step_kinds() {
    return kContactSteps;
}

}  // namespace domspool
