// The checks (SAFETY, "Before money is spent"). Asks, changes nothing.
#pragma once

#include "dns/chain_of_trust.h"
#include "dns/delegation.h"
#include "dns/dns_test.h"
#include "orders/extension_rules.h"
#include "orders/money.h"
#include "orders/order.h"
#include "registrar/registrar.h"
#include "workflow/moves/plan_builder.h"
#include "workflow/steps/answer_cache.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

enum class DnsTestWhen { extension, always, never };

struct PreflightSettings {
    bool price = true;  // false: the price list stands in for queryDomainPrice
    DnsTestWhen dns_test = DnsTestWhen::extension;
    // Questions to the DNS, with the run's settings. nullptr: no test; the others are not known.
    std::function<DnsTestResult(const DomainName&, const std::vector<std::string>& nameservers,
                                int minimum)>
        test_name_servers;
    std::function<Delegation(const DomainName&)> read_delegation;
    std::function<ChainOfTrust(const DomainName&, const std::vector<std::string>& nameservers)>
        check_chain;
    std::optional<Money> max_price;  // limits.max_price, for the whole order
    ContactDefaults contacts;
    std::string reseller_id;
};

struct Verdict {
    enum class What {
        go,
        not_possible,  // failed before sending
        not_now,       // cannot be known now
        waits,         // for an operation that is pending at the registrar, however long
        so_already,    // skipped
        to_be_held,    // a person must decide or see to it
    };
    What what = What::go;
    std::string code, reason;
    std::vector<std::string> notes;  // settings the extension does not offer: the order goes on
    std::optional<Money> price;      // of the whole order, where known
    ExtensionRules rules;
    std::vector<std::string> nameservers_in_place;  // for an order without its own
};

// Throws QueryFailure when the registrar cannot be asked, or its reply cannot be read.
Verdict preflight(const Order& order, const PreflightSettings& settings, AnswerCache& cache,
                  RegistrarQueries& queries, const Secret& auth_code);

}  // namespace domspool
