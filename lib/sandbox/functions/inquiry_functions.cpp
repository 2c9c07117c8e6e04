// What the registrar tells without changing anything: domains, prices, extensions, the account.
#include "sandbox/functions/domain_words.h"
#include "sandbox/functions/function.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

namespace domspool::sandbox {

namespace {

using soap::Field;
using soap::Value;

Value flag(bool value) {
    return Value::of(std::int64_t{value});
}
Value money(std::int64_t cents) {
    return Value::of(money_text(cents));
}

const Extension& extension_argument(const Arguments& arguments) {
    const Extension* extension = extension_named(arguments.needed("tld"));
    if (extension == nullptr) {
        throw Refusal(code::kDomainName, "extension not accepted: " + arguments.text("tld"));
    }
    return *extension;
}

struct CheckResult {
    const char* result;
    const char* reason;
};

CheckResult availability(CallScene& scene, const std::string& name) {
    const Extension* extension = extension_of(name);
    if (extension == nullptr) return {"UNKNOWN", "BAD SYNTAX"};
    if (!is_open_now(scene, *extension, "domainCreate")) return {"CLOSED", ""};
    const auto known = scene.state.domain(name);
    if ((known && is_registered(*known)) || name.starts_with("taken")) return {"NOT AVAILABLE", ""};
    if (name.starts_with("reserved")) return {"AVAILABLE", "RESERVED"};
    if (is_premium(*extension, name)) return {"AVAILABLE", "PREMIUM"};
    return {"AVAILABLE", ""};
}

Value check_domains(CallScene& scene, const Arguments& arguments) {
    constexpr std::int64_t kDay = 24 * 3600 * 1000;
    std::string text = arguments.needed("domain");
    for (char& c : text) c = c == ';' ? ' ' : c;
    const auto names = split_words(text);
    for (const std::string& name : names) {
        const Extension* extension = extension_of(name);
        const bool fits = extension != nullptr && extension == extension_of(names.front());
        if (!fits || (names.size() > 1 && !extension->has_multiple_check)) {
            throw Refusal(code::kDomainName, "domain name or extension not accepted: " + name);
        }
    }
    const auto count =
        scene.state.count_checks(scene.now / kDay, static_cast<std::int64_t>(names.size()));
    if (count > scene.settings.most_checks_a_day) {
        throw Refusal(code::kCheckQuota, "too many availability queries today");
    }
    std::vector<Value> rows;
    for (const std::string& name : names) {
        const CheckResult found = availability(scene, name);
        rows.push_back(Value::record("StructDomainCheckResponse",
                                     {{"domain", Value::of(name)},
                                      {"result", Value::of(std::string(found.result))},
                                      {"reason", Value::of(std::string(found.reason))}}));
    }
    return Value::list("StructDomainCheckResponse", std::move(rows));
}

Value nameserver_list(const std::string& nameservers) {
    std::vector<Value> names;
    for (const std::string& name : split_words(nameservers)) names.push_back(Value::of(name));
    return Value::list("string", std::move(names));
}

Value dnssec_map(const Fields& fields) {
    const auto key = split_words(field_of(fields, "dnskey"));
    std::vector<Field> members;
    static const char* const kNames[] = {"flags", "protocol", "algo", "pubKey"};
    for (std::size_t i = 0; i < key.size() && i < 4; ++i) {
        members.push_back({kNames[i], Value::of(key[i])});
    }
    if (!field_of(fields, "ds").empty()) {
        members.push_back({"DSRecords", Value::of(field_of(fields, "ds"))});
    }
    return Value::map(std::move(members));
}

Value domain_info(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = named_domain(arguments);
    const Fields fields = own_domain(scene, named.name).fields;
    const auto text = [&](const char* name) {
        return Field{name, Value::of(field_of(fields, name))};
    };
    const auto truth = [&](const char* name) {
        return Field{name, flag(field_of(fields, name) == "1")};
    };
    const std::string expires = field_of(fields, "dateExpiration");
    const auto date = [&](const char* name, int days) {
        return Field{name, Value::of(expires.empty() ? expires : date_plus(expires, 0, days))};
    };
    std::vector<Field> members = {
        {"domain", Value::of(named.name)},
        text("dateCreate"),
        text("dateExpiration"),
        date("dateMinRenew", -180),
        date("dateMaxRenew", 30),
        date("dateMaxRestore", 60),
        text("status"),
        text("idOwner"),
        text("idAdmin"),
        text("idTech"),
        text("idBilling"),
        truth("domainIsLock"),
        truth("whoisPrivacy"),
        truth("autoRenew"),
        {"ns", nameserver_list(field_of(fields, "ns"))},
        text("authID"),
        truth("IsSigned"),
        {"HasDNS4Service", flag(uses_registrar_servers(field_of(fields, "ns")))}};
    if (field_of(fields, "IsSigned") == "1") members.push_back({"DNSSEC", dnssec_map(fields)});
    return Value::record("StructDomainInfo", std::move(members));
}

std::vector<Field> fees_of(const CallScene& scene, const NamedDomain& named) {
    const std::int64_t yearly = fee_now(scene, named);
    return {
        {"Fee4Registration", money(yearly)},  {"Fee4Renewal", money(yearly)},
        {"Fee4Transfer", money(yearly)},      {"Fee4Trade", money(named.extension.trade_fee_cents)},
        {"Fee4TransferTrade", money(yearly)}, {"Fee4Restore", money(80'00)},
        {"Fee4TrusteeService", money(0)},     {"Fee4LocalContactService", money(0)}};
}

Value extension_info(CallScene& scene, const Arguments& arguments) {
    const Extension& extension = extension_argument(arguments);
    std::vector<Field> members = {{"Tld", Value::of(extension.name)},
                                  {"Country", Value::of(extension.country)},
                                  {"PeriodCreate", Value::of(extension.periods)},
                                  {"PeriodRenew", Value::of(extension.periods)},
                                  {"DelaiRenewBeforeExpiration", Value::of(std::int64_t{180})},
                                  {"DelaiRenewAfterExpiration", Value::of(std::int64_t{30})},
                                  {"DelaiRestoreAfterDelete", Value::of(std::int64_t{30})},
                                  {"HasEppCode", flag(extension.has_epp_code)},
                                  {"HasRegistrarLock", flag(extension.has_lock)},
                                  {"HasAutorenew", flag(extension.has_auto_renew)},
                                  {"HasWhoisPrivacy", flag(extension.has_privacy)},
                                  {"HasMultipleCheck", flag(extension.has_multiple_check)},
                                  {"HasImmediateDelete", flag(true)},
                                  {"HasTrusteeService", flag(false)},
                                  {"HasLocalContactService", flag(false)},
                                  {"HasZonecheck", flag(extension.has_dns_test)},
                                  {"HasDnsSec", flag(extension.has_dnssec)},
                                  {"FeeCurrency", Value::of(std::string("EUR"))}};
    for (Field& fee : fees_of(scene, {"a." + extension.name, extension})) {
        if (fee.name != "Fee4TransferTrade") members.push_back(std::move(fee));
    }
    members.push_back({"Informations", Value::of(std::string())});
    return Value::record("StructDomainTldInfo", std::move(members));
}

Value price_list(CallScene& scene, const Arguments&) {
    std::vector<Value> rows;
    for (const Extension& extension : all_extensions()) {
        std::vector<Field> members = {{"tld", Value::of(extension.name)}};
        for (Field& fee : fees_of(scene, {"a." + extension.name, extension})) {
            if (fee.name != "Fee4TransferTrade") members.push_back(std::move(fee));
        }
        rows.push_back(Value::record("StructDomainPriceList", std::move(members)));
    }
    return Value::list("StructDomainPriceList", std::move(rows));
}

Value domain_price(CallScene& scene, const Arguments& arguments) {
    const NamedDomain named = named_domain(arguments);
    std::vector<Field> members = {{"FeeCurrency", Value::of(std::string("EUR"))}};
    for (Field& fee : fees_of(scene, named)) members.push_back(std::move(fee));
    members.push_back({"IsPremium", flag(is_premium(named.extension, named.name))});
    return Value::record("StructQueryDomainPrice", std::move(members));
}

Value list_domains(CallScene& scene, const Arguments& arguments) {
    std::vector<Value> rows;
    scene.state.each_domain(arguments.text("filter"), [&](const Domain& domain) {
        if (!domain.in_account) return;
        rows.push_back(Value::record(
            "StructQueryDomainList",
            {{"domain", Value::of(domain.name)},
             {"dateCreate", Value::of(field_of(domain.fields, "dateCreate"))},
             {"dateExpiration", Value::of(field_of(domain.fields, "dateExpiration"))}}));
    });
    return Value::list("StructQueryDomainList", std::move(rows));
}

Value account(CallScene& scene, const Arguments&) {
    const std::string reseller = scene.settings.reseller_id;
    std::vector<Field> members = {{"BALANCE_AMOUNT", money(scene.state.balance_cents())},
                                  {"BALANCE_LOW_LIMIT", money(100'00)},
                                  {"BALANCE_HARD_LIMIT", money(0)},
                                  {"DOMAIN_AUTO_RENEW", flag(false)},
                                  {"HOSTING_AUTO_RENEW", flag(false)},
                                  {"DEFAULT_OWNER", Value::of(std::string())},
                                  {"DEFAULT_ADMIN", Value::of(reseller)},
                                  {"DEFAULT_TECH", Value::of(reseller)},
                                  {"DEFAULT_BILLING", Value::of(reseller)}};
    auto servers = split_words(scene.settings.default_nameservers);
    servers.resize(5);
    for (std::size_t i = 0; i < servers.size(); ++i) {
        members.push_back({"DEFAULT_DNS_" + std::to_string(i + 1), Value::of(servers[i])});
    }
    std::vector<Field> templates;
    for (std::int64_t number = 1; number <= kMostTemplates; ++number) {
        templates.push_back(
            {std::to_string(number), Value::of("template " + std::to_string(number))});
    }
    members.push_back({"DEFAULT_DNS_TEMPLATE", Value::map(std::move(templates))});
    members.push_back({"PREMIUM_PROCESSING", Value::of(std::string("1"))});
    return Value::record("StructQueryResellerAccount", std::move(members));
}

}  // namespace

std::vector<Function> inquiry_functions() {
    const Part domain = domain_part(), tld{"tld", "string"};
    return {
        {"domainCheck",
         {domain},
         "domainCheckResponseReturn",
         "StructDomainCheckResponse[]",
         check_domains},
        {"domainInfo", {domain}, "return", "StructDomainInfo", domain_info},
        {"domainTldInfo", {tld}, "return", "StructDomainTldInfo", extension_info},
        {"domainPriceList", {}, "return", "StructDomainPriceList[]", price_list},
        {"queryDomainPrice",
         {domain, {"authID", "string"}},
         "queryDomainPriceReturn",
         "StructQueryDomainPrice",
         domain_price},
        {"queryDomainList",
         {{"filter", "string"}},
         "queryDomainListReturn",
         "StructQueryDomainList[]",
         list_domains},
        {"queryResellerAccount", {}, "return", "StructQueryResellerAccount", account},
    };
}

}  // namespace domspool::sandbox
