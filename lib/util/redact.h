// The one place that takes secrets out of texts that people and log files see.
#pragma once

#include "util/secret.h"

#include <string>
#include <string_view>

namespace domspool::redact {

// From now on every clean() of this process replaces the secret, also in the forms XML, JSON and
// URLs give it. Secrets of less than 4 characters are replaced only where they stand as a word
// of their own: taking them out everywhere would shred every text, and so tell them. The same
// holds for the empty secret, which is not remembered at all. A secret of digits alone is left
// where it is part of a longer number: operation ids and prices are full of such. Thread-safe.
void remember(const Secret& secret);

// The text with "(secret)" in the place of each remembered secret. Time grows with the text, not
// with the number of secrets. Thread-safe.
std::string clean(std::string_view text);

}  // namespace domspool::redact
