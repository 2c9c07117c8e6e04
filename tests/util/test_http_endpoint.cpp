// Whom a connection trusts: nothing leaves this machine before the server has shown who it is.
#include "support/scratch.h"
#include "support/stub_server.h"
#include "util/http_endpoint.h"
#include "util/http_exchange.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::http_reply;
using domspool::test::replies;
using domspool::test::Scratch;
using domspool::test::StubAction;
using domspool::test::StubServer;
using domspool::test::TlsAuthority;
using domspool::test::TlsIdentity;
using Sent = HttpFailure::Sent;
using Cause = HttpFailure::Cause;
using What = StubAction::What;

namespace {

// An authority the client trusts, its certificate in a file.
struct Trust {
    Scratch scratch;
    TlsAuthority authority;
    std::string ca_file = scratch / "ca.pem";
    Trust() { authority.write_certificate(ca_file); }

    std::shared_ptr<HttpEndpoint> endpoint(const StubServer& stub, const std::string& host,
                                           std::chrono::milliseconds connect_timeout = 10s) const {
        return std::make_shared<HttpEndpoint>(stub.url(host), ca_file, connect_timeout);
    }
};

void check_that_nothing_was_sent(const std::shared_ptr<HttpEndpoint>& endpoint,
                                 const StubServer& stub, Cause cause = Cause::trust) {
    HttpConnection connection(endpoint);
    HttpRequest request;
    request.body = "secret call";
    try {
        connection.exchange(request);
        FAIL("the server was trusted");
    } catch (const HttpFailure& failure) {
        CAPTURE(failure.what());
        CHECK(failure.sent() == Sent::no);
        CHECK(failure.cause() == cause);
        const bool is_told_so =
            std::string(failure.what()).find("cannot trust") != std::string::npos;
        CHECK(is_told_so == (cause == Cause::trust));
    }
    CHECK(stub.requests().empty());
}

}  // namespace

TEST_CASE("a server that shows the right certificate is spoken to, and kept") {
    const Trust trust;
    for (const char* host : {"localhost", "127.0.0.1"}) {
        CAPTURE(host);
        StubServer stub(trust.authority.issue(host));
        stub.otherwise([](const auto&) { return replies(200, "<ok/>"); });
        HttpConnection connection(trust.endpoint(stub, host));
        for (int i = 0; i < 3; ++i) CHECK(connection.exchange({}).body == "<ok/>");
        CHECK(stub.requests().size() == 3);
        CHECK(stub.connections() == 1);
    }
}

TEST_CASE("a certificate for another host is refused before the first byte") {
    const Trust trust;
    const StubServer stub(trust.authority.issue("other.example"));
    check_that_nothing_was_sent(trust.endpoint(stub, "localhost"), stub);
}

TEST_CASE("a certificate for a name does not do for an address") {
    const Trust trust;
    const StubServer stub(trust.authority.issue("localhost"));
    check_that_nothing_was_sent(trust.endpoint(stub, "127.0.0.1"), stub);
}

TEST_CASE("a wrong host is refused also when its handshake outlasts the connect time-out") {
    const Trust trust;
    StubServer stub(trust.authority.issue("other.example"), 700ms);
    check_that_nothing_was_sent(trust.endpoint(stub, "localhost", 300ms), stub, Cause::line);
    // And when it comes late, but in time.
    check_that_nothing_was_sent(trust.endpoint(stub, "localhost", 5s), stub);
}

TEST_CASE("a right host whose handshake comes late is spoken to") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"), 400ms);
    stub.next(replies(200, "<ok/>"));
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    CHECK(connection.exchange({}).body == "<ok/>");
}

TEST_CASE("a certificate that is over is refused") {
    const Trust trust;
    const StubServer stub(trust.authority.issue("localhost", TlsAuthority::Validity::over));
    check_that_nothing_was_sent(trust.endpoint(stub, "localhost"), stub);
}

TEST_CASE("a certificate of an authority nobody named is refused") {
    const Trust trust;
    const TlsAuthority other;
    SUBCASE("of another authority") {
        const StubServer stub(other.issue("localhost"));
        check_that_nothing_was_sent(trust.endpoint(stub, "localhost"), stub);
    }
    SUBCASE("of its own") {
        const StubServer stub(TlsAuthority::self_signed("localhost"));
        check_that_nothing_was_sent(trust.endpoint(stub, "localhost"), stub);
    }
    SUBCASE("where the system's authorities are trusted") {
        const StubServer stub(trust.authority.issue("localhost"));
        check_that_nothing_was_sent(std::make_shared<HttpEndpoint>(stub.url("localhost")), stub);
    }
}

TEST_CASE("the system's authorities can be replaced by the environment") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    stub.next(replies(200, "<ok/>"));
    ::setenv("SSL_CERT_FILE", trust.ca_file.c_str(), 1);
    HttpConnection connection(std::make_shared<HttpEndpoint>(stub.url("localhost")));
    CHECK(connection.exchange({}).body == "<ok/>");
    ::unsetenv("SSL_CERT_FILE");
}

