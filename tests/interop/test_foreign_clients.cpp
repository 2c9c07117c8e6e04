// The sandbox as other SOAP stacks see it: through its WSDL, by the names of the parts.
#include "interop/foreign_program.h"
#include "support/sandbox_process.h"

#include <doctest/doctest.h>

using namespace domspool::test;

namespace {

std::string address_of(const SandboxProcess& sandbox) {
    return "http://127.0.0.1:" + std::to_string(sandbox.port());
}

}  // namespace

TEST_CASE("PHP's SoapClient does the five use cases through the WSDL") {
    SandboxProcess sandbox;
    const ProgramEnd end = run_program(foreign_call("php", "client.php", {address_of(sandbox)}));
    INFO(end.out << end.err);
    CHECK(is_all_well(end));
    CHECK(sandbox.count_calls("domainCreate") > 0);
}

TEST_CASE("Perl's SOAP::Lite does the five use cases through the WSDL") {
    SandboxProcess sandbox;
    const ProgramEnd end = run_program(foreign_call("perl", "client.pl", {address_of(sandbox)}));
    INFO(end.out << end.err);
    CHECK(is_all_well(end));
    CHECK(sandbox.count_calls("domainCreate") > 0);
}

TEST_CASE("a stack that is not there fails its test") {
    CHECK_FALSE(is_all_well(run_program(foreign_call("no-such-stack", "client.php", {"x"}))));
}
