#include "registrar/trouble.h"

#include "registrar/fault_code.h"
#include "soap/xml_text.h"
#include "util/failure.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace domspool {
namespace netim {
namespace {

using Words = std::span<const std::string_view>;

// Not "timeout": what ran out of time may have been executed.
constexpr std::string_view kMoment[] = {"temporarily",      "temporairement", "momentan",
                                        "try again later",  "retry later",    "essayez plus tard",
                                        "essayer plus tard"};
constexpr std::string_view kSessions[] = {"too many sessions",
                                          "too many open sessions",
                                          "too many simultaneous",
                                          "maximum number of sessions",
                                          "session limit",
                                          "trop de sessions",
                                          "nombre maximum de sessions",
                                          "nombre maximal de sessions"};
constexpr std::string_view kMaintenance[] = {
    "maintenance",           "service unavailable",      "service is unavailable",
    "service not available", "service is not available", "service indisponible"};
constexpr std::string_view kFunds[] = {
    "insufficient funds",    "insufficient balance", "insufficient credit", "not enough money",
    "not enough funds",      "not enough credit",    "balance is too low",  "balance too low",
    "solde insuffisant",     "fonds insuffisant",    "credit insuffisant",  "crédit insuffisant",
    "provision insuffisante"};
constexpr std::string_view kQuota[] = {"quota", "limit exceeded", "limit reached",
                                       "limite atteinte", "limite dépass"};
constexpr std::string_view kRights[] = {
    "account is locked",  "account locked",    "account is suspended", "account suspended",
    "access denied",      "permission denied", "insufficient rights",  "insufficient privileges",
    "your account",       "reseller",          "votre compte",         "revendeur",
    "compte bloqu",       "compte suspendu",   "accès refus",          "acces refus",
    "droits insuffisants"};
constexpr std::string_view kTaken[] = {"not available",    "already registered", "already exists",
                                       "already taken",    "not free",           "reserved name",
                                       "name is reserved", "domain is reserved", "non disponible",
                                       "pas disponible",   "déjà enregistr",     "deja enregistr",
                                       "déjà pris",        "nom réserv"};
constexpr std::string_view kEppCode[] = {"auth code",
                                         "authcode",
                                         "auth-code",
                                         "authid",
                                         "auth id",
                                         "auth info",
                                         "authinfo",
                                         "authorization code",
                                         "authorisation code",
                                         "epp code",
                                         "transfer code",
                                         "code d'autorisation",
                                         "code de transfert",
                                         "code auth"};
constexpr std::string_view kNotTransferable[] = {
    "not transferable",   "transfer prohibited", "transferprohibited", "cannot be transferred",
    "not be transferred", "domain is locked",    "domain locked",      "60 days",
    "60 jours",           "non transférable",    "domaine verrouill",  "transfert interdit"};
constexpr std::string_view kData[] = {"missing",   "mandatory",  "invalid",
                                      "not valid", "manquant",   "obligatoire",
                                      "invalide",  "non valide", "incorrect"};

constexpr std::string_view kWordsOf = "its words, in English or French";

// No family of codes is known as a whole. E02, a dead session, is told apart before: it may be sent
// again. Of words the first that fit count: what speaks of a moment or of the account goes before
// what speaks of one name.
constexpr KnownRefusal kRefusals[] = {
    {"E01-M0101",
     {},
     Reach::account,
     Length::until_someone_acts,
     true,
     "wrong login or password",
     "a reply in use"},
    {"E12-M1204",
     {},
     Reach::extension,
     Length::until_someone_acts,
     true,
     "the operation is closed for this extension",
     "the registrar's own pages"},
    {"E13-M1305",
     {},
     Reach::order,
     Length::for_good,
     true,
     "domain name or extension not accepted",
     "the registrar's own client"},
    {"E15-M1502",
     {},
     Reach::order,
     Length::for_good,
     true,
     "the domain is not in this account",
     "the registrar's own client"},
    {"", kSessions, Reach::account, Length::moment, false, "all sessions of the account are in use",
     kWordsOf},
    {"", kMaintenance, Reach::account, Length::moment, false, "maintenance", kWordsOf},
    {"", kMoment, Reach::order, Length::moment, false, "not possible for a moment", kWordsOf},
    {"", kFunds, Reach::account, Length::until_someone_acts, false, "too little money", kWordsOf},
    {"", kQuota, Reach::account, Length::until_someone_acts, false, "a quota is used up", kWordsOf},
    {"", kRights, Reach::account, Length::until_someone_acts, false, "the account may not do this",
     kWordsOf},
    {"", kEppCode, Reach::order, Length::until_someone_acts, false, "wrong EPP code", kWordsOf},
    {"", kNotTransferable, Reach::order, Length::until_someone_acts, false,
     "the domain cannot be transferred", kWordsOf},
    {"", kTaken, Reach::order, Length::for_good, false, "the name is taken", kWordsOf},
    {"", kData, Reach::order, Length::until_someone_acts, false, "data are missing or not accepted",
     kWordsOf},
};

bool contains_folded(std::string_view text, std::string_view words) {
    if (words.size() > text.size()) return false;
    for (std::size_t at = 0; at + words.size() <= text.size(); ++at) {
        if (soap::equal_folded(text.substr(at, words.size()), words)) return true;
    }
    return false;
}

// The registrar repeats the name it was asked about, and a name may hold any word.
std::string without_host_names(std::string_view text) {
    const auto is_of_name = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalnum(byte) != 0 || c == '-' || c == '.' || byte >= 0x80;
    };
    std::string rest;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_of_name(text[end])) ++end;
        std::string_view word = text.substr(at, end - at);
        while (word.ends_with('.')) word.remove_suffix(1);
        if (word.find('.') == std::string_view::npos) rest += word;
        rest += end < text.size() ? text[end] : ' ';
        at = end + 1;
    }
    return rest;
}

