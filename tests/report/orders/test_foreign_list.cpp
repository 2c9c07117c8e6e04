#include "report/machine/json_lines.h"
#include "report/orders/foreign_list.h"
#include "support/order_records.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

ForeignOperation operation() {
    return {4711,
            "domainTransferOut",
            "example.com",
            "Pending",
            at("2026-11-24T17:15:23.123Z"),
            at("2026-11-24T17:25:23.123Z"),
            2,
            true};
}

}  // namespace

TEST_CASE("an operation nobody here started is a line with its target and call") {
    const std::string text = foreign_list({operation()}, Look{});
    CHECK(text.find("4711") != std::string::npos);
    CHECK(text.find("example.com") != std::string::npos);
    CHECK(text.find("domainTransferOut") != std::string::npos);
    CHECK(text.ends_with("1 operation that this ledger did not start\n"));
    CHECK(foreign_list({}, Look{80, true}) == "0 operations that this ledger did not start\n");
}

TEST_CASE("as CSV and JSON it has a stable form, and no cell runs in a spreadsheet") {
    ForeignOperation odd = operation();
    odd.target = "=cmd|' /C calc'!A0";
    const std::string csv = foreign_csv({odd});
    CHECK(
        csv.starts_with("operation_id,target,code,status,first_seen_at,last_seen_at\n4711,'=cmd"));
    CHECK(json_line(operation()) ==
          "{\"operation_id\":4711,\"target\":\"example.com\",\"code\":\"domainTransferOut\","
          "\"status\":\"Pending\",\"first_seen_at\":\"2026-11-24T17:15:23.123Z\","
          "\"last_seen_at\":\"2026-11-24T17:25:23.123Z\"}\n");
}
