// Contacts: kept, shown, changed.
#include "sandbox/functions/function.h"
#include "sandbox/model/contact_record.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

namespace domspool::sandbox {

namespace {

using soap::Value;

Contact known_contact(CallScene& scene, const std::string& id) {
    auto contact = scene.state.contact(id);
    if (!contact) throw Refusal(code::kContactUnknown, "contact unknown: " + id);
    return *contact;
}

Fields valid_fields(const Value& record, Names names) {
    Fields fields = contact_fields_from(record);
    if (const auto problem = problem_of_contact(fields, names)) {
        throw Refusal(code::kContactData, "contact not valid: " + *problem);
    }
    return fields;
}

Value create_contact(CallScene& scene, const Arguments& arguments) {
    if (arguments.value("contact").is_empty()) {
        throw Refusal(code::kParameter, "parameter missing: contact");
    }
    const Fields fields = valid_fields(arguments.value("contact"), Names::needed);
    return Value::of(scene.state.add_contact(fields, field_of(fields, "isOwner") == "1").id);
}

Value show_contact(CallScene& scene, const Arguments& arguments) {
    const Contact contact = known_contact(scene, arguments.needed("idContact"));
    return contact_value(contact, scene.state.is_contact_linked(contact.id));
}

Value update_contact(CallScene& scene, const Arguments& arguments) {
    const Contact contact = known_contact(scene, arguments.needed("idContact"));
    if (contact.is_owner) throw Refusal(code::kContactKind, "this contact is an owner");
    Fields fields = valid_fields(arguments.value("contact"), Names::needed);
    fields["isOwner"] = "0";
    refuse_busy(scene, contact.id);
    return submit(scene, {.code = "contactUpdate", .target = contact.id, .effect = fields});
}

Value update_owner(CallScene& scene, const Arguments& arguments) {
    const Contact contact = known_contact(scene, arguments.needed("idContact"));
    if (!contact.is_owner) throw Refusal(code::kContactKind, "this contact is not an owner");
    Fields fields = contact_fields_from(arguments.value("contact"));
    fields["isOwner"] = "1";
    // An owner stays who it is: the identity is not taken from the call.
    for (const char* name : {"firstName", "lastName", "bodyForm", "bodyName"}) {
        fields.erase(name);
        const std::string kept = field_of(contact.fields, name);
        if (!kept.empty()) fields[name] = kept;
    }
    if (const auto problem = problem_of_contact(fields, Names::absent)) {
        throw Refusal(code::kContactData, "contact not valid: " + *problem);
    }
    refuse_busy(scene, contact.id);
    return submit(scene, {.code = "contactOwnerUpdate", .target = contact.id, .effect = fields});
}

Value delete_contact(CallScene& scene, const Arguments& arguments) {
    const Contact contact = known_contact(scene, arguments.needed("idContact"));
    if (scene.state.is_contact_linked(contact.id)) {
        throw Refusal(code::kContactInUse, "contact in use: " + contact.id);
    }
    refuse_busy(scene, contact.id);
    return submit(scene, {.code = "contactDelete", .target = contact.id});
}

// `filter` with `*` as wildcard against the named field; both may be empty.
bool fits_filter(const std::string& text, const std::string& filter) {
    const auto star = filter.find('*');
    if (star == std::string::npos) return text == filter;
    const std::string head = filter.substr(0, star), tail = filter.substr(star + 1);
    if (!text.starts_with(head)) return false;
    if (tail.empty()) return true;
    for (std::size_t at = head.size(); at <= text.size(); ++at) {
        if (fits_filter(text.substr(at), tail)) return true;
    }
    return false;
}

Value list_contacts(CallScene& scene, const Arguments& arguments) {
    const std::string filter = arguments.text("filter"), field = arguments.text("field");
    std::vector<Value> rows;
    for (const Contact& contact : scene.state.contacts()) {
        const std::string text =
            field.empty() || field == "idContact" ? contact.id : field_of(contact.fields, field);
        if (filter.empty() || fits_filter(text, filter)) rows.push_back(contact_row(contact));
    }
    return Value::list("StructContactList", std::move(rows));
}

}  // namespace

std::vector<Function> contact_functions() {
    const Part id{"idContact", "string"};
    const std::string operation = "StructOperationResponse";
    return {
        {"contactCreate", {{"contact", "StructContact"}}, "idContact", "string", create_contact},
        {"contactInfo", {id}, "contact", "StructContactReturn", show_contact},
        {"contactUpdate", {id, {"contact", "StructContact"}}, "return", operation, update_contact},
        {"contactOwnerUpdate",
         {id, {"contact", "StructOwnerContact"}},
         "return",
         operation,
         update_owner},
        {"contactDelete", {id}, "return", operation, delete_contact},
        {"queryContactList",
         {{"filter", "string"}, {"field", "string"}},
         "queryContactListReturn",
         "StructContactList[]",
         list_contacts},
    };
}

}  // namespace domspool::sandbox
