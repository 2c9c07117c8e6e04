#include "registrar/traced_registrar.h"

#include <chrono>
#include <type_traits>

namespace domspool {
namespace {

using Instant = std::chrono::steady_clock::time_point;

// The line of one call, written when it ends.
class Trace {
  public:
    Trace(Log& log, std::string_view function, std::string_view about) : log_(log) {
        fields_.emplace_back("function", function);
        if (!about.empty()) fields_.emplace_back("about", about);
    }
    void add(std::string_view name, std::string_view value) {
        if (!value.empty()) fields_.emplace_back(name, value);
    }
    void add(std::string_view name, OperationId number) { fields_.emplace_back(name, number); }
    void write(Severity severity, std::string_view outcome) {
        using std::chrono::milliseconds;
        const auto time = std::chrono::steady_clock::now() - begun_;
        fields_.emplace_back("outcome", outcome);
        fields_.emplace_back("ms", std::chrono::duration_cast<milliseconds>(time).count());
        log_.write(severity, "registrar_call", fields_);
    }

  private:
    Log& log_;
    LogFields fields_;
    Instant begun_ = std::chrono::steady_clock::now();
};

std::string_view to_word(QueryFailure::Why why) {
    switch (why) {
        case QueryFailure::Why::unreachable:
            return "unreachable";
        case QueryFailure::Why::login_refused:
            return "login_refused";
        case QueryFailure::Why::refused:
            return "refused";
        case QueryFailure::Why::unreadable:
            return "unreadable";
    }
    return "";
}

std::string_view to_word(TryLater::Why why) {
    switch (why) {
        case TryLater::Why::unreachable:
            return "unreachable";
        case TryLater::Why::login_refused:
            return "login_refused";
        case TryLater::Why::session_dead:
            return "session_dead";
    }
    return "";
}

struct OutcomeLine {
    Trace& trace;

