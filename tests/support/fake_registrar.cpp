#include "support/fake_registrar.h"

#include <algorithm>
#include <stdexcept>

namespace domspool::test {
namespace {

QueryFailure refused(const std::string& code, const std::string& text) {
    return {QueryFailure::Why::refused, code, code + " : " + text};
}

template <typename Map>
auto found_or_refused(const Map& map, const std::string& key, const std::string& code) {
    const auto found = map.find(key);
    if (found == map.end()) throw refused(code, "unknown");
    return found->second;
}

bool matches(const std::string& name, const std::string& filter) {
    if (filter.empty() || filter == "*") return true;
    if (filter.starts_with("*")) return name.ends_with(filter.substr(1));
    return name == filter;
}

}  // namespace

void FakeRegistrar::will_answer(const std::string& function, Outcome outcome, Effect effect) {
    const std::lock_guard lock(mutex_);
    scripts_[function].push_back({std::move(outcome), effect});
}

void FakeRegistrar::will_not_be_ready(QueryFailure failure) {
    const std::lock_guard lock(mutex_);
    unready_.push_back(std::move(failure));
}

void FakeRegistrar::will_not_answer(const std::string& function, QueryFailure failure) {
    const std::lock_guard lock(mutex_);
    failures_[function].push_back(std::move(failure));
}

void FakeRegistrar::finish(OperationId id, const std::string& status, const std::string& message) {
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_rows, [&](const PendingRow& row) { return row.id == id; });
    operations[id].id = id;
    operations[id].status = status;
    operations[id].message = message;
    const auto open = open_effects_.find(id);
    if (open == open_effects_.end() || final_status_of(status) == FinalStatus::not_final) return;
    const auto domain = domain_records.find(operations[id].target);
    const bool is_shown_pending =
        domain != domain_records.end() && domain->second.status == "PENDING";
    if (final_status_of(status) == FinalStatus::done)
        open->second();
    else if (is_shown_pending)
        domain->second.status = "ERROR";
    open_effects_.erase(open);
}

int FakeRegistrar::times_asked(const std::string& beginning) const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count_if(diary.begin(), diary.end(), [&](const std::string& line) {
        return line.starts_with(beginning);
    }));
}

void FakeRegistrar::note(const std::string& line) {
    {
        const std::lock_guard lock(mutex_);
        diary.push_back(line);
    }
    if (before_call) before_call(line);
    const std::lock_guard lock(mutex_);
    let_late_effects_happen();
}

void FakeRegistrar::let_late_effects_happen() {
    for (auto late = late_effects_.begin(); late != late_effects_.end();) {
        if (clock->now().utc < late->due) {
            ++late;
            continue;
        }
        late->effect();
        late = late_effects_.erase(late);
    }
}

// Whatever stood there is replaced, as by a registrar that minds nothing.
void FakeRegistrar::arrive(const DomainRecord& record) {
    ++arrivals[record.domain];
    domain_records[record.domain] = record;
}

void FakeRegistrar::before_questions(std::function<void()> act) {
    const std::lock_guard lock(mutex_);
    before_questions_[std::this_thread::get_id()] = std::move(act);
}

void FakeRegistrar::about_to_wait() {
    std::function<void()> before;
    {
        const std::lock_guard lock(mutex_);
        before = before_questions_[std::this_thread::get_id()];
    }
    if (before) before();
}

void FakeRegistrar::ask(const std::string& function, const std::string& about) {
    about_to_wait();
    note(about.empty() ? function : function + " " + about);
    const std::lock_guard lock(mutex_);
    auto& failures = failures_[function];
    if (failures.empty()) return;
    const QueryFailure failure = failures.front();
    failures.pop_front();
    throw failure;
}

Outcome FakeRegistrar::usual_outcome(const std::string& function) const {
    if (function == "domainTransferIn") return Pending{0, "Pending", ""};
    if (function == "contactCreate" || function == "cancelOpe") return Done{};
    return Done{OperationId{0}, "", ""};
}

