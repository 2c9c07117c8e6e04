// At the door: what is asked again and what is not, and that nothing that changes something is.
#include "registrar/netim_lane.h"
#include "registrar/netim_registrar.h"
#include "support/ready.h"
#include "support/sandbox_process.h"
#include "support/scratch.h"
#include "support/stub_registrar.h"
#include "util/stop_flag.h"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::http_reply;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::ready;
using domspool::test::replies;
using domspool::test::Scratch;
using domspool::test::StubReaction;
using domspool::test::StubRegistrar;
using domspool::test::StubServer;
using domspool::test::TlsAuthority;
using What = domspool::test::StubAction::What;
using Why = QueryFailure::Why;
using Functions = std::vector<std::string>;

namespace {

const std::string kNoRows =
    answer_xml("queryOpePending",
               "<return SOAP-ENC:arrayType=\"ns1:StructQueryOpePending[0]\" "
               "xsi:type=\"ns1:ArrayStructQueryOpePending\"/>");
const std::string kAccount = answer_xml(
    "queryResellerAccount",
    "<return xsi:type=\"ns1:StructResellerAccount\"><BALANCE_AMOUNT>10</BALANCE_AMOUNT></return>");

const StubReaction kLost = {{What::close, "", {}}};

// Goes on with the real time, and by each pause that was not waited for.
class HastyClock : public Clock {
  public:
    Moment now() const override {
        Moment now = real_.now();
        now.utc += ahead_.load();
        now.since_boot += ahead_.load();
        return now;
    }
    void skip(std::chrono::milliseconds time) { ahead_ = ahead_.load() + time; }

  private:
    SystemClock real_;
    std::atomic<std::chrono::milliseconds> ahead_{0ms};
};

// A lane whose pauses take no time.
struct Street {
    StubRegistrar stub;
    HastyClock clock;
    ListedLog log;
    int pauses = 0;
    std::chrono::milliseconds longest_pause{0};
    std::function<bool()> at_each_pause = [] { return false; };
    RetrySettings retry{60s, 1800s};
    NetimSettings settings = stub.settings();
    std::shared_ptr<NetimAccount> account;
    std::unique_ptr<NetimRegistrar> lane;

    Street() {
        stub.always("queryOpePending", kNoRows);
        stub.always("queryResellerAccount", kAccount);
        stub.always("domainSetDNSsec", operation_xml("domainSetDNSSEC", "5", "Done"));
    }
    NetimRegistrar& registrar() {
        if (!lane) {
            const auto budget =
                std::make_shared<RetryBudget>(retry, [this](std::chrono::milliseconds time) {
                    ++pauses;
                    longest_pause = std::max(longest_pause, time);
                    if (at_each_pause()) return true;
                    clock.skip(time);
                    return false;
                });
            account = std::make_shared<NetimAccount>(settings, clock, log, budget);
            lane = std::make_unique<NetimRegistrar>(account);
        }
        return *lane;
    }
    void leave() {
        lane.reset();
        account.reset();
    }
    Outcome change() {
        return ready(registrar()).set_dnssec(DomainName::from_stored("example.com"), true);
    }
    Outcome change_as_it_is() {
        return registrar().set_dnssec(DomainName::from_stored("example.com"), true);
    }
    QueryFailure failure() {
        return failure_of([this] { registrar().pending(); });
    }
    static QueryFailure failure_of(const std::function<void()>& act) {
        try {
            act();
        } catch (const QueryFailure& failure) {
            return failure;
        }
        FAIL("there was an answer");
        return {Why::unreadable, "", ""};
    }
};

std::string cut_list() {
    const std::string rows =
        "<item><id_ope>5</id_ope><code_ope>domainCreate</code_ope><data_ope>a.com</data_ope></"
        "item>";
    const std::string whole = answer_xml(
        "queryOpePending", "<return SOAP-ENC:arrayType=\"ns1:X[2]\">" + rows + rows + "</return>");
    return whole.substr(0, whole.size() * 2 / 3);
}

std::string cut_in_a_chunk(const std::string& text) {
    const std::string whole = test::chunked_reply({text});
    return whole.substr(0, whole.size() - 20);
}

}  // namespace

