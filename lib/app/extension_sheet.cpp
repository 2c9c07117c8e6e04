#include "app/extension_sheet.h"

#include "app/yaml_section.h"
#include "orders/contact.h"
#include "orders/domain_name.h"
#include "util/failure.h"
#include "util/file.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kLargestSheet = 1024 * 1024;
ExtensionRules common_rules() {
    ExtensionRules rules;
    for (const OrderKindEntry& each : order_kinds()) rules.usual_days[each.kind] = each.usual_days;
    return rules;
}

bool is_owner_field(const std::string& name) {
    constexpr std::string_view kAdditional = "additional.";
    if (name.starts_with(kAdditional)) return name.size() > kAdditional.size();
    const auto& known = contact_field_names();
    return std::ranges::find(known, name) != known.end();
}

std::set<std::string> read_required_data(YamlSection& section,
                                         const std::set<std::string>& by_default) {
    if (!section.has("required_owner_data")) return by_default;
    std::set<std::string> required;
    for (const std::string& name : section.list("required_owner_data")) {
        required.insert(name);
        if (is_owner_field(name)) continue;
        section.fault("required_owner_data",
                      "names '" + name +
                          "', which is no contact field; write idNumber, vatNumber ..., or "
                          "additional.KEY");
    }
    return required;
}

std::set<std::string> read_bound_keys(YamlSection& section,
                                      const std::set<std::string>& by_default) {
    if (!section.has("domain_bound")) return by_default;
    std::set<std::string> bound;
    for (const std::string& key : section.list("domain_bound")) {
        bound.insert(key);
        if (!key.empty() && key.find('.') == std::string::npos) continue;
        section.fault("domain_bound",
                      "must list plain keys such as US_APP_PURPOSE, not '" + key + "'");
    }
    return bound;
}

void read_usual_days(YamlSection section, std::map<OrderKind, int>& days) {
    for (const OrderKindEntry& each : order_kinds()) {
        days[each.kind] = section.number(std::string(each.word), days[each.kind], 0, 365);
    }
    section.refuse_unknown();
}

// `rules` hold the defaults.
ExtensionRules read_rules(YamlSection section, ExtensionRules rules) {
    using Owner = ExtensionRules::TransferOwner;
    rules.minimum_nameservers =
        section.number("minimum_nameservers", rules.minimum_nameservers, 1, 5);
    rules.nameservers_required_at_create =
        section.flag("nameservers_required_at_create", rules.nameservers_required_at_create);
    rules.transfer_owner = section.choice(
        "transfer_owner", rules.transfer_owner,
        {{"either", Owner::either}, {"contact", Owner::contact}, {"automatic", Owner::automatic}});
    rules.required_owner_fields = read_required_data(section, rules.required_owner_fields);
    rules.domain_bound = read_bound_keys(section, rules.domain_bound);
    read_usual_days(section.section("usual_days"), rules.usual_days);
    section.refuse_unknown();
    return rules;
}

// "co.uk" as it stands behind a domain's first label; "" if it cannot.
std::string extension_of_key(const std::string& key) {
    const auto parsed = DomainName::parse("example." + key);
    const auto* domain = std::get_if<DomainName>(&parsed);
    return domain == nullptr ? "" : domain->extension();
}

ExtensionSheet read_sheet(YamlSection top) {
    ExtensionSheet sheet;
    const ExtensionRules common = read_rules(top.section("default"), common_rules());
    sheet[""] = common;
    YamlSection extensions = top.section("extensions");
    for (const std::string& key : extensions.keys()) {
        ExtensionRules rules = read_rules(extensions.section(key), common);
        rules.extension = extension_of_key(key);
        if (rules.extension.empty()) {
            extensions.fault(key, "is no extension; write it as it stands in a domain: com, co.uk");
        } else if (!sheet.emplace(rules.extension, rules).second) {
            extensions.fault(key, "is the extension '" + rules.extension + "' once more");
        }
    }
    top.refuse_unknown();
    return sheet;
}

}  // namespace

ExtensionSheet parse_extension_sheet(const std::string& text, const std::string& file) {
    YamlFile yaml(text, file);
    yaml.require_faultless("the extension sheet");
    ExtensionSheet sheet = read_sheet(yaml.top());
    yaml.require_faultless("the extension sheet");
    return sheet;
}

ExtensionSheet load_extension_sheet(const std::string& path) {
    try {
        return parse_extension_sheet(file::read_whole(path, kLargestSheet), path);
    } catch (const RunFailure& failure) {
        const bool is_missing = failure.code() == ExitCode::file_not_found;
        if (is_missing && path == kDefaultExtensionsFile) return {{"", common_rules()}};
        if (!is_missing && failure.code() != ExitCode::file_refused) throw;
        throw RunFailure(ExitCode::settings_or_ledger,
                         std::string(failure.what()) + " (named by extensions_file)");
    }
}

int usual_days(const ExtensionSheet& sheet, OrderKind kind, const std::string& extension) {
    auto entry = sheet.find(extension);
    if (entry == sheet.end()) entry = sheet.find("");
    if (entry == sheet.end()) return entry_of(kind).usual_days;
    const auto days = entry->second.usual_days.find(kind);
    return days == entry->second.usual_days.end() ? entry_of(kind).usual_days : days->second;
}

}  // namespace domspool
