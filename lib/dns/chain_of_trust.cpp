#include "dns/chain_of_trust.h"

#include "dns/zone_keys.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace domspool {
namespace {

bool is_for(const DsData& ds, const DomainName& domain, const ZoneKey& key) {
    if (ds.key_tag != key.key_tag || ds.algorithm != key.algorithm) return false;
    try {
        return ds_of(domain, key, ds.digest_type) == ds;
    } catch (const std::invalid_argument&) {
        return false;  // A digest type nobody here can compute proves nothing.
    }
}

bool has_entry(const DomainName& domain, const std::vector<ZoneKey>& keys,
               const std::vector<DsData>& set) {
    return std::any_of(keys.begin(), keys.end(), [&](const ZoneKey& key) {
        return may_be_entry(key) && std::any_of(set.begin(), set.end(), [&](const DsData& ds) {
                   return is_for(ds, domain, key);
               });
    });
}

// Where the parent's servers differ, whoever asks may meet any of their sets.
bool fits(const DomainName& domain, const ShownKeys& seen, const ParentDs& parent) {
    return std::all_of(parent.sets.begin(), parent.sets.end(),
                       [&](const auto& set) { return has_entry(domain, seen.keys, set); });
}

// Why the domain would surely go dark at one of the servers.
std::optional<std::string> break_at(const DomainName& domain, const ShownKeys& seen,
                                    const ParentDs& parent) {
    switch (seen.what) {
        case ShownKeys::What::not_the_zone:
            return seen.reason;
        case ShownKeys::What::keys:
            if (fits(domain, seen, parent)) return std::nullopt;
            return seen.server + " has no key that signs its keys and fits a DS of " +
                   domain.ascii() + " in the zone above";
        case ShownKeys::What::silence:
        case ShownKeys::What::unreadable:
            return std::nullopt;
    }
    throw std::logic_error("no such thing to show");
}

}  // namespace

ChainOfTrust check_chain(const DomainName& domain, const std::vector<std::string>& nameservers,
                         const DnsSettings& settings) {
    using State = ChainOfTrust::State;
    const ParentDs parent = read_parent_ds(domain, settings);
    if (parent.state == ParentDs::State::unreadable) return {State::unreadable, parent.reason};
    if (parent.state == ParentDs::State::absent) return {State::not_signed, ""};
    const auto seen_with_ds = [&](State state, const std::string& reason) {
        return ChainOfTrust{state, reason, parent.ttl_seconds};
    };
    const std::vector<ShownKeys> all = keys_shown(domain, nameservers, settings);
    if (all.empty()) return seen_with_ds(State::unreadable, "no name server to ask");
    for (const ShownKeys& seen : all) {
        const auto reason = break_at(domain, seen, parent);
        if (reason) return seen_with_ds(State::broken, *reason);
    }
    for (const ShownKeys& seen : all) {
        if (seen.what == ShownKeys::What::keys) continue;
        return seen_with_ds(State::unreadable, seen.reason);
    }
    return seen_with_ds(State::holds, "");
}

}  // namespace domspool
