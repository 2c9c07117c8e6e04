#include "support/engine.h"
#include "support/gate.h"
#include "workflow/steps/answer_cache.h"

#include <doctest/doctest.h>

#include <thread>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::Gate;
using namespace std::chrono_literals;

namespace {

DomainName name(const char* domain) {
    return DomainName::from_stored(domain);
}

const QueryFailure kUnreadable{QueryFailure::Why::unreadable, "", "HTTP 502"};
const QueryFailure kUnreachable{QueryFailure::Why::unreachable, "", "cut"};

// One lane is asking a question and stands at the gate until that is opened.
struct Asking {
    explicit Asking(std::string line) : question(std::move(line)) {
        engine.registrar.before_call = [this](const std::string& asked) {
            if (asked == question && !is_let_through) gate.pass();
        };
    }
    // Its thread, at the gate when this returns.
    template <typename Act>
    std::thread lane(Act act) {
        std::thread thread(act);
        CHECK(gate.is_reached());
        return thread;
    }
    // A thread that waits for the answer of the first; waits when this returns.
    template <typename Act>
    std::thread waiting_lane(Act act) {
        std::thread thread([this, act] {
            engine.registrar.before_questions([this] { waits.meet(1); });
            act();
        });
        CHECK(waits.is_reached());
        return thread;
    }

    const std::string question;
    Engine engine;
    Gate gate, waits;
    std::atomic<bool> is_let_through{false};
    AnswerCache cache{engine.ledger(), engine.clock, {}};
};

DomainRecord record_of(const char* domain, const char* owner) {
    DomainRecord record;
    record.domain = domain;
    record.status = "ACTIVE";
    record.id_owner = owner;
    return record;
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

TEST_CASE("while one lane asks, others ask for other things, and wait for the same") {
    Asking asking("domainTldInfo com");
    RegistrarQueries& queries = asking.engine.registrar;
    std::optional<std::variant<ExtensionRules, Unknown>> first, second;
    std::thread one = asking.lane([&] { first = asking.cache.rules("com", queries); });
    CHECK(std::holds_alternative<ExtensionRules>(asking.cache.rules("plain", queries)));
    CHECK(std::get<KnownContact>(asking.cache.contact("AE1", queries)).is_owner == true);
    CHECK_FALSE(asking.cache.operation_on(name("a.com"), queries));
    CHECK_NOTHROW(asking.cache.account(queries));
    std::thread other = asking.waiting_lane([&] { second = asking.cache.rules("com", queries); });
    asking.gate.open();
    one.join();
    other.join();
    REQUIRE(first);
    REQUIRE(second);
    CHECK(std::get<ExtensionRules>(*first).has_epp_code);
    CHECK(std::get<ExtensionRules>(*second).has_epp_code);
    CHECK(asking.engine.registrar.times_asked("domainTldInfo com") == 1);
    CHECK(asking.engine.registrar.times_asked("queryOpeList com") == 1);
}

TEST_CASE("a lane that has to wait writes first what it must not lose, as before a question") {
    Asking asking("queryOpePending");
    RegistrarQueries& queries = asking.engine.registrar;
    std::thread one = asking.lane([&] { asking.cache.highest_operation(queries); });
    bool is_refused = false;
    std::thread other([&] {
        queries.before_questions([] { throw std::runtime_error("the disk is full"); });
        try {
            asking.cache.highest_operation(queries);
        } catch (const std::runtime_error&) {
            is_refused = true;
        }
    });
    other.join();
    CHECK(is_refused);
    asking.gate.open();
    one.join();
    CHECK(asking.engine.registrar.times_asked("queryOpePending") == 1);
}

TEST_CASE("who waits for a question that is not answered hears that") {
    for (const QueryFailure& failure : {kUnreachable, kUnreadable}) {
        Asking asking("queryOpePending");
        RegistrarQueries& queries = asking.engine.registrar;
        asking.engine.registrar.will_not_answer("queryOpePending", failure);
        int failures = 0;
        std::mutex counting;
        const auto ask = [&] {
            try {
                asking.cache.operation_on(name("a.com"), queries);
            } catch (const QueryFailure& heard) {
                const std::lock_guard lock(counting);
                failures += heard.why() == failure.why() ? 1 : 0;
            }
        };
        std::thread one = asking.lane(ask);
        std::thread other = asking.waiting_lane(ask);
        asking.is_let_through = true;
        asking.gate.open();
        one.join();
        other.join();
        CHECK(failures == 2);
        CHECK(asking.engine.registrar.times_asked("queryOpePending") == 1);
    }
}

TEST_CASE("a question that could not be answered is not asked anew for each order") {
    Engine engine;
    AnswerCache cache(engine.ledger(), engine.clock, {});
    engine.registrar.before_call = [&](const std::string& line) {
        const bool fails = engine.registrar.times_asked("domainTldInfo com") <= 3;
        if (line == "domainTldInfo com" && fails)
            engine.registrar.will_not_answer("domainTldInfo", kUnreadable);
    };
    const auto ask_for_sixty_orders = [&] {
        for (int i = 0; i < 60; ++i) {
            CHECK_THROWS_AS(cache.rules("com", engine.registrar), QueryFailure);
        }
    };
    ask_for_sixty_orders();
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 1);
    CHECK(std::holds_alternative<ExtensionRules>(cache.rules("plain", engine.registrar)));
    engine.clock.advance(29s);
    ask_for_sixty_orders();
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 1);
    engine.clock.advance(1s);
    ask_for_sixty_orders();
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 2);
    engine.clock.advance(59s);  // Twice as long after the second.
    ask_for_sixty_orders();
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 2);
    engine.clock.advance(1s);
    ask_for_sixty_orders();
    CHECK(engine.registrar.times_asked("domainTldInfo com") == 3);
    engine.clock.advance(2min);
    CHECK(std::holds_alternative<ExtensionRules>(cache.rules("com", engine.registrar)));
}

