#include "workflow/checks/chain_guard.h"

#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

bool are_todays(const Order& order, std::vector<std::string> servers,
                const PreflightSettings& settings) {
    if (!settings.read_delegation) return false;
    Delegation today = settings.read_delegation(order.domain);
    std::sort(servers.begin(), servers.end());
    std::sort(today.nameservers.begin(), today.nameservers.end());
    return today.state == Delegation::State::delegated && today.nameservers == servers;
}

std::string next_move(const Order& order) {
    if (entry_of(order.kind).servers == Servers::keep) {
        return "set the keys up there; or transfer it with nameservers 'keep', and change them "
               "with domain-nameservers and dnssec 'off' once that is done";
    }
    if (order.dnssec.how == DnssecWish::How::off) {
        return "ask the registrar to take the DS away, and order it anew when it is gone";
    }
    return "set the keys up there, or order dnssec 'off' first and new keys when it is done";
}

ChainVerdict without_ds(const Order& order, AnswerCache& cache) {
    const auto until = cache.ds_remembered_until(order.domain);
    if (!until) return {ChainVerdict::What::may_be_sent, ""};
    return {ChainVerdict::What::not_known,
            "the DS that the parent showed of the domain is gone, but may be remembered until " +
                to_iso(*until) + "; no other name servers are sent before"};
}

ChainVerdict judge(const Order& order, const ChainOfTrust& chain, AnswerCache& cache) {
    switch (chain.state) {
        case ChainOfTrust::State::holds:
            return {ChainVerdict::What::may_be_sent, ""};
        case ChainOfTrust::State::not_signed:
            return without_ds(order, cache);
        case ChainOfTrust::State::broken:
            return {ChainVerdict::What::would_break,
                    "the domain is signed, and the ordered name servers do not fit the DS in the "
                    "parent: " +
                        chain.reason + "; " + next_move(order)};
        case ChainOfTrust::State::unreadable:
            return {ChainVerdict::What::not_known,
                    "whether the domain is signed, and the ordered name servers fit the DS in the "
                    "parent, is not known now: " +
                        chain.reason};
    }
    our_bug("a state of the chain of trust without a name", __FILE__, __LINE__);
}

}  // namespace

ChainVerdict hold_against_ds(const Order& order, const std::vector<std::string>& servers,
                             const PreflightSettings& settings, AnswerCache& cache) {
    const ChainOfTrust chain =
        settings.check_chain ? settings.check_chain(order.domain, servers) : ChainOfTrust{};
    if (chain.ds_seconds > 0) cache.note_ds(order.domain, chain.ds_seconds);
    const ChainVerdict verdict = judge(order, chain, cache);
    const bool may_stay = entry_of(order.kind).servers == Servers::keep &&
                          verdict.what != ChainVerdict::What::may_be_sent;
    if (may_stay && are_todays(order, servers, settings))
        return {ChainVerdict::What::may_be_sent, ""};
    return verdict;
}

}  // namespace domspool