TEST_CASE("a question that was lost on its way is asked again, on a new connection") {
    const std::string empty = http_reply(200, "");
    const std::string page = "<html><body>Bad Gateway</body></html>";
    std::string short_body = http_reply(200, kNoRows);
    short_body.resize(short_body.size() - 30);
    const std::vector<std::pair<const char*, StubReaction>> cases = {
        {"no reply", kLost},
        {"reset", {{What::reset, "", {}}}},
        {"shorter than it said", {{What::send, short_body, {}}, {What::close, "", {}}}},
        {"cut, and nothing said so", replies(200, cut_list())},
        {"cut in a chunk", {{What::send, cut_in_a_chunk(cut_list()), {}}, {What::close, "", {}}}},
        {"cut in its head", {{What::send, "HTTP/1.1 200 OK\r\nCont", {}}, {What::close, "", {}}}},
        {"empty", replies(200, "")},
        {"empty 500", replies(500, "")},
        {"502", replies(502, page)},
        {"504", replies(504, page)}};
    for (const auto& [name, reaction] : cases) {
        CAPTURE(name);
        Street street;
        street.stub.answer("queryOpePending", reaction);
        street.stub.answer("queryOpePending", reaction);
        const PendingList list = street.registrar().pending();
        CHECK(list.whole);
        CHECK(list.rows.empty());  // Not one of a reply that was cut.
        CHECK(street.stub.count("queryOpePending") == 3);
        CHECK(street.stub.count("sessionOpen") == 1);
        CHECK(street.stub.server().connections() == 3);
        CHECK(street.pauses == 2);
        CHECK(street.log.holds("asked_again"));
    }
}

TEST_CASE("what the registrar said is not asked again, whatever it was") {
    const std::vector<std::tuple<std::string, int, Why>> cases = {
        {fault_xml("E15-M1502", "E15-M1502 : no"), 500, Why::refused},
        {fault_xml("SOAP-ENV:Client", "no such function"), 500, Why::refused},
        {fault_xml("SOAP-ENV:Server", "crash"), 500, Why::unreadable},
        {fault_xml("E15-M1502", "E15-M1502 : no"), 503, Why::refused},
        {answer_xml("queryOpePending", "<return>busy</return>"), 200, Why::unreadable},
        {answer_xml("domainInfo", ""), 200, Why::unreadable},
        {"<html><body>welcome</body></html>", 200, Why::unreadable},
        {"<html><body>moved</body></html>", 404, Why::unreadable},
        {"no XML at all", 200, Why::unreadable}};
    for (const auto& [body, status, why] : cases) {
        CAPTURE(body);
        Street street;
        street.stub.answer("queryOpePending", body, status);
        CHECK(street.failure().why() == why);
        CHECK(street.stub.count("queryOpePending") == 1);
        CHECK(street.pauses == 0);
    }
}

TEST_CASE("a registrar that is gone is asked as long as there is time, then each question once") {
    Street street;
    {
        const StubServer gone;
        street.settings.endpoint = gone.url();
    }
    const QueryFailure failure = street.failure();
    CHECK(failure.why() == Why::unreachable);
    CHECK(std::string(failure.what()).find("cannot connect") != std::string::npos);
    CHECK(street.pauses >= 6);
    const int before = street.pauses;
    CHECK(street.failure().why() == Why::unreachable);
    CHECK(Street::failure_of([&] { ready(street.registrar()); }).why() == Why::unreachable);
    CHECK(street.pauses == before);
}

TEST_CASE("a registrar that comes back answers the question that waits for it") {
    test::SandboxProcess sandbox;
    Street street;
    street.settings.endpoint = sandbox.endpoint();
    street.settings.password = Secret(test::SandboxProcess::password());
    sandbox.stop();
    street.at_each_pause = [&] {
        if (street.pauses == 3) sandbox.restart();
        return false;
    };
    CHECK(street.registrar().pending().whole);
    CHECK(street.pauses == 3);
    street.leave();
}

TEST_CASE("a question that is lost alone is about its subject, not about the registrar") {
    Street street;
    const DomainName domain = DomainName::from_stored("example.com");
    street.stub.server().otherwise([&](const test::StubRequest& request) -> StubReaction {
        if (request.header("SOAPAction") == "\"domainInfo\"") return kLost;
        if (request.header("SOAPAction") == "\"queryResellerAccount\"") {
            return replies(200, kAccount);
        }
        return replies(200, answer_xml("sessionOpen", "<IDSession>0123456789abcdef</IDSession>"));
    });
    const QueryFailure failure =
        Street::failure_of([&] { std::ignore = street.registrar().domain(domain); });
    CHECK(failure.why() == Why::unreadable);
    CHECK(std::string(failure.what()).find("other questions are answered") != std::string::npos);
    CHECK(street.stub.count("domainInfo") >= 7);
    CHECK(street.stub.count("queryResellerAccount") == 1);
    // The next question has all its tries again.
    const int before = street.pauses;
    CHECK_THROWS_AS(std::ignore = street.registrar().domain(domain), QueryFailure);
    CHECK(street.pauses > before + 5);
}

