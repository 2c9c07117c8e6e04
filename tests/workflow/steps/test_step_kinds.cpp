#include "workflow/steps/step_kinds.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("operation codes fit without letter case, the part after a dot names the preference") {
    const StepKind* create = step_kind("domainCreate");
    const StepKind* preference = step_kind("domainSetPreference");
    const StepKind* code = step_kind("domainAuthID");
    const StepKind* contact = step_kind("contactCreate");
    REQUIRE(create);
    REQUIRE(preference);
    REQUIRE(code);
    REQUIRE(contact);
    CHECK(operation_fits("DOMAINCREATE", *create, {}));
    CHECK_FALSE(operation_fits("domainCreateLP", *create, {}));
    CHECK_FALSE(operation_fits("", *create, {}));
    const FieldMap lock = {{"code", "registrar_lock"}, {"value", "1"}};
    CHECK(operation_fits("domainSetPreference.registrar_lock", *preference, lock));
    CHECK(operation_fits("domainSetPreference", *preference, lock));
    CHECK_FALSE(operation_fits("domainSetPreference.auto_renew", *preference, lock));
    CHECK(operation_fits("domainAuthid", *code, {}));
    CHECK_FALSE(operation_fits("contactCreate", *contact, {}));
}

TEST_CASE("every call a plan can name is known") {
    for (const char* function :
         {"contactCreate", "contactOwnerUpdate", "domainCreate", "domainTransferIn",
          "domainTransferOwner", "domainChangeDNS", "domainSetDNSsec", "domainSetDNSSecExt",
          "domainSetPreference", "domainAuthID", "domainZoneInit"}) {
        CHECK_MESSAGE(step_kind(function) != nullptr, function);
    }
    CHECK(step_kind("domainDelete") == nullptr);
}

TEST_CASE("only what may move a domain or its owner wants two looks") {
    CHECK(step_kind("domainCreate")->empty_looks == 2);
    CHECK(step_kind("domainTransferIn")->empty_looks == 2);
    CHECK(step_kind("domainTransferOwner")->empty_looks == 2);
    CHECK(step_kind("domainChangeDNS")->empty_looks == 1);
    CHECK(step_kind("contactCreate")->empty_looks == 1);
}

TEST_CASE("an operation is about the domain, or the contact it changes") {
    const DomainName domain = DomainName::from_stored("example.com");
    CHECK(operation_target(*step_kind("domainCreate"), domain, {}) == "example.com");
    CHECK(operation_target(*step_kind("contactOwnerUpdate"), domain, {{"idContact", "AE1"}}) ==
          "AE1");
    CHECK(is_same_target("ae1", "AE1"));
    CHECK_FALSE(is_same_target("AE12", "AE1"));
}

TEST_CASE("the read-back tells what differs, in any order and letter case what does not") {
    StepRecord main_step;
    main_step.function = "domainCreate";
    const FieldMap arguments = {
        {"owner", "AE1"},     {"admin", "AB123"},         {"tech", "AT1"},
        {"billing", "AB123"}, {"ns1", "ns1.example.org"}, {"ns2", "ns2.example.org"}};
    DomainRecord record;
    record.id_owner = "ae1";
    record.id_admin = record.id_billing = "AB123";
    record.id_tech = "AT1";
    record.nameservers = {"ns2.example.org", "ns1.example.org"};
    CHECK(differences(main_step, arguments, record).words.empty());
    record.id_tech = "AT2";
    record.nameservers.pop_back();
    const Differences seen = differences(main_step, arguments, record);
    CHECK(seen.fields == "tech nameservers");
    CHECK(seen.words ==
          "tech: ordered 'AT1', is 'AT2'; name servers: ordered 'ns1.example.org "
          "ns2.example.org', is 'ns2.example.org'");
    main_step.function = "domainTransferOwner";
    CHECK(differences(main_step, {{"owner", "#AUTO#"}}, record).words.empty());
}
