// Single fields of the registrar's answers, under any of their spellings. Pure.
#pragma once

#include "soap/value.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace domspool::netim {

// An answer that nobody can make sense of.
class Unreadable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

void require_fields(const soap::Value& value, const char* what);  // a record or a map

// Letter case of names is ignored; of several names the first that has such a value.
std::string text_of(const soap::Value& value, std::initializer_list<const char*> names);
std::optional<std::int64_t> integer_of(const soap::Value& value,
                                       std::initializer_list<const char*> names);
std::optional<bool> flag_of(const soap::Value& value, std::initializer_list<const char*> names);
std::optional<bool> flag_in(const soap::Value& leaf);  // 0, 1, true, false
// Fee4Registration -> "registration", in cents; what is no amount is left out.
std::map<std::string, std::int64_t> fees_of(const soap::Value& value);
// The hosts in all members of that name, each a list or one host; empty ones are left out.
std::vector<std::string> hosts_of(const soap::Value& value, const char* name);
// Leaves of a nested value as "outer.inner".
void flatten(const soap::Value& value, const std::string& prefix,
             std::map<std::string, std::string>& to);

std::string trimmed(const std::string& text);
std::string lower(std::string text);  // ASCII
std::string upper(std::string text);
std::string host_name(const std::string& text);  // lower case, no last dot
// The one stored form of a domain, whatever form it came in; anything else stays as it came.
std::string target_of(const std::string& text);

}  // namespace domspool::netim
