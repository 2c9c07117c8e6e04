#include "orders/order.h"

#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "util/utf8.h"

#include <algorithm>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::size_t kMostNameservers = 5;
constexpr std::size_t kLongestAuthCode = 64;
constexpr std::size_t kLongestReference = 255;

class OrderReader {
  public:
    OrderReader(OrderKind kind, const FieldMap& given) : kind_(kind), entry_(entry_of(kind)) {
        for (const auto& [name, value] : given) {
            if (!value.empty()) given_.emplace(name, value);
        }
    }

    ReadOrder run() && {
        refuse_foreign_fields();
        const std::optional<DomainName> domain = read_domain();
        // A stand-in lets the other fields be looked at too; it never leaves this function.
        Order order{kind_, domain ? *domain : DomainName::from_stored("invalid.invalid")};
        read_reference(order);
        read_years(order);
        read_contacts(order);
        read_auth_code(order);
        read_nameservers(order);
        read_zone_template(order);
        read_dnssec(order);
        read_settings(order);
        read_max_price(order);
        read_additional(order);
        if (result_.faults.empty()) {
            result_.order = std::move(order);
        } else {
            result_.normalised.clear();
        }
        return std::move(result_);
    }

  private:
    void fault(const std::string& name, const std::string& reason) {
        const std::string value = name == "auth_code" ? "" : field_of(given_, name);
        result_.faults.push_back({name, utf8::shortened(value), reason});
    }

    void keep(const std::string& name, const std::string& value) {
        result_.normalised[name] = value;
    }

    // Trimmed; "" also where the field is not of this kind (that was refused already).
    std::string text_of(const std::string& name) const {
        return order_fields::belongs_to(name, kind_) ? trimmed(field_of(given_, name)) : "";
    }

    void refuse_foreign_fields() {
        for (const auto& [name, value] : given_) {
            if (order_fields::canonical(name) != name) {
                fault(name, order_fields::unknown_reason(name));
            } else if (!order_fields::belongs_to(name, kind_)) {
                fault(name, order_fields::foreign_reason(name, kind_));
            }
        }
        const std::string word = text_of("order");
        if (!word.empty() && order_kind_of(folded(word)) != kind_) {
            fault("order", "must be " + std::string(to_word(kind_)) + " here");
        }
    }

    std::optional<DomainName> read_domain() {
        const std::string text = text_of("domain");
        if (text.empty()) {
            fault("domain", "is missing; every order names one domain");
            return std::nullopt;
        }
        auto name = DomainName::parse(text);
        if (const auto* refusal = std::get_if<DomainName::Refusal>(&name)) {
            fault("domain", "is no domain name: " + refusal->reason);
            return std::nullopt;
        }
        keep("domain", std::get<DomainName>(name).ascii());
        return std::get<DomainName>(std::move(name));
    }

    void read_reference(Order& order) {
        order.reference = text_of("reference");
        if (order.reference.empty()) return;
        if (!utf8::first_unprintable(order.reference).empty()) {
            return fault("reference", "holds a line break or a character that cannot be printed");
        }
        if (utf8::length(order.reference) > kLongestReference) {
            return fault("reference", "is longer than 255 characters");
        }
        keep("reference", order.reference);
    }

    void read_years(Order& order) {
        if (!entry_.has_years) return;
        const std::string text = text_of("years");
        if (text.empty()) return fault("years", "is missing; there is no default");
        const std::optional<int> years = number_of(text);
        if (!years || *years < 1 || *years > 100) {
            return fault("years", "must be a whole number of years such as 1");
        }
        order.years = *years;
        keep("years", std::to_string(*years));
    }

    void read_contacts(Order& order) {
        order.owner = read_contact(ContactRole::owner);
        order.admin = read_contact(ContactRole::admin);
        order.tech = read_contact(ContactRole::tech);
        order.billing = read_contact(ContactRole::billing);
    }

