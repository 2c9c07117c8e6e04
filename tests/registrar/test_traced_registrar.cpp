#include "registrar/traced_registrar.h"
#include "support/fake_registrar.h"
#include "support/ready.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::FakeRegistrar;
using domspool::test::ListedLog;
using domspool::test::ready;

namespace {

struct Traced {
    std::shared_ptr<FakeRegistrar> fake = std::make_shared<FakeRegistrar>();
    ListedLog log;
    TracedRegistrar registrar{fake, fake, log};

    std::string last_line() const { return log.lines().empty() ? "" : log.lines().back(); }
    bool last_line_has(const std::string& part) const {
        CAPTURE(last_line());
        return last_line().find(part) != std::string::npos;
    }
    Outcome create() {
        return ready(registrar).create_domain({DomainName::from_stored("example.com"),
                                               {"GK1", "A1", "A1", "A1"},
                                               {},
                                               1,
                                               std::nullopt});
    }
};

}  // namespace

TEST_CASE("each outcome is one line that says what it was") {
    Traced traced;
    traced.create();
    CHECK(
        traced.last_line_has(" info registrar_call function=domainCreate about=example.com "
                             "operation=1001 outcome=Done ms="));
    traced.fake->will_answer("domainCreate", Pending{7, "Pending", ""});
    traced.create();
    CHECK(traced.last_line_has(" info registrar_call"));
    CHECK(traced.last_line_has("operation=7 status=Pending outcome=Pending"));
    traced.fake->will_answer("domainCreate", Pending{8, "Waiting", ""});
    traced.create();
    CHECK(traced.last_line_has(" warning registrar_call"));
    traced.fake->will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    traced.create();
    CHECK(traced.last_line_has("code=E12-M1204 text=closed outcome=Refused"));
    traced.fake->will_answer("domainCreate", TryLater{TryLater::Why::unreachable, "", "no way"});
    traced.create();
    CHECK(traced.last_line_has("why=unreachable text=\"no way\" outcome=TryLater"));
    traced.fake->will_answer("domainCreate", InDoubt{"cut"});
    traced.create();
    CHECK(traced.last_line_has(" error registrar_call"));
    CHECK(traced.last_line_has("evidence=cut outcome=InDoubt"));
    CHECK(traced.log.lines().size() == 6);
}

TEST_CASE("a question without an answer is one line, and is thrown on") {
    Traced traced;
    traced.fake->will_not_answer("queryOpePending",
                                 {QueryFailure::Why::login_refused, "E01-M0101", "wrong login"});
    CHECK_THROWS_AS(traced.registrar.pending(), QueryFailure);
    CHECK(traced.last_line_has(
        " warning registrar_call function=queryOpePending code=E01-M0101 text=\"wrong login\" "
        "outcome=login_refused"));
    traced.registrar.pending();
    CHECK(traced.last_line_has(" info registrar_call function=queryOpePending outcome=answered"));
}

TEST_CASE("lines hold neither contact data nor codes") {
    Traced traced;
    ContactData data;
    data.fields = {{"firstName", "Grace"}, {"lastName", "Keller"}};
    ready(traced.registrar).create_contact(data, true);
    CHECK(traced.last_line_has("function=contactCreate about=owner contact=GK1 outcome=Done"));
    traced.registrar.contacts("Keller", "lastName");
    ready(traced.registrar)
        .transfer_in({DomainName::from_stored("example.com"), Secret("epp-77"), {}, {}});
    ready(traced.registrar)
        .set_preference(DomainName::from_stored("example.com"), "note", "for Grace");
    for (const char* hidden : {"Grace", "Keller", "epp-77"}) CHECK_FALSE(traced.log.holds(hidden));
    CHECK(traced.log.lines().size() == 4);
}
