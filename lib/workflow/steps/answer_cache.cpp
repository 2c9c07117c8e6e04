#include "workflow/steps/answer_cache.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <random>

namespace domspool {

namespace {

constexpr auto kRemembered = std::chrono::hours(24);
// So much less is not written down anew.
constexpr auto kNoMatter = std::chrono::seconds(60);

std::optional<std::int64_t> number_in(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// What was kept and is damaged is asked for again.
bool are_fees_readable(const FieldMap& fields) {
    const FieldMap fees = fields_under(fields, "fee.");
    return std::ranges::all_of(fees,
                               [](const auto& fee) { return number_in(fee.second).has_value(); });
}

FieldMap fields_of(const ExtensionRecord& record, const std::map<std::string, bool>& operations) {
    FieldMap fields{{"period_create", record.period_create}, {"currency", record.fee_currency}};
    for (const auto& [name, on] : record.flags) fields["flag." + name] = on ? "1" : "0";
    for (const auto& [name, cents] : record.fee_cents)
        fields["fee." + name] = std::to_string(cents);
    for (const auto& [code, open] : operations) fields["operation." + code] = open ? "1" : "0";
    return fields;
}

bool flag_in(const FieldMap& fields, const std::string& name) {
    return field_of(fields, "flag." + name) == "1";
}

void put_registrars_part(ExtensionRules& rules, const FieldMap& fields) {
    rules.create_years = parse_periods(field_of(fields, "period_create")).value_or(std::set<int>{});
    rules.has_epp_code = flag_in(fields, "haseppcode");
    rules.has_registrar_lock = flag_in(fields, "hasregistrarlock");
    rules.has_autorenew = flag_in(fields, "hasautorenew");
    rules.has_whois_privacy = flag_in(fields, "haswhoisprivacy");
    rules.has_zonecheck = flag_in(fields, "haszonecheck");
    rules.has_dnssec = flag_in(fields, "hasdnssec");
    rules.has_trustee_service = flag_in(fields, "hastrusteeservice");
    rules.has_local_contact_service = flag_in(fields, "haslocalcontactservice");
    rules.fee_currency = field_of(fields, "currency");
    for (const auto& [name, cents] : fields_under(fields, "fee.")) {
        if (const auto number = number_in(cents)) rules.fee_cents[name] = *number;
    }
    for (const auto& [code, open] : fields_under(fields, "operation.")) {
        rules.operations[code] = open == "1";
    }
}

FieldMap fields_of(const ContactRecord& record) {
    FieldMap fields = to_fields(record.data);
    if (record.is_owner) fields["isOwner"] = *record.is_owner ? "1" : "0";
    return fields;
}

KnownContact contact_of(FieldMap fields) {
    KnownContact contact;
    if (const std::string& told = field_of(fields, "isOwner"); !told.empty()) {
        contact.is_owner = told == "1";
    }
    fields.erase("isOwner");
    contact.data = contact_from_fields(fields);
    return contact;
}

bool is_about_a_domain(const PendingRow& row) {
    constexpr std::string_view kBeginning = "domain";
    return row.code.size() >= kBeginning.size() &&
           std::equal(kBeginning.begin(), kBeginning.end(), row.code.begin(), [](char a, char b) {
               return a == std::tolower(static_cast<unsigned char>(b));
           });
}

}  // namespace

AnswerCache::AnswerCache(Ledger& ledger, const Clock& clock,
                         std::map<std::string, ExtensionRules> sheet, Keeps keeps)
    : ledger_(ledger), clock_(clock), sheet_(std::move(sheet)), keeps_(keeps) {}

void AnswerCache::keep(const std::function<void(LedgerWrite&)>& verb) {
    if (keeps_ == Keeps::a_day) ledger_.write(verb);
}

std::variant<ExtensionRules, Unknown> AnswerCache::rules(const std::string& extension,
                                                         RegistrarQueries& queries) {
    const std::lock_guard lock(mutex_);
    if (const auto known = rules_.find(extension); known != rules_.end()) return known->second;
    if (const auto known = unknown_extensions_.find(extension);
        known != unknown_extensions_.end()) {
        return known->second;
    }
    try {
        return rules_.emplace(extension, ask_rules(extension, queries)).first->second;
    } catch (const QueryFailure& failure) {
        if (failure.why() != QueryFailure::Why::refused) throw;
        return unknown_extensions_.emplace(extension, Unknown{failure.code(), failure.what()})
            .first->second;
    }
}

ExtensionRules AnswerCache::ask_rules(const std::string& extension, RegistrarQueries& queries) {
    const auto now = clock_.now().utc;
    auto fields = ledger_.known_extension(extension, now - kRemembered);
    if (!fields || !are_fees_readable(*fields)) {
        const ExtensionRecord record = queries.extension(extension);
        fields = fields_of(record, queries.open_operations(extension));
        keep([&](LedgerWrite& w) { w.keep_extension(extension, *fields, now); });
    }
    const auto own = sheet_.find(extension);
    const auto common = sheet_.find("");
    ExtensionRules rules;
    if (own != sheet_.end())
        rules = own->second;
    else if (common != sheet_.end())
        rules = common->second;
    rules.extension = extension;
    put_registrars_part(rules, *fields);
    return rules;
}

std::variant<KnownContact, Unknown> AnswerCache::contact(const std::string& contact_id,
                                                         RegistrarQueries& queries) {
    const std::lock_guard lock(mutex_);
    if (const auto known = contacts_.find(contact_id); known != contacts_.end()) {
        return known->second;
    }
    const auto now = clock_.now().utc;
    auto fields = ledger_.known_contact(contact_id, now - kRemembered);
    if (!fields) {
        try {
            fields = fields_of(queries.contact(contact_id));
        } catch (const QueryFailure& failure) {
            if (failure.why() != QueryFailure::Why::refused) throw;
            return Unknown{failure.code(), failure.what()};
        }
        if (fields->contains("isOwner"))
            keep([&](LedgerWrite& w) { w.keep_contact(contact_id, *fields, now); });
    }
    return contacts_.emplace(contact_id, contact_of(*fields)).first->second;
}

// Its id stays known, older than any day.
void AnswerCache::forget_contact(const std::string& contact_id) {
    const std::lock_guard lock(mutex_);
    contacts_.erase(contact_id);
    if (const auto fields = ledger_.known_contact(contact_id, UtcTime{})) {
        keep([&](LedgerWrite& w) { w.keep_contact(contact_id, *fields, UtcTime{}); });
    }
}

AccountRecord AnswerCache::account(RegistrarQueries& queries) {
    const std::lock_guard lock(mutex_);
    if (!account_) account_ = queries.account();
    return *account_;
}

AccountRecord AnswerCache::account_now(RegistrarQueries& queries) {
    const std::lock_guard lock(mutex_);
    account_ = queries.account();
    return *account_;
}

void AnswerCache::snapshot_domains(RegistrarQueries& queries) {
    std::set<std::string> domains;
    queries.domains("*", [&](const std::string& domain) { domains.insert(domain); });
    const std::lock_guard lock(mutex_);
    domains_ = std::move(domains);
}

std::optional<bool> AnswerCache::is_listed(const DomainName& domain) const {
    const std::lock_guard lock(mutex_);
    if (!domains_ || doubted_domains_.contains(domain.ascii())) return std::nullopt;
    return domains_->contains(domain.ascii());
}

void AnswerCache::doubt_snapshot_of(const DomainName& domain) {
    const std::lock_guard lock(mutex_);
    if (domains_) doubted_domains_.insert(domain.ascii());
}

void AnswerCache::note_ds(const DomainName& domain, std::uint32_t seconds) {
    const auto now = clock_.now().utc;
    const UtcTime until = now + std::chrono::seconds(seconds);
    const auto known = ds_remembered_until(domain);
    if (known && *known >= until - kNoMatter) return;
    keep([&](LedgerWrite& w) { w.note_ds(domain, until); });
}

std::optional<UtcTime> AnswerCache::ds_remembered_until(const DomainName& domain) const {
    const auto until = ledger_.ds_remembered_until(domain);
    if (!until || *until <= clock_.now().utc) return std::nullopt;
    return until;
}

std::string AnswerCache::digest_key() {
    const std::lock_guard lock(mutex_);
    if (std::string known = ledger_.digest_key(); !known.empty()) return known;
    std::random_device random;
    std::string key;
    for (int i = 0; i < 8; ++i) key += std::to_string(random()) + ".";
    if (keeps_ == Keeps::nothing) return key;
    ledger_.write([&](LedgerWrite& w) { w.keep_digest_key(key); });
    return ledger_.digest_key();  // Another program may have been first.
}

// The inner digest keeps a code from being lengthened without being known.
std::string AnswerCache::digest_of(const Secret& code) {
    if (code.empty()) return "";
    const std::string key = digest_key();
    Poco::SHA2Engine inner, outer;
    inner.update(key);
    inner.update(code.reveal());
    outer.update(key);
    outer.update(Poco::DigestEngine::digestToHex(inner.digest()));
    return Poco::DigestEngine::digestToHex(outer.digest());
}

void AnswerCache::ask_pending_once(RegistrarQueries& queries) {
    if (!pending_) keep_pending(queries.pending());
}

void AnswerCache::keep_pending(const PendingList& list) {
    pending_.emplace();
    nameless_.reset();
    pending_is_whole_ = list.whole;
    for (const PendingRow& row : list.rows) {
        note_operation(row.id);
        if (row.target)
            pending_->emplace(*row.target, row);
        else if (!nameless_ && is_about_a_domain(row) && !ledger_.owner_of(row.id))
            nameless_ = row;
    }
}

void AnswerCache::take_pending(const PendingList& list) {
    const std::lock_guard lock(mutex_);
    keep_pending(list);
}

std::optional<PendingRow> AnswerCache::operation_on(const DomainName& domain,
                                                    RegistrarQueries& queries) {
    const std::lock_guard lock(mutex_);
    ask_pending_once(queries);
    if (const auto found = pending_->find(domain.ascii()); found != pending_->end()) {
        return found->second;
    }
    if (!pending_is_whole_) {
        throw QueryFailure(QueryFailure::Why::unreadable, "",
                           "queryOpePending could not be read whole");
    }
    return nameless_;
}

OperationId AnswerCache::highest_operation(RegistrarQueries& queries) {
    {
        const std::lock_guard lock(mutex_);
        ask_pending_once(queries);
    }
    return highest_operation_;
}

void AnswerCache::note_operation(OperationId id) {
    OperationId highest = highest_operation_;
    while (id > highest && !highest_operation_.compare_exchange_weak(highest, id)) {
    }
}

}  // namespace domspool
