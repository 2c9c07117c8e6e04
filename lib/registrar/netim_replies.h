// The registrar's answers in our words, with all the tolerance needed (API, "Tolerance"). Pure.
//
// What a reader cannot make sense of is an Unreadable: nothing is guessed. EPP codes and session
// ids are remembered for redaction as they are read.
#pragma once

#include "registrar/registrar_records.h"
#include "registrar/reply_fields.h"
#include "soap/value.h"

#include <functional>
#include <optional>
#include <string>

namespace domspool::netim {

// What a call that made or shows an operation answered; absent fields are empty.
struct OperationReply {
    std::optional<OperationId> id;
    std::string status, message, type, date, target;
};
OperationReply read_operation_reply(const soap::Value& value);
// As an answer to queryOpe(asked), which may tell no more than a status; another operation's is
// Unreadable. The message of a domainAuthID that did not fail is withheld: it may be the code.
OperationRecord read_operation(const soap::Value& answer, OperationId asked);

AccountRecord read_account(const soap::Value& value);
ContactRecord read_contact(const soap::Value& value, const std::string& asked);
ContactListRow read_contact_row(const soap::Value& row);
// Another domain's record is Unreadable; one that names none is the answer to the question.
DomainRecord read_domain(const soap::Value& value, const DomainName& asked);
std::string read_domain_row(const soap::Value& row);
ExtensionRecord read_extension(const soap::Value& value);
std::map<std::string, bool> read_open_operations(const soap::Value& value);  // lower-case codes
PriceRecord read_price(const soap::Value& value);
// Nothing if the row is about another name.
std::optional<Availability> read_availability(const soap::Value& row, const DomainName& asked);
ZoneRow read_zone_row(const soap::Value& row);
SessionRecord read_session_row(const soap::Value& row,
                               const std::function<bool(const Secret&)>& is_ours);
// Nothing if the row has no id: the list is not whole then. With neither code nor target it is not
// either.
std::optional<PendingRow> read_pending_row(const soap::Value& row);

// Lists whose rows did not go through a sink: maps, a single row, rows of any one name, with a list
// around them or without. Empty and nil hold no rows; a text is Unreadable.
void take_rows(const soap::Value& value, const std::function<void(const soap::Value&)>& take);

}  // namespace domspool::netim
