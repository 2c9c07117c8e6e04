// The registrar's functions with their documented parameters (API, "Parameters").
#pragma once

#include "registrar/netim_account.h"
#include "soap/soap_xml.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool::netim {

struct Function {
    const char* name;
    const char* parameters;  // blank-separated; trailing ones may be left out of a call
};

inline constexpr Function kSessionOpen{"sessionOpen", "idReseller password language"};
inline constexpr Function kSessionClose{"sessionClose", "IDSession"};
inline constexpr Function kSessionSetPreference{"sessionSetPreference", "IDSession type value"};
inline constexpr Function kQueryAllSessions{"queryAllSessions", "IDSession"};

inline constexpr Function kQueryResellerAccount{"queryResellerAccount", "IDSession"};
inline constexpr Function kContactInfo{"contactInfo", "IDSession idContact"};
inline constexpr Function kQueryContactList{"queryContactList", "IDSession filter field"};
inline constexpr Function kDomainInfo{"domainInfo", "IDSession domain"};
inline constexpr Function kQueryDomainList{"queryDomainList", "IDSession filter"};
inline constexpr Function kDomainTldInfo{"domainTldInfo", "IDSession tld"};
inline constexpr Function kQueryOpeList{"queryOpeList", "IDSession tld"};
inline constexpr Function kDomainCheck{"domainCheck", "IDSession domain"};
inline constexpr Function kQueryDomainPrice{"queryDomainPrice", "IDSession domain authID"};
// The operation id's name is not documented; a client in use sends this one.
inline constexpr Function kQueryOpe{"queryOpe", "IDSession IDOpe"};
inline constexpr Function kQueryOpePending{"queryOpePending", "IDSession"};
inline constexpr Function kQueryZoneList{"queryZoneList", "IDSession domain"};

inline constexpr Function kContactCreate{"contactCreate", "IDSession contact"};
inline constexpr Function kContactOwnerUpdate{"contactOwnerUpdate", "IDSession idContact contact"};
inline constexpr Function kDomainCreate{
    "domainCreate",
    "IDSession domain idOwner idAdmin idTech idBilling ns1 ns2 ns3 ns4 ns5 duration templateDNS"};
inline constexpr Function kDomainTransferIn{
    "domainTransferIn",
    "IDSession domain authID idOwner idAdmin idTech idBilling ns1 ns2 ns3 ns4 ns5"};
inline constexpr Function kDomainTransferOwner{"domainTransferOwner", "IDSession domain idOwner"};
inline constexpr Function kDomainChangeDNS{"domainChangeDNS",
                                           "IDSession domain ns1 ns2 ns3 ns4 ns5"};
inline constexpr Function kDomainAuthID{"domainAuthID", "IDSession domain sendtoregistrant"};
inline constexpr Function kDomainZoneInit{"domainZoneInit", "IDSession domain numTemplate"};
inline constexpr Function kDomainSetDNSsec{"domainSetDNSsec", "IDSession domain value"};
inline constexpr Function kDomainSetDNSSecExt{
    "domainSetDNSSecExt", "IDSession domain DSRecords flags protocol algo pubKey"};
inline constexpr Function kDomainSetPreference{"domainSetPreference",
                                               "IDSession domain codePref value"};
inline constexpr Function kCancelOpe{"cancelOpe", "IDSession IDOpe"};

// All of them: what is sent at all.
inline constexpr const Function* kFunctions[] = {
    &kSessionOpen,          &kSessionClose,       &kSessionSetPreference, &kQueryAllSessions,
    &kQueryResellerAccount, &kContactInfo,        &kQueryContactList,     &kDomainInfo,
    &kQueryDomainList,      &kDomainTldInfo,      &kQueryOpeList,         &kQueryDomainPrice,
    &kDomainCheck,          &kQueryOpe,           &kQueryOpePending,      &kQueryZoneList,
    &kContactCreate,        &kContactOwnerUpdate, &kDomainCreate,         &kDomainTransferIn,
    &kDomainTransferOwner,  &kDomainChangeDNS,    &kDomainAuthID,         &kDomainZoneInit,
    &kDomainSetDNSsec,      &kDomainSetDNSSecExt, &kDomainSetPreference,  &kCancelOpe};

// The documented names, in order.
std::vector<std::string> parameter_names(const Function& function);

using Values = std::vector<soap::Value>;

// The call with its parameters under their documented names, or as p0, p1 ...: the registrar binds
// by position when no name matches, and nulls every unknown name as soon as one does.
soap::Call make_call(const Function& function, Values values, NetimSettings::Parameters how);

}  // namespace domspool::netim
