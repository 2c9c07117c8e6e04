#include "support/fake_registrar.h"
#include "support/ready.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::FakeRegistrar;
using domspool::test::ready;

namespace {

CreateRequest request_for(const char* domain) {
    return {DomainName::from_stored(domain),
            {"AB1", "AB2", "AB2", "AB2"},
            {"ns1.example.net"},
            1,
            std::nullopt};
}

}  // namespace

TEST_CASE("a domain is there at once unless the script says otherwise") {
    FakeRegistrar registrar;
    const Outcome outcome = ready(registrar).create_domain(request_for("example.com"));
    CHECK(std::get<Done>(outcome).operation == 1001);
    CHECK(registrar.domain(DomainName::from_stored("example.com"))->id_owner == "AB1");
    CHECK(registrar.diary ==
          std::vector<std::string>{"domainCreate example.com", "domainInfo example.com"});
}

TEST_CASE("a pending operation takes effect when it is finished") {
    FakeRegistrar registrar;
    registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    const Outcome outcome = ready(registrar).create_domain(request_for("example.com"));
    const OperationId id = std::get<Pending>(outcome).operation;
    REQUIRE(registrar.pending().rows.size() == 1);
    CHECK(registrar.pending().rows[0].target == "example.com");
    CHECK_FALSE(registrar.domain(DomainName::from_stored("example.com")).has_value());
    registrar.finish(id);
    CHECK(registrar.pending().rows.empty());
    CHECK(registrar.operation(id).status == "Done");
    CHECK(registrar.domain(DomainName::from_stored("example.com")).has_value());
}

TEST_CASE("a reply can be lost with and without an effect") {
    FakeRegistrar registrar;
    registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
    registrar.will_answer("domainCreate", InDoubt{"cut"});
    registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::pending);
    ready(registrar).create_domain(request_for("a.example"));
    ready(registrar).create_domain(request_for("b.example"));
    ready(registrar).create_domain(request_for("c.example"));
    CHECK(registrar.domain_records.contains("a.example"));
    CHECK_FALSE(registrar.domain_records.contains("b.example"));
    REQUIRE(registrar.pending_rows.size() == 1);
    CHECK(registrar.pending_rows[0].target == "c.example");
}

TEST_CASE("a question can be left without an answer") {
    FakeRegistrar registrar;
    registrar.will_not_answer("queryOpePending",
                              {QueryFailure::Why::unreachable, "", "no connection"});
    CHECK_THROWS_AS(registrar.pending(), QueryFailure);
    CHECK(registrar.pending().rows.empty());
}

TEST_CASE("contacts get growing ids and can be read back") {
    FakeRegistrar registrar;
    ContactData data;
    data.fields = {{"firstName", "Grace"}, {"lastName", "Keller"}};
    const Outcome first = ready(registrar).create_contact(data, true);
    CHECK(std::get<Done>(first).value == "GK1");
    CHECK(registrar.contact("GK1").data == data);
    CHECK(registrar.contact("GK1").is_owner == true);
    CHECK_THROWS_AS(registrar.contact("GK2"), QueryFailure);
}

TEST_CASE("the diary never holds a transfer code") {
    FakeRegistrar registrar;
    ready(registrar).transfer_in(
        {DomainName::from_stored("example.com"), Secret("hidden-code"), {}, {}});
    REQUIRE(registrar.diary.size() == 1);
    CHECK(registrar.diary[0] == "domainTransferIn example.com with code");
}
