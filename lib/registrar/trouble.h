// One table for trouble: what every answer that is not the wished one says, in two marks. From them
// follow what is tried again, when, what stops, and who is told (SAFETY, "Trouble"). Pure.
#pragma once

#include "registrar/outcome.h"
#include "registrar/registrar.h"
#include "soap/soap_xml.h"

#include <span>
#include <string_view>

namespace domspool {

// What it says something of; nothing that it does not reach is stopped for it.
enum class Reach { question, order, extension, account, run };
// When it may be otherwise: in a moment, once somebody has acted, never.
enum class Length { moment, until_someone_acts, for_good };

struct Trouble {
    Reach reach = Reach::order;
    Length length = Length::for_good;
    // By the table, or by what came over the line. Else the marks are the least harmful reading of
    // a refusal that nobody knows.
    bool is_known = false;
};

// Of Done and Pending: none, our bug.
Trouble trouble_of(const Outcome& outcome);
Trouble trouble_of(const QueryFailure& failure);

std::string_view to_word(Reach reach);
std::string_view to_word(Length length);

namespace netim {

// A refusal by its code, or by what its text says in the registrar's two languages. No complete
// list of codes is public (API, "Faults").
struct KnownRefusal {
    std::string_view code;                    // "": by words
    std::span<const std::string_view> words;  // any of them in the text, letter case folded
    Reach reach;
    Length length;
    // A fault with the code says for certain that nothing was executed. Words never do.
    bool is_proof;
    std::string_view meaning, known_from;
};
std::span<const KnownRefusal> known_refusals();

// `code` as fault_code() reads it. A code goes before words. nullptr: not known.
const KnownRefusal* known_refusal(std::string_view code, std::string_view text);

// The faults that say for certain that nothing was executed. Any other code proves nothing after a
// call that changes something (SAFETY, "Outcomes").
bool is_proof_of_refusal(std::string_view code);
// All sessions of the account are in use; another login may do in a while.
bool says_too_many_sessions(std::string_view code, std::string_view text);

// The server has no such function. It must be the one that was called: a fault about another one
// was passed on from behind the registrar's server, where the call had arrived.
bool says_no_such_function(const soap::Fault& fault, std::string_view called);

}  // namespace netim
}  // namespace domspool
