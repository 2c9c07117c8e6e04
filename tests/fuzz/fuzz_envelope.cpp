// Any bytes as a SOAP envelope, a call and a reply: read or refused, never a crash. What can be
// read as a call can be written, and reads the same again.
#include "fuzz/fuzzed.h"
#include "soap/soap_xml.h"
#include "soap/xml_text.h"

#include <stdexcept>
#include <string>

using namespace domspool;

namespace {

void read_as_reply(const std::string& text) {
    int rows = 0;
    try {
        soap::read_reply(text, "queryOpePending", [&](soap::Value&&) { ++rows; });
    } catch (const soap::UnreadableMessage&) {
    }
}

void read_as_call(const std::string& text) {
    soap::Call call;
    std::string written;
    try {
        call = soap::read_call(text);
        written = soap::write_call(call);
    } catch (const soap::UnreadableMessage&) {
        return;
    } catch (const std::invalid_argument&) {
        return;  // Its names are no names that a call of ours may have.
    }
    fuzzed::demand(soap::read_call(written).function == call.function, "a written call is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    read_as_reply(text);
    read_as_call(text);
    return 0;
}
