#include "workflow/checks/preflight.h"

#include "orders/order_values.h"
#include "workflow/checks/contact_checks.h"
#include "workflow/checks/lent_contacts.h"
#include "workflow/checks/nameserver_checks.h"
#include "workflow/checks/order_price.h"

namespace domspool {

namespace {

std::string list_of(const std::set<int>& years) {
    std::string text;
    for (const int year : years) text += (text.empty() ? "" : ", ") + std::to_string(year);
    return text;
}

ExtensionRules rules_or_end(const Order& order, AnswerCache& cache, RegistrarQueries& queries) {
    const std::string extension = order.domain.extension();
    auto answer = cache.rules(extension, queries);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
        not_possible(
            "the registrar does not sell the extension '." + extension + "': " + unknown->text,
            unknown->code);
    }
    return std::get<ExtensionRules>(std::move(answer));
}

void require_open(const Order& order, const ExtensionRules& rules) {
    const std::string operation = order_values::folded(std::string(entry_of(order.kind).main_call));
    const auto flag = rules.operations.find(operation);
    if (flag == rules.operations.end() || flag->second) return;
    not_possible("the registrar does not offer " + std::string(to_word(order.kind)) + " for '." +
                 rules.extension + "' (queryOpeList: closed)");
}

void require_years(const Order& order, const ExtensionRules& rules) {
    if (!entry_of(order.kind).has_years) return;
    if (rules.create_years.empty()) {
        throw PreflightEnd{Verdict::What::not_now, "",
                           "the registrar's periods for '." + rules.extension + "' cannot be read"};
    }
    if (rules.create_years.contains(order.years)) return;
    not_possible("years " + std::to_string(order.years) + " is no period of '." + rules.extension +
                 "'; it takes " + list_of(rules.create_years));
}

void require_transfer_data(const Order& order, const ExtensionRules& rules,
                           const Secret& auth_code) {
    if (!entry_of(order.kind).needs_epp_code) return;
    if (rules.has_epp_code && auth_code.empty()) {
        not_possible("'." + rules.extension + "' transfers with an EPP code; give auth_code");
    }
    const bool is_automatic = order.owner.how == ContactChoice::How::automatic;
    if (rules.transfer_owner == ExtensionRules::TransferOwner::contact && is_automatic) {
        not_possible("'." + rules.extension + "' takes no owner 'auto'; name a contact");
    }
    if (rules.transfer_owner == ExtensionRules::TransferOwner::automatic && !is_automatic) {
        not_possible("'." + rules.extension + "' takes the owner from the registry; write 'auto'");
    }
}

void require_services(const Order& order, const ExtensionRules& rules) {
    const std::string trouble = trouble_with_lent_contacts(order, rules);
    if (!trouble.empty()) not_possible(trouble);
}

void require_nothing_pending(const Order& order, AnswerCache& cache, RegistrarQueries& queries) {
    const auto row = cache.operation_on(order.domain, queries);
    if (!row) return;
    const std::string operation = "operation " + std::to_string(row->id) + " (" + row->code + ")";
    throw PreflightEnd{Verdict::What::waits, "",
                       row->target ? operation + " is pending for the domain at the registrar"
                                   : operation +
                                         " is pending at the registrar, which does not say for "
                                         "which domain: it could be this one"};
}

void note_missing_settings(const Order& order, const ExtensionRules& rules, Verdict& verdict) {
    const auto note = [&](bool wanted, bool offered, const std::string& what) {
        if (wanted && !offered) {
            verdict.notes.push_back("'." + rules.extension + "' offers no " + what);
        }
    };
    note(order.lock.has_value(), rules.has_registrar_lock, "registrar lock");
    note(order.privacy.has_value(), rules.has_whois_privacy, "whois privacy");
    note(order.auto_renew.has_value(), rules.has_autorenew, "auto-renewal");
    const bool wants_key =
        order.dnssec.how != DnssecWish::How::not_given && order.dnssec.how != DnssecWish::How::keep;
    note(wants_key, rules.has_dnssec, "DNSSEC");
}

}  // namespace

Verdict preflight(const Order& order, const PreflightSettings& settings, AnswerCache& cache,
                  RegistrarQueries& queries, const Secret& auth_code) {
    Verdict verdict;
    const PreflightParts parts{order, settings, cache, queries};
    try {
        verdict.rules = rules_or_end(order, cache, queries);
        require_open(order, verdict.rules);
        require_years(order, verdict.rules);
        require_transfer_data(order, verdict.rules, auth_code);
        require_services(order, verdict.rules);
        require_contacts(parts);
        require_owner_data(parts, verdict.rules);
        note_missing_settings(order, verdict.rules, verdict);
        require_nothing_pending(order, cache, queries);
        verdict.nameservers_in_place = nameservers_in_place(parts);
        const std::vector<std::string>& servers =
            order.nameservers.empty() ? verdict.nameservers_in_place : order.nameservers;
        require_nameservers(order, verdict.rules, servers);
        require_ready_servers(parts, verdict.rules, servers);
        require_price(parts, auth_code, verdict);
    } catch (const PreflightEnd& ended) {
        verdict.what = ended.what;
        verdict.code = ended.code;
        verdict.reason = ended.reason;
    } catch (const QueryFailure& failure) {
        // A refusal concerns this order; silence and what cannot be read concern the line.
        if (failure.why() != QueryFailure::Why::refused) throw;
        verdict.what = Verdict::What::not_now;
        verdict.code = failure.code();
        verdict.reason = std::string("cannot be known now: ") + failure.what();
    }
    return verdict;
}

}  // namespace domspool