    ContactChoice read_contact(ContactRole role) {
        const std::string name(to_word(role));
        if (!order_fields::belongs_to(name, kind_)) return {};
        const std::string word = text_of(name);
        FieldMap inline_fields = fields_under(given_, name + ".");
        std::erase_if(inline_fields,
                      [](const auto& field) { return field.first.starts_with("additional."); });
        if (!word.empty() && !inline_fields.empty()) {
            fault(name, "is given twice: by itself and by fields such as '" + name + "." +
                            inline_fields.begin()->first + "'; one of them is right");
            return {};
        }
        if (!inline_fields.empty()) return read_inline(name, inline_fields, role);
        if (!word.empty()) return read_choice(name, word, role);
        if (role == ContactRole::owner) fault(name, missing_owner());
        return {};
    }

    std::string missing_owner() const {
        const bool may_be_auto = entry_.may_take_owner_from_registry;
        return std::string("is missing; a contact id, the contact's fields") +
               (may_be_auto ? ", or auto" : "") + " are wanted";
    }

    ContactChoice read_inline(const std::string& name, const FieldMap& fields, ContactRole role) {
        CheckedContact checked = check_contact(fields, name + ".", role);
        for (FieldFault& found : checked.faults) result_.faults.push_back(std::move(found));
        for (const auto& [field, value] : checked.data.fields) keep(name + "." + field, value);
        ContactChoice choice;
        choice.how = ContactChoice::How::inline_data;
        choice.data = std::move(checked.data);
        return choice;
    }

    ContactChoice read_choice(const std::string& name, const std::string& word, ContactRole role) {
        using How = ContactChoice::How;
        const bool is_owner = role == ContactRole::owner;
        const std::string code = raised(word);
        if (code == "AUTO" || code == "#AUTO#") {
            if (is_owner && entry_.may_take_owner_from_registry)
                return chosen(name, How::automatic, "auto");
            fault(name, is_owner ? "cannot be auto here: only a transfer takes the owner from the "
                                   "registry; a contact is wanted"
                                 : "cannot be auto; a contact or reseller is wanted");
        } else if (code == "RESELLER") {
            if (!is_owner) return chosen(name, How::reseller, "reseller");
            fault(name, "cannot be reseller; an owner is a contact of its own");
        } else if (is_contact_id(code)) {
            ContactChoice choice = chosen(name, How::id, code);
            choice.id = code;
            return choice;
        } else {
            fault(name,
                  "is no contact id (two initials and a number, such as GK521) and no name "
                  "of `contacts:`");
        }
        return {};
    }

    ContactChoice chosen(const std::string& name, ContactChoice::How how,
                         const std::string& value) {
        keep(name, value);
        ContactChoice choice;
        choice.how = how;
        return choice;
    }

    void read_auth_code(Order& order) {
        const std::string& code = field_of(given_, "auth_code");
        if (code.empty() || !order_fields::belongs_to("auth_code", kind_)) return;
        if (code != kKeptCode && code != kWipedCode) {
            const std::size_t length = utf8::length(code);
            if (!utf8::first_unprintable(code).empty()) {
                return fault("auth_code",
                             "holds a line break or a character that cannot be "
                             "printed (not shown here)");
            }
            if (length > kLongestAuthCode) {
                return fault("auth_code", "has " + std::to_string(length) +
                                              " characters; at most 64 are accepted");
            }
            if (trimmed(code).empty()) return fault("auth_code", "consists of blanks only");
        }
        order.has_auth_code = true;
        keep("auth_code", std::string(kKeptCode));
    }

    struct NamedServer {
        std::string field, text;
    };

    std::vector<NamedServer> given_nameservers() {
        std::vector<NamedServer> servers, numbered;
        for (std::string& name : words_of(text_of("nameservers"))) {
            servers.push_back({"nameservers", std::move(name)});
        }
        for (const char* field : {"ns1", "ns2", "ns3", "ns4", "ns5"}) {
            if (const std::string name = text_of(field); !name.empty()) {
                numbered.push_back({field, name});
            }
        }
        if (servers.empty()) return numbered;
        if (!numbered.empty()) {
            fault("nameservers",
                  "is given twice: by itself and by 'ns1' to 'ns5'; one of them is "
                  "right");
        }
        return servers;
    }

