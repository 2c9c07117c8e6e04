#include "registrar/fault_code.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::netim;

TEST_CASE("a code is found in the faultcode and in the text") {
    CHECK(fault_code({"E01-M0101", "E01-M0101 : wrong login", ""}) == "E01-M0101");
    CHECK(fault_code({"SOAP-ENV:Server", "E02 - session unknown", ""}) == "E02");
    CHECK(fault_code({"SOAP-ENV:Server", "E12-M1204 : closed", ""}) == "E12-M1204");
    CHECK(fault_code({"SOAP-ENV:E15-M1502", "", ""}) == "E15-M1502");
    CHECK(fault_code({"E15-M1502", "E02 was not meant", ""}) == "E15-M1502");
}

TEST_CASE("a code in the middle of a text is found") {
    CHECK(code_in("refused with E13-M1305: bad") == "E13-M1305");
    CHECK(code_in("(E11-M1102)") == "E11-M1102");
    CHECK(code_in("Error: E02.") == "E02");
    CHECK(code_in("see E02-") == "E02");
}

TEST_CASE("what only looks like a code is none") {
    for (const char* text : {"",
                             "E",
                             "E1",
                             "E123",
                             "E12-M120",
                             "E12-M12045",
                             "E12M1204x",
                             "e02",
                             "PRICE02 E0",
                             "CODE02",
                             "E02.example.com",
                             "www.E02",
                             "x-E02-7",
                             "ns/E02",
                             "E02@example.com",
                             "E022",
                             "AE02",
                             "E02é",
                             "éE02",
                             "E12-M1204-X"}) {
        CAPTURE(text);
        CHECK(code_in(text).empty());
    }
}

TEST_CASE("a malformed call has its faultcode under any prefix, a crash has none") {
    CHECK(fault_code({"SOAP-ENV:Client", "Bad Request", ""}) == "SOAP-ENV:Client");
    CHECK(fault_code({"soapenv:Client", "", ""}) == "soapenv:Client");
    CHECK(fault_code({"client", "", ""}) == "client");
    CHECK(fault_code({"SOAP-ENV:Server", "Internal Error", ""}).empty());
    CHECK(fault_code({"SOAP-ENV:Client.Timeout", "", ""}).empty());
    CHECK(fault_code({"HTTP", "Error Fetching http headers", ""}).empty());
    CHECK(fault_code({"", "", ""}).empty());
}

TEST_CASE("the whole family E02 means a dead session") {
    CHECK(is_dead_session("E02"));
    CHECK(is_dead_session("E02-M0201"));
    CHECK_FALSE(is_dead_session("E01-M0101"));
    CHECK_FALSE(is_dead_session("E14-M1401"));
    CHECK_FALSE(is_dead_session(""));
}
