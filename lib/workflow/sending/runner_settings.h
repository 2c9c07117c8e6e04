// What a run lets its lanes do and spend, and where the DNS is asked. Outlives every runner.
#pragma once

#include "dns/parent_ds.h"
#include "orders/domain_name.h"
#include "orders/field_map.h"
#include "orders/money.h"
#include "workflow/checks/preflight.h"

#include <functional>
#include <optional>
#include <string>

namespace domspool {

// Completes the arguments of domainSetDNSSecExt: DNSKEY (read from the servers or given) and the
// matching DS. An empty map: not possible, the text says why, and whether it can be later.
struct KeyArguments {
    FieldMap arguments;
    std::string trouble;
    bool may_be_later = false;
};
using KeySource = std::function<KeyArguments(const DomainName& domain, const FieldMap& arguments)>;

struct RunnerSettings {
    PreflightSettings preflight;
    std::optional<Money> max_spend_per_day;  // absent: nothing that costs is sent
    bool check_balance = false;              // asked again after a refusal with a new code
    std::optional<Money> balance_floor;
    KeySource zone_keys;  // none: keys are an open end
    // dns/parent_ds with the run's settings; nullptr: not known.
    std::function<ParentDs(const DomainName&)> read_parent_ds;
};

}  // namespace domspool