    // What is wrong with a cell as a whole is told once, not of each piece.
    bool is_told_to_part_servers() {
        constexpr std::string_view kSeparators = ",;|";
        for (const char* field : {"nameservers", "ns1", "ns2", "ns3", "ns4", "ns5"}) {
            std::string text = text_of(field);
            if (text.find_first_of(kSeparators) == std::string::npos) continue;
            for (char& c : text) {
                if (kSeparators.find(c) != std::string_view::npos) c = ' ';
            }
            std::string parted;
            for (const std::string& name : words_of(text)) {
                parted += (parted.empty() ? "" : " ") + name;
            }
            const bool is_list = std::string_view(field) == "nameservers";
            fault(field, (is_list ? "separate the servers by blanks: '"
                                  : "holds several servers or a separator; one server is wanted: "
                                    "'") +
                             parted + "'");
            return true;
        }
        return false;
    }

    void read_nameservers(Order& order) {
        if (!order_fields::belongs_to("nameservers", kind_)) return;
        if (is_told_to_part_servers()) return;
        const std::vector<NamedServer> servers = given_nameservers();
        const bool may_keep = entry_.servers == Servers::keep;
        const bool says_keep = servers.size() == 1 && folded(servers.front().text) == "keep";
        if (may_keep && (servers.empty() || says_keep)) {
            order.keep_nameservers = true;
            return keep("nameservers", "keep");
        }
        if (says_keep) return fault("nameservers", "keep is for transfers only; name them");
        if (servers.empty()) {
            if (entry_.servers != Servers::needed) return;
            return fault("nameservers", "is missing; 1 to 5 host names are wanted");
        }
        if (servers.size() > kMostNameservers) {
            return fault("nameservers", "names " + std::to_string(servers.size()) +
                                            " servers; at most 5 are accepted");
        }
        add_nameservers(servers, order);
    }

    void add_nameservers(const std::vector<NamedServer>& given, Order& order) {
        std::string list;
        for (const NamedServer& one : given) {
            if (is_with_address(one.text)) {
                add_server_fault(one, "addresses (glue) are not ordered here; name the host only");
                continue;
            }
            const auto name = DomainName::parse(one.text);
            if (const auto* refusal = std::get_if<DomainName::Refusal>(&name)) {
                add_server_fault(one, "is no host name: " + refusal->reason);
                continue;
            }
            const std::string& server = std::get<DomainName>(name).ascii();
            auto& servers = order.nameservers;
            if (std::find(servers.begin(), servers.end(), server) != servers.end()) {
                add_server_fault(one, "stands there twice; each server is named once");
                continue;
            }
            servers.push_back(server);
            list += (list.empty() ? "" : " ") + server;
        }
        keep("nameservers", list);
    }

    // "ns1.example.com/192.0.2.1", "192.0.2.1", "2001:db8::1", "(192.0.2.1)".
    static bool is_with_address(const std::string& text) {
        const bool is_number = text.find_first_not_of("0123456789.()[]") == std::string::npos;
        return is_number || text.find_first_of("/:") != std::string::npos;
    }

    void add_server_fault(const NamedServer& server, const std::string& reason) {
        result_.faults.push_back({server.field, utf8::shortened(server.text), reason});
    }

    void read_zone_template(Order& order) {
        const std::string text = text_of("zone_template");
        if (text.empty()) return;
        order.zone_template = number_of(text);
        if (!order.zone_template || *order.zone_template < 1) {
            return fault("zone_template", "must be the number of a DNS template such as 3");
        }
        keep("zone_template", std::to_string(*order.zone_template));
    }

    void read_dnssec(Order& order) {
        const std::string text = text_of("dnssec");
        if (text.empty()) return;
        const std::string word = folded(text);
        using How = DnssecWish::How;
        if (word == "keep" && entry_.servers == Servers::account) {
            return fault("dnssec",
                         "keep has nothing to keep at a registration; on, off, auto or a "
                         "key is right");
        }
        if (word == "keep") order.dnssec.how = How::keep;
        if (word == "on") order.dnssec.how = How::on;
        if (word == "off") order.dnssec.how = How::off;
        if (word == "auto") order.dnssec.how = How::automatic;
        if (order.dnssec.how != How::not_given) return keep("dnssec", word);
        const std::optional<DnssecWish> key = dnssec_key_of(text);
        if (!key) {
            return fault("dnssec",
                         "must be keep, on, off, auto, or a key as '257 3 13 BASE64' "
                         "(flags 256 or 257, protocol 3, algorithm, public key)");
        }
        order.dnssec = *key;
        keep("dnssec", to_value(*key));
    }

