// How each call is pictured before, sent, and looked for afterwards: the one table of functions.
// Rules: SAFETY, "Settling a doubt".
#pragma once

#include <string>
#include <string_view>

#include "ledger/ledger.h"
#include "orders/order.h"
#include "registrar/registrar.h"
#include "workflow/knowledge.h"

namespace domspool {

// All a step may look at. Arguments are resolved: no "step:N" in them.
struct StepContext {
    const Order& order;
    const StepRecord& step;
    const FieldMap& arguments;
    RegistrarView& view;
    Knowledge& knowledge;
    const Ledger& ledger;
};

// What a look says of a step that was sent and not answered.
struct Sighting {
    enum class What {
        executed,       // the registrar shows what was ordered
        under_way,      // it shows that it is being worked on; look again
        failed,         // it shows that it went wrong
        nothing_there,  // neither done nor pending: one of the looks a second sending needs
        inconclusive,   // somebody else's value, several matches: a person must decide
    };
    What what = What::inconclusive;
    std::string evidence;  // what was seen
    std::string result;    // a contact id
};

struct BeforePicture {
    FieldMap fields;
    // The value is already what the step would set: nothing is sent.
    bool is_so_already = false;
    // It cannot be done on this domain, and why; nothing is sent.
    std::string impossible;
};

struct StepKind {
    std::string_view function;
    // Operation codes begin with it, letter case ignored; "" for calls without an operation.
    std::string_view operation_code;
    // Looks that found nothing before it may be sent again.
    int empty_looks = 1;
    BeforePicture (*picture)(const StepContext&);
    Outcome (*send)(const StepContext&, const Secret& auth_code, RegistrarDesk&);
    Sighting (*look)(const StepContext&, const FieldMap& picture);
};

// nullptr: a step of that name is not known to this version.
const StepKind* step_kind(std::string_view function);

// The operation code a step goes by: "domainSetPreference.registrar_lock".
std::string operation_code_of(const StepKind& kind, const FieldMap& arguments);
// Codes fit when equal without letter case, or when only the listed one lacks the part after a dot
// and the step is no preference.
bool operation_fits(const std::string& listed_code, const StepKind& kind,
                    const FieldMap& arguments);

// How the domain differs from what the main step ordered; empty: it does not.
std::string differences(const StepRecord& main_step, const FieldMap& arguments,
                        const DomainRecord& record);

}  // namespace domspool
