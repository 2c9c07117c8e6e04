// The small forms inside an order's fields. Pure.
#pragma once

#include "orders/order.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::order_values {

// Without blanks, no-break spaces and line breaks at both ends.
std::string trimmed(std::string_view text);
// ASCII letters in lower and in upper case.
std::string folded(std::string text);
std::string raised(std::string text);
// What stands between blanks.
std::vector<std::string> words_of(std::string_view text);

// A whole number without sign, of at most nine digits.
std::optional<int> number_of(std::string_view text);
// on/off, yes/no, 1/0, true/false; the word in lower case.
std::optional<bool> truth_of(const std::string& word);

// Two or more letters and a number (GK521), or a contact the registrar lends (TRUST4FR, NETIM4EE);
// upper case, at most 12 characters.
bool is_contact_id(std::string_view id);

// "257 3 13 BASE64": a zone key. Blanks inside the base64, as zone files have them, are dropped.
std::optional<DnssecWish> dnssec_key_of(const std::string& value);
std::string to_value(const DnssecWish& key);

}  // namespace domspool::order_values
