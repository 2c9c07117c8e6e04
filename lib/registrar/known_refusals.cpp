#include "registrar/known_refusals.h"

#include "soap/xml_text.h"

#include <algorithm>
#include <string>

namespace domspool::netim {
namespace {

struct KnownRefusal {
    std::string_view code;
    std::string_view meaning;
    std::string_view known_from;
};

// No complete list is public, and no family of codes is known as a whole. E02, a dead session, is
// told apart before: it may be sent again.
constexpr KnownRefusal kRefusals[] = {
    {"E01-M0101", "wrong login or password", "a reply in use"},
    {"E12-M1204", "the operation is closed for this extension", "the registrar's own pages"},
    {"E13-M1305", "domain name or extension not accepted", "the registrar's own client"},
    {"E15-M1502", "the domain is not in this account", "the registrar's own client"},
};

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

bool is_known_refusal(std::string_view code) {
    return std::any_of(std::begin(kRefusals), std::end(kRefusals),
                       [&](const KnownRefusal& known) { return known.code == code; });
}

bool says_no_such_function(const soap::Fault& fault, std::string_view called) {
    return std::any_of(std::begin(kNoSuchFunction), std::end(kNoSuchFunction),
                       [&](const NoSuchFunction& words) {
                           return soap::equal_folded(named_in(fault.text, words), called);
                       });
}

}  // namespace domspool::netim
