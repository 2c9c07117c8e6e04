#include "registrar/netim_requests.h"

#include "util/failure.h"

#include <algorithm>
#include <array>

namespace domspool::netim {
namespace {

using soap::Field;
using soap::Value;

constexpr std::size_t kNameservers = 5;
constexpr std::array kNotForOwnerUpdate = {"firstName", "lastName", "bodyForm", "bodyName"};

Value additional_value(const ContactData& data) {
    std::vector<Field> members;
    for (const auto& [key, value] : data.additional) members.push_back({key, Value::of(value)});
    for (const auto& [key, by_domain] : data.bound) {
        std::vector<Field> inner;
        for (const auto& [domain, value] : by_domain) inner.push_back({domain, Value::of(value)});
        members.push_back({key, Value::map(std::move(inner))});
    }
    return Value::map(std::move(members));
}

// isOwner stands behind language, additional at the end (API, "Contacts").
std::vector<Field> contact_members(const ContactData& data, bool is_owner) {
    std::vector<Field> members;
    for (const std::string& name : contact_field_names()) {
        members.push_back({name, Value::of(field_of(data.fields, name))});
        if (name == "language") {
            members.push_back({"isOwner", Value::of(std::int64_t{is_owner ? 1 : 0})});
        }
    }
    members.push_back({"additional", additional_value(data)});
    return members;
}

void add_contacts(Values& values, const Contacts& contacts) {
    for (const std::string* id :
         {&contacts.owner, &contacts.admin, &contacts.tech, &contacts.billing}) {
        values.push_back(Value::of(*id));
    }
}

void add_nameservers(Values& values, const std::vector<std::string>& nameservers) {
    DOMSPOOL_ASSERT(nameservers.size() <= kNameservers);
    for (std::size_t i = 0; i < kNameservers; ++i) {
        values.push_back(Value::of(i < nameservers.size() ? nameservers[i] : std::string()));
    }
}

}  // namespace

Value contact_value(const ContactData& data, bool is_owner) {
    return Value::record("StructContact", contact_members(data, is_owner));
}

Value owner_contact_value(const ContactData& data) {
    std::vector<Field> members = contact_members(data, true);
    std::erase_if(members, [](const Field& member) {
        return std::find(kNotForOwnerUpdate.begin(), kNotForOwnerUpdate.end(), member.name) !=
               kNotForOwnerUpdate.end();
    });
    return Value::record("StructOwnerContact", std::move(members));
}

Value ds_records_value(const std::vector<DsRecord>& records) {
    std::vector<Value> items;
    for (const DsRecord& record : records) {
        items.push_back(
            Value::record("StructDSRecord", {{"key", Value::of(std::int64_t{record.key_tag})},
                                             {"type", Value::of(std::int64_t{record.digest_type})},
                                             {"digest", Value::of(record.digest)}}));
    }
    return Value::list("StructDSRecord", std::move(items));
}

Values create_values(const CreateRequest& request) {
    Values values{Value::of(request.domain.ascii())};
    add_contacts(values, request.contacts);
    add_nameservers(values, request.nameservers);
    values.push_back(Value::of(std::int64_t{request.years}));
    if (request.zone_template) values.push_back(Value::of(std::int64_t{*request.zone_template}));
    return values;
}

Values transfer_values(const TransferRequest& request) {
    Values values{Value::of(request.domain.ascii()), Value::of(request.auth_code.reveal())};
    add_contacts(values, request.contacts);
    add_nameservers(values, request.nameservers);
    return values;
}

Values nameserver_values(const DomainName& domain, const std::vector<std::string>& nameservers) {
    Values values{Value::of(domain.ascii())};
    add_nameservers(values, nameservers);
    return values;
}

}  // namespace domspool::netim
