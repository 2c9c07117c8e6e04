#include "orders/yaml_orders.h"

#include "orders/contact.h"
#include "orders/foreign_names.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "orders/yaml_rows.h"
#include "util/nearest_word.h"
#include "util/utf8.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::string_view kLastLine = "...";
// What is kept while the orders stream by; a file of nothing else must not fill the memory.
constexpr std::size_t kMostContacts = 10'000;
constexpr std::size_t kMostContactFields = 200'000;  // of all of them
constexpr std::size_t kMostDefaults = 1'000;
constexpr std::size_t kMostColumns = 5'000;

bool is_role(const std::string& name) {
    return name == "owner" || name == "admin" || name == "tech" || name == "billing";
}

// Words that mean something else where a contact's name may stand.
bool is_taken_as_contact(const std::string& name) {
    const std::string word = raised(name);
    return word == "AUTO" || word == "#AUTO#" || word == "RESELLER" || is_contact_id(word);
}

std::string unknown_contact_field(const std::string& name) {
    const std::string ours = foreign_names::ours_for(name);
    if (ours.starts_with("owner.")) {
        return "is no field of a contact; it is called '" + ours.substr(6) + "' here";
    }
    return "is no field of a contact" + did_you_mean(name, contact_field_names());
}

// Where anything may stand, a comment may be a part of the value; elsewhere the value would not be
// right with it.
bool may_hold_a_hash(std::string_view field) {
    static constexpr std::array<std::string_view, 12> kTexts = {
        "auth_code", "reference", "tag",  "note",     "firstName", "lastName",
        "bodyName",  "address1",  "city", "address2", "tmName",    "idNumber"};
    const std::string_view name = field.substr(field.rfind('.') + 1);
    return field.find("additional.") != std::string_view::npos ||
           std::ranges::find(kTexts, name) != kTexts.end();
}

// "" if it is a comment and nothing else.
std::string cut_reason(const std::string& field, const std::string& comment) {
    const bool is_joined = comment.size() > 1 && comment[1] != ' ' && comment[1] != '#';
    if (comment.empty() || (!is_joined && !may_hold_a_hash(field))) return "";
    const bool is_secret = field == kAuthCode;
    return "ends at ' #', and what stands behind it would be lost" +
           (is_secret ? std::string() : ": '" + utf8::shortened(comment) + "'") +
           "; put the value into quotes";
}

class YamlOrders {
  public:
    explicit YamlOrders(FileIntake& intake) : intake_(intake) {}

    void take(YamlPart&& part) {
        if (part.section == "orders") return take_order(part);
        if (part.section == "defaults") return take_default(part);
        if (part.section == "contacts") return take_contact(part);
        if (part.section == "on_error") return take_on_error(part);
        if (part.section == "count") return take_count(part);
        refuse_section(part);
    }

    void finish() {
        // A count that cannot be read was told already.
        if (is_count_unreadable_) count_ = intake_.reading().rows;
        intake_.require_count(count_, count_line_);
    }

  private:
    // What an order says itself, and for which roles and name servers that took the place of the
    // defaults.
    struct Own {
        std::set<std::string> fields, groups;
        std::vector<FieldFault> faults;
        SharedFields shared;  // what it has from the defaults and from contacts
        FieldMap replaced;    // what it has not, since it says something else itself
    };

    struct Contact {
        int line = 0;
        FieldMap fields;
        std::map<std::string, int> lines;  // of the fields
    };

    void refuse_section(const YamlPart& part) {
        if (!unknown_sections_.insert(part.section).second) return;
        static const std::vector<std::string> known = {"defaults", "contacts", "orders", "on_error",
                                                       "count"};
        intake_.refuse(part.line, part.section, "",
                       "is none of defaults, contacts, orders, on_error and count" +
                           did_you_mean(part.section, known));
    }

    void refuse(int line, const std::string& field, const std::string& reason) {
        intake_.refuse(line, field, "", reason);
    }

    void take_order(const YamlPart& part) {
        has_orders_ = true;
        if (part.place != YamlPart::Place::list_item) {
            return refuse(part.line, "orders",
                          "must be a list of orders, each beginning with '- '");
        }
        if (part.node.form != YamlNode::Form::map) {
            return refuse(part.line, "orders",
                          "holds an entry that is no order; fields such as 'domain: example.com' "
                          "are wanted");
        }
        // The line is what an order of a file is known by.
        if (part.line == last_order_line_) {
            return refuse(part.line, "orders",
                          "holds two orders on this line; begin each on a line of its own");
        }
        last_order_line_ = part.line;
        Own own;
        FieldMap fields = defaults_for(kind_of(part.node), own);
        for (const auto& [name, node] : part.node.members) take_field(name, node, fields, own);
        resolve_contacts(fields, own);
        note_columns(fields);
        intake_.take_row(part.line, std::move(fields), {}, std::move(own.faults), own.shared);
    }