TEST_CASE("a plain server behind an https address gets no request") {
    const Trust trust;
    StubServer stub;
    const auto endpoint = std::make_shared<HttpEndpoint>(
        "https://localhost:" + std::to_string(stub.port()) + "/", trust.ca_file, 500ms);
    check_that_nothing_was_sent(endpoint, stub, Cause::line);  // It waits for a request's end.
}

TEST_CASE("a handshake that the line has broken says nothing of trust") {
    const Trust trust;
    for (const What end : {What::cut, What::reset}) {
        CAPTURE(static_cast<int>(end));
        StubServer stub(trust.authority.issue("localhost"));
        stub.otherwise([](const auto&) { return replies(200, "<ok/>"); });
        stub.break_handshakes(1, end);
        check_that_nothing_was_sent(trust.endpoint(stub, "localhost"), stub, Cause::line);
        stub.break_handshakes(0, end);
        HttpConnection connection(trust.endpoint(stub, "localhost"));
        CHECK(connection.exchange({}).body == "<ok/>");
    }
}

TEST_CASE("an authority file that is missing: nothing was sent") {
    const Trust trust;
    const StubServer stub(trust.authority.issue("localhost"));
    HttpConnection connection(
        std::make_shared<HttpEndpoint>(stub.url("localhost"), trust.scratch / "none.pem"));
    try {
        connection.exchange({});
        FAIL("there was a reply");
    } catch (const HttpFailure& failure) {
        CHECK(failure.sent() == Sent::no);
        CHECK(failure.cause() == Cause::trust);  // The next try would end the same way.
    }
    CHECK(stub.connections() == 0);
}

TEST_CASE("a surplus reply inside one TLS record never answers the next request") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    // A short first reply leaves the surplus in the session's buffer, a long one inside TLS, where
    // the socket does not show it.
    std::string first;
    SUBCASE("behind a short one") {
        first = "first";
    }
    SUBCASE("behind a long one") {
        first = std::string(9000, 'f');
    }
    stub.next({{What::send, http_reply(200, first) + http_reply(200, "surplus"), {}},
               {What::wait, "", 600s}});
    CHECK(connection.exchange({}).body == first);
    stub.next(replies(200, "second"));
    CHECK(connection.exchange({}).body == "second");
    CHECK(stub.connections() == 2);
}

TEST_CASE("under TLS a dripping reply meets the deadline, a cut one is no reply") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    HttpRequest request;
    request.deadline = 1500ms;
    stub.next({{What::drip, http_reply(200, std::string(20'000, 'x')), 50ms}});
    const auto begun = std::chrono::steady_clock::now();
    try {
        connection.exchange(request);
        FAIL("there was a reply");
    } catch (const HttpFailure& failure) {
        CHECK(failure.sent() == Sent::perhaps);
    }
    const auto taken = std::chrono::steady_clock::now() - begun;
    CHECK(taken >= request.deadline - 1ms);  // The kernel counts whole milliseconds.
    CHECK(taken < 60s);                      // The whole reply would take a quarter of an hour.
    std::string cut = http_reply(200, "<whole/>");
    cut.resize(cut.size() - 3);
    stub.next({{What::send, cut, {}}, {What::cut, "", {}}});
    try {
        connection.exchange({});
        FAIL("there was a reply");
    } catch (const HttpFailure& failure) {
        CHECK(failure.sent() == Sent::perhaps);
    }
    CHECK(stub.requests().size() == 2);
}

TEST_CASE("a server that goes away under TLS is noticed before the request") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    for (const What end : {What::close, What::cut}) {
        stub.next({{What::send, http_reply(200, "ok"), {}}, {end, "", {}}});
        connection.exchange({});
        stub.wait_until_closed();
    }
    stub.next(replies(200, "ok"));
    connection.exchange({});
    CHECK(stub.connections() == 3);
    CHECK(stub.requests().size() == 3);
}

// TLS 1.3 servers send tickets right behind the handshake: the socket is readable then.
TEST_CASE("a connection made ready under TLS is used, whatever TLS itself had to say since") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    stub.otherwise([](const auto&) { return replies(200, "<ok/>"); });
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    HttpRequest request;
    request.over = HttpRequest::Over::ready_one;
    for (int i = 0; i < 3; ++i) {
        connection.make_ready(5s);
        std::this_thread::sleep_for(150ms);
        CHECK(connection.is_ready());
        CHECK(connection.exchange(request).body == "<ok/>");
    }
    CHECK(stub.connections() == 1);
}

TEST_CASE("a ready connection that breaks under TLS is not ready any more, and nothing is sent") {
    const Trust trust;
    StubServer stub(trust.authority.issue("localhost"));
    HttpConnection connection(trust.endpoint(stub, "localhost"));
    for (const What end : {What::close, What::cut}) {
        CAPTURE(static_cast<int>(end));
        stub.next({{What::send, http_reply(200, "ok"), {}}, {end, "", {}}});
        connection.exchange({});
        stub.wait_until_closed();
        const auto before = stub.requests().size();
        HttpRequest request;
        request.over = HttpRequest::Over::ready_one;
        try {
            connection.exchange(request);
            FAIL("there was a reply");
        } catch (const HttpFailure& failure) {
            CHECK(failure.sent() == Sent::no);
        }
        CHECK(stub.requests().size() == before);
    }
}
