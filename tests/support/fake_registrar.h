// A registrar in memory: answers from a script or as a friendly registrar would, and keeps a diary.
#pragma once

#include "registrar/registrar.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace domspool::test {

// What a scripted call does to the world behind its outcome. by_outcome: Done takes effect, Pending
// takes effect when finished, anything else has none. The others are for lost replies; late: at
// once, but only after the registrar's `lateness`.
enum class Effect { by_outcome, none, at_once, pending, late };

// Functions are named as the registrar names them: "domainCreate", "queryOpePending".
// Without a script: contactCreate gives growing ids, domainTransferIn is Pending, the rest is Done.
// The world is plain data, to be set before and looked at after; safe for several lanes meanwhile.
class FakeRegistrar : public RegistrarQueries, public RegistrarCommands {
  public:
    AccountRecord account_record;
    std::map<std::string, ContactRecord> contact_records;
    std::map<std::string, DomainRecord> domain_records;
    std::map<std::string, ExtensionRecord> extension_records;
    std::map<std::string, std::map<std::string, bool>> open_flags;  // by extension, lower case
    std::map<std::string, PriceRecord> prices;                      // by domain
    PriceRecord default_price{
        "EUR", {{"registration", 1000}, {"transfer", 1000}, {"trade", 0}}, false};
    std::map<std::string, Availability> availabilities;  // by domain; others are free
    std::map<OperationId, OperationRecord> operations;
    std::vector<PendingRow> pending_rows;
    bool pending_is_whole = true;
    std::string server_date;  // of the replies
    std::map<std::string, std::vector<ZoneRow>> zones;
    std::vector<SessionRecord> session_records;
    OperationId next_operation = 1001;
    int next_contact = 1;
    const Clock* clock = nullptr;  // for PendingList::asked_at and late effects
    std::chrono::seconds lateness{0};
    // domainInfo shows a domain as PENDING while its arrival is pending, and as ERROR after it
    // failed.
    bool shows_pending_domains = false;
    // How often each domain was registered or came in: the registrar's own books, where money
    // counts.
    std::map<std::string, int> arrivals;

    // "domainCreate example.com", "contactCreate owner", "queryOpe 17": what was asked, in order.
    std::vector<std::string> diary;
    // Called with each line of the diary before the call has any effect, without the lock held.
    std::function<void(const std::string& line)> before_call;

    // The next call of the function gets this outcome; several are used in turn. An id of 0 in a
    // Pending becomes the next one.
    void will_answer(const std::string& function, Outcome outcome,
                     Effect effect = Effect::by_outcome);
    void will_not_answer(const std::string& function, QueryFailure failure);
    // The next call that changes something cannot be made ready: "not ready" in the diary. Without
    // being made ready none is taken: std::logic_error.
    void will_not_be_ready(QueryFailure failure);
    // Ends a pending operation: its row leaves the list; Done brings its effect. With a status that
    // is none it may end once more.
    void finish(OperationId id, const std::string& status = "Done",
                const std::string& message = "");
    // How many lines of the diary begin so.
    int times_asked(const std::string& beginning) const;

    // Of several lanes each has its own: a lane is a thread here.
    void before_questions(std::function<void()> act) override;
    void about_to_wait() override;
    AccountRecord account() override;
    ContactRecord contact(const std::string& contact_id) override;
    std::vector<ContactListRow> contacts(const std::string& filter,
                                         const std::string& field) override;
    std::optional<DomainRecord> domain(const DomainName& name) override;
    void domains(const std::string& filter,
                 const std::function<void(const std::string& domain)>& take) override;
    ExtensionRecord extension(const std::string& extension) override;
    std::map<std::string, bool> open_operations(const std::string& extension) override;
    PriceRecord price(const DomainName& name, const Secret& auth_code) override;
    Availability availability(const DomainName& name) override;
    OperationRecord operation(OperationId id) override;
    PendingList pending() override;
    std::vector<ZoneRow> zone(const DomainName& name) override;
    std::vector<SessionRecord> sessions() override;

    void make_ready(const std::function<void()>& before_waiting) override;
    Outcome create_contact(const ContactData& data, bool is_owner) override;
    Outcome update_owner_contact(const std::string& contact_id, const ContactData& data) override;
    Outcome create_domain(const CreateRequest& request) override;
    Outcome transfer_in(const TransferRequest& request) override;
    Outcome transfer_owner(const DomainName& domain, const std::string& owner_id) override;
    Outcome change_nameservers(const DomainName& domain,
                               const std::vector<std::string>& nameservers) override;
    Outcome new_auth_code(const DomainName& domain, bool to_registrant) override;
    Outcome init_zone(const DomainName& domain, int zone_template) override;
    Outcome set_dnssec(const DomainName& domain, bool is_signed) override;
    Outcome set_dnssec_ext(const DomainName& domain, const std::vector<DsRecord>& records,
                           const DnsKey& key) override;
    Outcome set_preference(const DomainName& domain, const std::string& code,
                           const std::string& value) override;
    Outcome cancel_operation(OperationId id) override;

  private:
    struct Scripted {
        Outcome outcome;
        Effect effect;
    };
    using Change = std::function<void()>;

    struct Late {
        UtcTime due;
        Change effect;
    };

    void note(const std::string& line);
    void let_late_effects_happen();
    void arrive(const DomainRecord& record);
    void show_pending(DomainRecord record);
    // Notes the question and throws what the script says.
    void ask(const std::string& function, const std::string& about);
    Outcome change(const std::string& function, const std::string& code, const std::string& target,
                   const std::string& about, Change effect);
    Outcome settle(const Scripted& scripted, const std::string& code, const std::string& target,
                   Change effect);
    void enter_pending(OperationId id, const std::string& status, const std::string& code,
                       const std::string& target, Change effect);
    Outcome usual_outcome(const std::string& function) const;

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Scripted>> scripts_;
    std::map<std::string, std::deque<QueryFailure>> failures_;
    std::deque<QueryFailure> unready_;
    std::set<std::thread::id> ready_;  // lanes
    std::map<std::thread::id, std::function<void()>> before_questions_;
    std::map<OperationId, Change> open_effects_;
    std::vector<Late> late_effects_;
};

}  // namespace domspool::test