TEST_CASE("a contact id the registrar refuses is asked about once for many orders") {
    Engine engine;
    AnswerCache cache(engine.ledger(), engine.clock, {});
    for (int i = 0; i < 60; ++i) {
        CHECK(std::holds_alternative<Unknown>(cache.contact("XX1", engine.registrar)));
    }
    CHECK(engine.registrar.times_asked("contactInfo XX1") == 1);
    engine.registrar.contact_records["XX1"] = {"XX1", true, {}};
    engine.clock.advance(30s);
    CHECK(std::holds_alternative<KnownContact>(cache.contact("XX1", engine.registrar)));
}

TEST_CASE("what is shown of a contact that is changed meanwhile is kept for nobody") {
    Asking asking("contactInfo AE1");
    RegistrarQueries& queries = asking.engine.registrar;
    std::thread one = asking.lane([&] { asking.cache.contact("AE1", queries); });
    asking.cache.forget_contact("AE1");
    asking.is_let_through = true;
    asking.gate.open();
    one.join();
    AnswerCache of_the_next_run(asking.engine.ledger(), asking.engine.clock, {});
    of_the_next_run.contact("AE1", queries);
    CHECK(asking.engine.registrar.times_asked("contactInfo AE1") == 2);
    asking.cache.contact("AE1", queries);
    CHECK(asking.engine.registrar.times_asked("contactInfo AE1") == 2);  // The ledger knows it.
}

TEST_CASE("what domainInfo showed serves again for less than thirty seconds") {
    Engine engine;
    engine.registrar.domain_records["a.com"] = record_of("a.com", "AE1");
    AnswerCache cache(engine.ledger(), engine.clock, {});
    CHECK(cache.domain_now(name("a.com"), engine.registrar)->id_owner == "AE1");
    engine.clock.advance(29999ms);
    CHECK(cache.domain(name("a.com"), engine.registrar)->id_owner == "AE1");
    CHECK(engine.registrar.times_asked("domainInfo a.com") == 1);
    engine.clock.advance(1ms);
    CHECK(cache.domain(name("a.com"), engine.registrar)->id_owner == "AE1");
    CHECK(engine.registrar.times_asked("domainInfo a.com") == 2);
    cache.forget_domain(name("a.com"));
    engine.registrar.domain_records.erase("a.com");
    CHECK_FALSE(cache.domain(name("a.com"), engine.registrar));
    CHECK_FALSE(cache.domain(name("a.com"), engine.registrar));  // That it is not there, too.
    CHECK(engine.registrar.times_asked("domainInfo a.com") == 3);
    cache.domain_now(name("a.com"), engine.registrar);
    CHECK(engine.registrar.times_asked("domainInfo a.com") == 4);
}

TEST_CASE("what was being asked of a domain when a call went out for it serves nobody else") {
    Asking asking("domainInfo a.com");
    asking.engine.registrar.domain_records["a.com"] = record_of("a.com", "AE1");
    RegistrarQueries& queries = asking.engine.registrar;
    std::thread one = asking.lane([&] { asking.cache.domain_now(name("a.com"), queries); });
    asking.cache.forget_domain(name("a.com"));
    asking.is_let_through = true;
    asking.gate.open();
    one.join();
    asking.cache.domain(name("a.com"), queries);
    CHECK(asking.engine.registrar.times_asked("domainInfo a.com") == 2);
}

TEST_CASE("a question about a domain that fails leaves nothing that serves as its answer") {
    Engine engine;
    engine.registrar.domain_records["a.com"] = record_of("a.com", "AE1");
    engine.registrar.will_not_answer("domainInfo", kUnreadable);
    AnswerCache cache(engine.ledger(), engine.clock, {});
    CHECK_THROWS_AS(cache.domain(name("a.com"), engine.registrar), QueryFailure);
    CHECK(cache.domain(name("a.com"), engine.registrar));
    CHECK(engine.registrar.times_asked("domainInfo a.com") == 2);
}
