// Every call to the registrar as a line in the log: function, subject, outcome, duration.
#pragma once

#include "registrar/registrar.h"
#include "util/log.h"

#include <memory>

namespace domspool {

// Passes everything through unchanged. That a call was made ready is told where it failed. Lines
// hold no contact data and no secrets.
class TracedRegistrar : public RegistrarView, public RegistrarDesk {
  public:
    // `desk` may be missing: then its calls must not be made.
    TracedRegistrar(std::shared_ptr<RegistrarView> view, std::shared_ptr<RegistrarDesk> desk,
                    Log& log);

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
    std::shared_ptr<RegistrarView> view_;
    std::shared_ptr<RegistrarDesk> desk_;
    Log& log_;
};

}  // namespace domspool
