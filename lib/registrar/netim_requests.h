// Our words as the registrar wants them in a call. Pure.
#pragma once

#include "orders/contact.h"
#include "registrar/netim_functions.h"
#include "registrar/registrar.h"

#include <string>
#include <vector>

namespace domspool::netim {

// StructContact: every field, empty where unused, `additional` as a map of maps.
soap::Value contact_value(const ContactData& data, bool is_owner);
// StructOwnerContact: the same without names and body.
soap::Value owner_contact_value(const ContactData& data);
soap::Value ds_records_value(const std::vector<DsRecord>& records);

// Without the session, which goes first. The domain in its A-label form, lower case.
Values create_values(const CreateRequest& request);
Values transfer_values(const TransferRequest& request);
Values nameserver_values(const DomainName& domain, const std::vector<std::string>& nameservers);

}  // namespace domspool::netim
