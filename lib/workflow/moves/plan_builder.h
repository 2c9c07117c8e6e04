// The parts every plan is made of. A plan of a kind (jobs/) reads as a list of calls to it.
#pragma once

#include "ledger/ledger_records.h"
#include "orders/extension_rules.h"
#include "orders/order.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// What stands for a role the order leaves open: "reseller" or a contact id.
struct ContactDefaults {
    std::string admin = "reseller", tech = "reseller", billing = "reseller";
};

// All a plan depends on. Planning is pure: the same request gives the same steps.
struct PlanRequest {
    const Order& order;
    const ExtensionRules& rules;
    const ContactDefaults& defaults;
    std::string reseller_id;
    // For an order without its own: the account's, or for a transfer today's delegation.
    std::vector<std::string> nameservers_in_place;
};

using Planner = std::vector<PlannedStep> (*)(const PlanRequest&);

// The registrar's own contacts (trustee, local contact) and "#AUTO#": not ours to read or edit.
bool is_lent_contact(std::string_view id);

// Reads back what the domain shows; asks only, changes nothing.
inline constexpr const char* kReadBack = "readBack";
// Asks the parent for the domain's DS; its result is how long others may remember it, in seconds.
inline constexpr const char* kReadParentDs = "readParentDs";
// Waits until the parent shows no DS, and nobody can remember one.
inline constexpr const char* kAwaitNoDs = "awaitNoDs";
// Steps that only ask. They begin nothing, so the order stays as it is.
bool only_asks(std::string_view function);

class PlanBuilder {
  public:
    explicit PlanBuilder(const PlanRequest& request) : request_(request) {}
    explicit PlanBuilder(PlanRequest&&) = delete;  // It must outlive the builder.

    // Adds contactCreate steps where the order brings the data itself (one for equal persons), a
    // contactOwnerUpdate where it brings an owner's additional data, and says what to send for the
    // roles: "owner", "admin", "tech", "billing" as ids or "step:N".
    FieldMap contacts_with_owner();
    FieldMap owner_only();

    // "ns1" ... as ordered, else those in their place.
    FieldMap nameservers() const;
    void main_step(FieldMap arguments);  // the main call of the kind
    void read_back();
    void new_auth_code();
    void zone_template();
    void dnssec();
    // `dnssec: off`: before the main step, with the wait for the parent.
    void unsign_first();
    // Tag, note, privacy, auto-renewal, and the lock last; what the extension does not offer is
    // left out (the preflight notes it).
    void preferences();

    std::vector<PlannedStep> steps() && { return std::move(steps_); }

  private:
    std::string owner();
    std::string simple_contact(const ContactChoice& choice, const std::string& by_default);
    void add_additional(ContactData& owner) const;
    bool brings_bound_data() const;
    void complete_owner(const std::string& contact_id);
    std::string new_contact(const ContactData& data, bool is_owner);
    void preference(const std::string& code, const std::string& value);
    void after(const std::string& function, FieldMap arguments);

    const PlanRequest& request_;
    std::vector<PlannedStep> steps_;
    bool is_unsigned_first_ = false;
};

}  // namespace domspool