TEST_CASE("a registrar that answers nothing at all is unreachable, whatever stands before it") {
    for (const StubReaction& reaction : {kLost, replies(502, "<html>away</html>")}) {
        Street street;
        std::ignore = street.registrar().pending();
        street.stub.server().otherwise([&](const test::StubRequest&) { return reaction; });
        CHECK(street.failure().why() == Why::unreachable);
        CHECK(street.stub.count("queryResellerAccount") == 1);
    }
}

TEST_CASE("a registrar that asks for less is left alone for as long as it says") {
    const std::string page = "<html><body>slow down</body></html>";
    const auto asks = [&](int status, const std::string& header) -> StubReaction {
        std::string reply = http_reply(status, page);
        if (!header.empty())
            reply.insert(reply.find("\r\n") + 2, "Retry-After: " + header + "\r\n");
        return {{What::send, reply, {}}};
    };
    const std::vector<std::tuple<const char*, StubReaction, std::chrono::seconds>> cases = {
        {"429 in seconds", asks(429, "7"), 7s},
        {"503 in seconds", asks(503, "90"), 90s},
        {"no word of how long", asks(429, ""), 20s},
        {"a word nobody knows", asks(503, "soon"), 20s}};
    for (const auto& [name, reaction, pause] : cases) {
        CAPTURE(name);
        Street street;
        street.stub.answer("queryOpePending", reaction);
        CHECK(street.registrar().pending().whole);
        CHECK(street.pauses == 1);
        CHECK(street.longest_pause > pause - 1s);
        CHECK(street.longest_pause <= pause);
        CHECK(street.stub.functions() ==
              Functions{"sessionOpen", "queryOpePending", "queryOpePending"});
    }
}

TEST_CASE("a registrar that goes on asking for less ends the run, as does one that wants an hour") {
    Street street;
    std::ignore = street.registrar().pending();
    street.stub.server().otherwise(
        [&](const test::StubRequest&) { return replies(503, "<html>maintenance</html>"); });
    const QueryFailure failure = street.failure();
    CHECK(failure.why() == Why::unreachable);
    CHECK(std::string(failure.what()).find("asked all requests to wait until") !=
          std::string::npos);
    CHECK(street.pauses == 7);  // 20, 40, then 60 s
    // Nothing is asked before the time is over.
    const std::size_t asked = street.stub.functions().size();
    CHECK(street.failure().why() == Why::unreachable);
    CHECK(Street::failure_of([&] { ready(street.registrar()); }).why() == Why::unreachable);
    CHECK(street.stub.functions().size() == asked);

    Street other;
    std::string hour = http_reply(429, "");
    hour.insert(hour.find("\r\n") + 2, "Retry-After: 3600\r\n");
    other.stub.answer("queryOpePending", StubReaction{{What::send, hour, {}}});
    const QueryFailure long_wish = other.failure();
    CHECK(long_wish.why() == Why::unreachable);
    CHECK_MESSAGE(other.pauses == 0, long_wish.what());
}

TEST_CASE("a registrar that asks for less for no time at all is not asked without end") {
    for (const char* header : {"0", "Wed, 21 Oct 2015 07:28:00 GMT"}) {
        CAPTURE(std::string(header));
        Street street;
        std::ignore = street.registrar().pending();
        std::string reply = http_reply(503, "<html>busy</html>");
        reply.insert(reply.find("\r\n") + 2, "Retry-After: " + std::string(header) + "\r\n");
        street.stub.server().otherwise([&](const test::StubRequest&) {
            return StubReaction{{What::send, reply, {}}};
        });
        CHECK(street.failure().why() == Why::unreachable);
        CHECK(street.stub.functions().size() < 15);
    }
}

