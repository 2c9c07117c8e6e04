// What a run knows of the registrar before it spends money: rules of extensions and contacts (kept
// a day in the ledger), the account, and a snapshot of what is there and what is pending.
#pragma once

#include "ledger/ledger.h"
#include "orders/extension_rules.h"
#include "registrar/registrar.h"

#include <atomic>
#include <functional>
#include <map>
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

// Whether what the registrar said is kept in the ledger for the runs of a day. A dry run keeps
// nothing.
enum class Keeps { nothing, a_day };

// Shared by the lanes; its calls go through the queries handed in, one at a time. Throws
// QueryFailure when the registrar cannot be asked.
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
    std::string digest_key();
    void ask_pending_once(RegistrarQueries& queries);
    void keep_pending(const PendingList& list);
    // Unless nothing is kept.
    void keep(const std::function<void(LedgerWrite&)>& verb);
    ExtensionRules ask_rules(const std::string& extension, RegistrarQueries& queries);

    Ledger& ledger_;
    const Clock& clock_;
    std::map<std::string, ExtensionRules> sheet_;
    const Keeps keeps_;
    mutable std::mutex mutex_;
    std::map<std::string, ExtensionRules> rules_;
    std::map<std::string, Unknown> unknown_extensions_;
    std::map<std::string, KnownContact> contacts_;
    std::optional<AccountRecord> account_;
    std::optional<std::set<std::string>> domains_;
    std::set<std::string> doubted_domains_;
    std::optional<std::map<std::string, PendingRow>> pending_;  // by domain
    std::optional<PendingRow> nameless_;                        // of a domain that is not named
    bool pending_is_whole_ = true;
    std::atomic<OperationId> highest_operation_{0};
};

}  // namespace domspool
