// The words of a control command, read strictly. All throw std::invalid_argument saying what is
// wrong.
#pragma once

#include "sandbox/model/flat_fields.h"

#include <cstdint>
#include <sstream>
#include <string>

namespace domspool::sandbox {

// `what` names what is missing.
std::string next_word(std::istringstream& words, const char* what);
// All that follows, "" if there is nothing.
std::string rest_of(std::istringstream& words);

double decimal(const std::string& text, double lowest, double highest);
std::int64_t whole(const std::string& text);
// "12.50" -> 1250
std::int64_t cents(const std::string& text);

// The next word as the name of an extension we sell, of an operation code there is (lower case).
std::string known_extension(std::istringstream& words);
std::string known_operation_code(std::istringstream& words);

// "idOwner=JD501", "ns=a.example,b.example", "status=ACTIVE,_NOT_DELEGATED"
struct FieldWord {
    std::string name, value;
};
FieldWord read_field(const std::string& word);
// Only what a domain has: the names of domainInfo, and dnskey, ds, zone, tag, note.
void set_domain_field(Fields& fields, const std::string& word);

}  // namespace domspool::sandbox
