#include "sandbox/model/state_tables.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

using namespace domspool::sandbox;
using domspool::test::Scratch;

TEST_CASE("a line holds one operation whatever its message is") {
    const Scratch scratch;
    State state(scratch / "state.db", 0);
    state.add_operation({.code = "domainCreate",
                         .target = "a.com",
                         .status = "Failed",
                         .message = "no\tnot\nthis\\way",
                         .submitted_at = 1772442000000});
    CHECK(table_of_operations(state) ==
          "id\tcode\ttarget\tstatus\tmessage\tsubmitted\n"
          "5000001\tdomainCreate\ta.com\tFailed\tno\\tnot\\nthis\\\\way\t2026-03-02 09:00:00\n");
}

TEST_CASE("domains of the account and of others are told apart") {
    const Scratch scratch;
    State state(scratch / "state.db", 0);
    state.set_domain({.name = "b.com", .in_account = false});
    state.set_domain({.name = "a.com",
                      .in_account = true,
                      .fields = {{"status", "ACTIVE, DELEGATED"},
                                 {"idOwner", "AS501"},
                                 {"ns", "x.example y.example"},
                                 {"IsSigned", "1"},
                                 {"authID", "a secret"}}});
    CHECK(table_of_domains(state) ==
          "domain\taccount\tstatus\towner\tadmin\ttech\tbilling\tnameservers\tlock\tprivacy"
          "\tauto_renew\tsigned\texpires\n"
          "a.com\town\tACTIVE, DELEGATED\tAS501\t\t\t\tx.example y.example\t\t\t\t1\t\n"
          "b.com\tother\t\t\t\t\t\t\t\t\t\t\t\n");
}

TEST_CASE("calls are shown behind a number") {
    const Scratch scratch;
    State state(scratch / "state.db", 0);
    for (const char* function : {"hello", "queryOpe"}) {
        state.log_call({.at = 1772442000000,
                        .function = function,
                        .target = "7",
                        .parameters = "IDOpe=7",
                        .outcome = "answered",
                        .sending = "sent"});
    }
    const std::string header = "number\tat\tfunction\ttarget\tparameters\toutcome\tsending\n";
    CHECK(table_of_calls(state, 1) ==
          header + "2\t2026-03-02 09:00:00\tqueryOpe\t7\tIDOpe=7\tanswered\tsent\n");
    CHECK(table_of_calls(state, 2) == header);
}
