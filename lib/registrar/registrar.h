// The registrar: RegistrarQueries asks, RegistrarCommands changes. Only
// workflow/sending/order_runner holds the commands.
#pragma once

#include "registrar/outcome.h"
#include "registrar/registrar_records.h"

#include <functional>
#include <stdexcept>

namespace domspool {

// A question got no answer. Nothing was changed.
class QueryFailure : public std::runtime_error {
  public:
    enum class Why {
        unreachable,    // no connection, a break, a time-out, however often it was asked
        login_refused,  // wrong password, quota of sessions: stop, do not storm
        refused,        // a fault with a code
        unreadable,     // no answer to this question, while there is one to others
    };
    QueryFailure(Why why, std::string code, const std::string& text)
        : std::runtime_error(text), why_(why), code_(std::move(code)) {}
    Why why() const { return why_; }
    const std::string& code() const { return code_; }

  private:
    Why why_;
    std::string code_;
};

// Others may well be answered: it does not end a pass.
inline bool is_about_one_question(const QueryFailure& failure) {
    return failure.why() == QueryFailure::Why::refused ||
           failure.why() == QueryFailure::Why::unreadable;
}

// Every call may throw QueryFailure. A question is repeated once on a dead session; one that was
// lost on its way is asked again, with growing pauses, as long as the run has time for it.
class RegistrarQueries {
  public:
    virtual ~RegistrarQueries() = default;
    // Called by this thread before each question that goes out; what it throws, the asker gets.
    // nullptr: nothing is.
    virtual void before_questions(std::function<void()> act) = 0;
    // The same act, for who waits for an answer that another lane is asking for.
    virtual void about_to_wait() = 0;
    virtual AccountRecord account() = 0;
    // Of a contact that is not there: QueryFailure refused. No code is known that says only this,
    // so it cannot be told from another refusal.
    virtual ContactRecord contact(const std::string& contact_id) = 0;
    virtual std::vector<ContactListRow> contacts(const std::string& filter,
                                                 const std::string& field) = 0;
    // nullopt exactly on E15-M1502: not under the account's management.
    virtual std::optional<DomainRecord> domain(const DomainName& name) = 0;
    // Of 50,000 rows the names alone stand in memory; `take` is called once the list is whole.
    virtual void domains(const std::string& filter,
                         const std::function<void(const std::string& domain)>& take) = 0;
    virtual ExtensionRecord extension(const std::string& extension) = 0;
    virtual std::map<std::string, bool> open_operations(const std::string& extension) = 0;
    virtual PriceRecord price(const DomainName& name, const Secret& auth_code) = 0;
    // One of 500 such questions a day for the whole account.
    virtual Availability availability(const DomainName& name) = 0;
    virtual OperationRecord operation(OperationId id) = 0;
    virtual PendingList pending() = 0;
    virtual std::vector<ZoneRow> zone(const DomainName& name) = 0;
    virtual std::vector<SessionRecord> sessions() = 0;
};

struct Contacts {
    std::string owner, admin, tech, billing;
};

struct CreateRequest {
    DomainName domain;
    Contacts contacts;
    std::vector<std::string> nameservers;  // 0 to 5
    int years = 0;
    std::optional<int> zone_template;
};

struct TransferRequest {
    DomainName domain;
    Secret auth_code;
    Contacts contacts;
    std::vector<std::string> nameservers;
};

// Each call is sent at most once, over what make_ready() left standing: one call for each time. If
// that stands no more, nothing was sent: TryLater, unreachable. On a dead session (E02) the outcome
// is TryLater, too. What the registrar or the network did to a call is never thrown.
class RegistrarCommands {
  public:
    virtual ~RegistrarCommands() = default;
    // Connection, session and its preferences stand ready afterwards for a call that goes out at
    // once. `before_waiting` is called first unless they do already. Throws QueryFailure when they
    // cannot, after all pauses.
    virtual void make_ready(const std::function<void()>& before_waiting) = 0;
    virtual Outcome create_contact(const ContactData& data, bool is_owner) = 0;
    virtual Outcome update_owner_contact(const std::string& contact_id,
                                         const ContactData& data) = 0;
    virtual Outcome create_domain(const CreateRequest& request) = 0;
    virtual Outcome transfer_in(const TransferRequest& request) = 0;
    virtual Outcome transfer_owner(const DomainName& domain, const std::string& owner_id) = 0;
    virtual Outcome change_nameservers(const DomainName& domain,
                                       const std::vector<std::string>& nameservers) = 0;
    virtual Outcome new_auth_code(const DomainName& domain, bool to_registrant) = 0;
    virtual Outcome init_zone(const DomainName& domain, int zone_template) = 0;
    virtual Outcome set_dnssec(const DomainName& domain, bool is_signed) = 0;
    virtual Outcome set_dnssec_ext(const DomainName& domain, const std::vector<DsRecord>& records,
                                   const DnsKey& key) = 0;
    // codes: whois_privacy, registrar_lock, auto_renew, tag, note
    virtual Outcome set_preference(const DomainName& domain, const std::string& code,
                                   const std::string& value) = 0;
    virtual Outcome cancel_operation(OperationId id) = 0;
};

}  // namespace domspool
