// The life of a session: opened when needed, opened again when dead, closed whatever happens.
#include "registrar/netim_registrar.h"
#include "registrar/netim_session.h"
#include "support/ready.h"
#include "support/scratch.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

#include <thread>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::ready;
using domspool::test::StubAction;
using domspool::test::StubRegistrar;
using Functions = std::vector<std::string>;
using Why = QueryFailure::Why;

namespace {

const std::string kDead = fault_xml("E02-M0201", "E02-M0201 : session expired");
const std::string kNoRows =
    answer_xml("queryOpePending",
               "<return SOAP-ENC:arrayType=\"ns1:StructQueryOpePending[0]\" "
               "xsi:type=\"ns1:ArrayStructQueryOpePending\"/>");

struct Office {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    std::shared_ptr<NetimAccount> account;

    Office() : Office(NetimSettings::Mode::synchronous) {}
    explicit Office(NetimSettings::Mode mode) {
        stub.always("queryOpePending", kNoRows);
        stub.always("domainSetDNSsec", operation_xml("domainSetDNSSEC", "5", "Done"));
        NetimSettings settings = stub.settings();
        settings.mode = mode;
        account = std::make_shared<NetimAccount>(settings, clock, log);
    }
    std::unique_ptr<NetimRegistrar> lane() const {
        return std::make_unique<NetimRegistrar>(account);
    }
};

Outcome change(NetimRegistrar& registrar) {
    return ready(registrar).set_dnssec(DomainName::from_stored("example.com"), true);
}

QueryFailure failure_of(NetimRegistrar& registrar) {
    try {
        registrar.pending();
    } catch (const QueryFailure& failure) {
        return failure;
    }
    FAIL("there was an answer");
    return {Why::unreadable, "", ""};
}

// The session ids in order of use; parameters stand as p0, p1 ...
std::string first_parameter(const std::string& body) {
    const auto begin = body.find('>', body.find("<p0 ")) + 1;
    return body.substr(begin, body.find('<', begin) - begin);
}

}  // namespace

TEST_CASE("who asks nothing connects to nobody") {
    Office office;
    { const auto lane = office.lane(); }
    office.account.reset();
    CHECK(office.stub.server().connections() == 0);
    CHECK(office.log.lines().empty());
}

TEST_CASE("a question opens a session without preferences, and the end closes it") {
    Office office;
    {
        const auto lane = office.lane();
        lane->pending();
        lane->pending();
    }
    office.account.reset();
    CHECK(office.stub.functions() ==
          Functions{"sessionOpen", "queryOpePending", "queryOpePending", "sessionClose"});
    CHECK(first_parameter(office.stub.last_body("sessionClose")) ==
          first_parameter(office.stub.last_body("queryOpePending")));
    CHECK(office.stub.server().connections() == 1);
    CHECK(office.log.holds("session_closed"));
}

TEST_CASE("syncDelay is set once, before the first change") {
    Office office;
    const auto lane = office.lane();
    lane->pending();
    change(*lane);
    change(*lane);
    CHECK(office.stub.functions() == Functions{"sessionOpen", "queryOpePending",
                                               "sessionSetPreference", "domainSetDNSsec",
                                               "domainSetDNSsec"});
    const std::string body = office.stub.last_body("sessionSetPreference");
    CHECK(body.find("<p1 xsi:type=\"xsd:string\">syncDelay</p1>") != std::string::npos);
    CHECK(body.find("<p2 xsi:type=\"xsd:string\">25</p2>") != std::string::npos);
}

TEST_CASE("the asynchronous mode switches synchronous answers off") {
    Office office(NetimSettings::Mode::asynchronous);
    change(*office.lane());
    const std::string body = office.stub.last_body("sessionSetPreference");
    CHECK(office.stub.count("sessionSetPreference") == 1);
    CHECK(body.find("<p1 xsi:type=\"xsd:string\">sync</p1>") != std::string::npos);
    CHECK(body.find("<p2 xsi:type=\"xsd:string\">0</p2>") != std::string::npos);
}

TEST_CASE("a question on a dead session is repeated once, in a new one") {
    Office office;
    const auto lane = office.lane();
    office.stub.answer("queryOpePending", kDead, 500);
    CHECK(lane->pending().whole);
    CHECK(office.stub.functions() ==
          Functions{"sessionOpen", "queryOpePending", "sessionOpen", "queryOpePending"});
    office.stub.answer("queryOpePending", kDead, 500);
    office.stub.answer("queryOpePending", kDead, 500);
    const QueryFailure failure = failure_of(*lane);
    CHECK(failure.why() == Why::unreadable);  // Nothing was said of what was asked about.
    CHECK(failure.code() == "E02-M0201");
    CHECK(office.stub.count("queryOpePending") == 4);
}

