#include "support/engine.h"
#include "workflow/steps/knowledge.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;

namespace {

DomainName name(const char* domain) {
    return DomainName::from_stored(domain);
}

}  // namespace

TEST_CASE("rules join the registrar's part with the sheet's, the common one by default") {
    Engine engine;
    ExtensionRules common, own;
    common.minimum_nameservers = 1;
    own.minimum_nameservers = 4;
    Knowledge knowledge(engine.ledger(), engine.clock, {{"", common}, {"com", own}});
    const auto com = std::get<ExtensionRules>(knowledge.rules("com", engine.registrar));
    CHECK(com.minimum_nameservers == 4);
    CHECK(com.has_epp_code);
    CHECK(com.create_years.size() == 10);
    CHECK(com.fee_cents.at("registration") == 1000);
    CHECK(com.operations.at("domaincreate"));
    const auto plain = std::get<ExtensionRules>(knowledge.rules("plain", engine.registrar));
    CHECK(plain.minimum_nameservers == 1);
    CHECK_FALSE(plain.has_epp_code);
}

TEST_CASE("a fee kept for the day and damaged since is asked for again") {
    Engine engine;
    engine.ledger().write([&](LedgerWrite& w) {
        w.keep_extension("com", {{"currency", "EUR"}, {"fee.registration", "9x"}},
                         engine.clock.now().utc);
    });
    Knowledge knowledge(engine.ledger(), engine.clock, {});
    const auto com = std::get<ExtensionRules>(knowledge.rules("com", engine.registrar));
    CHECK(com.fee_cents.at("registration") == 1000);
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 1);
}

TEST_CASE("an unknown extension is asked once a run; a failing network is no answer") {
    Engine engine;
    Knowledge knowledge(engine.ledger(), engine.clock, {});
    engine.registrar.will_not_answer("domainTldInfo", {QueryFailure::Why::unreachable, "", "cut"});
    CHECK_THROWS_AS(knowledge.rules("unsold", engine.registrar), QueryFailure);
    for (int i = 0; i < 2; ++i) {
        const auto answer = knowledge.rules("unsold", engine.registrar);
        REQUIRE(std::holds_alternative<Unknown>(answer));
        CHECK(std::get<Unknown>(answer).code == "E13-M1305");
    }
    CHECK(engine.registrar.times_asked("domainTldInfo") == 2);
}

TEST_CASE("a photograph tells what is in the account, but not of doubted domains") {
    Engine engine;
    engine.registrar.domain_records["a.com"];
    Knowledge knowledge(engine.ledger(), engine.clock, {});
    CHECK_FALSE(knowledge.is_listed(name("a.com")));
    knowledge.photograph_domains(engine.registrar);
    CHECK(knowledge.is_listed(name("a.com")) == true);
    CHECK(knowledge.is_listed(name("b.com")) == false);
    knowledge.doubt_photograph_of(name("b.com"));
    CHECK_FALSE(knowledge.is_listed(name("b.com")));
}

TEST_CASE("the highest operation grows with the list and with every answer") {
    Engine engine;
    engine.registrar.pending_rows = {{40, "domainRenew", "a.com", "", ""},
                                     {42, "domainRenew", "b.com", "", ""}};
    Knowledge knowledge(engine.ledger(), engine.clock, {});
    CHECK(knowledge.highest_operation(engine.registrar) == 42);
    knowledge.note_operation(50);
    knowledge.note_operation(45);
    CHECK(knowledge.highest_operation(engine.registrar) == 50);
    CHECK(engine.registrar.times_asked("queryOpePending") == 1);
    CHECK(knowledge.operation_on(name("b.com"), engine.registrar)->id == 42);
    CHECK_FALSE(knowledge.operation_on(name("c.com"), engine.registrar));
}

TEST_CASE("the digest of a code is keyed by the ledger and says nothing of the code") {
    Engine one, other;
    Knowledge knowledge(one.ledger(), one.clock, {});
    Knowledge again(one.ledger(), one.clock, {});
    Knowledge elsewhere(other.ledger(), other.clock, {});
    const std::string digest = knowledge.digest_of(Secret("code"));
    CHECK(digest.size() == 64);
    CHECK(digest == again.digest_of(Secret("code")));
    CHECK(digest != knowledge.digest_of(Secret("code2")));
    CHECK(digest != elsewhere.digest_of(Secret("code")));
    CHECK(knowledge.digest_of(Secret()).empty());
}
