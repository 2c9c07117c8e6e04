#include "support/engine.h"
#include "workflow/checks/resembled_order.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr const char* kDomain = "paid.com";

// A change of owner that is done, and its row once more, as a spreadsheet saved it.
struct Traded {
    Traded() {
        engine.registrar.domain_records[kDomain] = in_account("OLD1");
        done = engine.order(OrderKind::trade, wish("0071", "01000"));
        engine.submit();
        REQUIRE(engine.state_of(done) == "done");
        again = engine.order(OrderKind::trade, wish("71", "1000"));
        engine.registrar.diary.clear();
    }

    static DomainRecord in_account(const std::string& owner) {
        DomainRecord record;
        record.domain = kDomain;
        record.status = "ACTIVE";
        record.id_owner = owner;
        return record;
    }
    static FieldMap wish(const std::string& reference, const std::string& zip) {
        FieldMap wish = Engine::inline_owner();
        wish["domain"] = kDomain;
        wish["reference"] = reference;
        wish["owner.zipCode"] = zip;
        wish["owner.country"] = "ZA";
        return wish;
    }
    DomainRecord& shown() { return engine.registrar.domain_records[kDomain]; }
    int sent() const {
        return engine.registrar.times_asked("domainTransferOwner") +
               engine.registrar.times_asked("contactCreate");
    }

    Engine engine;
    OrderId done = 0, again = 0;
};

}  // namespace

TEST_CASE("a change of owner whose row a spreadsheet re-typed is not sent while it is shown") {
    Traded traded;
    CHECK(traded.engine.look_at(traded.again).resembles == traded.done);
    traded.engine.submit();
    const OrderRecord order = traded.engine.look_at(traded.again);
    CHECK(order.state == OrderState::skipped);
    CHECK(order.reason.find("order 1 says the same and is done") != std::string::npos);
    CHECK(order.reason.find("--again") != std::string::npos);
    CHECK(traded.sent() == 0);
}

TEST_CASE("the same person under another number is the owner all the same") {
    Traded traded;
    const std::string made = traded.shown().id_owner;
    traded.shown().id_owner = "XX9";
    ContactRecord other = traded.engine.registrar.contact_records.at(made);
    other.id = "XX9";
    traded.engine.registrar.contact_records["XX9"] = other;
    traded.engine.submit();
    CHECK(traded.engine.state_of(traded.again) == "skipped");
    CHECK(traded.sent() == 0);
}

TEST_CASE("somebody else is the owner today: the row is an order of its own") {
    Traded traded;
    ContactRecord other = traded.engine.registrar.contact_records.at(traded.shown().id_owner);
    other.id = "XX9";
    other.data.fields["lastName"] = "Other";
    traded.engine.registrar.contact_records["XX9"] = other;
    traded.shown().id_owner = "XX9";
    traded.engine.submit();
    CHECK(traded.engine.state_of(traded.again) == "done");
    CHECK(traded.engine.registrar.times_asked("domainTransferOwner") == 1);
}

TEST_CASE("where the registrar shows no owner nothing is sent, and the order says why") {
    Traded traded;
    traded.shown().id_owner.clear();
    traded.engine.submit();
    const OrderRecord order = traded.engine.look_at(traded.again);
    CHECK(order.state == OrderState::accepted);
    CHECK(order.reason.find("is not known") != std::string::npos);
    CHECK(traded.sent() == 0);
}

TEST_CASE("a question that is not answered leaves the order accepted, nothing sent") {
    Traded traded;
    traded.engine.registrar.will_not_answer("domainInfo",
                                            {QueryFailure::Why::refused, "E99", "try later"});
    traded.engine.submit();
    CHECK(traded.engine.state_of(traded.again) == "accepted");
    CHECK(traded.sent() == 0);
    traded.engine.submit();
    CHECK(traded.engine.state_of(traded.again) == "skipped");
}

TEST_CASE("after another change of owner in between the row is an order of its own") {
    Engine engine;
    engine.registrar.domain_records[kDomain] = Traded::in_account("OLD1");
    const auto trade = [&](const std::string& first_name) {
        FieldMap wish = Engine::inline_owner(first_name);
        wish["domain"] = kDomain;
        const OrderId id = engine.order(OrderKind::trade, wish);
        engine.submit();
        return engine.state_of(id);
    };
    CHECK(trade("Ada") == "done");
    CHECK(trade("Bea") == "done");
    CHECK(trade("Ada") == "done");
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 3);
    CHECK(trade("Ada") == "skipped");
}

TEST_CASE("a domain that came is not ordered again while it is in the account") {
    Engine engine;
    const OrderId done = engine.registration(kDomain);
    engine.submit();
    REQUIRE(engine.state_of(done) == "done");
    const OrderId again = engine.registration(kDomain, {{"reference", "K-1"}});
    engine.submit();
    CHECK(engine.state_of(again) == "skipped");
    // Given up since, it can be had again.
    engine.registrar.domain_records.erase(kDomain);
    const OrderId anew = engine.registration(kDomain);
    engine.submit();
    CHECK(engine.state_of(anew) == "done");
    CHECK(engine.registrar.arrivals.at(kDomain) == 2);
}

TEST_CASE("what left the account is not in it") {
    Engine engine;
    engine.registration(kDomain);
    engine.submit();
    engine.registrar.domain_records[kDomain].status = "TRANSFERRED OUT";
    const OrderId again = engine.registration(kDomain);
    engine.submit();
    CHECK(engine.state_of(again) == "done");
}

TEST_CASE("a transfer that is done needs no code to be found done") {
    Engine engine;
    FieldMap wish{{"domain", kDomain},
                  {"owner", "AE1"},
                  {"nameservers", "ns1.example.net ns2.example.net"},
                  {"auth_code", "Sesame"}};
    const OrderId done = engine.order(OrderKind::transfer, wish);
    engine.submit();
    engine.registrar.finish(1001);
    engine.passes(1);
    REQUIRE(engine.state_of(done).starts_with("done"));
    engine.ledger().write([&](LedgerWrite& w) { w.wipe_auth_codes(engine.clock.now().utc); });
    wish["auth_code"] = "(kept)";
    const OrderId again = engine.order(OrderKind::transfer, wish);
    engine.submit();
    CHECK(engine.state_of(again) == "skipped");
}

TEST_CASE("a change of name servers is repeated only where others are shown") {
    Engine engine;
    engine.registrar.domain_records[kDomain] = Traded::in_account("OLD1");
    const auto change = [&](const std::string& servers) {
        const OrderId id =
            engine.order(OrderKind::nameservers,
                         {{"domain", kDomain}, {"nameservers", servers}, {"tag", "shop"}});
        engine.submit();
        return engine.state_of(id);
    };
    CHECK(change("ns1.b.example ns2.b.example") == "done");
    CHECK(change("ns2.b.example ns1.b.example") == "done");  // Another order of names: so already.
    const int tags = engine.registrar.times_asked("domainSetPreference");
    CHECK(change("ns1.b.example ns2.b.example") == "skipped");
    CHECK(engine.registrar.times_asked("domainSetPreference") == tags);
    CHECK(change("ns1.a.example ns2.a.example") == "done");
    CHECK(change("ns1.b.example ns2.b.example") == "done");
    CHECK(engine.registrar.times_asked("domainChangeDNS") == 3);
}
