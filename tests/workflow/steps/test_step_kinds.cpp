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
    record.id_tech = "AT1";
    record.nameservers.emplace_back("ns2.example.org");
    main_step.function = "domainTransferOwner";
    CHECK(differences(main_step, {{"owner", "#AUTO#"}}, record).words.empty());
}

TEST_CASE("the read-back of a registration compares its years, a month either way") {
    StepRecord main_step;
    main_step.function = "domainCreate";
    const struct {
        const char *years, *begin, *end;
        bool is_so;
    } kCases[] = {
        {"1", "2026-12-01", "2027-12-01", true},
        {"3", "2026-12-01", "2027-12-01", false},
        {"1", "2026-12-01", "2029-12-01", false},
        {"2", "2026-12-01", "2028-12-31", true},
        {"2", "2026-12-01", "2028-10-28", true},
        {"2", "2026-12-01", "2028-10-26", false},
        {"1", "2028-02-29", "2029-02-28", true},
        {"10", "2026-12-01", "2036-12-01", true},
        {"1", "2026-12-01 10:00:00", "2027-12-01 10:00:00", true},
        // What is not shown, or cannot be read, differs in nothing.
        {"3", "", "2027-12-01", true},
        {"3", "2026-12-01", "", true},
        {"3", "01/12/2026", "01/12/2027", true},
        {"", "2026-12-01", "2027-12-01", true},
    };
    for (const auto& each : kCases) {
        CAPTURE(std::string(each.end));
        DomainRecord record;
        record.date_creation = each.begin;
        record.date_expiration = each.end;
        const Differences seen = differences(main_step, {{"years", each.years}}, record);
        CHECK(seen.words.empty() == each.is_so);
        CHECK(seen.fields == (each.is_so ? "" : "period"));
    }
    // A transfer adds what the registry likes.
    main_step.function = "domainTransferIn";
    DomainRecord record;
    record.date_creation = "2020-01-01";
    record.date_expiration = "2027-01-01";
    CHECK(differences(main_step, {{"years", "1"}}, record).words.empty());
}

TEST_CASE(
    "a domain that is held, gone, in quarantine, or in a state nobody knows is not as wished") {
    const StepRecord main_step;
    for (const char* status : {"ACTIVE", "ACTIVE, DELEGATED", "ACTIVE, NOT DELEGATED", "active",
                               "RESERVED", "PENDING", "EXPIRED", "DELEGATED", ""}) {
        CAPTURE(std::string(status));
        DomainRecord record;
        record.status = status;
        CHECK(differences(main_step, {}, record).fields.empty());
    }
    for (const char* status : {"ACTIVE, HOLD", "HOLD", "ERROR", "DELETED", "TRANSFERRED OUT",
                               "QUARANTINE", "FROZEN", "FROZEN, DELEGATED"}) {
        CAPTURE(std::string(status));
        DomainRecord record;
        record.status = status;
        CHECK(differences(main_step, {}, record).fields == "status");
    }
}
