// How an operation comes into being and ends.
#pragma once

#include "sandbox/model/call_scene.h"
#include "sandbox/model/extensions.h"
#include "sandbox/model/state.h"

#include <string>

namespace domspool::sandbox {

enum class Pace { at_once, after_delay };

struct Wish {
    std::string code;
    std::string target;
    Fields effect{};
    std::int64_t fee_cents = 0;
    std::string failure{};  // why the work will turn out impossible; "": it will not
    Pace pace = Pace::at_once;
};

// Takes the fee (Refusal if the account does not hold it), enters the operation, and ends it at
// once in a synchronous session if its pace allows. Returns StructOperationResponse.
soap::Value submit(CallScene& scene, const Wish& wish);

// Refuses what is closed, and a domain another operation is pending for.
bool is_open_now(const CallScene& scene, const Extension& extension, std::string_view code);
void refuse_closed(const CallScene& scene, const Extension& extension, std::string_view code);
void refuse_busy(CallScene& scene, const std::string& target);

// What the first label of a domain makes of an order: see the manual of registrar-sandbox.
std::string failure_by_name(std::string_view domain);
Pace pace_of(const Extension& extension, std::string_view domain);

// Ends everything that is due by now.
void end_due(State& state, Millis now);
void end_done(State& state, Operation operation);
void end_failed(State& state, Operation operation, const std::string& message);
void end_cancelled(State& state, Operation operation);
// A failed or cancelled operation is Pending again; it ends by hand, or when due.
void revive(State& state, Operation operation, std::optional<Millis> due_at);

soap::Value operation_value(const Operation& operation);
// "2026-03-02 09:15:00", UTC.
std::string wire_time(Millis time);

}  // namespace domspool::sandbox
