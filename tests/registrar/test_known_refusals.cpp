#include "registrar/known_refusals.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;
using namespace domspool::netim;

TEST_CASE("the codes that are known to refuse, and none of their families") {
    for (const char* code : {"E01-M0101", "E12-M1204", "E13-M1305", "E15-M1502"}) {
        CAPTURE(code);
        CHECK(is_known_refusal(code));
    }
    for (const char* code :
         {"E01", "E01-M0102", "E02", "E02-M0201", "E12", "E12-M1205", "E13", "E15", "E15-M1501",
          "E99-M9999", "SOAP-ENV:Client", "Client", "SOAP-ENV:Server", ""}) {
        CAPTURE(code);
        CHECK_FALSE(is_known_refusal(code));
    }
}

TEST_CASE("a function that is not there is told in any quotes") {
    for (const char* text :
         {"Procedure 'domainCreate' not present", "Procedure \"domainCreate\" not present",
          "Procedure `domainCreate` not present",
          "Procedure \xE2\x80\x98"
          "domainCreate\xE2\x80\x99 not present",
          "Procedure &apos;domainCreate&apos; not present",
          "Procedure &#039;domainCreate&#039; not present", "Procedure domainCreate not present",
          "SoapServer::handle(): Procedure 'domaincreate' not present in table",
          "Function (\"domainCreate\") is not a valid method for this service",
          "Function (domainCreate) is not a valid method for this service"}) {
        CAPTURE(text);
        CHECK(says_no_such_function({"SOAP-ENV:Server", text, ""}, "domainCreate"));
    }
}

TEST_CASE("a fault about another function, or about nothing of the kind, proves nothing") {
    for (const char* text :
         {"Procedure 'registryCreate' not present", "Procedure '' not present",
          "Procedure domainCreate", "not present", "not present: Procedure 'domainCreate'",
          "Internal Server Error", ""}) {
        CAPTURE(text);
        CHECK_FALSE(says_no_such_function({"SOAP-ENV:Server", text, ""}, "domainCreate"));
    }
}