    void operator()(const Done& done) const {
        if (done.operation) trace.add("operation", *done.operation);
        trace.add("message", done.message);
        trace.write(Severity::info, "Done");
    }
    void operator()(const Pending& pending) const {
        trace.add("operation", pending.operation);
        trace.add("status", pending.status);
        trace.add("message", pending.message);
        trace.write(is_plain_pending(pending.status) ? Severity::info : Severity::warning,
                    "Pending");
    }
    void operator()(const Refused& refused) const {
        if (refused.operation) trace.add("operation", *refused.operation);
        trace.add("code", refused.code);
        trace.add("text", refused.text);
        trace.write(Severity::warning, "Refused");
    }
    void operator()(const Unproven& unproven) const {
        trace.add("code", unproven.code);
        trace.add("text", unproven.text);
        trace.write(Severity::error, "Unproven");
    }
    void operator()(const TryLater& later) const {
        trace.add("why", to_word(later.why));
        trace.add("code", later.code);
        trace.add("text", later.text);
        trace.write(Severity::warning, "TryLater");
    }
    void operator()(const InDoubt& doubt) const {
        trace.add("evidence", doubt.evidence);
        trace.write(Severity::error, "InDoubt");
    }
};

template <typename Call>
auto asked(Log& log, std::string_view function, std::string_view about, Call call) {
    Trace trace(log, function, about);
    try {
        if constexpr (std::is_void_v<decltype(call())>) {
            call();
            trace.write(Severity::info, "answered");
        } else {
            auto result = call();
            trace.write(Severity::info, "answered");
            return result;
        }
    } catch (const QueryFailure& failure) {
        trace.add("code", failure.code());
        trace.add("text", failure.what());
        trace.write(Severity::warning, to_word(failure.why()));
        throw;
    }
}

template <typename Call>
Outcome changed(Log& log, std::string_view function, std::string_view about, Call call) {
    Trace trace(log, function, about);
    Outcome outcome = call();
    std::visit(OutcomeLine{trace}, outcome);
    return outcome;
}

}  // namespace

TracedRegistrar::TracedRegistrar(std::shared_ptr<RegistrarView> view,
                                 std::shared_ptr<RegistrarDesk> desk, Log& log)
    : view_(std::move(view)), desk_(std::move(desk)), log_(log) {}

AccountRecord TracedRegistrar::account() {
    return asked(log_, "queryResellerAccount", "", [&] { return view_->account(); });
}

ContactRecord TracedRegistrar::contact(const std::string& contact_id) {
    return asked(log_, "contactInfo", contact_id, [&] { return view_->contact(contact_id); });
}

std::vector<ContactListRow> TracedRegistrar::contacts(const std::string& filter,
                                                      const std::string& field) {
    // The filter may be a person's name.
    return asked(log_, "queryContactList", field, [&] { return view_->contacts(filter, field); });
}

std::optional<DomainRecord> TracedRegistrar::domain(const DomainName& name) {
    return asked(log_, "domainInfo", name.ascii(), [&] { return view_->domain(name); });
}

void TracedRegistrar::domains(const std::string& filter,
                              const std::function<void(const std::string& domain)>& take) {
    asked(log_, "queryDomainList", filter, [&] { view_->domains(filter, take); });
}

ExtensionRecord TracedRegistrar::extension(const std::string& extension) {
    return asked(log_, "domainTldInfo", extension, [&] { return view_->extension(extension); });
}

std::map<std::string, bool> TracedRegistrar::open_operations(const std::string& extension) {
    return asked(log_, "queryOpeList", extension,
                 [&] { return view_->open_operations(extension); });
}

PriceRecord TracedRegistrar::price(const DomainName& name, const Secret& auth_code) {
    return asked(log_, "queryDomainPrice", name.ascii(),
                 [&] { return view_->price(name, auth_code); });
}

OperationRecord TracedRegistrar::operation(OperationId id) {
    return asked(log_, "queryOpe", std::to_string(id), [&] { return view_->operation(id); });
}

PendingList TracedRegistrar::pending() {
    return asked(log_, "queryOpePending", "", [&] { return view_->pending(); });
}

std::vector<ZoneRow> TracedRegistrar::zone(const DomainName& name) {
    return asked(log_, "queryZoneList", name.ascii(), [&] { return view_->zone(name); });
}

std::vector<SessionRecord> TracedRegistrar::sessions() {
    return asked(log_, "queryAllSessions", "", [&] { return view_->sessions(); });
}

void TracedRegistrar::make_ready(const std::function<void()>& before_waiting) {
    Trace trace(log_, "making ready", "");
    try {
        desk_->make_ready(before_waiting);
    } catch (const QueryFailure& failure) {
        trace.add("code", failure.code());
        trace.add("text", failure.what());
        trace.write(Severity::warning, to_word(failure.why()));
        throw;
    }
}

Outcome TracedRegistrar::create_contact(const ContactData& data, bool is_owner) {
    Trace trace(log_, "contactCreate", is_owner ? "owner" : "simple");
    Outcome outcome = desk_->create_contact(data, is_owner);
    if (const auto* done = std::get_if<Done>(&outcome)) trace.add("contact", done->value);
    std::visit(OutcomeLine{trace}, outcome);
    return outcome;
}

Outcome TracedRegistrar::update_owner_contact(const std::string& contact_id,
                                              const ContactData& data) {
    return changed(log_, "contactOwnerUpdate", contact_id,
                   [&] { return desk_->update_owner_contact(contact_id, data); });
}

Outcome TracedRegistrar::create_domain(const CreateRequest& request) {
    return changed(log_, "domainCreate", request.domain.ascii(),
                   [&] { return desk_->create_domain(request); });
}

Outcome TracedRegistrar::transfer_in(const TransferRequest& request) {
    return changed(log_, "domainTransferIn", request.domain.ascii(),
                   [&] { return desk_->transfer_in(request); });
}

Outcome TracedRegistrar::transfer_owner(const DomainName& domain, const std::string& owner_id) {
    return changed(log_, "domainTransferOwner", domain.ascii(),
                   [&] { return desk_->transfer_owner(domain, owner_id); });
}

Outcome TracedRegistrar::change_nameservers(const DomainName& domain,
                                            const std::vector<std::string>& nameservers) {
    return changed(log_, "domainChangeDNS", domain.ascii(),
                   [&] { return desk_->change_nameservers(domain, nameservers); });
}

Outcome TracedRegistrar::new_auth_code(const DomainName& domain, bool to_registrant) {
    return changed(log_, "domainAuthID", domain.ascii(),
                   [&] { return desk_->new_auth_code(domain, to_registrant); });
}

Outcome TracedRegistrar::init_zone(const DomainName& domain, int zone_template) {
    return changed(log_, "domainZoneInit", domain.ascii(),
                   [&] { return desk_->init_zone(domain, zone_template); });
}

Outcome TracedRegistrar::set_dnssec(const DomainName& domain, bool is_signed) {
    return changed(log_, "domainSetDNSsec", domain.ascii(),
                   [&] { return desk_->set_dnssec(domain, is_signed); });
}

Outcome TracedRegistrar::set_dnssec_ext(const DomainName& domain,
                                        const std::vector<DsRecord>& records, const DnsKey& key) {
    return changed(log_, "domainSetDNSSecExt", domain.ascii(),
                   [&] { return desk_->set_dnssec_ext(domain, records, key); });
}

Outcome TracedRegistrar::set_preference(const DomainName& domain, const std::string& code,
                                        const std::string& value) {
    return changed(log_, "domainSetPreference", domain.ascii() + " " + code,
                   [&] { return desk_->set_preference(domain, code, value); });
}

Outcome TracedRegistrar::cancel_operation(OperationId id) {
    return changed(log_, "cancelOpe", std::to_string(id),
                   [&] { return desk_->cancel_operation(id); });
}

}  // namespace domspool