TEST_CASE("a question for which the registrar is always busy is about its subject") {
    Street street;
    const DomainName domain = DomainName::from_stored("example.com");
    std::string busy = http_reply(503, "<html>busy</html>");
    busy.insert(busy.find("\r\n") + 2, "Retry-After: 1\r\n");
    street.stub.server().otherwise([&](const test::StubRequest& request) -> StubReaction {
        if (request.header("SOAPAction") == "\"domainInfo\"") return {{What::send, busy, {}}};
        if (request.header("SOAPAction") == "\"queryResellerAccount\"") {
            return replies(200, kAccount);
        }
        return replies(200, answer_xml("sessionOpen", "<IDSession>0123456789abcdef</IDSession>"));
    });
    const QueryFailure failure =
        Street::failure_of([&] { std::ignore = street.registrar().domain(domain); });
    CHECK(failure.why() == Why::unreadable);
    CHECK(std::string(failure.what()).find("other questions are answered") != std::string::npos);
    CHECK(street.stub.count("domainInfo") == 4);
    // Nobody else is slowed down for it.
    CHECK(street.registrar().account().balance_cents == 1000);
    CHECK(street.pauses == 3);
}

TEST_CASE("a call that met 429 or 503 is a doubt that tells nothing of the line") {
    for (const int status : {429, 503}) {
        CAPTURE(status);
        Street street;
        street.stub.answer("domainSetDNSsec", "<html>slow down</html>", status);
        const Outcome outcome = street.change();
        REQUIRE(std::holds_alternative<InDoubt>(outcome));
        CHECK(std::get<InDoubt>(outcome).is_pressure);
        // The next one goes out after the pause, and nothing between.
        const std::size_t asked = street.stub.functions().size();
        CHECK(std::holds_alternative<Done>(street.change()));
        CHECK(street.pauses == 1);
        CHECK(street.stub.functions().size() == asked + 1);
    }
    // A fault with a code is the registrar's word on the call, whatever the status.
    Street street;
    street.stub.answer("domainSetDNSsec", fault_xml("E15-M1502", "E15-M1502 : no"), 503);
    CHECK(std::holds_alternative<Refused>(street.change()));
}

TEST_CASE("what another lane met holds back a call that was ready, before it was sent") {
    Street street;
    ready(street.registrar());
    NetimRegistrar other(street.account);
    street.stub.answer("queryOpePending", "<html>slow down</html>", 429);
    street.at_each_pause = [] { return true; };
    CHECK_THROWS_AS(other.pending(), QueryFailure);
    const Outcome outcome = street.change_as_it_is();
    REQUIRE(std::holds_alternative<TryLater>(outcome));
    CHECK(std::get<TryLater>(outcome).why == TryLater::Why::asked_to_wait);
    CHECK(street.stub.count("domainSetDNSsec") == 0);
}

TEST_CASE("a quota of sessions that is used up is waited for") {
    for (const char* words : {"too many open sessions", "Nombre maximum de sessions atteint"}) {
        CAPTURE(words);
        Street street;
        street.stub.answer("sessionOpen",
                           fault_xml("E01-M0110", "E01-M0110 : " + std::string(words)), 500);
        CHECK(street.registrar().pending().whole);
        CHECK(street.pauses == 1);
        CHECK(street.stub.functions() ==
              Functions{"sessionOpen", "sessionOpen", "queryOpePending"});
    }
}

TEST_CASE("the time of a run for lost questions is used up once") {
    Street street;
    street.retry.per_run = 3s;
    for (int i = 0; i < 20; ++i) {
        street.stub.answer("queryOpePending", kLost);
        street.stub.answer("queryOpePending", kNoRows);
    }
    int answered = 0;
    for (int i = 0; i < 20; ++i) {
        try {
            street.registrar().pending();
            ++answered;
        } catch (const QueryFailure& failure) {
            CHECK(failure.why() == Why::unreadable);  // Others are answered.
        }
    }
    CHECK(street.pauses >= 4);  // 0.5 to 0.75 s each
    CHECK(street.pauses <= 6);
    CHECK(answered >= 10);
}

TEST_CASE("a run that is called off in a pause asks nothing more, and closes its session") {
    Street street;
    std::ignore = street.registrar().pending();
    street.at_each_pause = [] { return true; };
    street.stub.answer("queryOpePending", kLost);
    CHECK(street.failure().why() == Why::unreachable);
    CHECK(street.pauses == 1);
    street.leave();
    CHECK(street.stub.functions() ==
          Functions{"sessionOpen", "queryOpePending", "queryOpePending", "sessionClose"});
}

