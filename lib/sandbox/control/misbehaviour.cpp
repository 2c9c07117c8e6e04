#include "sandbox/control/misbehaviour.h"

#include "sandbox/functions/function.h"
#include "sandbox/model/letter_case.h"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace domspool::sandbox {

namespace {

constexpr std::array<std::pair<std::string_view, Misdeed>, 18> kNames = {{
    {"lose_reply", Misdeed::lose_reply},
    {"cut_reply", Misdeed::cut_reply},
    {"delay", Misdeed::delay},
    {"html_502", Misdeed::html_502},
    {"html_502_after", Misdeed::html_502_after},
    {"http_429", Misdeed::http_429},
    {"http_503", Misdeed::http_503},
    {"http_503_after", Misdeed::http_503_after},
    {"empty_500", Misdeed::empty_500},
    {"empty_500_after", Misdeed::empty_500_after},
    {"empty_200_after", Misdeed::empty_200_after},
    {"fault_without_code", Misdeed::fault_without_code},
    {"unknown_code", Misdeed::unknown_code},
    {"unknown_code_after", Misdeed::unknown_code_after},
    {"refuse_login", Misdeed::refuse_login},
    {"expire_session", Misdeed::expire_session},
    {"pending_list_without_targets", Misdeed::pending_list_without_targets},
    {"drop_before", Misdeed::drop_before},
}};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> pieces;
    for (;;) {
        const auto colon = text.find(':');
        pieces.emplace_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return pieces;
        text.remove_prefix(colon + 1);
    }
}

std::uint64_t whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) {
        throw std::invalid_argument("no whole number: '" + text + "'");
    }
    return number;
}

double decimal(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !std::isfinite(number) || number < 0) {
        throw std::invalid_argument("no decimal number: '" + text + "'");
    }
    return number;
}

bool may_have_retry_after(Misdeed misdeed) {
    return misdeed == Misdeed::http_429 || misdeed == Misdeed::http_503 ||
           misdeed == Misdeed::http_503_after;
}

Misdeed misdeed_named(const std::string& name) {
    for (const auto& [known, misdeed] : kNames) {
        if (known == name) return misdeed;
    }
    throw std::invalid_argument("unknown misbehaviour '" + name + "'");
}

}  // namespace

std::string_view name_of(Misdeed misdeed) {
    for (const auto& [name, known] : kNames) {
        if (known == misdeed) return name;
    }
    return {};
}

Rule read_rule(std::string_view text) {
    const auto pieces = split(text);
    if (pieces.size() < 2 || pieces.size() > 4 || pieces[0].empty()) {
        throw std::invalid_argument("a rule reads FUNCTION:HOW[:COUNT|:PROBABILITY][:AFTER]");
    }
    Rule rule;
    rule.function = lower(pieces[0]);
    if (rule.function != "*" && function_named(rule.function) == nullptr) {
        throw std::invalid_argument("no function is called '" + pieces[0] + "'");
    }
    const auto equal = pieces[1].find('=');
    rule.misdeed = misdeed_named(pieces[1].substr(0, equal));
    const bool has_number = equal != std::string::npos;
    if (rule.misdeed == Misdeed::delay && !has_number) {
        throw std::invalid_argument("delay needs a number: delay=SECONDS");
    }
    if (has_number && rule.misdeed != Misdeed::delay && !may_have_retry_after(rule.misdeed)) {
        throw std::invalid_argument(
            "only delay, http_429, http_503 and http_503_after take a number of seconds");
    }
    if (has_number) rule.seconds = decimal(pieces[1].substr(equal + 1));
    rule.left = 1;
    if (pieces.size() > 2) {
        if (pieces[2] == "always") {
            rule.left.reset();
        } else if (pieces[2].find('.') != std::string::npos) {
            rule.left.reset();
            rule.probability = decimal(pieces[2]);
            if (rule.probability > 1) throw std::invalid_argument("a probability is at most 1.0");
        } else {
            rule.left = whole_number(pieces[2]);
        }
    }
    if (pieces.size() > 3) rule.after = whole_number(pieces[3]);
    return rule;
}

std::optional<Rule> Misbehaviour::next_for(std::string_view function) {
    const std::string wanted = lower(function);
    std::optional<Rule> met;
    for (Rule& rule : rules_) {
        if (rule.function != "*" && rule.function != wanted) continue;
        if (rule.after > 0) {
            --rule.after;
            continue;
        }
        if (met || (rule.left && *rule.left == 0)) continue;
        // 53 random bits make the same number on every machine, unlike the library's distributions.
        const double draw = static_cast<double>(random_() >> 11) / 9007199254740992.0;
        if (rule.probability < 1 && draw >= rule.probability) continue;
        if (rule.left) --*rule.left;
        met = rule;
    }
    return met;
}

}  // namespace domspool::sandbox
