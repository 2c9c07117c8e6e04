#include "support/engine.h"
#include "workflow/steps/answer_cache.h"

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
    AnswerCache cache(engine.ledger(), engine.clock, {{"", common}, {"com", own}});
    const auto com = std::get<ExtensionRules>(cache.rules("com", engine.registrar));
    CHECK(com.minimum_nameservers == 4);
    CHECK(com.has_epp_code);
    CHECK(com.create_years.size() == 10);
    CHECK(com.fee_cents.at("registration") == 1000);
    CHECK(com.operations.at("domaincreate"));
    const auto plain = std::get<ExtensionRules>(cache.rules("plain", engine.registrar));
    CHECK(plain.minimum_nameservers == 1);
    CHECK_FALSE(plain.has_epp_code);
}

TEST_CASE("a fee kept for the day and damaged since is asked for again") {
    Engine engine;
    engine.ledger().write([&](LedgerWrite& w) {
        w.keep_extension("com", {{"currency", "EUR"}, {"fee.registration", "9x"}},
                         engine.clock.now().utc);
    });
    AnswerCache cache(engine.ledger(), engine.clock, {});
    const auto com = std::get<ExtensionRules>(cache.rules("com", engine.registrar));
    CHECK(com.fee_cents.at("registration") == 1000);
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 1);
}

TEST_CASE("an unknown extension is asked once a run; a failing network is no answer") {
    Engine engine;
    AnswerCache cache(engine.ledger(), engine.clock, {});
    engine.registrar.will_not_answer("domainTldInfo", {QueryFailure::Why::unreachable, "", "cut"});
    CHECK_THROWS_AS(cache.rules("unsold", engine.registrar), QueryFailure);
    for (int i = 0; i < 2; ++i) {
        const auto answer = cache.rules("unsold", engine.registrar);
        REQUIRE(std::holds_alternative<Unknown>(answer));
        CHECK(std::get<Unknown>(answer).code == "E13-M1305");
    }
    CHECK(engine.registrar.times_asked("domainTldInfo") == 2);
}

TEST_CASE("a snapshot tells what is in the account, but not of doubted domains") {
    Engine engine;
    engine.registrar.domain_records["a.com"];
    AnswerCache cache(engine.ledger(), engine.clock, {});
    CHECK_FALSE(cache.is_listed(name("a.com")));
    cache.snapshot_domains(engine.registrar);
    CHECK(cache.is_listed(name("a.com")) == true);
    CHECK(cache.is_listed(name("b.com")) == false);
    cache.doubt_snapshot_of(name("b.com"));
    CHECK_FALSE(cache.is_listed(name("b.com")));
}

TEST_CASE("the highest operation grows with the list and with every answer") {
    Engine engine;
    engine.registrar.pending_rows = {{40, "domainRenew", "a.com", "", ""},
                                     {42, "domainRenew", "b.com", "", ""}};
    AnswerCache cache(engine.ledger(), engine.clock, {});
    CHECK(cache.highest_operation(engine.registrar) == 42);
    cache.note_operation(50);
    cache.note_operation(45);
    CHECK(cache.highest_operation(engine.registrar) == 50);
    CHECK(engine.registrar.times_asked("queryOpePending") == 1);
    CHECK(cache.operation_on(name("b.com"), engine.registrar)->id == 42);
    CHECK_FALSE(cache.operation_on(name("c.com"), engine.registrar));
}

TEST_CASE("the digest of a code is keyed by the ledger and says nothing of the code") {
    Engine one, other;
    AnswerCache cache(one.ledger(), one.clock, {});
    AnswerCache again(one.ledger(), one.clock, {});
    AnswerCache elsewhere(other.ledger(), other.clock, {});
    const std::string digest = cache.digest_of(Secret("code"));
    CHECK(digest.size() == 64);
    CHECK(digest == again.digest_of(Secret("code")));
    CHECK(digest != cache.digest_of(Secret("code2")));
    CHECK(digest != elsewhere.digest_of(Secret("code")));
    CHECK(cache.digest_of(Secret()).empty());
}
