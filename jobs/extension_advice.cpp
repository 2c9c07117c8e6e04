#include "jobs/extension_advice.h"

#include "orders/domain_name.h"
#include "orders/money.h"
#include "report/machine/json_lines.h"
#include "report/terminal/finding.h"
#include "report/terminal/text_width.h"
#include "util/failure.h"
#include "util/visible_text.h"

#include <fmt/format.h>

namespace domspool {

namespace {

template <typename Words>
std::string in_a_row(const Words& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// 1, 2, 3, 10 -> "1 to 3, 10 years"
std::string years_text(const std::set<int>& years) {
    std::vector<std::string> spans;
    for (auto year = years.begin(); year != years.end();) {
        const int first = *year;
        int last = first;
        while (++year != years.end() && *year == last + 1) last = *year;
        spans.push_back(first == last ? std::to_string(first)
                                      : fmt::format("{} to {}", first, last));
    }
    return in_a_row(spans) + (years == std::set<int>{1} ? " year" : " years");
}

std::string periods(const ExtensionRecord& record) {
    const auto years = parse_periods(record.period_create);
    if (years && !years->empty()) return years_text(*years);
    return "not readable: '" + record.period_create + "'";
}

std::string fees(const ExtensionRecord& record) {
    std::vector<std::string> all;
    for (const auto& [name, cents] : record.fee_cents) {
        all.push_back(name + " " + to_text({cents, record.fee_currency}));
    }
    return all.empty() ? "not told" : in_a_row(all);
}

struct FlagWords {
    const char* flag;
    const char* words;
};

constexpr FlagWords kFlags[] = {
    {"haseppcode", "EPP code at a transfer"},
    {"haszonecheck", "DNS test before name servers are taken"},
    {"hasregistrarlock", "lock"},
    {"haswhoisprivacy", "whois privacy"},
    {"hasautorenew", "automatic renewal"},
    {"hasdnssec", "DNSSEC"},
    {"hastrusteeservice", "trustee as owner"},
    {"haslocalcontactservice", "local contact as admin"},
};

std::string with_flag(const ExtensionRecord& record, bool wanted) {
    std::vector<std::string> words;
    for (const FlagWords& one : kFlags) {
        const auto flag = record.flags.find(one.flag);
        if (flag != record.flags.end() && flag->second == wanted) words.emplace_back(one.words);
    }
    return words.empty() ? "nothing" : in_a_row(words);
}

std::string closed(const std::map<std::string, bool>& operations) {
    std::vector<std::string> codes;
    for (const auto& [code, is_open] : operations) {
        if (!is_open) codes.push_back(code);
    }
    if (operations.empty()) return "not told";
    return codes.empty() ? "none" : in_a_row(codes);
}

std::string name_servers(const ExtensionRules& sheet) {
    return fmt::format("at least {}; {}", sheet.minimum_nameservers,
                       sheet.nameservers_required_at_create
                           ? "a registration must name them"
                           : "a registration may leave them to the account's default");
}

std::string transfer_owner(const ExtensionRules& sheet) {
    switch (sheet.transfer_owner) {
        case ExtensionRules::TransferOwner::either:
            return "a contact, or auto";
        case ExtensionRules::TransferOwner::contact:
            return "a contact";
        case ExtensionRules::TransferOwner::automatic:
            return "auto: the registry's owner stays";
    }
    our_bug("an owner of a transfer without words", __FILE__, __LINE__);
}

std::string owner_data(const ExtensionRules& sheet) {
    if (sheet.required_owner_fields.empty()) return "nothing that all owners give";
    return in_a_row(sheet.required_owner_fields);
}

std::string usual_days(const ExtensionRules& sheet) {
    std::vector<std::string> all;
    for (const auto& [kind, days] : sheet.usual_days) {
        all.push_back(fmt::format("{} {}", to_word(kind), days));
    }
    return in_a_row(all);
}

}  // namespace

Advice advice_on(const ExtensionRecord& record, const std::map<std::string, bool>& operations,
                 const ExtensionRules& sheet, bool has_entry) {
    Advice advice = {{"periods", periods(record)},
                     {"fees", fees(record)},
                     {"offered", with_flag(record, true)},
                     {"not offered", with_flag(record, false)},
                     {"closed", closed(operations)},
                     {"sheet", has_entry ? "has an entry" : "has no entry: the default counts"},
                     {"name servers", name_servers(sheet)},
                     {"transfer owner", transfer_owner(sheet)},
                     {"owner data", owner_data(sheet)}};
    if (!sheet.domain_bound.empty())
        advice.emplace_back("domain-bound", in_a_row(sheet.domain_bound));
    advice.emplace_back("usual days", usual_days(sheet));
    return advice;
}

void tell_advice(Console& console, const Advice& advice) {
    constexpr int kNameWidth = 16;
    for (const auto& [name, words] : advice) {
        console.print(console.as_json() ? json_line(Finding::ok(name, words))
                                        : padded(name, kNameWidth) + visible_text(words) + "\n");
    }
}

std::string extension_named(const std::string& word) {
    const auto parsed = DomainName::parse("example." + word.substr(word.starts_with('.') ? 1 : 0));
    if (const auto* domain = std::get_if<DomainName>(&parsed)) return domain->extension();
    throw RunFailure(ExitCode::usage, "'" + word + "' is no extension; write --extension co.uk");
}

}  // namespace domspool
