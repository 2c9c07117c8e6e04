#include "sandbox/model/operation_life.h"

#include "sandbox/model/letter_case.h"
#include "sandbox/model/refusal.h"
#include "util/clock.h"

#include <algorithm>
#include <chrono>

namespace domspool::sandbox {

namespace {

bool brings_domain(const std::string& code) {
    return code == "domainCreate" || code == "domainTransferIn" || code == "domainTransferTrade" ||
           code == "domainInternalTransfer";
}

// Of a domain that came into the account with its order; one that others have stays as it is.
void change_status(State& state, const std::string& name, const char* from, const char* to) {
    auto domain = state.domain(name);
    if (!domain || field_of(domain->fields, "status") != from) return;
    domain->fields["status"] = to;
    state.set_domain(*domain);
}

void apply_to_contact(State& state, const Operation& operation) {
    if (operation.code == "contactDelete") {
        state.delete_contact(operation.target);
        return;
    }
    auto contact = state.contact(operation.target);
    if (!contact) return;
    contact->fields = operation.effect;
    state.set_contact(*contact);
}

void apply_to_domain(State& state, const Operation& operation) {
    if (operation.code == "domainDelete") {
        state.delete_domain(operation.target);
        return;
    }
    auto domain = state.domain(operation.target);
    if (!domain) return;
    domain->in_account = true;
    for (const auto& [name, value] : operation.effect) domain->fields[name] = value;
    state.set_domain(*domain);
}

void apply(State& state, const Operation& operation) {
    if (operation.code.starts_with("contact")) {
        apply_to_contact(state, operation);
    } else {
        apply_to_domain(state, operation);
    }
}

void give_back_fee(State& state, const Operation& operation) {
    if (operation.fee_cents == 0) return;
    state.set_balance_cents(state.balance_cents() + operation.fee_cents);
}

void take_fee(State& state, std::int64_t cents) {
    if (cents == 0) return;
    if (state.balance_cents() < cents) {
        throw Refusal(code::kBalance, "the balance does not cover " + money_text(cents) + " EUR");
    }
    state.set_balance_cents(state.balance_cents() - cents);
}

void end_unsuccessfully(State& state, Operation& operation, const std::string& status) {
    const bool was_pending = operation.status == "Pending";
    operation.status = status;
    operation.due_at.reset();
    state.set_operation(operation);
    if (was_pending) give_back_fee(state, operation);
    if (brings_domain(operation.code)) change_status(state, operation.target, "PENDING", "ERROR");
}

}  // namespace

soap::Value submit(CallScene& scene, const Wish& wish) {
    take_fee(scene.state, wish.fee_cents);
    const bool ends_now = wish.pace == Pace::at_once && scene.session.is_synchronous;
    Operation operation{.code = wish.code,
                        .target = wish.target,
                        .status = "Pending",
                        .submitted_at = scene.now,
                        .failure = wish.failure,
                        .effect = wish.effect,
                        .fee_cents = wish.fee_cents};
    if (!ends_now && !scene.settings.hold_pending) {
        operation.due_at = scene.now + scene.settings.delay.count();
    }
    if (ends_now && wish.failure.empty()) {
        operation.status = "Done";
        operation.id = scene.state.add_operation(operation);
        apply(scene.state, operation);
        return operation_value(operation);
    }
    operation.id = scene.state.add_operation(operation);
    if (ends_now) {
        operation.message = wish.failure;
        end_unsuccessfully(scene.state, operation, "Failed");
    }
    return operation_value(operation);
}

bool is_open_now(const CallScene& scene, const Extension& extension, std::string_view operation) {
    const auto by_hand = scene.settings.open_by_hand.find(extension.name + " " + lower(operation));
    return by_hand != scene.settings.open_by_hand.end() ? by_hand->second
                                                        : is_open(extension, operation);
}

void refuse_closed(const CallScene& scene, const Extension& extension, std::string_view operation) {
    if (is_open_now(scene, extension, operation)) return;
    throw Refusal(code::kOperationClosed,
                  "operation closed for ." + extension.name + ": " + std::string(operation));
}

void refuse_busy(CallScene& scene, const std::string& target) {
    if (scene.state.has_pending(target)) {
        throw Refusal(code::kOperationPending, "an operation is pending for " + target);
    }
}

std::string failure_by_name(std::string_view domain) {
    return domain.starts_with("fail") ? "refused by the registry" : "";
}

Pace pace_of(const Extension& extension, std::string_view domain) {
    if (domain.starts_with("failnow")) return Pace::at_once;
    if (domain.starts_with("fail") || domain.starts_with("slow")) return Pace::after_delay;
    return extension.real_time ? Pace::at_once : Pace::after_delay;
}

void end_due(State& state, Millis now) {
    while (auto operation = state.operation_due(now)) {
        if (operation->failure.empty()) {
            end_done(state, *operation);
        } else {
            end_failed(state, *operation, operation->failure);
        }
    }
}

void end_done(State& state, Operation operation) {
    operation.status = "Done";
    operation.due_at.reset();
    operation.message.clear();
    state.set_operation(operation);
    apply(state, operation);
}

void end_failed(State& state, Operation operation, const std::string& message) {
    operation.message = message;
    end_unsuccessfully(state, operation, "Failed");
}

void end_cancelled(State& state, Operation operation) {
    end_unsuccessfully(state, operation, "Cancelled");
}

void revive(State& state, Operation operation, std::optional<Millis> due_at) {
    operation.status = "Pending";
    operation.due_at = due_at;
    operation.message.clear();
    operation.failure.clear();
    state.set_operation(operation);
    state.set_balance_cents(state.balance_cents() - operation.fee_cents);
    if (brings_domain(operation.code)) change_status(state, operation.target, "ERROR", "PENDING");
}

std::string wire_time(Millis time) {
    std::string text = to_iso(UtcTime(std::chrono::milliseconds(time)));
    text.resize(19);
    text[10] = ' ';
    return text;
}

soap::Value operation_value(const Operation& operation) {
    using soap::Value;
    return Value::record("StructOperationResponse",
                         {{"ID_OPE", Value::of(operation.id)},
                          {"STATUS", Value::of(operation.status)},
                          {"MESSAGE", Value::of(operation.message)},
                          {"TYPE", Value::of(operation.code)},
                          {"DATE", Value::of(wire_time(operation.submitted_at))}});
}

}  // namespace domspool::sandbox
