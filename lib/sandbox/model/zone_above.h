// The zones above the sandbox's domains, as far as anybody has to ask them: for the DS of a domain.
#pragma once

#include "sandbox/model/state.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool::sandbox {

using Bytes = std::vector<std::uint8_t>;

// The data of its DS records, "12345 13 2 AB...": those it was given, else one made up where it is
// signed.
std::vector<std::string> ds_records(const Domain& domain);

// What the zone above publishes of a domain in lower case, and for how long others remember it.
struct PublishedDs {
    std::vector<std::string> records;
    std::int64_t ttl_seconds = 1;
};
using FindDs = std::function<PublishedDs(const std::string& domain)>;

// The answer to a question in wire form, with the authority of the domain's extension; REFUSED to
// anything but the DS of a name that can be ordered here. Nothing where the bytes are no question.
std::optional<Bytes> answer_of_parent(const Bytes& question, const FindDs& find);

}  // namespace domspool::sandbox
