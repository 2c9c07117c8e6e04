// The registrar over SOAP: one lane, with a connection of its own.
#pragma once

#include "registrar/netim_account.h"
#include "registrar/netim_lane.h"
#include "registrar/registrar.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace domspool {

// Made for each lane from the account all share; used by one thread at a time. Connects at the
// first call. What it throws and returns holds no password, session id or EPP code; EPP codes
// seen in replies are remembered for redaction. Every call is a line in the account's log.
class NetimRegistrar : public RegistrarQueries, public RegistrarCommands {
  public:
    explicit NetimRegistrar(std::shared_ptr<NetimAccount> account);

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
    // The reply's message is withheld unless it tells of a failure: it may be the code itself.
    Outcome new_auth_code(const DomainName& domain, bool to_registrant) override;
    Outcome init_zone(const DomainName& domain, int zone_template) override;
    Outcome set_dnssec(const DomainName& domain, bool is_signed) override;
    Outcome set_dnssec_ext(const DomainName& domain, const std::vector<DsRecord>& records,
                           const DnsKey& key) override;
    Outcome set_preference(const DomainName& domain, const std::string& code,
                           const std::string& value) override;
    // Done: the registrar took the wish to cancel; whether it happened is for operation(id).
    Outcome cancel_operation(OperationId id) override;

  private:
    using Values = std::vector<soap::Value>;

    template <typename Question>
    auto asked(const netim::Function& function, std::string_view about, Question question);
    template <typename Read>
    auto ask(const netim::Function& function, std::string_view about, const Values& values,
             Read read);
    template <typename Row>
    std::vector<Row> rows_of(const netim::Function& function, std::string_view about,
                             const Values& values,
                             const std::function<Row(const soap::Value& row)>& read);
    template <typename Row>
    netim::Answer ask_rows(const netim::Function& function, const Values& values,
                           std::vector<Row>& rows,
                           const std::function<Row(const soap::Value& row)>& read);
    template <typename Judge>
    Outcome changed(const netim::Function& function, std::string_view about, Values values,
                    Judge judge);
    // Of a change that is answered with an operation.
    Outcome operation_of(const netim::Function& function, std::string_view about, Values values);

    std::shared_ptr<NetimAccount> account_;
    NetimLane lane_;
    std::function<void()> before_questions_;
};

}  // namespace domspool