Outcome FakeRegistrar::change(const std::string& function, const std::string& code,
                              const std::string& target, const std::string& about, Change effect) {
    note(function + " " + about);
    const std::lock_guard lock(mutex_);
    if (ready_.erase(std::this_thread::get_id()) == 0) {
        throw std::logic_error(function + " was not made ready");
    }
    auto& script = scripts_[function];
    Scripted scripted{usual_outcome(function), Effect::by_outcome};
    if (!script.empty()) {
        scripted = script.front();
        script.pop_front();
    }
    return settle(scripted, code, target, std::move(effect));
}

Outcome FakeRegistrar::settle(const Scripted& scripted, const std::string& code,
                              const std::string& target, Change effect) {
    Outcome outcome = scripted.outcome;
    if (auto* pending = std::get_if<Pending>(&outcome)) {
        if (pending->operation == 0) pending->operation = next_operation++;
        if (scripted.effect != Effect::none) {
            enter_pending(pending->operation, pending->status, code, target, std::move(effect));
        }
        return outcome;
    }
    if (auto* done = std::get_if<Done>(&outcome)) {
        if (done->operation == 0) done->operation = next_operation++;
        if (done->operation) {
            operations[*done->operation] = {
                *done->operation, "Done", done->message, code, "", target};
        }
        if (scripted.effect == Effect::by_outcome) effect();
    }
    if (scripted.effect == Effect::at_once) effect();
    if (scripted.effect == Effect::late) {
        late_effects_.push_back({clock->now().utc + lateness, std::move(effect)});
    }
    if (scripted.effect == Effect::pending) {
        enter_pending(next_operation++, "", code, target, std::move(effect));
    }
    return outcome;
}

void FakeRegistrar::enter_pending(OperationId id, const std::string& status,
                                  const std::string& code, const std::string& target,
                                  Change effect) {
    pending_rows.push_back({id, code, target, "2026-01-02 03:04:05", status});
    operations[id] = {id,    status.empty() ? "Pending" : status, "", code, "2026-01-02 03:04:05",
                      target};
    open_effects_[id] = std::move(effect);
}

AccountRecord FakeRegistrar::account() {
    ask("queryResellerAccount", "");
    const std::lock_guard lock(mutex_);
    return account_record;
}

ContactRecord FakeRegistrar::contact(const std::string& contact_id) {
    ask("contactInfo", contact_id);
    const std::lock_guard lock(mutex_);
    return found_or_refused(contact_records, contact_id, "E14-M1401");
}

std::vector<ContactListRow> FakeRegistrar::contacts(const std::string& filter,
                                                    const std::string& field) {
    ask("queryContactList", filter + " " + field);
    const std::lock_guard lock(mutex_);
    std::vector<ContactListRow> rows;
    const auto field_of = [](const ContactRecord& record, const char* name) {
        const auto found = record.data.fields.find(name);
        return found != record.data.fields.end() ? found->second : std::string();
    };
    for (const auto& [id, record] : contact_records) {
        if (!field.empty() && !matches(field_of(record, field.c_str()), filter)) continue;
        rows.push_back({id, field_of(record, "firstName"), field_of(record, "lastName"),
                        field_of(record, "bodyForm"), field_of(record, "bodyName"),
                        record.is_owner});
    }
    return rows;
}

std::optional<DomainRecord> FakeRegistrar::domain(const DomainName& name) {
    ask("domainInfo", name.ascii());
    const std::lock_guard lock(mutex_);
    const auto found = domain_records.find(name.ascii());
    if (found == domain_records.end()) return std::nullopt;
    return found->second;
}

void FakeRegistrar::domains(const std::string& filter,
                            const std::function<void(const std::string& domain)>& take) {
    ask("queryDomainList", filter);
    std::vector<std::string> names;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, record] : domain_records) {
            if (matches(name, filter)) names.push_back(name);
        }
    }
    for (const std::string& name : names) take(name);
}

ExtensionRecord FakeRegistrar::extension(const std::string& extension) {
    ask("domainTldInfo", extension);
    const std::lock_guard lock(mutex_);
    return found_or_refused(extension_records, extension, "E13-M1305");
}

std::map<std::string, bool> FakeRegistrar::open_operations(const std::string& extension) {
    ask("queryOpeList", extension);
    const std::lock_guard lock(mutex_);
    return found_or_refused(open_flags, extension, "E13-M1305");
}

