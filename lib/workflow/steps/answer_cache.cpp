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
    : ledger_(ledger),
      clock_(clock),
      sheet_(std::move(sheet)),
      keeps_(keeps),
      rules_(clock),
      contacts_(clock),
      account_(clock),
      pending_(clock) {}

void AnswerCache::keep(const std::function<void(LedgerWrite&)>& verb) {
    if (keeps_ == Keeps::a_day) ledger_.write(verb);
}

std::variant<ExtensionRules, Unknown> AnswerCache::rules(const std::string& extension,
                                                         RegistrarQueries& queries) {
    return *rules_.get(extension, queries, [&] { return ask_rules(extension, queries); });
}

AnswerCache::Rules AnswerCache::ask_rules(const std::string& extension, RegistrarQueries& queries) {
    const auto now = clock_.now().utc;
    auto fields = ledger_.known_extension(extension, now - kRemembered);
    if (!fields || !are_fees_readable(*fields)) {
        try {
            const ExtensionRecord record = queries.extension(extension);
            fields = fields_of(record, queries.open_operations(extension));
        } catch (const QueryFailure& failure) {
            if (failure.why() != QueryFailure::Why::refused) throw;
            return Unknown{failure.code(), failure.what()};
        }
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

// A refusal need not mean that it is not there: it is asked about again after a while.
std::variant<KnownContact, Unknown> AnswerCache::contact(const std::string& contact_id,
                                                         RegistrarQueries& queries) {
    try {
        return *contacts_.get(contact_id, queries,
                              [&] { return ask_contact(contact_id, queries); });
    } catch (const QueryFailure& failure) {
        if (failure.why() != QueryFailure::Why::refused) throw;
        return Unknown{failure.code(), failure.what()};
    }
}

KnownContact AnswerCache::ask_contact(const std::string& contact_id, RegistrarQueries& queries) {
    const auto now = clock_.now().utc;
    if (const auto known = ledger_.known_contact(contact_id, now - kRemembered)) {
        return contact_of(*known);
    }
    const int changes = contact_changes_;
    const FieldMap fields = fields_of(queries.contact(contact_id));
    const std::lock_guard lock(keeping_contacts_);
    // For a day is kept what tells all, and not behind a change that came after the question.
    if (fields.contains("isOwner") && contact_changes_ == changes) {
        keep([&](LedgerWrite& w) { w.keep_contact(contact_id, fields, now); });
    }
    return contact_of(fields);
}

// Its id stays known, older than any day.
void AnswerCache::forget_contact(const std::string& contact_id) {
    const std::lock_guard lock(keeping_contacts_);
    ++contact_changes_;
    if (const auto fields = ledger_.known_contact(contact_id, UtcTime{})) {
        keep([&](LedgerWrite& w) { w.keep_contact(contact_id, *fields, UtcTime{}); });
    }
    contacts_.forget(contact_id);
}

AccountRecord AnswerCache::account(RegistrarQueries& queries) {
    return *account_.get(Only::one, queries, [&] { return queries.account(); });
}

AccountRecord AnswerCache::account_now(RegistrarQueries& queries) {
    account_.forget(Only::one);
    return account(queries);
}

std::optional<DomainRecord> AnswerCache::domain_now(const DomainName& domain,
                                                    RegistrarQueries& queries) {
    const auto shown = std::make_shared<Shown>();
    {
        const std::lock_guard lock(mutex_);
        shown_[domain.ascii()] = shown;
    }
    const Moment asked_at = clock_.now();
    auto record = queries.domain(domain);
    const std::lock_guard lock(mutex_);
    shown->at = asked_at;
    shown->record = record;
    return record;
}

std::optional<DomainRecord> AnswerCache::domain(const DomainName& domain,
                                                RegistrarQueries& queries) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = shown_.find(domain.ascii());
        const bool is_there = found != shown_.end() && found->second->at;
        if (is_there && gap_between(*found->second->at, clock_.now()) < kShownLately) {
            return found->second->record;
        }
    }
    return domain_now(domain, queries);
}

void AnswerCache::forget_domain(const DomainName& domain) {
    const std::lock_guard lock(mutex_);
    shown_.erase(domain.ascii());
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
    const std::lock_guard lock(digest_mutex_);
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

AnswerCache::Pending AnswerCache::view_of(const PendingList& list) {
    Pending view;
    view.is_whole = list.whole;
    for (const PendingRow& row : list.rows) {
        note_operation(row.id);
        if (row.target)
            view.by_domain.emplace(*row.target, row);
        else if (!view.nameless && is_about_a_domain(row) && !ledger_.owner_of(row.id))
            view.nameless = row;
    }
    return view;
}

std::shared_ptr<const AnswerCache::Pending> AnswerCache::pending(RegistrarQueries& queries) {
    return pending_.get(Only::one, queries, [&] { return view_of(queries.pending()); });
}

void AnswerCache::take_pending(const PendingList& list) {
    pending_.put(Only::one, view_of(list));
}

std::optional<PendingRow> AnswerCache::operation_on(const DomainName& domain,
                                                    RegistrarQueries& queries) {
    const auto list = pending(queries);
    if (const auto found = list->by_domain.find(domain.ascii()); found != list->by_domain.end()) {
        return found->second;
    }
    if (!list->is_whole) {
        throw QueryFailure(QueryFailure::Why::unreadable, "",
                           "queryOpePending could not be read whole");
    }
    return list->nameless;
}

OperationId AnswerCache::highest_operation(RegistrarQueries& queries) {
    std::ignore = pending(queries);
    return highest_operation_;
}

void AnswerCache::note_operation(OperationId id) {
    OperationId highest = highest_operation_;
    while (id > highest && !highest_operation_.compare_exchange_weak(highest, id)) {
    }
}

}  // namespace domspool
