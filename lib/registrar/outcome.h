// The six shapes of the registrar's answer to a call that changes something (SAFETY, "Outcomes").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace domspool {

using OperationId = std::int64_t;

// The reply says Done. For contactCreate `value` is the new contact id.
struct Done {
    std::optional<OperationId> operation;
    std::string message;
    std::string value;
};

// Accepted, end not known: Pending, or a status unknown to us (kept verbatim), with an id.
struct Pending {
    OperationId operation = 0;
    std::string status;
    std::string message;
};

// Certainly not executed, and not to be repeated: a fault that is known as a refusal, or a reply
// Failed/Cancelled. Kept as given.
struct Refused {
    std::string code;
    std::string text;
    std::optional<OperationId> operation;
};

// A fault with another code E.. or SOAP-ENV:Client: a code is no proof that nothing was executed.
// Look first; never sent again by itself.
struct Unproven {
    std::string code;
    std::string text;
};

// Certainly not executed, safe to repeat.
struct TryLater {
    // asked_to_wait: the registrar wants less of everybody.
    enum class Why { unreachable, asked_to_wait, login_refused, session_dead };
    Why why = Why::unreachable;
    std::string code;
    std::string text;
};

// Perhaps executed, and nothing said about it: look first.
struct InDoubt {
    std::string evidence;  // what was seen: "no reply within 60 s", "HTTP 502 without a SOAP body"
    // The registrar asked for less (429, 503): tells of its load, not of the line.
    bool is_pressure = false;
};

using Outcome = std::variant<Done, Pending, Refused, Unproven, TryLater, InDoubt>;

// What it was refused with, proven or not; nullptr: it was not.
inline const std::string* refusal_code_in(const Outcome& outcome) {
    if (const auto* refused = std::get_if<Refused>(&outcome)) return &refused->code;
    if (const auto* unproven = std::get_if<Unproven>(&outcome)) return &unproven->code;
    return nullptr;
}

}  // namespace domspool
