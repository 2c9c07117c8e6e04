// Any bytes as an order file, CSV and YAML, of each kind: read without a crash, rows counted, and
// what was normalised reads as itself.
#include "fuzz/fuzzed.h"
#include "orders/order_file.h"

#include <sstream>
#include <string>

using namespace domspool;

namespace {

void read_as(FileFormat format, const std::string& text) {
    FileRequest request{"orders", format, std::nullopt, {}};
    request.limits.bytes = 1u << 20;
    int rows = 0, bad_rows = 0;
    std::istringstream in(text);
    const FileReading reading = read_order_file(in, request, [&](OrderRow&& row) {
        ++rows;
        if (!row.faults.empty()) ++bad_rows;
        if (!row.faults.empty()) return;
        fuzzed::demand(row.order.has_value(), "a row without faults is an order");
        const ReadOrder again = read_order(row.kind, row.normalised);
        fuzzed::demand(again.order && again.normalised == row.normalised,
                       "what is normalised reads as itself");
    });
    fuzzed::demand(rows <= reading.rows && bad_rows <= reading.bad_rows, "each row is counted");
    fuzzed::demand(reading.content_hash.size() == 64, "the whole file is digested");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    read_as(FileFormat::csv, text);
    read_as(FileFormat::yaml, text);
    return 0;
}