    std::optional<OrderKind> kind_of(const YamlNode& order) const {
        std::string word = field_of(defaults_, "order");
        for (const auto& [name, node] : order.members) {
            if (folded(name) == "order") word = node.text;
        }
        const std::string kind = folded(trimmed(word));
        return kind.empty() ? intake_.kind() : order_kind_of(kind);
    }

    // Those of fields that the kind has.
    FieldMap defaults_for(std::optional<OrderKind> kind, Own& own) const {
        FieldMap fields;
        for (const auto& [field, value] : defaults_) {
            if (kind && !order_fields::belongs_to(field, *kind)) continue;
            fields.emplace(field, value);
            own.shared[field] = shared_default(field);
        }
        return fields;
    }

    SharedField shared_default(const std::string& field) const {
        const auto line = default_lines_.find(field);
        return {line == default_lines_.end() ? 0 : line->second, "defaults." + field};
    }

    void take_default(const YamlPart& part) {
        if (part.place != YamlPart::Place::map_member) {
            return refuse(part.line, "defaults", "must hold fields such as 'tech: reseller'");
        }
        refuse_behind_orders(part);
        if (folded(part.name) == "domain") {
            return refuse(part.line, "domain", "cannot be a default: every order has its own");
        }
        if (own_defaults_.fields.size() >= kMostDefaults) {
            return refuse_once(part, "hold more than " + std::to_string(kMostDefaults) + " fields");
        }
        take_field(part.name, part.node, defaults_, own_defaults_);
        tell_faults(own_defaults_, part.line, "defaults.");
        note_lines(part.name, part.node, default_lines_);
    }

    void tell_faults(Own& own, int line, const std::string& prefix) {
        for (const FieldFault& fault : own.faults) {
            intake_.refuse(line, prefix + fault.field, fault.value, fault.reason);
        }
        own.faults.clear();
    }

    // Where the fields stand, by their flat names.
    static void note_lines(const std::string& name, const YamlNode& node,
                           std::map<std::string, int>& lines) {
        lines.emplace(order_fields::canonical(name).value_or(folded(name)), node.line);
        if (node.form != YamlNode::Form::map) return;
        for (const auto& [key, value] : node.members) note_lines(name + "." + key, value, lines);
    }

    void refuse_once(const YamlPart& part, const std::string& reason) {
        if (too_long_.insert(part.section).second) refuse(part.line, part.section, reason);
    }

    void refuse_behind_orders(const YamlPart& part) {
        if (!has_orders_) return;
        refuse(part.line, part.section, "stands behind `orders:`; it belongs before it");
    }

    void take_contact(const YamlPart& part) {
        if (part.place != YamlPart::Place::map_member || part.node.form != YamlNode::Form::map) {
            return refuse(part.line, part.name.empty() ? "contacts" : part.name,
                          "must hold contacts: a name, and below it fields such as 'firstName'");
        }
        refuse_behind_orders(part);
        if (is_taken_as_contact(part.name)) {
            return refuse(part.line, part.name,
                          "cannot be a contact's name: it means something itself");
        }
        if (contacts_.size() >= kMostContacts) {
            return refuse_once(part, "names more than " + std::to_string(kMostContacts) +
                                         " persons; put the others into another file, or into "
                                         "their orders");
        }
        FieldMap contact;
        Own own;
        Contact& kept = contacts_[part.name];
        kept.line = part.line;
        for (const auto& [name, node] : part.node.members) {
            const std::string field = "owner." + name;
            if (node.form == YamlNode::Form::map || order_fields::canonical(field)) {
                take_field(field, node, contact, own);
                note_lines(field, node, kept.lines);
                for (FieldFault& fault : own.faults) fault.field.erase(0, 6);  // "owner."
                tell_faults(own, node.line, "contacts." + part.name + ".");
            } else {
                intake_.refuse(node.line, part.name + "." + name, "", unknown_contact_field(name));
            }
        }
        contact_fields_ += contact.size();
        if (contact_fields_ > kMostContactFields) {
            kept.lines.clear();
            return refuse_once(part, "have more than " + std::to_string(kMostContactFields) +
                                         " fields in all; put some into another file");
        }
        kept.fields = fields_under(contact, "owner.");
    }

    void take_on_error(const YamlPart& part) {
        const bool is_value =
            part.place == YamlPart::Place::value && part.node.form == YamlNode::Form::scalar;
        if (is_value && part.node.text == "refuse_file") {
            intake_.reading().on_error = OnError::refuse_file;
        } else if (!is_value || part.node.text != "accept_good_rows") {
            intake_.refuse(part.line, "on_error", part.node.text,
                           "must be accept_good_rows or refuse_file");
        }
    }

