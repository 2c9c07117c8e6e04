// Any bytes as a domain's name: refused with a reason, or in a form that stays what it is.
#include "fuzz/fuzzed.h"
#include "orders/domain_name.h"

#include <string>
#include <variant>

using namespace domspool;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto parsed = DomainName::parse(text);
    if (const auto* refusal = std::get_if<DomainName::Refusal>(&parsed)) {
        fuzzed::demand(!refusal->reason.empty(), "a refusal has a reason");
        return 0;
    }
    const auto& name = std::get<DomainName>(parsed);
    fuzzed::demand(DomainName::from_stored(name.ascii()) == name, "what is stored is read");
    const auto again = DomainName::parse(name.unicode());
    fuzzed::demand(std::holds_alternative<DomainName>(again) && std::get<DomainName>(again) == name,
                   "the Unicode form names the same domain");
    return 0;
}