PriceRecord FakeRegistrar::price(const DomainName& name, const Secret& auth_code) {
    ask("queryDomainPrice", name.ascii() + (auth_code.empty() ? "" : " with code"));
    const std::lock_guard lock(mutex_);
    const auto found = prices.find(name.ascii());
    return found != prices.end() ? found->second : default_price;
}

Availability FakeRegistrar::availability(const DomainName& name) {
    ask("domainCheck", name.ascii());
    const std::lock_guard lock(mutex_);
    const auto found = availabilities.find(name.ascii());
    return found != availabilities.end() ? found->second : Availability::free;
}

OperationRecord FakeRegistrar::operation(OperationId id) {
    ask("queryOpe", std::to_string(id));
    const std::lock_guard lock(mutex_);
    const auto found = operations.find(id);
    if (found == operations.end()) throw refused("E16-M1601", "unknown operation");
    return found->second;
}

PendingList FakeRegistrar::pending() {
    PendingList list;
    if (clock != nullptr) list.asked_at = clock->now();
    ask("queryOpePending", "");
    const std::lock_guard lock(mutex_);
    list.rows = pending_rows;
    list.whole = pending_is_whole;
    list.server_date = server_date;
    return list;
}

std::vector<ZoneRow> FakeRegistrar::zone(const DomainName& name) {
    ask("queryZoneList", name.ascii());
    const std::lock_guard lock(mutex_);
    const auto found = zones.find(name.ascii());
    return found != zones.end() ? found->second : std::vector<ZoneRow>{};
}

std::vector<SessionRecord> FakeRegistrar::sessions() {
    ask("queryAllSessions", "");
    const std::lock_guard lock(mutex_);
    return session_records;
}

void FakeRegistrar::make_ready(const std::function<void()>& before_waiting) {
    std::optional<QueryFailure> failure;
    {
        const std::lock_guard lock(mutex_);
        if (unready_.empty()) {
            ready_.insert(std::this_thread::get_id());
            return;
        }
        failure = unready_.front();
        unready_.pop_front();
    }
    before_waiting();
    note("not ready");
    throw *failure;
}

Outcome FakeRegistrar::create_contact(const ContactData& data, bool is_owner) {
    const auto initial = [&](const char* field) {
        const auto found = data.fields.find(field);
        return found != data.fields.end() && !found->second.empty() ? found->second.front() : 'X';
    };
    std::string id;
    {
        const std::lock_guard lock(mutex_);
        id =
            std::string{initial("firstName"), initial("lastName")} + std::to_string(next_contact++);
    }
    Outcome outcome = change("contactCreate", "contactCreate", id, is_owner ? "owner" : "simple",
                             [this, id, data, is_owner] {
                                 contact_records[id] = {id, is_owner, data};
                             });
    auto* done = std::get_if<Done>(&outcome);
    if (done != nullptr && done->value.empty()) done->value = id;
    return outcome;
}

Outcome FakeRegistrar::update_owner_contact(const std::string& contact_id,
                                            const ContactData& data) {
    return change("contactOwnerUpdate", "contactOwnerUpdate", contact_id, contact_id, [=, this] {
        ContactRecord& record = contact_records[contact_id];
        for (const auto& [name, value] : data.fields) record.data.fields[name] = value;
        record.data.additional = data.additional;
        record.data.bound = data.bound;
    });
}

Outcome FakeRegistrar::create_domain(const CreateRequest& request) {
    DomainRecord record;
    record.domain = request.domain.ascii();
    record.status = request.nameservers.empty() ? "ACTIVE, NOT DELEGATED" : "ACTIVE, DELEGATED";
    record.id_owner = request.contacts.owner;
    record.id_admin = request.contacts.admin;
    record.id_tech = request.contacts.tech;
    record.id_billing = request.contacts.billing;
    record.nameservers = request.nameservers;
    record.locked = record.privacy = record.auto_renew = record.is_signed = false;
    Outcome outcome = change("domainCreate", "domainCreate", record.domain, record.domain,
                             [=, this] { arrive(record); });
    show_pending(record);
    return outcome;
}

