#include "registrar/netim_registrar.h"

#include "registrar/call_trace.h"
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

}  // namespace

NetimRegistrar::NetimRegistrar(std::shared_ptr<NetimAccount> account)
    : account_(std::move(account)), lane_(account_) {}

void NetimRegistrar::before_questions(std::function<void()> act) {
    before_questions_ = std::move(act);
}

void NetimRegistrar::about_to_wait() {
    if (before_questions_) before_questions_();
}

// The one door for questions. An answer nobody can make sense of is as good as none.
template <typename Question>
auto NetimRegistrar::asked(const Function& function, std::string_view about, Question question) {
    about_to_wait();
    CallTrace trace(account_->log_, function.name, about);
    const auto fail = [&](const QueryFailure& failure) {
        trace.failed(failure);
        return failure;
    };
    try {
        auto answer = question();
        trace.answered();
        return answer;
    } catch (const QueryFailure& failure) {
        throw fail(failure);
    } catch (const Unreadable& unreadable) {
        throw fail({QueryFailure::Why::unreadable, "",
                    std::string(function.name) + ": " + unreadable.what()});
    }
}

template <typename Read>
auto NetimRegistrar::ask(const Function& function, std::string_view about, const Values& values,
                         Read read) {
    return asked(function, about, [&] { return read(lane_.ask(function, values).value); });
}

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
    take_rows(answer.value, take);  // Those that did not come through the sink.
    if (problem) std::rethrow_exception(problem);
    return answer;
}

template <typename Row>
std::vector<Row> NetimRegistrar::rows_of(const Function& function, std::string_view about,
                                         const Values& values,
                                         const std::function<Row(const Value& row)>& read) {
    return asked(function, about, [&] {
        std::vector<Row> rows;
        ask_rows<Row>(function, values, rows, read);
        return rows;
    });
}

AccountRecord NetimRegistrar::account() {
    return ask(kQueryResellerAccount, "", {}, read_account);
}

ContactRecord NetimRegistrar::contact(const std::string& contact_id) {
    return ask(kContactInfo, contact_id, {Value::of(contact_id)},
               [&](const Value& value) { return read_contact(value, contact_id); });
}

// The filter may be a person's name.
std::vector<ContactListRow> NetimRegistrar::contacts(const std::string& filter,
                                                     const std::string& field) {
    return rows_of<ContactListRow>(kQueryContactList, field, {Value::of(filter), Value::of(field)},
                                   read_contact_row);
}

std::optional<DomainRecord> NetimRegistrar::domain(const DomainName& name) {
    return asked(kDomainInfo, name.ascii(), [&]() -> std::optional<DomainRecord> {
        try {
            return read_domain(lane_.ask(kDomainInfo, {Value::of(name.ascii())}).value, name);
        } catch (const QueryFailure& failure) {
            const bool is_refused = failure.why() == QueryFailure::Why::refused;
            if (is_refused && failure.code() == kNotInAccount) return std::nullopt;
            throw;
        }
    });
}

void NetimRegistrar::domains(const std::string& filter,
                             const std::function<void(const std::string& domain)>& take) {
    for (const std::string& domain :
         rows_of<std::string>(kQueryDomainList, filter, {Value::of(filter)}, read_domain_row)) {
        take(domain);
    }
}

ExtensionRecord NetimRegistrar::extension(const std::string& extension) {
    return ask(kDomainTldInfo, extension, {Value::of(extension)}, read_extension);
}

std::map<std::string, bool> NetimRegistrar::open_operations(const std::string& extension) {
    return ask(kQueryOpeList, extension, {Value::of(netim::upper(extension))},
               read_open_operations);
}

PriceRecord NetimRegistrar::price(const DomainName& name, const Secret& auth_code) {
    redact::remember(auth_code);
    Values values{Value::of(name.ascii())};
    if (!auth_code.empty()) values.push_back(Value::of(auth_code.reveal()));
    return ask(kQueryDomainPrice, name.ascii(), values, read_price);
}

Availability NetimRegistrar::availability(const DomainName& name) {
    return asked(kDomainCheck, name.ascii(), [&] {
        std::vector<std::optional<Availability>> rows;
        ask_rows<std::optional<Availability>>(
            kDomainCheck, {Value::of(name.ascii())}, rows,
            [&](const Value& row) { return read_availability(row, name); });
        std::erase(rows, std::nullopt);
        if (rows.size() != 1) throw Unreadable("the reply does not show the name asked for, once");
        return *rows.front();
    });
}

OperationRecord NetimRegistrar::operation(OperationId id) {
    return ask(kQueryOpe, std::to_string(id), {number(id)},
               [&](const Value& value) { return read_operation(value, id); });
}