bool says_any(std::string_view text, Words words) {
    return std::ranges::any_of(words, [&](auto each) { return contains_folded(text, each); });
}

// What stands around the name of a function that is not there, in English as all of PHP's texts.
struct NoSuchFunction {
    std::string_view before, after;
};

constexpr NoSuchFunction kNoSuchFunction[] = {
    {"Procedure", "not present"},
    {"Function", "is not a valid method for this service"},
};

bool is_of_name(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// However the name is quoted: 'x', "x", (x), or by an entity that was escaped twice.
std::string without_quotes(std::string_view quoted) {
    std::string name(quoted);
    for (const std::string_view entity : {"&apos;", "&quot;", "&#39;", "&#039;", "&#34;"}) {
        for (std::size_t at; (at = name.find(entity)) != std::string::npos;) {
            name.erase(at, entity.size());
        }
    }
    std::erase_if(name, [](char c) { return !is_of_name(c); });
    return name;
}

// The name between the two, or "".
std::string named_in(std::string_view text, const NoSuchFunction& words) {
    const std::size_t begin = text.find(words.before);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + words.before.size());
    const std::size_t end = text.find(words.after);
    return end == std::string_view::npos ? std::string() : without_quotes(text.substr(0, end));
}

}  // namespace

std::span<const KnownRefusal> known_refusals() {
    return kRefusals;
}

const KnownRefusal* known_refusal(std::string_view code, std::string_view text) {
    const auto found = [](auto fits) -> const KnownRefusal* {
        const auto* known = std::ranges::find_if(kRefusals, fits);
        return known == std::end(kRefusals) ? nullptr : known;
    };
    if (const auto* known = found(
            [&](const KnownRefusal& each) { return !each.code.empty() && each.code == code; })) {
        return known;
    }
    const std::string words = without_host_names(text);
    return found([&](const KnownRefusal& each) { return says_any(words, each.words); });
}

bool is_proof_of_refusal(std::string_view code) {
    const KnownRefusal* known = known_refusal(code, "");
    return known != nullptr && known->is_proof;
}

bool says_too_many_sessions(std::string_view code, std::string_view text) {
    const KnownRefusal* known = known_refusal(code, text);
    return known != nullptr && known->words.data() == Words(kSessions).data();
}

bool says_no_such_function(const soap::Fault& fault, std::string_view called) {
    return std::any_of(std::begin(kNoSuchFunction), std::end(kNoSuchFunction),
                       [&](const NoSuchFunction& words) {
                           return soap::equal_folded(named_in(fault.text, words), called);
                       });
}

}  // namespace netim

namespace {

Trouble trouble_of_refusal(std::string_view code, std::string_view text) {
    const netim::KnownRefusal* known = netim::known_refusal(code, text);
    if (known == nullptr) return {};
    return {known->reach, known->length, true};
}

struct TroubleOf {
    Trouble operator()(const Refused& refused) const {
        return trouble_of_refusal(refused.code, refused.text);
    }
    Trouble operator()(const Unproven& unproven) const {
        return trouble_of_refusal(unproven.code, unproven.text);
    }
    Trouble operator()(const TryLater& later) const {
        switch (later.why) {
            case TryLater::Why::unreachable:
                return {Reach::run, Length::moment, true};
            case TryLater::Why::login_refused:
                return {Reach::account, Length::until_someone_acts, true};
            case TryLater::Why::asked_to_wait:
            case TryLater::Why::session_dead:
                return {Reach::account, Length::moment, true};
        }
        our_bug("a reason without a name", __FILE__, __LINE__);
    }
    Trouble operator()(const InDoubt& doubt) const {
        return {doubt.is_pressure ? Reach::account : Reach::order, Length::moment, true};
    }
    Trouble operator()(const Done&) const { our_bug("no trouble", __FILE__, __LINE__); }
    Trouble operator()(const Pending&) const { our_bug("no trouble", __FILE__, __LINE__); }
};

}  // namespace

Trouble trouble_of(const Outcome& outcome) {
    return std::visit(TroubleOf{}, outcome);
}

Trouble trouble_of(const QueryFailure& failure) {
    switch (failure.why()) {
        case QueryFailure::Why::unreachable:
            return {Reach::run, Length::moment, true};
        case QueryFailure::Why::login_refused:
            return {Reach::account, Length::until_someone_acts, true};
        case QueryFailure::Why::unreadable:
            return {Reach::question, Length::moment, true};
        case QueryFailure::Why::refused: {
            const Trouble trouble = trouble_of_refusal(failure.code(), failure.what());
            return {Reach::question, trouble.length, trouble.is_known};
        }
    }
    our_bug("a failed question without a reason", __FILE__, __LINE__);
}

std::string_view to_word(Reach reach) {
    switch (reach) {
        case Reach::question:
            return "question";
        case Reach::order:
            return "order";
        case Reach::extension:
            return "extension";
        case Reach::account:
            return "account";
        case Reach::run:
            return "run";
    }
    our_bug("a reach without a name", __FILE__, __LINE__);
}

std::string_view to_word(Length length) {
    switch (length) {
        case Length::moment:
            return "a moment";
        case Length::until_someone_acts:
            return "until someone acts";
        case Length::for_good:
            return "for good";
    }
    our_bug("a length without a name", __FILE__, __LINE__);
}

}  // namespace domspool
