#include "workflow/preflight.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kMostNameservers = 5;  // ns1 to ns5

// A check that ends the preflight with its verdict.
struct Ended {
    Verdict::What what;
    std::string code, reason;
};

[[noreturn]] void not_possible(const std::string& reason, const std::string& code = "") {
    throw Ended{Verdict::What::not_possible, code, reason};
}

std::string_view main_operation(OrderKind kind) {
    switch (kind) {
        case OrderKind::register_domain:
            return "domaincreate";
        case OrderKind::transfer:
            return "domaintransferin";
        case OrderKind::trade:
            return "domaintransferowner";
        case OrderKind::nameservers:
            return "domainchangedns";
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

std::string list_of(const std::set<int>& years) {
    std::string text;
    for (const int year : years) text += (text.empty() ? "" : ", ") + std::to_string(year);
    return text;
}

ExtensionRules rules_or_end(const Order& order, Knowledge& knowledge, RegistrarView& view) {
    const std::string extension = order.domain.extension();
    auto answer = knowledge.rules(extension, view);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
        not_possible(
            "the registrar does not sell the extension '." + extension + "': " + unknown->text,
            unknown->code);
    }
    return std::get<ExtensionRules>(std::move(answer));
}

void require_open(const Order& order, const ExtensionRules& rules) {
    const std::string operation(main_operation(order.kind));
    const auto flag = rules.operations.find(operation);
    if (flag == rules.operations.end() || flag->second) return;
    not_possible("the registrar does not offer " + std::string(to_word(order.kind)) + " for '." +
                 rules.extension + "' (queryOpeList: closed)");
}

void require_years(const Order& order, const ExtensionRules& rules) {
    if (order.kind != OrderKind::register_domain) return;
    if (rules.create_years.empty()) {
        throw Ended{Verdict::What::not_now, "",
                    "the registrar's periods for '." + rules.extension + "' cannot be read"};
    }
    if (rules.create_years.contains(order.years)) return;
    not_possible("years " + std::to_string(order.years) + " is no period of '." + rules.extension +
                 "'; it takes " + list_of(rules.create_years));
}

std::vector<std::string> account_nameservers(Knowledge& knowledge, RegistrarView& view) {
    std::vector<std::string> servers;
    for (const std::string& server : knowledge.account(view).default_nameservers) {
        if (!server.empty()) servers.push_back(server);
    }
    return servers;
}

// What the transfer leaves as it is must be sent all the same, and is never guessed.
std::vector<std::string> todays_delegation(const Order& order, const PreflightSettings& settings) {
    const Delegation today =
        settings.read_delegation ? settings.read_delegation(order.domain) : Delegation{};
    const std::string advice = "; order it with name servers";
    switch (today.state) {
        case Delegation::State::delegated:
            break;
        case Delegation::State::not_delegated:
            not_possible("there are no name servers to keep, the domain is not delegated: " +
                         today.reason + advice);
        case Delegation::State::unreadable:
            throw Ended{
                Verdict::What::to_be_held, "",
                "today's name servers, which the order keeps, cannot be read: " + today.reason};
    }
    if (today.nameservers.size() > kMostNameservers) {
        not_possible("the domain has " + std::to_string(today.nameservers.size()) +
                     " name servers today, and no more than " + std::to_string(kMostNameservers) +
                     " can be sent" + advice);
    }
    return today.nameservers;
}

std::vector<std::string> nameservers_in_place(const Order& order, const PreflightSettings& settings,
                                              Knowledge& knowledge, RegistrarView& view) {
    if (!order.nameservers.empty()) return {};
    switch (order.kind) {
        case OrderKind::register_domain:
            return account_nameservers(knowledge, view);
        case OrderKind::transfer:
            return todays_delegation(order, settings);
        case OrderKind::trade:
        case OrderKind::nameservers:
            return {};
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

void require_nameservers(const Order& order, const ExtensionRules& rules,
                         const std::vector<std::string>& servers) {
    const bool may_be_none =
        order.kind == OrderKind::register_domain && !rules.nameservers_required_at_create;
    if (order.kind == OrderKind::trade || (servers.empty() && may_be_none)) return;
    const int count = static_cast<int>(servers.size());
    if (count >= rules.minimum_nameservers) return;
    not_possible("'." + rules.extension + "' wants at least " +
                 std::to_string(rules.minimum_nameservers) + " name servers; the order has " +
                 std::to_string(count));
}

void require_contact(const std::string& role, const std::string& id, bool as_owner,
                     const PreflightSettings& settings, Knowledge& knowledge, RegistrarView& view) {
    if (id.empty() || id == "reseller" || id == settings.reseller_id || is_lent_contact(id)) return;
    const auto answer = knowledge.contact(id, view);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
        not_possible(role + " '" + id + "' cannot be read at the registrar: " + unknown->text,
                     unknown->code);
    }
    if (std::get<KnownContact>(answer).is_owner == as_owner) return;
    not_possible(role + " '" + id + "' is " +
                 (as_owner ? "no owner contact (isOwner=0); an owner needs isOwner=1"
                           : "an owner contact (isOwner=1); this role needs isOwner=0"));
}

const std::string& id_of(const ContactChoice& choice, const std::string& by_default) {
    static const std::string none;
    switch (choice.how) {
        case ContactChoice::How::id:
            return choice.id;
        case ContactChoice::How::not_given:
            return by_default;
        case ContactChoice::How::automatic:
        case ContactChoice::How::reseller:
        case ContactChoice::How::inline_data:
            return none;
    }
    our_bug("a contact choice without a name", __FILE__, __LINE__);
}

void require_contacts(const Order& order, const PreflightSettings& settings, Knowledge& knowledge,
                      RegistrarView& view) {
    require_contact("owner", id_of(order.owner, ""), true, settings, knowledge, view);
    if (order.kind == OrderKind::trade || order.kind == OrderKind::nameservers) return;
    const auto& defaults = settings.contacts;
    require_contact("admin", id_of(order.admin, defaults.admin), false, settings, knowledge, view);
    require_contact("tech", id_of(order.tech, defaults.tech), false, settings, knowledge, view);
    require_contact("billing", id_of(order.billing, defaults.billing), false, settings, knowledge,
                    view);
}

// What the order brings and, for a contact that exists, what it shows.
bool has_owner_field(const Order& order, const ContactData& owner, const std::string& name) {
    constexpr std::string_view kAdditional = "additional.";
    if (!name.starts_with(kAdditional)) return !field_of(owner.fields, name).empty();
    const std::string key = name.substr(kAdditional.size());
    const auto bound = owner.bound.find(key);
    return !field_of(order.additional, key).empty() || !field_of(owner.additional, key).empty() ||
           (bound != owner.bound.end() && !field_of(bound->second, order.domain.ascii()).empty());
}

void require_owner_data(const Order& order, const ExtensionRules& rules, Knowledge& knowledge,
                        RegistrarView& view) {
    const bool is_read = order.owner.how == ContactChoice::How::id;
    if (order.kind == OrderKind::nameservers || rules.required_owner_fields.empty() ||
        (is_read ? is_lent_contact(order.owner.id)
                 : order.owner.how != ContactChoice::How::inline_data)) {
        return;
    }
    const ContactData owner =
        is_read ? std::get<KnownContact>(knowledge.contact(order.owner.id, view)).data
                : order.owner.data;
    std::string missing;
    for (const std::string& name : rules.required_owner_fields) {
        if (!has_owner_field(order, owner, name)) {
            missing += (missing.empty() ? "" : ", ") + name;
        }
    }
    if (missing.empty()) return;
    not_possible("'." + rules.extension + "' wants more data of the owner: " + missing);
}

void require_transfer_data(const Order& order, const ExtensionRules& rules,
                           const Secret& auth_code) {
    if (order.kind != OrderKind::transfer) return;
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

void require_nothing_pending(const Order& order, Knowledge& knowledge, RegistrarView& view) {
    const auto row = knowledge.operation_on(order.domain, view);
    if (!row) return;
    const std::string operation = "operation " + std::to_string(row->id) + " (" + row->code + ")";
    throw Ended{Verdict::What::not_now, "",
                row->target ? operation + " is pending for the domain at the registrar"
                            : operation +
                                  " is pending at the registrar, which does not say for "
                                  "which domain: it could be this one"};
}

bool is_dns_test_wanted(const ExtensionRules& rules, const PreflightSettings& settings) {
    switch (settings.dns_test) {
        case DnsTestWhen::always:
            return true;
        case DnsTestWhen::extension:
            return rules.has_zonecheck;
        case DnsTestWhen::never:
            return false;
    }
    our_bug("a time of the DNS test without a name", __FILE__, __LINE__);
}

// The registrar's own servers are its affair: it sets the zone up itself, once the order is done.
// The API names them only as the account's default servers (queryResellerAccount).
bool are_the_registrars(const std::vector<std::string>& servers, Knowledge& knowledge,
                        RegistrarView& view) {
    const std::vector<std::string> own = account_nameservers(knowledge, view);
    return std::all_of(servers.begin(), servers.end(), [&](const std::string& server) {
        return std::find(own.begin(), own.end(), server) != own.end();
    });
}

bool are_the_same(std::vector<std::string> some, std::vector<std::string> others) {
    std::sort(some.begin(), some.end());
    std::sort(others.begin(), others.end());
    return some == others;
}

// What a change of servers starts from; nothing where the domain is not asked about.
std::optional<DomainRecord> domain_before_change(const Order& order, RegistrarView& view,
                                                 bool is_tested) {
    const auto how = order.dnssec.how;
    const bool may_break_chain = how != DnssecWish::How::not_given && how != DnssecWish::How::off;
    if (order.kind != OrderKind::nameservers || !(is_tested || may_break_chain)) return {};
    auto record = view.domain(order.domain);
    if (!record) not_possible("the domain is not in the account (E15-M1502)", "E15-M1502");
    return record;
}

bool is_to_be_tested(const Order& order, const std::vector<std::string>& servers,
                     const ExtensionRules& rules, const PreflightSettings& settings,
                     Knowledge& knowledge, RegistrarView& view) {
    return order.kind != OrderKind::trade && !servers.empty() && settings.test_name_servers &&
           is_dns_test_wanted(rules, settings) && !are_the_registrars(servers, knowledge, view);
}

void require_dns_test(const Order& order, const std::vector<std::string>& servers,
                      const ExtensionRules& rules, const PreflightSettings& settings) {
    const DnsTestResult result =
        settings.test_name_servers(order.domain, servers, rules.minimum_nameservers);
    switch (result.verdict) {
        case DnsVerdict::passed:
            return;
        case DnsVerdict::not_possible:
            not_possible("the DNS test failed: " + result.reason());
        case DnsVerdict::not_known_now:
            throw Ended{Verdict::What::not_now, "",
                        "the DNS test cannot be made now: " + result.reason()};
    }
}

// Whether the DS that the parent has now will meet the ordered servers.
bool meets_todays_ds(const Order& order, const ExtensionRules& rules,
                     const std::optional<DomainRecord>& before) {
    if (order.nameservers.empty() || !rules.has_dnssec) return false;
    switch (order.dnssec.how) {
        case DnssecWish::How::not_given:  // Seen just before sending: the domain may be signed.
        case DnssecWish::How::off:
            return false;
        case DnssecWish::How::keep:
            return order.kind != OrderKind::register_domain;
        case DnssecWish::How::on:
        case DnssecWish::How::automatic:
        case DnssecWish::How::key:
            return before && before->is_signed != false;
    }
    our_bug("a DNSSEC wish without a name", __FILE__, __LINE__);
}

// Servers without a key that the parent's DS stands for would make the domain unreachable, at
// least until the wished keys are there.
void require_chain(const Order& order, const PreflightSettings& settings) {
    const ChainOfTrust chain = settings.look_at_chain
                                   ? settings.look_at_chain(order.domain, order.nameservers)
                                   : ChainOfTrust{};
    switch (chain.state) {
        case ChainOfTrust::State::holds:
        case ChainOfTrust::State::not_signed:
            return;
        case ChainOfTrust::State::broken:
            not_possible(
                "the domain is signed, and the ordered name servers do not fit the DS in the "
                "parent: " +
                chain.reason +
                "; set the keys up there, or order dnssec 'off' first and new keys when it is "
                "done");
        case ChainOfTrust::State::unreadable:
            throw Ended{Verdict::What::not_now, "",
                        "whether the ordered name servers fit the DS in the parent is not known "
                        "now: " +
                            chain.reason};
    }
}

void require_ready_servers(const Order& order, const std::vector<std::string>& servers,
                           const ExtensionRules& rules, const PreflightSettings& settings,
                           Knowledge& knowledge, RegistrarView& view) {
    const bool is_tested = is_to_be_tested(order, servers, rules, settings, knowledge, view);
    const auto before = domain_before_change(order, view, is_tested);
    // A change that is so already changes nothing; the step itself will say so.
    if (before && are_the_same(before->nameservers, servers)) return;
    if (is_tested) require_dns_test(order, servers, rules, settings);
    if (meets_todays_ds(order, rules, before)) require_chain(order, settings);
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

std::string fee_name(OrderKind kind) {
    switch (kind) {
        case OrderKind::register_domain:
            return "registration";
        case OrderKind::transfer:
            return "transfer";
        case OrderKind::trade:
            return "trade";
        case OrderKind::nameservers:
            return "";
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

int years_of(const Order& order) {
    return order.kind == OrderKind::register_domain ? order.years : 1;
}

std::int64_t services_fee(const Order& order, std::int64_t trustee, std::int64_t local) {
    std::int64_t cents = 0;
    if (order.owner.id.rfind("TRUST4", 0) == 0) cents += trustee;
    if (order.admin.id.rfind("NETIM4", 0) == 0) cents += local;
    return cents;
}

Money quoted_price(const Order& order, const PriceRecord& record) {
    const auto fee = [&](const std::string& name) {
        const auto found = record.fee_cents.find(name);
        return found == record.fee_cents.end() ? 0 : found->second;
    };
    const std::string name = fee_name(order.kind);
    if (!record.fee_cents.contains(name)) {
        throw Ended{Verdict::What::not_now, "", "queryDomainPrice tells no fee for " + name};
    }
    return {fee(name) * years_of(order) +
                services_fee(order, fee("trusteeservice"), fee("localcontactservice")),
            record.currency};
}

void require_within_limit(const Order& order, const PreflightSettings& settings,
                          const Money& price) {
    const auto& limit = order.max_price ? order.max_price : settings.max_price;
    if (!limit) return;
    if (limit->currency != price.currency) {
        not_possible("the limit " + to_text(*limit) + " is in another currency than the price " +
                     to_text(price));
    }
    if (price.cents <= limit->cents) return;
    not_possible("the price " + to_text(price) + " is above the limit " + to_text(*limit) +
                 "; max_price " + to_text(price) + " in the row admits it");
}

// With the price check off the price list stands in, so that limits and ceilings still hold.
void require_listed_price(const Order& order, const PreflightSettings& settings, Verdict& verdict) {
    const auto cents = listed_fee(order, verdict.rules);
    if (!cents) return;
    verdict.price = Money{*cents, verdict.rules.fee_currency};
    require_within_limit(order, settings, *verdict.price);
}

void require_price(const Order& order, const PreflightSettings& settings, RegistrarView& view,
                   const Secret& auth_code, Verdict& verdict) {
    if (order.kind == OrderKind::nameservers) return;
    if (!settings.price) return require_listed_price(order, settings, verdict);
    const PriceRecord record = view.price(order.domain, auth_code);
    const Money price = quoted_price(order, record);
    verdict.price = price;
    if (record.is_premium && !order.max_price) {
        not_possible("a premium name at " + to_text(price) +
                     "; only the row's own max_price admits it: max_price " + to_text(price));
    }
    require_within_limit(order, settings, price);
}

}  // namespace

Verdict preflight(const Order& order, const PreflightSettings& settings, Knowledge& knowledge,
                  RegistrarView& view, const Secret& auth_code) {
    Verdict verdict;
    try {
        verdict.rules = rules_or_end(order, knowledge, view);
        require_open(order, verdict.rules);
        require_years(order, verdict.rules);
        verdict.nameservers_in_place = nameservers_in_place(order, settings, knowledge, view);
        const std::vector<std::string>& servers =
            order.nameservers.empty() ? verdict.nameservers_in_place : order.nameservers;
        require_nameservers(order, verdict.rules, servers);
        require_transfer_data(order, verdict.rules, auth_code);
        require_contacts(order, settings, knowledge, view);
        require_owner_data(order, verdict.rules, knowledge, view);
        note_missing_settings(order, verdict.rules, verdict);
        require_nothing_pending(order, knowledge, view);
        require_ready_servers(order, servers, verdict.rules, settings, knowledge, view);
        require_price(order, settings, view, auth_code, verdict);
    } catch (const Ended& ended) {
        verdict.what = ended.what;
        verdict.code = ended.code;
        verdict.reason = ended.reason;
    } catch (const QueryFailure& failure) {
        // A refusal or an unreadable reply concerns this order; silence concerns the run.
        if (failure.why() == QueryFailure::Why::unreachable ||
            failure.why() == QueryFailure::Why::login_refused) {
            throw;
        }
        verdict.what = Verdict::What::not_now;
        verdict.code = failure.code();
        verdict.reason = std::string("cannot be known now: ") + failure.what();
    }
    return verdict;
}

std::optional<std::int64_t> listed_fee(const Order& order, const ExtensionRules& rules) {
    const auto times_years = [&](std::optional<std::int64_t> fee) -> std::optional<std::int64_t> {
        if (!fee) return std::nullopt;
        return *fee * years_of(order) + services_fee(order, rules.fee_trustee_cents.value_or(0),
                                                     rules.fee_local_contact_cents.value_or(0));
    };
    switch (order.kind) {
        case OrderKind::register_domain:
            return times_years(rules.fee_registration_cents);
        case OrderKind::transfer:
            return times_years(rules.fee_transfer_cents);
        case OrderKind::trade:
            return times_years(rules.fee_trade_cents);
        case OrderKind::nameservers:
            return 0;
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

}  // namespace domspool
