// Rules by which the sandbox misbehaves on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

enum class Misdeed {
    lose_reply,                    // the effect happens, the connection is closed without a word
    cut_reply,                     // the effect happens, half of the reply comes
    delay,                         // the effect happens, the reply comes late
    html_502,                      // a web page instead of an answer, no effect
    html_502_after,                // the same after the effect
    http_429,                      // asked too often, no effect
    http_503,                      // busy, no effect
    http_503_after,                // the same after the effect
    empty_500,                     // status 500 without a body, no effect
    empty_500_after,               // the same after the effect
    empty_200_after,               // status 200 without a body, after the effect
    fault_without_code,            // a fault SOAP-ENV:Server after the effect
    unknown_code,                  // a fault with a code that nobody knows, no effect
    unknown_code_after,            // the same after the effect
    refuse_login,                  // as with a wrong password
    expire_session,                // the session ends, the call is refused
    pending_list_without_targets,  // queryOpePending names no targets
    drop_before,                   // the connection is closed, no effect
};

struct Rule {
    std::string function;  // lower case; "*" for all
    Misdeed misdeed = Misdeed::lose_reply;
    std::optional<double> seconds = {};  // of delay; of a Retry-After
    std::optional<std::uint64_t> left;   // how many times more; nothing: for ever
    double probability = 1;              // among the calls it fits
    std::uint64_t after = 0;             // that many fitting calls pass first
};

// "FUNCTION:HOW[:COUNT|:PROBABILITY][:AFTER]". HOW is a word of the enumeration; delay
// wants "=SECONDS", 429 and 503 may have it for their Retry-After.
// COUNT is a whole number (1 if not given) or `always`; PROBABILITY has a point in it. Throws
// std::invalid_argument saying what is wrong; a function that does not exist is wrong too.
Rule read_rule(std::string_view text);
std::string_view name_of(Misdeed misdeed);

// The rules in force. The same seed and the same calls give the same misdeeds.
class Misbehaviour {
  public:
    explicit Misbehaviour(std::uint64_t seed) : random_(seed) {}
    void add(Rule rule) { rules_.push_back(std::move(rule)); }
    void clear() { rules_.clear(); }
    // Which rule this call meets, if any; counts the call against all rules that fit it.
    std::optional<Rule> next_for(std::string_view function);

  private:
    std::vector<Rule> rules_;
    std::mt19937_64 random_;
};

}  // namespace domspool::sandbox