void FakeRegistrar::show_pending(DomainRecord record) {
    const std::lock_guard lock(mutex_);
    const bool is_pending =
        std::any_of(pending_rows.begin(), pending_rows.end(),
                    [&](const PendingRow& row) { return row.target == record.domain; });
    if (!shows_pending_domains || !is_pending || domain_records.contains(record.domain)) return;
    record.status = "PENDING";
    domain_records[record.domain] = record;
}

Outcome FakeRegistrar::transfer_in(const TransferRequest& request) {
    const std::string name = request.domain.ascii();
    const std::string about = name + (request.auth_code.empty() ? " without code" : " with code");
    return change("domainTransferIn", "domainTransferIn", name, about, [=, this] {
        DomainRecord record;
        record.domain = name;
        record.status = "ACTIVE, DELEGATED";
        record.id_owner = request.contacts.owner;
        record.id_admin = request.contacts.admin;
        record.id_tech = request.contacts.tech;
        record.id_billing = request.contacts.billing;
        record.nameservers = request.nameservers;
        record.auth_code = request.auth_code;
        arrive(record);
    });
}

Outcome FakeRegistrar::transfer_owner(const DomainName& domain, const std::string& owner_id) {
    const std::string name = domain.ascii();
    return change("domainTransferOwner", "domainTransferOwner", name, name + " " + owner_id,
                  [=, this] { domain_records[name].id_owner = owner_id; });
}

Outcome FakeRegistrar::change_nameservers(const DomainName& domain,
                                          const std::vector<std::string>& nameservers) {
    const std::string name = domain.ascii();
    std::string about = name;
    for (const std::string& nameserver : nameservers) about += " " + nameserver;
    return change("domainChangeDNS", "domainChangeDNS", name, about,
                  [=, this] { domain_records[name].nameservers = nameservers; });
}

Outcome FakeRegistrar::new_auth_code(const DomainName& domain, bool to_registrant) {
    const std::string name = domain.ascii();
    return change("domainAuthID", "domainAuthid", name,
                  name + (to_registrant ? " to registrant" : " to reseller"), [=, this] {
                      Secret& code = domain_records[name].auth_code;
                      code = Secret(code.reveal() + "+new");
                  });
}

Outcome FakeRegistrar::init_zone(const DomainName& domain, int zone_template) {
    const std::string name = domain.ascii();
    return change("domainZoneInit", "domainZoneInit", name,
                  name + " " + std::to_string(zone_template), [=, this] {
                      zones[name] = {{"", "TXT", "template " + std::to_string(zone_template)}};
                  });
}

Outcome FakeRegistrar::set_dnssec(const DomainName& domain, bool is_signed) {
    const std::string name = domain.ascii();
    return change("domainSetDNSsec", "domainSetDNSSEC", name, name + (is_signed ? " 1" : " 0"),
                  [=, this] { domain_records[name].is_signed = is_signed; });
}

Outcome FakeRegistrar::set_dnssec_ext(const DomainName& domain,
                                      const std::vector<DsRecord>& records, const DnsKey&) {
    const std::string name = domain.ascii();
    std::string about = name;
    for (const DsRecord& record : records) about += " " + std::to_string(record.key_tag);
    return change("domainSetDNSSecExt", "domainSetDNSSECExt", name, about,
                  [=, this] { domain_records[name].is_signed = true; });
}

Outcome FakeRegistrar::set_preference(const DomainName& domain, const std::string& code,
                                      const std::string& value) {
    const std::string name = domain.ascii();
    return change("domainSetPreference", "domainSetPreference." + code, name,
                  name + " " + code + "=" + value, [=, this] {
                      DomainRecord& record = domain_records[name];
                      if (code == "registrar_lock") record.locked = value == "1";
                      if (code == "whois_privacy") record.privacy = value == "1";
                      if (code == "auto_renew") record.auto_renew = value == "1";
                  });
}

Outcome FakeRegistrar::cancel_operation(OperationId id) {
    return change("cancelOpe", "cancelOpe", "", std::to_string(id), [=, this] {
        std::erase_if(pending_rows, [&](const PendingRow& row) { return row.id == id; });
        operations[id].id = id;
        operations[id].status = "Cancelled";
        open_effects_.erase(id);
    });
}

}  // namespace domspool::test