    void take_count(const YamlPart& part) {
        count_line_ = part.line;
        count_ = part.place == YamlPart::Place::value ? number_of(part.node.text) : std::nullopt;
        is_count_unreadable_ = !count_;
        if (count_) return;
        intake_.refuse(part.line, "count", part.node.text, "must be the number of orders");
    }

    // One field of an order into its flat form: a mapping below a role or below additional, a list
    // of name servers, else a plain value. `own` holds what this order says itself: twice is wrong,
    // while a default gives way.
    void take_field(const std::string& name, const YamlNode& node, FieldMap& fields, Own& own) {
        const bool is_group = is_role(folded(name)) || folded(name) == "additional" ||
                              folded(name) == "owner.additional";
        if (node.form == YamlNode::Form::map && is_group) {
            give_way(folded(name), Part::fields, fields, own);
            for (const auto& [key, value] : node.members) {
                take_field(name + "." + key, value, fields, own);
            }
            return;
        }
        const std::optional<std::string> field = order_fields::canonical(name);
        if (!field) return intake_.refuse(node.line, name, "", order_fields::unknown_reason(name));
        if (!own.fields.insert(*field).second) {
            return refuse(node.line, name, "stands there twice; one of them is right");
        }
        give_way(*field, field->find('.') == std::string::npos ? Part::whole : Part::fields, fields,
                 own);
        if (const auto known = fields.extract(*field); known && own.shared.erase(*field) > 0) {
            own.replaced.emplace(*field, known.mapped());
        }
        if (node.form == YamlNode::Form::scalar) {
            if (!node.text.empty()) fields[*field] = node.text;
            if (const std::string cut = cut_reason(*field, node.comment); !cut.empty()) {
                const std::string shown = *field == kAuthCode ? "" : utf8::shortened(node.text);
                own.faults.push_back({*field, shown, cut});
            }
        } else if (*field == "nameservers" && node.form == YamlNode::Form::list) {
            take_nameservers(node, fields);
        } else {
            refuse(node.line, *field, "must be a plain value");
        }
    }

    void take_nameservers(const YamlNode& node, FieldMap& fields) {
        std::string list;
        for (const auto& [unused, server] : node.members) {
            if (server.form != YamlNode::Form::scalar || words_of(server.text).size() > 1) {
                return refuse(server.line, "nameservers", "must be a list of host names");
            }
            list += (list.empty() ? "" : " ") + server.text;
        }
        if (!list.empty()) fields["nameservers"] = list;
    }

    // What an order says of its name servers, or of a role as a whole, takes the place of all the
    // defaults say of it, however either is written. Single fields of a role are merged over those
    // of its default; one that is no contact's data gives way to them.
    enum class Part { whole, fields };
    void give_way(const std::string& field, Part part, FieldMap& fields, Own& own) {
        const auto is_server = [](const std::string& name) {
            return name == "nameservers" || name.starts_with("ns");
        };
        const std::string first = field.substr(0, field.find('.'));
        if (!is_role(first) && !is_server(field)) return;
        // Once: what is there afterwards is the order's own.
        if (!own.groups.insert(is_server(field) ? "ns" : first).second) return;
        if (is_role(first) && part == Part::fields) return expand(first, fields, own);
        std::erase_if(fields, [&](const auto& entry) {
            const std::string& name = entry.first;
            if (own.fields.contains(name)) return false;
            const bool is_same_role =
                is_role(first) && (name == first || name.starts_with(first + "."));
            return is_same_role || (is_server(field) && is_server(name));
        });
    }

    // A role's default that names somebody into that contact's fields.
    void expand(const std::string& role, FieldMap& fields, Own& own) {
        const auto named = fields.find(role);
        if (named == fields.end() || own.fields.contains(role)) return;
        const auto contact = contacts_.find(named->second);
        fields.erase(named);
        own.shared.erase(role);
        if (contact != contacts_.end()) add_contact(role, *contact, fields, own);
    }

    void add_contact(const std::string& role, const std::pair<const std::string, Contact>& named,
                     FieldMap& fields, Own& own) {
        const auto& [contact_name, contact] = named;
        for (const auto& [name, value] : contact.fields) {
            // The extension's data is asked of owners only.
            if (name.starts_with("additional.") && role != "owner") continue;
            const std::string field = role + "." + name;
            if (own.fields.contains(field) || !fields.emplace(field, value).second) continue;
            const auto line = contact.lines.find("owner." + name);
            own.shared[field] = {line == contact.lines.end() ? contact.line : line->second,
                                 "contacts." + contact_name + "." + name};
        }
    }