TEST_CASE("without time for it a question is not repeated for any other reason") {
    Office office;
    const auto lane = office.lane();
    office.stub.answer("queryOpePending", fault_xml("E15-M1502", "E15-M1502 : no"), 500);
    CHECK(failure_of(*lane).why() == Why::refused);
    office.stub.answer("queryOpePending", fault_xml("SOAP-ENV:Server", "crash"), 500);
    CHECK(failure_of(*lane).why() == Why::unreadable);
    office.stub.answer("queryOpePending", "<html>busy</html>", 502);
    CHECK(failure_of(*lane).why() == Why::unreadable);
    office.stub.answer("queryOpePending", {{StubAction::What::close, "", {}}});
    CHECK(failure_of(*lane).why() == Why::unreachable);
    CHECK(office.stub.count("queryOpePending") == 4);
    CHECK(office.stub.count("sessionOpen") == 1);
}

TEST_CASE("a change on a dead session is not repeated; the next one has a new session") {
    Office office;
    const auto lane = office.lane();
    change(*lane);
    office.stub.answer("domainSetDNSsec", kDead, 500);
    CHECK(std::get<TryLater>(change(*lane)).why == TryLater::Why::session_dead);
    CHECK(office.stub.count("domainSetDNSsec") == 2);
    CHECK(std::holds_alternative<Done>(change(*lane)));
    CHECK(office.stub.count("sessionOpen") == 2);
    CHECK(office.stub.count("sessionSetPreference") == 2);
}

TEST_CASE("a session found dead while it gets its preferences is replaced before the change") {
    Office office;
    const auto lane = office.lane();
    lane->pending();
    office.stub.answer("sessionSetPreference", kDead, 500);
    CHECK(std::holds_alternative<Done>(change(*lane)));
    CHECK(office.stub.functions() == Functions{"sessionOpen", "queryOpePending",
                                               "sessionSetPreference", "sessionOpen",
                                               "sessionSetPreference", "domainSetDNSsec"});
}

TEST_CASE("a preference the registrar does not like does not stop the change") {
    Office office;
    const auto lane = office.lane();
    office.stub.answer("sessionSetPreference", fault_xml("E10-M1001", "E10-M1001 : range"), 500);
    CHECK(std::holds_alternative<Done>(change(*lane)));
    CHECK(office.log.holds("preference_refused"));
}

TEST_CASE("a preference without an answer stops the change before it is sent") {
    Office office;
    const auto lane = office.lane();
    SUBCASE("broken") {
        office.stub.answer("sessionSetPreference", {{StubAction::What::close, "", {}}});
    }
    SUBCASE("crashed") {
        office.stub.answer("sessionSetPreference", fault_xml("SOAP-ENV:Server", "crash"), 500);
    }
    CHECK_THROWS_AS(change(*lane), QueryFailure);
    CHECK(office.stub.count("domainSetDNSsec") == 0);
    CHECK(std::holds_alternative<Done>(change(*lane)));
}

TEST_CASE("all lanes share one session") {
    Office office;
    const auto one = office.lane(), other = office.lane();
    const auto ask_often = [](NetimRegistrar& lane) {
        for (int i = 0; i < 30; ++i) lane.pending();
        for (int i = 0; i < 30; ++i) change(lane);
    };
    std::thread thread([&] { ask_often(*other); });
    ask_often(*one);
    thread.join();
    CHECK(office.stub.count("sessionOpen") == 1);
    CHECK(office.stub.count("sessionSetPreference") == 1);
    CHECK(office.stub.count("queryOpePending") == 60);
    CHECK(office.stub.server().connections() == 2);
}

TEST_CASE(
    "only the session that died is replaced: a lane that learns of it late joins the new one") {
    Office office;
    const auto one = office.lane(), other = office.lane();
    one->pending();
    // The other lane's call is under way in the first session while that is found dead.
    office.stub.answer("queryOpePending",
                       {{StubAction::What::wait, "", 1500ms},
                        {StubAction::What::send, test::http_reply(500, kDead), {}}});
    std::thread thread([&] { other->pending(); });
    while (office.stub.count("queryOpePending") < 2) std::this_thread::sleep_for(5ms);
    office.stub.answer("queryOpePending", kDead, 500);
    one->pending();
    thread.join();
    CHECK(office.stub.count("sessionOpen") == 2);
    CHECK(office.stub.count("queryOpePending") == 5);
}

