#include "registrar/netim_registrar.h"

#include <exception>

#include "registrar/reply_fields.h"
#include "registrar/fault_code.h"
#include "registrar/netim_line.h"
#include "registrar/netim_outcomes.h"
#include "registrar/netim_replies.h"
#include "registrar/netim_requests.h"
#include "registrar/netim_session.h"
#include "util/redact.h"

namespace domspool {
namespace {

using namespace netim;
using soap::Value;

// The registrar waits at most syncDelay; the rest is for its own work and the way.
constexpr auto kBesideSyncDelay = std::chrono::seconds(35);
// A changing call goes out soon after its attempt was noted, or not at all.
constexpr auto kChangeBeginsWithin = std::chrono::seconds(15);

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
    : account_(std::move(account)), line_(account_->open_line()) {}

NetimRegistrar::~NetimRegistrar() {
    account_->take_back(std::move(line_));
}

Result NetimRegistrar::call(NetimSession::For purpose, const Function& function, Values values,
                            const CallTime& time, const soap::RowSink& sink) {
    NetimSession& session = *account_->session_;
    const auto entry = session.enter(*line_, purpose, time);
    if (const auto* none = std::get_if<NotSent>(&entry)) return *none;
    const auto& pass = std::get<NetimSession::Pass>(entry);
    values.insert(values.begin(), Value::of(pass.id.reveal()));
    Result result = line_->call(function, std::move(values), time, sink);
    session.note(pass, result);
    return result;
}

Answer NetimRegistrar::ask(const Function& function, const Values& values,
                           const soap::RowSink& sink) {
    const auto longest = account_->settings_.sync_delay + kBesideSyncDelay;
    const CallTime time = CallTime::within(longest, longest);
    Result result = call(NetimSession::For::question, function, values, time, sink);
    if (!dead_session_code(result).empty()) {
        result = call(NetimSession::For::question, function, values, time, sink);
    }
    if (auto* answer = std::get_if<Answer>(&result)) return std::move(*answer);
    throw query_failure(function, result);
}

// Rows are read as they come and complained about at the end: what a reader throws must not cross
// the XML parser.
Answer NetimRegistrar::ask_rows(const Function& function, const Values& values,
                                const std::function<void(const Value& row)>& take) {
    std::exception_ptr problem;
    const auto take_one = [&](const Value& row) {
        if (problem) return;
        try {
            take(row);
        } catch (...) {
            problem = std::current_exception();
        }
    };
    Answer answer = ask(function, values, [&](Value&& row) { take_one(row); });
    readable(function, [&] {
        take_rows(answer.value, take_one);  // Those that did not come through the sink.
        if (problem) std::rethrow_exception(problem);
    });
    return answer;
}

Result NetimRegistrar::change(const Function& function, Values values) {
    const auto longest = account_->settings_.sync_delay + kBesideSyncDelay;
    const CallTime time = CallTime::within(kChangeBeginsWithin, longest);
    return call(NetimSession::For::change, function, std::move(values), time, {});
}

Outcome NetimRegistrar::operation_of(const Function& function, Values values) {
    return operation_outcome(function, change(function, std::move(values)));
}

AccountRecord NetimRegistrar::account() {
    const Answer answer = ask(kQueryResellerAccount, {});
    return readable(kQueryResellerAccount, [&] { return read_account(answer.value); });
}

ContactRecord NetimRegistrar::contact(const std::string& contact_id) {
    const Answer answer = ask(kContactInfo, {Value::of(contact_id)});
    return readable(kContactInfo, [&] { return read_contact(answer.value, contact_id); });
}

std::vector<ContactListRow> NetimRegistrar::contacts(const std::string& filter,
                                                     const std::string& field) {
    std::vector<ContactListRow> found;
    ask_rows(kQueryContactList, {Value::of(filter), Value::of(field)},
             [&](const Value& row) { found.push_back(read_contact_row(row)); });
    return found;
}

std::optional<DomainRecord> NetimRegistrar::domain(const DomainName& name) {
    try {
        const Answer answer = ask(kDomainInfo, {Value::of(name.ascii())});
        return readable(kDomainInfo, [&] { return read_domain(answer.value, name); });
    } catch (const QueryFailure& failure) {
        const bool is_refused = failure.why() == QueryFailure::Why::refused;
        if (is_refused && failure.code() == kNotInAccount) return std::nullopt;
        throw;
    }
}

void NetimRegistrar::domains(const std::string& filter,
                             const std::function<void(const std::string& domain)>& take) {
    ask_rows(kQueryDomainList, {Value::of(filter)},
             [&](const Value& row) { take(read_domain_row(row)); });
}

ExtensionRecord NetimRegistrar::extension(const std::string& extension) {
    const Answer answer = ask(kDomainTldInfo, {Value::of(extension)});
    return readable(kDomainTldInfo, [&] { return read_extension(answer.value); });
}

std::map<std::string, bool> NetimRegistrar::open_operations(const std::string& extension) {
    const Answer answer = ask(kQueryOpeList, {Value::of(netim::upper(extension))});
    return readable(kQueryOpeList, [&] { return read_open_operations(answer.value); });
}

PriceRecord NetimRegistrar::price(const DomainName& name, const Secret& auth_code) {
    redact::remember(auth_code);
    Values values{Value::of(name.ascii())};
    if (!auth_code.empty()) values.push_back(Value::of(auth_code.reveal()));
    const Answer answer = ask(kQueryDomainPrice, values);
    return readable(kQueryDomainPrice, [&] { return read_price(answer.value); });
}

OperationRecord NetimRegistrar::operation(OperationId id) {
    const Answer answer = ask(kQueryOpe, {number(id)});
    return readable(kQueryOpe, [&] { return read_operation(answer.value, id); });
}

PendingList NetimRegistrar::pending() {
    PendingList list;
    list.asked_at = account_->clock_.now();
    const Answer answer = ask_rows(kQueryOpePending, {}, [&](const Value& value) {
        auto row = read_pending_row(value);
        list.whole = list.whole && row && !row->code.empty();
        if (row) list.rows.push_back(*std::move(row));
    });
    list.server_date = answer.server_date;
    // "No value" is no list: an empty one is sent as an array without items.
    if (answer.value.kind == Value::Kind::nil || answer.value.is_leaf()) list.whole = false;
    return list;
}

std::vector<ZoneRow> NetimRegistrar::zone(const DomainName& name) {
    std::vector<ZoneRow> rows;
    ask_rows(kQueryZoneList, {Value::of(name.ascii())},
             [&](const Value& row) { rows.push_back(read_zone_row(row)); });
    return rows;
}

std::vector<SessionRecord> NetimRegistrar::sessions() {
    std::vector<SessionRecord> rows;
    const auto is_ours = [this](const Secret& id) { return account_->session_->is_ours(id); };
    ask_rows(kQueryAllSessions, {},
             [&](const Value& row) { rows.push_back(read_session_row(row, is_ours)); });
    return rows;
}

Outcome NetimRegistrar::create_contact(const ContactData& data, bool is_owner) {
    return contact_outcome(change(kContactCreate, {contact_value(data, is_owner)}));
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
        change(kDomainAuthID, {Value::of(domain.ascii()), number(to_registrant ? 1 : 0)}));
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
    return cancel_outcome(change(kCancelOpe, {number(id)}), id);
}

}  // namespace domspool