    // The name of a contact gives way to its fields, so that the row is whole without the file.
    void resolve_contacts(FieldMap& fields, Own& own) {
        for (const std::string role : {"owner", "admin", "tech", "billing"}) {
            const auto first_own = own.fields.lower_bound(role + ".");
            const bool has_own_fields =
                first_own != own.fields.end() && first_own->starts_with(role + ".");
            const auto named = fields.find(role);
            const auto contact =
                named == fields.end() ? contacts_.end() : contacts_.find(named->second);
            if (contact != contacts_.end()) {
                fields.erase(named);
                own.shared.erase(role);
                add_contact(role, *contact, fields, own);
                if (!has_own_fields) {
                    share_missing(role, fields, own,
                                  {contact->second.line, "contacts." + contact->first});
                }
            } else if (!has_own_fields && has_field_of(role, own.shared)) {
                share_missing(role, fields, own, shared_default(role));
            }
            if (has_own_fields) judge_with_the_row(role, own);
            if (has_own_fields) refuse_numbers_of_others(role, fields, own);
        }
    }

    static bool has_field_of(const std::string& role, const SharedFields& shared) {
        const auto first = shared.lower_bound(role + ".");
        return first != shared.end() && first->first.starts_with(role + ".");
    }

    // What a contact lacks is a mistake of the contact where an order adds nothing to it.
    static void share_missing(const std::string& role, const FieldMap& fields, Own& own,
                              const SharedField& place) {
        for (const std::string& name : contact_field_names()) {
            const std::string field = role + "." + name;
            if (!fields.contains(field)) {
                own.shared.emplace(field, SharedField{place.line, place.name + "." + name});
            }
        }
    }

    // Whether these are right depends on other fields, which the order may have changed.
    static void judge_with_the_row(const std::string& role, Own& own) {
        for (const char* name : {".area", ".bodyForm", ".bodyName", ".zipCode"}) {
            own.shared.erase(role + name);
        }
    }

    // A number goes with a name: who names another person or company must not order with the
    // default's numbers.
    static void refuse_numbers_of_others(const std::string& role, const FieldMap& fields,
                                         Own& own) {
        using Names = std::vector<const char*>;
        static const std::pair<Names, Names> kGroups[] = {
            {{"firstName", "lastName"},
             {"idNumber", "birthDate", "birthZipCode", "birthCity", "birthCountry"}},
            {{"bodyName"},
             {"companyNumber", "vatNumber", "tmName", "tmDate", "tmNumber", "tmType"}}};
        for (const auto& [names, numbers] : kGroups) {
            const bool is_another = std::ranges::any_of(names, [&](const char* name) {
                const auto before = own.replaced.find(role + "." + name);
                return before != own.replaced.end() &&
                       before->second != field_of(fields, before->first);
            });
            for (const char* number : numbers) {
                const std::string field = role + "." + number;
                if (!is_another || !own.shared.contains(field)) continue;
                own.shared.erase(field);
                own.faults.push_back({field, utf8::shortened(field_of(fields, field)),
                                      "is that of the default contact, but the order names "
                                      "somebody else; give theirs, or \"\" for none"});
            }
        }
    }

    // Each is a column of the result file.
    void note_columns(const FieldMap& fields) {
        for (const auto& [name, value] : fields) {
            if (known_columns_.size() > kMostColumns) return;
            if (!known_columns_.insert(name).second) continue;
            intake_.reading().columns.push_back(name);
            if (known_columns_.size() <= kMostColumns) continue;
            intake_.refuse(0, "", "",
                           "uses more than " + std::to_string(kMostColumns) +
                               " different fields; put some orders into another file");
        }
    }

    FileIntake& intake_;
    FieldMap defaults_;
    Own own_defaults_;
    std::map<std::string, int> default_lines_;
    std::map<std::string, Contact> contacts_;
    std::size_t contact_fields_ = 0;
    bool has_orders_ = false;
    int last_order_line_ = 0;
    std::optional<int> count_;
    int count_line_ = 0;
    bool is_count_unreadable_ = false;
    std::set<std::string> known_columns_, unknown_sections_, too_long_;
};

}  // namespace

void read_yaml_orders(SourceBytes& source, FileIntake& intake) {
    const FileLimits& limits = intake.request().limits;
    YamlOrders orders(intake);
    bool is_broken = false;
    read_yaml_parts(
        [&] { return source.next(); },
        {.scalar_bytes = limits.cell_bytes, .nodes = limits.columns, .depth = limits.yaml_depth},
        [&](YamlPart&& part) { orders.take(std::move(part)); },
        [&](YamlTrouble&& trouble) {
            is_broken = is_broken || trouble.ends_reading;
            if (source.trouble().empty()) {
                intake.refuse(trouble.line, trouble.field, "", trouble.reason);
            }
        });
    source.drain();
    if (!source.trouble().empty()) {
        return intake.refuse(source.trouble_line(), "", "", source.trouble());
    }
    if (source.last_line() != kLastLine) {
        intake.refuse(0, "", "", "does not end with a line '...': it is cut short");
    }
    if (!is_broken) orders.finish();
}

}  // namespace domspool