TEST_CASE("a refused login is asked for once") {
    Office office;
    office.stub.always("sessionOpen", fault_xml("E01-M0101", "E01-M0101 : wrong login"), 500);
    const auto one = office.lane(), other = office.lane();
    for (int i = 0; i < 5; ++i) {
        const QueryFailure failure = failure_of(*one);
        CHECK(failure.why() == Why::login_refused);
        CHECK(failure.code() == "E01-M0101");
        CHECK_THROWS_AS(change(*other), QueryFailure);
    }
    office.account->close();
    CHECK(office.stub.functions() == Functions{"sessionOpen"});
}

TEST_CASE("sessions that die at once are not opened for ever") {
    Office office;
    office.stub.always("domainSetDNSsec", kDead, 500);
    const auto lane = office.lane();
    for (int i = 0; i < 3; ++i) {
        CHECK(std::get<TryLater>(change(*lane)).why == TryLater::Why::session_dead);
    }
    for (int i = 0; i < 10; ++i) CHECK_THROWS_AS(change(*lane), QueryFailure);
    CHECK(office.stub.count("sessionOpen") == 3);
    CHECK(office.stub.count("domainSetDNSsec") == 3);
}

TEST_CASE("sessions that die after use are opened again as often as needed") {
    Office office;
    const auto lane = office.lane();
    for (int i = 0; i < 6; ++i) {
        CHECK(std::holds_alternative<Done>(change(*lane)));
        office.stub.answer("domainSetDNSsec", kDead, 500);
        CHECK(std::holds_alternative<TryLater>(change(*lane)));
    }
    CHECK(office.stub.count("sessionOpen") == 6);
}

TEST_CASE("a login that got no answer is tried again by the next call") {
    Office office;
    const auto lane = office.lane();
    office.stub.answer("sessionOpen", "<html>busy</html>", 502);
    CHECK(failure_of(*lane).why() == Why::unreachable);
    CHECK(lane->pending().whole);
    CHECK(office.stub.count("sessionOpen") == 2);
}

TEST_CASE("the session is closed after any failure") {
    for (const auto end : {StubAction::What::close, StubAction::What::reset}) {
        Office office;
        office.stub.answer("domainSetDNSsec", {{end, "", {}}});
        CHECK(std::holds_alternative<InDoubt>(change(*office.lane())));
        office.account.reset();
        CHECK(office.stub.count("sessionClose") == 1);
    }
}

TEST_CASE("a session that was dead already counts as closed") {
    Office office;
    office.lane()->pending();
    office.stub.answer("sessionClose", kDead, 500);
    office.account.reset();
    CHECK(office.log.holds("session_closed"));
    CHECK_FALSE(office.log.holds("session_not_closed"));
}

TEST_CASE("a session that cannot be closed is told about") {
    Office office;
    office.lane()->pending();
    office.stub.answer("sessionClose", "", 500);
    office.account.reset();
    CHECK(office.log.holds("session_not_closed"));
}

TEST_CASE("after an early close the next call opens a session again, and the end closes it") {
    Office office;
    const auto lane = office.lane();
    lane->pending();
    office.account->close();
    office.account->close();
    CHECK(office.stub.count("sessionClose") == 1);
    lane->pending();
    office.account->close();
    CHECK(office.stub.count("sessionOpen") == 2);
    CHECK(office.stub.count("sessionClose") == 2);
}

TEST_CASE("a call that finds no turn in time is not sent") {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimSettings settings = stub.settings();
    settings.requests_per_minute = 1;
    settings.sync_delay = -34s;  // A whole call of one second.
    NetimRegistrar registrar(std::make_shared<NetimAccount>(settings, clock, log));
    try {
        change(registrar);
        FAIL("it was sent");
    } catch (const QueryFailure& failure) {
        CHECK(std::string(failure.what()).find("requests per minute") != std::string::npos);
    }
    CHECK(stub.functions() == Functions{"sessionOpen"});
}

TEST_CASE("sessions are shown by their endings only") {
    Office office;
    office.stub.answer(
        "queryAllSessions",
        answer_xml("queryAllSessions",
                   "<return SOAP-ENC:arrayType=\"ns1:StructSessionInfo[2]\">"
                   "<item><IDSession>0123456789abcdef0123456789abcde1</IDSession>"
                   "<timeLogin>1767225600</timeLogin><timeLastActivity>1767225660"
                   "</timeLastActivity></item>"
                   "<item><IDSession>ffffffffffffffffffffffffffff1234</IDSession></item>"
                   "</return>"));
    const auto rows = office.lane()->sessions();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].is_ours);
    CHECK(rows[0].id_ending == "cde1");
    CHECK(rows[0].opened == 1767225600);
    CHECK(rows[0].last_activity == 1767225660);
    CHECK_FALSE(rows[1].is_ours);
    CHECK(rows[1].id_ending == "1234");
}
