// The values of one sandbox run.
#pragma once

#include "util/secret.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace domspool::sandbox {

struct Settings {
    std::string reseller_id = "AB123";
    Secret password{"sandbox"};
    // How long an operation stays Pending. 0: until anything is asked next.
    std::chrono::milliseconds delay{5000};
    // Operations stay Pending until they are ended by hand.
    bool hold_pending = false;
    std::int64_t opening_balance_cents = 10'000'00;
    int most_sessions = 10;
    std::chrono::milliseconds idle_limit = std::chrono::minutes(20);
    int most_checks_a_day = 500;
    int most_requests_a_minute = 0;  // 0: any number
    // The reseller's own name servers, as in queryResellerAccount.
    std::string default_nameservers = "ns1.sandbox.example ns2.sandbox.example";
    // What is added to the yearly fee of an extension, to rehearse a price that changed.
    std::map<std::string, std::int64_t> fee_changes_cents{};
    // Operation codes closed by hand: "com domaincreate".
    std::map<std::string, bool> open_by_hand{};
    std::uint64_t seed = 1;
};

}  // namespace domspool::sandbox
