#include "sandbox/server/published_wsdl.h"

#include "sandbox/functions/function.h"
#include "sandbox/model/contact_record.h"
#include "soap/wsdl.h"

#include <set>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

namespace {

using StructType = soap::WsdlStruct;
using Members = std::vector<soap::WsdlPart>;

Members described(const std::vector<Part>& parts) {
    Members all;
    for (const Part& part : parts) all.push_back({part.name, part.type});
    return all;
}

Members members(std::string_view type, std::initializer_list<const char*> names) {
    Members all;
    for (const char* name : names) all.push_back({name, std::string(type)});
    return all;
}

Members joined(std::initializer_list<Members> groups) {
    Members all;
    for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
    return all;
}

Members contact_members(bool with_names) {
    const std::set<std::string> of_names = {"firstName", "lastName", "bodyForm", "bodyName"};
    Members all;
    for (const std::string& name : contact_field_names()) {
        if (!with_names && of_names.contains(name)) continue;
        all.push_back({name, name == "isOwner" ? "int" : "string"});
    }
    all.push_back({"additional", "Map"});
    return all;
}

Members fee_members(bool with_transfer_trade) {
    auto all = members("string", {"Fee4Registration", "Fee4Renewal", "Fee4Transfer", "Fee4Trade"});
    if (with_transfer_trade) all.push_back({"Fee4TransferTrade", "string"});
    return joined(
        {all, members("string", {"Fee4Restore", "Fee4TrusteeService", "Fee4LocalContactService"})});
}

Members operation_flags() {
    Members all;
    for (const std::string& name : operation_codes()) all.push_back({name, "int"});
    return all;
}

std::vector<StructType> contact_types() {
    return {
        {"StructContact", contact_members(true)},
        {"StructOwnerContact", contact_members(false)},
        {"StructContactReturn", joined({members("string", {"idContact"}), contact_members(true),
                                        members("int", {"isLock", "isLinked", "version"})})},
        {"StructContactList",
         joined({members("string", {"idContact", "firstName", "lastName", "bodyForm", "bodyName"}),
                 members("int", {"isOwner"})})},
    };
}

std::vector<StructType> domain_types() {
    return {
        {"StructDomainCheckResponse", members("string", {"domain", "result", "reason"})},
        {"StructDomainInfo",
         joined({members("string",
                         {"domain", "dateCreate", "dateExpiration", "dateMinRenew", "dateMaxRenew",
                          "dateMaxRestore", "status", "idOwner", "idAdmin", "idTech", "idBilling"}),
                 members("int", {"domainIsLock", "whoisPrivacy", "autoRenew"}),
                 {{"ns", "string[]"}, {"authID", "string"}},
                 members("int", {"IsSigned", "HasDNS4Service"}),
                 {{"DNSSEC", "Map"}}})},
        {"StructDomainTldInfo",
         joined({members("string", {"Tld", "Country", "PeriodCreate", "PeriodRenew"}),
                 members("int", {"DelaiRenewBeforeExpiration", "DelaiRenewAfterExpiration",
                                 "DelaiRestoreAfterDelete", "HasEppCode", "HasRegistrarLock",
                                 "HasAutorenew", "HasWhoisPrivacy", "HasMultipleCheck",
                                 "HasImmediateDelete", "HasTrusteeService",
                                 "HasLocalContactService", "HasZonecheck", "HasDnsSec"}),
                 members("string", {"FeeCurrency"}), fee_members(false),
                 members("string", {"Informations"})})},
        {"StructDomainPriceList", joined({members("string", {"tld"}), fee_members(false)})},
        {"StructQueryDomainPrice", joined({members("string", {"FeeCurrency"}), fee_members(true),
                                           members("int", {"IsPremium"})})},
        {"StructQueryDomainList", members("string", {"domain", "dateCreate", "dateExpiration"})},
        {"StructDSRecord",
         joined({members("int", {"key", "type"}), members("string", {"digest"})})},
        {"StructQueryZoneList", members("string", {"subdomain", "type", "value"})},
    };
}

std::vector<StructType> other_types() {
    return {
        {"StructSessionInfo", joined({members("string", {"IDSession"}),
                                      members("int", {"timeLogin", "timeLastActivity"}),
                                      members("string", {"lang"}), members("int", {"sync"})})},
        {"StructQueryResellerAccount",
         joined({members("string", {"BALANCE_AMOUNT", "BALANCE_LOW_LIMIT", "BALANCE_HARD_LIMIT"}),
                 members("int", {"DOMAIN_AUTO_RENEW", "HOSTING_AUTO_RENEW"}),
                 members("string", {"DEFAULT_OWNER", "DEFAULT_ADMIN", "DEFAULT_TECH",
                                    "DEFAULT_BILLING", "DEFAULT_DNS_1", "DEFAULT_DNS_2",
                                    "DEFAULT_DNS_3", "DEFAULT_DNS_4", "DEFAULT_DNS_5"}),
                 {{"DEFAULT_DNS_TEMPLATE", "Map"}, {"PREMIUM_PROCESSING", "string"}}})},
        {"StructOperationResponse",
         joined({members("int", {"ID_OPE"}),
                 members("string", {"STATUS", "MESSAGE", "TYPE", "DATE"})})},
        {"StructQueryOpePending",
         joined({members("int", {"id_ope"}),
                 members("string", {"code_ope", "data_ope", "date_ope"})})},
        {"StructQueryOpeList", operation_flags()},
    };
}

}  // namespace

std::string published_wsdl(const std::string& address) {
    soap::ServiceDescription service{.endpoint = address, .structs = {}, .functions = {}};
    for (const auto& group : {contact_types(), domain_types(), other_types()}) {
        service.structs.insert(service.structs.end(), group.begin(), group.end());
    }
    for (const Function& function : all_functions()) {
        service.functions.push_back({.name = function.name,
                                     .parts = described(function.parts),
                                     .result = {function.result_name, function.result_type}});
    }
    return soap::write_wsdl(service);
}

}  // namespace domspool::sandbox
