#include "orders/yaml_orders.h"

#include "orders/contact.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "orders/yaml_rows.h"
#include "util/nearest_word.h"

#include <algorithm>
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
    return "is no field of a contact" + did_you_mean(name, contact_field_names());
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
        FieldMap fields = defaults_;
        Own own;
        for (const auto& [name, node] : part.node.members) take_field(name, node, fields, own);
        resolve_contacts(fields);
        note_columns(fields);
        intake_.take_row(part.line, std::move(fields));
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
        for (const auto& [name, node] : part.node.members) {
            const std::string field = "owner." + name;
            if (node.form == YamlNode::Form::map || order_fields::canonical(field)) {
                take_field(field, node, contact, own);
            } else {
                intake_.refuse(node.line, part.name + "." + name, "", unknown_contact_field(name));
            }
        }
        contact_fields_ += contact.size();
        if (contact_fields_ > kMostContactFields) {
            return refuse_once(part, "have more than " + std::to_string(kMostContactFields) +
                                         " fields in all; put some into another file");
        }
        contacts_[part.name] = fields_under(contact, "owner.");
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
            give_way(folded(name), fields, own);
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
        give_way(*field, fields, own);
        fields.erase(*field);
        if (node.form == YamlNode::Form::scalar) {
            if (!node.text.empty()) fields[*field] = node.text;
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

    // What an order says of a role or of its name servers takes the place of all the defaults say
    // of it, however either is written.
    static void give_way(const std::string& field, FieldMap& fields, Own& own) {
        const auto is_server = [](const std::string& name) {
            return name == "nameservers" || name.starts_with("ns");
        };
        const std::string first = field.substr(0, field.find('.'));
        if (!is_role(first) && !is_server(field)) return;
        // Once: what is there afterwards is the order's own.
        if (!own.groups.insert(is_server(field) ? "ns" : first).second) return;
        std::erase_if(fields, [&](const auto& entry) {
            const std::string& name = entry.first;
            if (own.fields.contains(name)) return false;
            const bool is_same_role =
                is_role(first) && (name == first || name.starts_with(first + "."));
            return is_same_role || (is_server(field) && is_server(name));
        });
    }

    // The name of a contact gives way to its fields, so that the row is whole without the file.
    void resolve_contacts(FieldMap& fields) {
        for (const char* role : {"owner", "admin", "tech", "billing"}) {
            const auto named = fields.find(role);
            if (named == fields.end()) continue;
            const auto contact = contacts_.find(named->second);
            if (contact == contacts_.end()) continue;
            fields.erase(named);
            for (const auto& [name, value] : contact->second) {
                // The extension's data is asked of owners only.
                const bool is_additional = name.starts_with("additional.");
                if (is_additional && std::string_view(role) != "owner") continue;
                fields.emplace(std::string(role) + "." + name, value);
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
    std::map<std::string, FieldMap> contacts_;
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
