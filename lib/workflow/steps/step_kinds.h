// How each call is pictured before, sent, and looked for afterwards
// (SAFETY, "Doubts").
#pragma once

#include "ledger/ledger.h"
#include "orders/order.h"
#include "registrar/registrar.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/answer_cache.h"

#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// All a step may look at. Arguments are resolved: no "step:N" in them.
struct StepContext {
    const Order& order;
    const StepRecord& step;
    const FieldMap& arguments;
    RegistrarQueries& queries;
    AnswerCache& cache;
    const Ledger& ledger;
};

// What a look says of a step that was sent and not answered.
struct Observation {
    enum class What {
        executed,       // the registrar shows what was ordered
        under_way,      // it shows that it is being worked on; look again
        failed,         // it shows that it went wrong
        nothing_there,  // neither done nor pending: one of the looks a second sending needs
        not_shown,  // the registrar does not show such things: it may be sent a second time, once
        inconclusive,  // somebody else's value, several matches: a person must decide
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
    // What is sent in place of the step's arguments, where what is there completes them.
    std::optional<FieldMap> completed_arguments;
};

struct StepKind {
    std::string_view function;
    // Operation codes begin with it, letter case ignored; "" for calls without an operation.
    std::string_view operation_code;
    // Looks that found nothing before it may be sent again.
    int empty_looks = 1;
    BeforePicture (*picture)(const StepContext&);
    Outcome (*send)(const StepContext&, const Secret& auth_code, RegistrarCommands&);
    Observation (*look)(const StepContext&, const FieldMap& picture);
    // It gives name servers to a domain that exists: see workflow/checks/chain_guard.
    bool moves_domain = false;
};

// nullptr: a step of that name is not known to this version.
const StepKind* step_kind(std::string_view function);

// The operation code a step goes by: "domainSetPreference.registrar_lock".
std::string operation_code_of(const StepKind& kind, const FieldMap& arguments);
// What domainInfo shows before the step. A follow-up's order keeps the domain, so that what was
// read back a moment ago is its picture; else it is asked now.
std::optional<DomainRecord> domain_before(const StepContext& context);
// Codes fit when equal without letter case; the part after a dot, where there is one, must name the
// preference.
bool operation_fits(const std::string& listed_code, const StepKind& kind,
                    const FieldMap& arguments);

// Whether queryOpe's reply is about the step. One that names no code is about what was asked,
// unless it names another target.
bool tells_of(const OperationRecord& told, const StepKind& kind, const DomainName& domain,
              const FieldMap& arguments);
// What the operation is about, as the list of pending ones names it: the domain, or the contact.
std::string operation_target(const StepKind& kind, const DomainName& domain,
                             const FieldMap& arguments);
bool is_same_target(const std::string& listed, const std::string& target);

// What the domain shows, against what the main step ordered. A contact that is not shown is said,
// and does not count.
Differences differences(const StepRecord& main_step, const FieldMap& arguments,
                        const DomainRecord& record);

}  // namespace domspool
