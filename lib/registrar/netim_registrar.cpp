#include "registrar/netim_registrar.h"

#include "registrar/fault_code.h"
#include "registrar/netim_outcomes.h"
#include "registrar/netim_replies.h"
#include "registrar/netim_requests.h"
#include "registrar/netim_session.h"
#include "registrar/reply_fields.h"
#include "util/redact.h"

#include <exception>
#include <utility>

namespace domspool {
namespace {

using namespace netim;
using soap::Value;

Value number(std::int64_t value) {
    return Value::of(value);
}

// An answer nobody can make sense of is as good as none.
template <typename Read>
auto readable(const Function& function, Read read) {
    try {
        return read();
    } catch (const Unreadable& unreadable) {
        throw QueryFailure(QueryFailure::Why::unreadable, "",
                           std::string(function.name) + ": " + unreadable.what());
    }
}

}  // namespace

NetimRegistrar::NetimRegistrar(std::shared_ptr<NetimAccount> account)
    : account_(std::move(account)), lane_(account_) {}

// Rows are read as they come and complained about at the end: what a reader throws must not cross
// the XML parser.
template <typename Row>
Answer NetimRegistrar::ask_rows(const Function& function, const Values& values,
                                std::vector<Row>& rows,
                                const std::function<Row(const Value& row)>& read) {
    std::exception_ptr problem;
    const auto take = [&](const Value& row) {
        if (problem) return;
        try {
            rows.push_back(read(row));
        } catch (...) {
            problem = std::current_exception();
        }
    };
    const auto begin_anew = [&] {
        rows.clear();
        problem = nullptr;
    };
    Answer answer = lane_.ask(
        function, values, [&](Value&& row) { take(row); }, begin_anew);
    readable(function, [&] {
        take_rows(answer.value, take);  // Those that did not come through the sink.
        if (problem) std::rethrow_exception(problem);
    });
    return answer;
}

void NetimRegistrar::make_ready(const std::function<void()>& before_waiting) {
    lane_.make_ready(before_waiting);
}

Outcome NetimRegistrar::operation_of(const Function& function, Values values) {
    return operation_outcome(function, lane_.change(function, std::move(values)));
}

AccountRecord NetimRegistrar::account() {
    const Answer answer = lane_.ask(kQueryResellerAccount, {});
    return readable(kQueryResellerAccount, [&] { return read_account(answer.value); });
}

ContactRecord NetimRegistrar::contact(const std::string& contact_id) {
    const Answer answer = lane_.ask(kContactInfo, {Value::of(contact_id)});
    return readable(kContactInfo, [&] { return read_contact(answer.value, contact_id); });
}

std::vector<ContactListRow> NetimRegistrar::contacts(const std::string& filter,
                                                     const std::string& field) {
    std::vector<ContactListRow> found;
    ask_rows<ContactListRow>(kQueryContactList, {Value::of(filter), Value::of(field)}, found,
                             read_contact_row);
    return found;
}

std::optional<DomainRecord> NetimRegistrar::domain(const DomainName& name) {
    try {
        const Answer answer = lane_.ask(kDomainInfo, {Value::of(name.ascii())});
        return readable(kDomainInfo, [&] { return read_domain(answer.value, name); });
    } catch (const QueryFailure& failure) {
        const bool is_refused = failure.why() == QueryFailure::Why::refused;
        if (is_refused && failure.code() == kNotInAccount) return std::nullopt;
        throw;
    }
}

void NetimRegistrar::domains(const std::string& filter,
                             const std::function<void(const std::string& domain)>& take) {
    std::vector<std::string> found;
    ask_rows<std::string>(kQueryDomainList, {Value::of(filter)}, found, read_domain_row);
    for (const std::string& domain : found) take(domain);
}

ExtensionRecord NetimRegistrar::extension(const std::string& extension) {
    const Answer answer = lane_.ask(kDomainTldInfo, {Value::of(extension)});
    return readable(kDomainTldInfo, [&] { return read_extension(answer.value); });
}

std::map<std::string, bool> NetimRegistrar::open_operations(const std::string& extension) {
    const Answer answer = lane_.ask(kQueryOpeList, {Value::of(netim::upper(extension))});
    return readable(kQueryOpeList, [&] { return read_open_operations(answer.value); });
}

PriceRecord NetimRegistrar::price(const DomainName& name, const Secret& auth_code) {
    redact::remember(auth_code);
    Values values{Value::of(name.ascii())};
    if (!auth_code.empty()) values.push_back(Value::of(auth_code.reveal()));
    const Answer answer = lane_.ask(kQueryDomainPrice, values);
    return readable(kQueryDomainPrice, [&] { return read_price(answer.value); });
}

OperationRecord NetimRegistrar::operation(OperationId id) {
    const Answer answer = lane_.ask(kQueryOpe, {number(id)});
    return readable(kQueryOpe, [&] { return read_operation(answer.value, id); });
}

PendingList NetimRegistrar::pending() {
    PendingList list;
    list.asked_at = account_->clock_.now();
    std::vector<std::optional<PendingRow>> found;
    const Answer answer =
        ask_rows<std::optional<PendingRow>>(kQueryOpePending, {}, found, read_pending_row);
    for (auto& row : found) {
        list.whole = list.whole && row && !row->code.empty();
        if (row) list.rows.push_back(*std::move(row));
    }
    list.server_date = answer.server_date;
    // "No value" is no list: an empty one is sent as an array without items.
    if (answer.value.kind == Value::Kind::nil || answer.value.is_leaf()) list.whole = false;
    return list;
}

std::vector<ZoneRow> NetimRegistrar::zone(const DomainName& name) {
    std::vector<ZoneRow> rows;
    ask_rows<ZoneRow>(kQueryZoneList, {Value::of(name.ascii())}, rows, read_zone_row);
    return rows;
}

std::vector<SessionRecord> NetimRegistrar::sessions() {
    std::vector<SessionRecord> rows;
    const auto is_ours = [this](const Secret& id) { return account_->session_->is_ours(id); };
    ask_rows<SessionRecord>(kQueryAllSessions, {}, rows,
                            [&](const Value& row) { return read_session_row(row, is_ours); });
    return rows;
}

Outcome NetimRegistrar::create_contact(const ContactData& data, bool is_owner) {
    return contact_outcome(lane_.change(kContactCreate, {contact_value(data, is_owner)}));
}

Outcome NetimRegistrar::update_owner_contact(const std::string& contact_id,
                                             const ContactData& data) {
    return operation_of(kContactOwnerUpdate, {Value::of(contact_id), owner_contact_value(data)});
}

Outcome NetimRegistrar::create_domain(const CreateRequest& request) {
    return operation_of(kDomainCreate, create_values(request));
}

Outcome NetimRegistrar::transfer_in(const TransferRequest& request) {
    redact::remember(request.auth_code);
    return operation_of(kDomainTransferIn, transfer_values(request));
}

Outcome NetimRegistrar::transfer_owner(const DomainName& domain, const std::string& owner_id) {
    return operation_of(kDomainTransferOwner, {Value::of(domain.ascii()), Value::of(owner_id)});
}

Outcome NetimRegistrar::change_nameservers(const DomainName& domain,
                                           const std::vector<std::string>& nameservers) {
    return operation_of(kDomainChangeDNS, nameserver_values(domain, nameservers));
}

Outcome NetimRegistrar::new_auth_code(const DomainName& domain, bool to_registrant) {
    return auth_code_outcome(
        lane_.change(kDomainAuthID, {Value::of(domain.ascii()), number(to_registrant ? 1 : 0)}));
}

Outcome NetimRegistrar::init_zone(const DomainName& domain, int zone_template) {
    return operation_of(kDomainZoneInit, {Value::of(domain.ascii()), number(zone_template)});
}

Outcome NetimRegistrar::set_dnssec(const DomainName& domain, bool is_signed) {
    return operation_of(kDomainSetDNSsec, {Value::of(domain.ascii()), number(is_signed ? 1 : 0)});
}

Outcome NetimRegistrar::set_dnssec_ext(const DomainName& domain,
                                       const std::vector<DsRecord>& records, const DnsKey& key) {
    return operation_of(kDomainSetDNSSecExt,
                        {Value::of(domain.ascii()), ds_records_value(records), number(key.flags),
                         number(key.protocol), number(key.algorithm), Value::of(key.public_key)});
}

Outcome NetimRegistrar::set_preference(const DomainName& domain, const std::string& code,
                                       const std::string& value) {
    return operation_of(kDomainSetPreference,
                        {Value::of(domain.ascii()), Value::of(code), Value::of(value)});
}

Outcome NetimRegistrar::cancel_operation(OperationId id) {
    return cancel_outcome(lane_.change(kCancelOpe, {number(id)}), id);
}

}  // namespace domspool