    void read_settings(Order& order) {
        order.lock = read_switch("lock");
        order.privacy = read_switch("privacy");
        order.auto_renew = read_switch("auto_renew");
        order.tag = read_label("tag", "");
        order.note = read_label("note", "\n\t");
        read_new_auth_code(order);
    }

    std::optional<bool> read_switch(const std::string& name) {
        const std::string word = folded(text_of(name));
        if (word.empty()) return std::nullopt;
        const std::optional<bool> value = truth_of(word);
        if (!value) {
            fault(name, "must be on or off (yes/no, 1/0, true/false), or empty");
            return std::nullopt;
        }
        keep(name, *value ? "on" : "off");
        return value;
    }

    // As given, blanks and all; of control characters only those in `accepted`.
    std::string read_label(const std::string& name, std::string_view accepted) {
        std::string text;
        const std::string& given = field_of(given_, name);
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (given.compare(i, 2, "\r\n") != 0) text += given[i];
        }
        std::string rest = text;
        std::erase_if(rest, [&](char c) { return accepted.find(c) != std::string_view::npos; });
        if (!utf8::first_unprintable(rest).empty()) {
            fault(name, accepted.empty()
                            ? "holds a line break or a character that cannot be printed"
                            : "holds a character that cannot be printed");
            return "";
        }
        if (trimmed(text).empty()) return "";
        keep(name, text);
        return text;
    }

    void read_new_auth_code(Order& order) {
        const std::string word = folded(text_of("new_auth_code"));
        if (word.empty()) return;
        const std::optional<bool> truth = truth_of(word);
        if (word == "owner") {
            order.new_auth_code = NewAuthCode::to_owner;
            return keep("new_auth_code", "owner");
        }
        if (!truth) return fault("new_auth_code", "must be yes, no or owner");
        order.new_auth_code = *truth ? NewAuthCode::yes : NewAuthCode::no;
        keep("new_auth_code", *truth ? "yes" : "no");
    }

    void read_max_price(Order& order) {
        const std::string text = text_of("max_price");
        if (text.empty()) return;
        order.max_price = parse_money(raised(text));
        if (!order.max_price) {
            return fault("max_price",
                         "must be an amount with a point and a currency, such as '12.50 EUR'");
        }
        keep("max_price", to_text(*order.max_price));
    }

    // The owner's data may stand with the order or with the owner; in both it must be the same.
    void read_additional(Order& order) {
        if (!order_fields::belongs_to("additional", kind_)) return;
        for (const std::string prefix : {"additional.", "owner.additional."}) {
            for (const auto& [key, raw] : fields_under(given_, prefix)) {
                const std::string value = trimmed(raw);
                if (value.empty()) continue;
                if (!utf8::first_unprintable(value).empty()) {
                    fault(prefix + key, "holds a line break or a character that cannot be printed");
                } else if (utf8::length(value) > kLongestReference) {
                    fault(prefix + key, "is longer than 255 characters");
                } else if (!order.additional.emplace(key, value).second &&
                           order.additional[key] != value) {
                    fault(prefix + key, "disagrees with 'additional." + key + "'");
                }
            }
        }
        for (const auto& [key, value] : order.additional) keep("additional." + key, value);
    }

    OrderKind kind_;
    const OrderKindEntry& entry_;
    FieldMap given_;
    ReadOrder result_;
};

}  // namespace

ReadOrder read_order(OrderKind kind, const FieldMap& given) {
    return OrderReader(kind, given).run();
}

bool says_the_same(const FieldMap& a, const FieldMap& b) {
    return a == b;
}

}  // namespace domspool
