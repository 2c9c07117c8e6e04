#include "jobs/refusals_text.h"

#include "registrar/trouble.h"

#include <fmt/format.h>

namespace domspool {

std::string refusals_text() {
    std::string text;
    for (const netim::KnownRefusal& known : netim::known_refusals()) {
        std::string names(known.code);
        for (const std::string_view words : known.words) {
            names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", words);
        }
        text += fmt::format("{}: {}, {}{}\n    {}\n    from {}\n", known.meaning,
                            to_word(known.reach), to_word(known.length),
                            known.is_proof ? ", proves that nothing was executed" : "", names,
                            known.known_from);
    }
    return text +
           "anything else: not known; counts towards limits.max_refusals_in_a_row unless the "
           "registrar says\n    that the name is taken\n";
}

}  // namespace domspool
