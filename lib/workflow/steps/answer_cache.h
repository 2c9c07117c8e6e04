// What a run knows of the registrar before it spends money: rules of extensions and contacts (kept
// a day in the ledger), the account, and a snapshot of what is there and what is pending.
#pragma once

#include "ledger/ledger.h"
#include "orders/extension_rules.h"
#include "registrar/registrar.h"
#include "workflow/steps/asked_once.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace domspool {

// Not known to the registrar, by its own words.
struct Unknown {
    std::string code, text;
};

// What is known of a contact id.
struct KnownContact {
    std::optional<bool> is_owner;  // absent: not told
    ContactData data;
};

// So old may what domainInfo showed be and still serve as the picture before a step.
inline constexpr std::chrono::seconds kShownLately{30};

// Whether what the registrar said is kept in the ledger for the runs of a day. A dry run keeps
// nothing.
enum class Keeps { nothing, a_day };

// Shared by the lanes; its calls go through the queries handed in, each thing is asked by one lane
// at a time (steps/asked_once.h). Throws QueryFailure when the registrar cannot be asked, or could
// not be a moment ago.
class AnswerCache {
  public:
    // `sheet`: the rules of extensions.yaml by extension; "" holds its default.
    AnswerCache(Ledger& ledger, const Clock& clock, std::map<std::string, ExtensionRules> sheet,
                Keeps keeps = Keeps::a_day);

    std::variant<ExtensionRules, Unknown> rules(const std::string& extension,
                                                RegistrarQueries& queries);
    std::variant<KnownContact, Unknown> contact(const std::string& contact_id,
                                                RegistrarQueries& queries);
    // It was sent other data: the next question asks the registrar, whatever is kept of the day.
    void forget_contact(const std::string& contact_id);
    AccountRecord account(RegistrarQueries& queries);
    // Asked anew, for instance because money may have run out.
    AccountRecord account_now(RegistrarQueries& queries);

    // What domainInfo shows, asked now; nothing: not in the account.
    std::optional<DomainRecord> domain_now(const DomainName& domain, RegistrarQueries& queries);
    // The same, or as it was shown less than kShownLately ago. To be asked under the claim of an
    // order that keeps the domain: calls of others would not be known here.
    std::optional<DomainRecord> domain(const DomainName& domain, RegistrarQueries& queries);
    // A call of ours goes out for it, or its order is given back.
    void forget_domain(const DomainName& domain);

    // The account's domains, read whole; is_listed() answers from it.
    void snapshot_domains(RegistrarQueries& queries);
    // Nothing when no snapshot was taken, or it may be out of date for this domain: ask
    // domainInfo.
    std::optional<bool> is_listed(const DomainName& domain) const;
    // An order of the ledger may have changed whether the domain is in the account.
    void doubt_snapshot_of(const DomainName& domain);

    // What is pending, asked once a run. The operation on this domain, or one whose domain the
    // registrar does not name and that no attempt of ours owns (it could be this one), or nothing.
    // QueryFailure unreadable: the list could not be read whole, nothing can be said.
    std::optional<PendingRow> operation_on(const DomainName& domain, RegistrarQueries& queries);
    // A list just asked serves as the run's snapshot.
    void take_pending(const PendingList& list);
    // The highest operation id known; grows with each note_operation.
    OperationId highest_operation(RegistrarQueries& queries);
    void note_operation(OperationId id);

    // The parent of the domain shows a DS, which others may remember for so long. Kept in the
    // ledger: the DS may be taken away between two orders.
    void note_ds(const DomainName& domain, std::uint32_t seconds);
    // Until when a DS that was noted may be remembered; nothing: it is forgotten, or was never
    // seen.
    std::optional<UtcTime> ds_remembered_until(const DomainName& domain) const;

    // A digest of an EPP code with the ledger's own key; "" of an empty one.
    std::string digest_of(const Secret& code);

  private:
    using Rules = std::variant<ExtensionRules, Unknown>;

    // The list as a run looks at it.
    struct Pending {
        std::map<std::string, PendingRow> by_domain;
        std::optional<PendingRow> nameless;  // of a domain that is not named
        bool is_whole = true;
    };

    struct Shown {
        std::optional<Moment> at;  // when it was asked; nothing: it is being asked
        std::optional<DomainRecord> record;
    };

    std::string digest_key();
    Pending view_of(const PendingList& list);
    std::shared_ptr<const Pending> pending(RegistrarQueries& queries);
    // Unless nothing is kept.
    void keep(const std::function<void(LedgerWrite&)>& verb);
    Rules ask_rules(const std::string& extension, RegistrarQueries& queries);
    KnownContact ask_contact(const std::string& contact_id, RegistrarQueries& queries);

    // Of what there is one of.
    enum class Only { one };

    Ledger& ledger_;
    const Clock& clock_;
    std::map<std::string, ExtensionRules> sheet_;
    const Keeps keeps_;
    AskedOnce<std::string, Rules> rules_;
    AskedOnce<std::string, KnownContact> contacts_;
    AskedOnce<Only, AccountRecord> account_;
    AskedOnce<Only, Pending> pending_;
    mutable std::mutex mutex_;  // of what follows; never held while the registrar is asked
    std::map<std::string, std::shared_ptr<Shown>> shown_;
    std::optional<std::set<std::string>> domains_;
    std::set<std::string> doubted_domains_;
    std::mutex keeping_contacts_;
    std::atomic<int> contact_changes_{0};
    std::mutex digest_mutex_;
    std::atomic<OperationId> highest_operation_{0};
};

}  // namespace domspool