PendingList NetimRegistrar::pending() {
    return asked(kQueryOpePending, "", [&] {
        PendingList list;
        list.asked_at = account_->clock_.now();
        std::vector<std::optional<PendingRow>> found;
        const Answer answer =
            ask_rows<std::optional<PendingRow>>(kQueryOpePending, {}, found, read_pending_row);
        for (auto& row : found) {
            list.whole = list.whole && row && (!row->code.empty() || row->target);
            if (row) list.rows.push_back(*std::move(row));
        }
        list.server_date = answer.server_date;
        return list;
    });
}

std::vector<ZoneRow> NetimRegistrar::zone(const DomainName& name) {
    return rows_of<ZoneRow>(kQueryZoneList, name.ascii(), {Value::of(name.ascii())}, read_zone_row);
}

std::vector<SessionRecord> NetimRegistrar::sessions() {
    const auto is_ours = [this](const Secret& id) { return account_->session_->is_ours(id); };
    return rows_of<SessionRecord>(kQueryAllSessions, "", {},
                                  [&](const Value& row) { return read_session_row(row, is_ours); });
}

// That a call was made ready is told where it failed.
void NetimRegistrar::make_ready(const std::function<void()>& before_waiting) {
    CallTrace trace(account_->log_, "making ready", "");
    try {
        lane_.make_ready(before_waiting);
    } catch (const QueryFailure& failure) {
        trace.failed(failure);
        throw;
    }
}

// The one door for what changes something.
template <typename Judge>
Outcome NetimRegistrar::changed(const Function& function, std::string_view about, Values values,
                                Judge judge) {
    CallTrace trace(account_->log_, function.name, about);
    Outcome outcome = judge(lane_.change(function, std::move(values)));
    trace.ended(outcome);
    return outcome;
}

Outcome NetimRegistrar::operation_of(const Function& function, std::string_view about,
                                     Values values) {
    return changed(function, about, std::move(values),
                   [&](const Result& result) { return operation_outcome(function, result); });
}

Outcome NetimRegistrar::create_contact(const ContactData& data, bool is_owner) {
    return changed(kContactCreate, is_owner ? "owner" : "simple", {contact_value(data, is_owner)},
                   contact_outcome);
}

Outcome NetimRegistrar::update_owner_contact(const std::string& contact_id,
                                             const ContactData& data) {
    return operation_of(kContactOwnerUpdate, contact_id,
                        {Value::of(contact_id), owner_contact_value(data)});
}

Outcome NetimRegistrar::create_domain(const CreateRequest& request) {
    return operation_of(kDomainCreate, request.domain.ascii(), create_values(request));
}

Outcome NetimRegistrar::transfer_in(const TransferRequest& request) {
    redact::remember(request.auth_code);
    return operation_of(kDomainTransferIn, request.domain.ascii(), transfer_values(request));
}

Outcome NetimRegistrar::transfer_owner(const DomainName& domain, const std::string& owner_id) {
    return operation_of(kDomainTransferOwner, domain.ascii(),
                        {Value::of(domain.ascii()), Value::of(owner_id)});
}

Outcome NetimRegistrar::change_nameservers(const DomainName& domain,
                                           const std::vector<std::string>& nameservers) {
    return operation_of(kDomainChangeDNS, domain.ascii(), nameserver_values(domain, nameservers));
}

Outcome NetimRegistrar::new_auth_code(const DomainName& domain, bool to_registrant) {
    return changed(kDomainAuthID, domain.ascii(),
                   {Value::of(domain.ascii()), number(to_registrant ? 1 : 0)}, auth_code_outcome);
}

Outcome NetimRegistrar::init_zone(const DomainName& domain, int zone_template) {
    return operation_of(kDomainZoneInit, domain.ascii(),
                        {Value::of(domain.ascii()), number(zone_template)});
}

Outcome NetimRegistrar::set_dnssec(const DomainName& domain, bool is_signed) {
    return operation_of(kDomainSetDNSsec, domain.ascii(),
                        {Value::of(domain.ascii()), number(is_signed ? 1 : 0)});
}

Outcome NetimRegistrar::set_dnssec_ext(const DomainName& domain,
                                       const std::vector<DsRecord>& records, const DnsKey& key) {
    return operation_of(kDomainSetDNSSecExt, domain.ascii(),
                        {Value::of(domain.ascii()), ds_records_value(records), number(key.flags),
                         number(key.protocol), number(key.algorithm), Value::of(key.public_key)});
}

Outcome NetimRegistrar::set_preference(const DomainName& domain, const std::string& code,
                                       const std::string& value) {
    return operation_of(kDomainSetPreference, domain.ascii() + " " + code,
                        {Value::of(domain.ascii()), Value::of(code), Value::of(value)});
}

Outcome NetimRegistrar::cancel_operation(OperationId id) {
    return changed(kCancelOpe, std::to_string(id), {number(id)},
                   [&](const Result& result) { return cancel_outcome(result, id); });
}

}  // namespace domspool