TEST_CASE("a pause ends at once when the run is called off") {
    Street street;
    StopFlag stop;
    const auto budget = std::make_shared<RetryBudget>(
        RetrySettings{60s, 1800s},
        [&](std::chrono::milliseconds time) { return stop.wait_for(std::max(time, 30'000ms)); });
    street.account =
        std::make_shared<NetimAccount>(street.settings, street.clock, street.log, budget);
    street.lane = std::make_unique<NetimRegistrar>(street.account);
    street.stub.answer("queryOpePending", kLost);
    std::thread signal([&] {
        while (street.stub.count("queryOpePending") == 0) std::this_thread::sleep_for(5ms);
        std::this_thread::sleep_for(50ms);
        stop.set();
    });
    const auto begun = std::chrono::steady_clock::now();
    CHECK(street.failure().why() == Why::unreachable);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
    signal.join();
}

TEST_CASE("a lost login is tried three times in a run, and never more") {
    Street street;
    for (int i = 0; i < 9; ++i) street.stub.answer("sessionOpen", kLost);
    const QueryFailure failure = street.failure();
    CHECK(failure.why() == Why::unreachable);
    CHECK(std::string(failure.what()).find("3 logins got no answer") != std::string::npos);
    CHECK(street.stub.count("sessionOpen") == 3);
    CHECK_THROWS_AS(ready(street.registrar()), QueryFailure);
    CHECK_THROWS_AS(street.registrar().account(), QueryFailure);
    CHECK(street.stub.functions() == Functions{"sessionOpen", "sessionOpen", "sessionOpen"});
}

TEST_CASE("a login lost now and then is counted over the whole run") {
    Street street;
    const std::string dead = fault_xml("E02-M0201", "E02-M0201 : session expired");
    for (int i = 0; i < 2; ++i) {
        street.stub.answer("sessionOpen", kLost);
        CHECK(street.registrar().pending().whole);
        street.stub.answer("queryOpePending", dead, 500);
    }
    street.stub.answer("sessionOpen", kLost);
    CHECK(street.failure().why() == Why::unreachable);
    CHECK(street.stub.count("sessionOpen") == 2 + 2 + 1);
}

TEST_CASE("a refused login is not tried again") {
    Street street;
    street.stub.always("sessionOpen", fault_xml("E01-M0101", "E01-M0101 : wrong login"), 500);
    CHECK(street.failure().why() == Why::login_refused);
    CHECK(street.stub.functions() == Functions{"sessionOpen"});
    CHECK(street.pauses == 0);
}

TEST_CASE("preference and close are asked again, too") {
    Street street;
    street.stub.answer("sessionSetPreference", kLost);
    street.stub.answer("sessionSetPreference", replies(504, ""));
    street.stub.answer("sessionClose", kLost);
    CHECK(std::holds_alternative<Done>(street.change()));
    street.leave();
    CHECK(street.stub.functions() == Functions{"sessionOpen", "sessionSetPreference",
                                               "sessionSetPreference", "sessionSetPreference",
                                               "domainSetDNSsec", "sessionClose", "sessionClose"});
    CHECK(street.log.holds("session_closed"));
}

TEST_CASE("a close that was lost after its effect counts as closed") {
    Street street;
    std::ignore = street.registrar().pending();
    street.stub.answer("sessionClose", kLost);
    street.stub.answer("sessionClose", fault_xml("E02-M0201", "E02-M0201 : unknown"), 500);
    street.leave();
    CHECK(street.log.holds("session_closed"));
    CHECK_FALSE(street.log.holds("session_not_closed"));
}

TEST_CASE("of TLS a broken handshake is tried again, a wrong certificate never") {
    const Scratch scratch;
    const TlsAuthority authority;
    authority.write_certificate(scratch / "ca.pem");
    Street street;
    street.settings.ca_file = scratch / "ca.pem";
    SUBCASE("broken") {
        StubServer server(authority.issue("localhost"));
        server.break_handshakes(3, What::reset);
        server.otherwise([&](const test::StubRequest& request) -> StubReaction {
            const std::string action = request.header("SOAPAction");
            const std::string name = action.substr(1, action.size() - 2);
            std::string reply =
                http_reply(200, name == "sessionOpen" ? answer_xml(name, "<id>0123456789</id>")
                                : name == "queryOpePending" ? kNoRows
                                                            : answer_xml(name, ""));
            reply.insert(reply.find("\r\n") + 2, "Connection: close\r\n");
            return {{What::send, reply, {}}, {What::close, "", {}}};
        });
        street.settings.endpoint = server.url("localhost");
        for (int i = 0; i < 6; ++i) CHECK(street.registrar().pending().whole);
        CHECK(street.pauses == 3);  // Of seven calls over ten connections.
        CHECK(street.log.holds("the TLS handshake with 'localhost' was broken off"));
        CHECK_FALSE(street.log.holds("cannot trust"));
        street.leave();
    }
    SUBCASE("a certificate for another name") {
        const StubServer server(authority.issue("other.example"));
        street.settings.endpoint = server.url("localhost");
        const QueryFailure failure = street.failure();
        CHECK(failure.why() == Why::unreachable);
        CHECK(std::string(failure.what()).find("cannot trust 'localhost'") != std::string::npos);
        CHECK(Street::failure_of([&] { ready(street.registrar()); }).why() == Why::unreachable);
        CHECK(server.connections() == 2);
        CHECK(server.requests().empty());
        CHECK(street.pauses == 0);
    }
    SUBCASE("a certificate of nobody known") {
        const StubServer server(TlsAuthority::self_signed("localhost"));
        street.settings.endpoint = server.url("localhost");
        CHECK(std::string(street.failure().what()).find("cannot trust") != std::string::npos);
        CHECK(server.connections() == 1);
        CHECK(street.pauses == 0);
    }
}

TEST_CASE("a change is sent once, whatever becomes of it") {
    const std::vector<StubReaction> cases = {kLost,
                                             {{What::reset, "", {}}},
                                             replies(200, ""),
                                             replies(500, ""),
                                             replies(502, "<html>x</html>"),
                                             replies(503, ""),
                                             replies(200, cut_list())};
    for (const StubReaction& reaction : cases) {
        Street street;
        street.stub.answer("domainSetDNSsec", reaction);
        CHECK(std::holds_alternative<InDoubt>(street.change()));
        CHECK(street.stub.count("domainSetDNSsec") == 1);
        CHECK(street.pauses == 0);
    }
}

TEST_CASE("before a change all is made ready, and the change itself is one call") {
    Street street;
    int waits = 0;
    street.registrar().make_ready([&] { ++waits; });
    CHECK(street.stub.functions() == Functions{"sessionOpen", "sessionSetPreference"});
    CHECK(waits == 1);
    street.registrar().make_ready([&] { ++waits; });
    CHECK(waits == 1);  // It stood ready.
    CHECK(std::holds_alternative<Done>(street.change_as_it_is()));
    CHECK(street.stub.functions() ==
          Functions{"sessionOpen", "sessionSetPreference", "domainSetDNSsec"});
    CHECK(street.stub.server().connections() == 1);
}

TEST_CASE("one call for each time it was made ready") {
    Street street;
    CHECK(std::holds_alternative<Done>(street.change()));
    const auto later = std::get<TryLater>(street.change_as_it_is());
    CHECK(later.why == TryLater::Why::unreachable);
    CHECK(street.stub.count("domainSetDNSsec") == 1);
}

TEST_CASE("a connection that ended after it was made ready: the change never left") {
    Street street;
    SUBCASE("by the server") {
        street.stub.answer(
            "sessionSetPreference",
            {{What::send, http_reply(200, answer_xml("sessionSetPreference", "")), {}},
             {What::wait, "", 300ms},
             {What::close, "", {}}});
        ready(street.registrar());
        street.stub.server().wait_until_closed();
    }
    SUBCASE("by its age") {
        ready(street.registrar());
        std::this_thread::sleep_for(3100ms);
    }
    SUBCASE("by a reply nobody asked for") {
        street.stub.answer(
            "sessionSetPreference",
            {{What::send, http_reply(200, answer_xml("sessionSetPreference", "")), {}},
             {What::wait, "", 300ms},
             {What::send, http_reply(200, "surplus"), {}}});
        ready(street.registrar());
        const int logged_in = 1;  // sessionOpen, then the two pieces.
        street.stub.server().wait_until_sent(logged_in + 2);
    }
    const auto later = std::get<TryLater>(street.change_as_it_is());
    CHECK(later.why == TryLater::Why::unreachable);
    CHECK(street.stub.count("domainSetDNSsec") == 0);
    CHECK(street.stub.server().connections() == 1);
    CHECK(std::holds_alternative<Done>(street.change()));
    CHECK(street.stub.count("domainSetDNSsec") == 1);
}

TEST_CASE("where requests are limited, a change takes its turn before it is noted") {
    Street street;
    street.settings.requests_per_minute = 60;
    ready(street.registrar());
    const auto begun = std::chrono::steady_clock::now();
    CHECK(std::holds_alternative<Done>(street.change_as_it_is()));
    CHECK(std::chrono::steady_clock::now() - begun < 500ms);
}
