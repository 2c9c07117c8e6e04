#include "support/scratch.h"
#include "support/stub_server.h"
#include "util/http_exchange.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::chunked_reply;
using domspool::test::http_reply;
using domspool::test::replies;
using domspool::test::Scratch;
using domspool::test::StubAction;
using domspool::test::StubReaction;
using domspool::test::StubServer;
using domspool::test::TlsAuthority;
using Sent = HttpFailure::Sent;
using What = StubAction::What;

namespace {

constexpr auto kLongWait = 600s;  // Ends with the stub.

std::shared_ptr<HttpEndpoint> endpoint_of(const StubServer& stub,
                                          const std::string& host = "127.0.0.1") {
    return std::make_shared<HttpEndpoint>(stub.url(host));
}

HttpRequest post(const std::string& body, std::chrono::milliseconds deadline = 20s) {
    HttpRequest request;
    request.body = body;
    request.deadline = deadline;
    return request;
}

struct Failure {
    Sent sent;
    std::string what;
};

// What the exchange threw; fails the test if it threw nothing.
Failure failure_of(HttpConnection& connection, const HttpRequest& request) {
    try {
        connection.exchange(request);
    } catch (const HttpFailure& failure) {
        return {failure.sent(), failure.what()};
    }
    FAIL("there was a reply");
    return {Sent::no, ""};
}

StubReaction sends(const std::string& bytes, What then) {
    return {{What::send, bytes, {}}, {then, "", kLongWait}};
}

// This process's ends of connections to the port.
std::vector<int> sockets_to(std::uint16_t port) {
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int number = std::stoi(entry.path().filename());
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(number, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
            found.push_back(number);
        }
    }
    return found;
}

std::chrono::milliseconds time_of(const std::function<void()>& act) {
    const auto begun = std::chrono::steady_clock::now();
    act();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun);
}

}  // namespace

TEST_CASE("a request goes out once and as said") {
    StubServer stub;
    stub.next(replies(200, "<answer/>"));
    HttpConnection connection(endpoint_of(stub));
    HttpRequest request = post("<call/>");
    request.headers = {{"SOAPAction", "\"hello\""}, {"Content-Type", "text/xml"}};
    const HttpReply reply = connection.exchange(request);
    CHECK(reply.status == 200);
    CHECK(reply.body == "<answer/>");
    CHECK(reply.content_type == "text/xml; charset=utf-8");
    CHECK(reply.date == "Thu, 01 Jan 2026 10:00:00 GMT");
    const auto requests = stub.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].head.starts_with("POST /2.0/ HTTP/1.1\r\n"));
    CHECK(requests[0].body == "<call/>");
    CHECK(requests[0].header("Host") == "127.0.0.1:" + std::to_string(stub.port()));
    CHECK(requests[0].header("SOAPAction") == "\"hello\"");
    CHECK(requests[0].header("Content-Type") == "text/xml");
}

TEST_CASE("any status is a reply with its body") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    for (const int status : {200, 301, 404, 500, 502}) {
        stub.next(replies(status, "<said/>"));
        const HttpReply reply = connection.exchange(post("x"));
        CHECK(reply.status == status);
        CHECK(reply.body == "<said/>");
    }
    stub.next(replies(500, ""));
    CHECK(connection.exchange(post("x")).body.empty());
    CHECK(stub.connections() == 1);
}

TEST_CASE("a connection is used again after a whole reply") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.next(replies(200, "one"));
    stub.next({{What::send, chunked_reply({"t", "wo"}), {}}});
    stub.next(replies(200, "three"));
    CHECK(connection.exchange(post("1")).body == "one");
    CHECK(connection.exchange(post("2")).body == "two");
    CHECK(connection.exchange(post("3")).body == "three");
    CHECK(stub.connections() == 1);
}

TEST_CASE("a connection that rested for three seconds is not used again") {
    StubServer stub;
    stub.otherwise([](const auto&) { return replies(200, "ok"); });
    HttpConnection connection(endpoint_of(stub));
    connection.exchange(post("1"));
    std::this_thread::sleep_for(3100ms);
    connection.exchange(post("2"));
    CHECK(stub.connections() == 2);
    CHECK(stub.requests().size() == 2);
}

TEST_CASE("a connection closed by the server is noticed before the request") {
    StubServer stub;
    for (const What end : {What::close, What::reset}) {
        CAPTURE(static_cast<int>(end));
        HttpConnection connection(endpoint_of(stub));
        const int before = stub.connections();
        const auto sent_before = stub.requests().size();
        stub.next(sends(http_reply(200, "ok"), end));
        connection.exchange(post("1"));
        stub.wait_until_closed();
        stub.next(replies(200, "ok"));
        connection.exchange(post("2"));
        CHECK(stub.connections() == before + 2);
        CHECK(stub.requests().size() == sent_before + 2);
    }
}

TEST_CASE("a first write that fails is never sent again") {
    StubServer stub;
    stub.otherwise([](const auto&) { return replies(200, "sent again"); });
    stub.next(sends(http_reply(200, "ok"), What::wait));
    HttpConnection connection(endpoint_of(stub));
    connection.exchange(post("1"));
    // Writing fails from now on, and nothing can be read that would tell before.
    for (const int number : sockets_to(stub.port())) ::shutdown(number, SHUT_WR);
    const Failure failure = failure_of(connection, post("domainCreate"));
    CHECK(failure.sent == Sent::no);  // The kernel took nothing of it.
    CHECK(stub.connections() == 1);
    CHECK(stub.requests().size() == 1);
    // The next request has a connection of its own.
    CHECK(connection.exchange(post("2")).body == "sent again");
    CHECK(stub.requests().size() == 2);
}

TEST_CASE("under TLS a first write that fails is in doubt: a part of it may have left") {
    const Scratch scratch;
    const TlsAuthority authority;
    authority.write_certificate(scratch / "ca.pem");
    StubServer stub(authority.issue("localhost"));
    stub.next(sends(http_reply(200, "ok"), What::wait));
    HttpConnection connection(
        std::make_shared<HttpEndpoint>(stub.url("localhost"), scratch / "ca.pem"));
    connection.exchange(post("1"));
    for (const int number : sockets_to(stub.port())) ::shutdown(number, SHUT_WR);
    CHECK(failure_of(connection, post("domainCreate")).sent == Sent::perhaps);
    CHECK(stub.requests().size() == 1);
}

TEST_CASE("what is to go over a ready connection goes over none made for it") {
    StubServer stub;
    stub.otherwise([](const auto&) { return replies(200, "ok"); });
    HttpConnection connection(endpoint_of(stub));
    HttpRequest request = post("domainCreate");
    request.over = HttpRequest::Over::ready_one;
    CHECK_FALSE(connection.is_ready());
    CHECK(failure_of(connection, request).sent == Sent::no);
    CHECK(stub.connections() == 0);

    connection.make_ready(5s);
    CHECK(connection.is_ready());
    connection.make_ready(5s);
    CHECK(connection.exchange(request).body == "ok");
    CHECK(connection.exchange(request).body == "ok");
    CHECK(stub.connections() == 1);

    SUBCASE("after a rest") {
        std::this_thread::sleep_for(3100ms);
    }
    SUBCASE("after its server's farewell") {
        stub.next(sends(http_reply(200, "ok"), What::close));
        connection.exchange(request);
        stub.wait_until_closed();
    }
    SUBCASE("after a reply that said it was the last") {
        std::string last = http_reply(200, "ok");
        last.insert(last.find("\r\n") + 2, "Connection: close\r\n");
        stub.next({{What::send, last, {}}});
        connection.exchange(request);
    }
    const auto before = stub.requests().size();
    CHECK_FALSE(connection.is_ready());
    CHECK(failure_of(connection, request).sent == Sent::no);
    CHECK(stub.requests().size() == before);
    CHECK(stub.connections() == 1);
}

TEST_CASE("a connection that cannot be made ready says that nothing was sent") {
    std::uint16_t port = 0;
    {
        const StubServer gone;
        port = gone.port();
    }
    HttpConnection connection(
        std::make_shared<HttpEndpoint>("http://127.0.0.1:" + std::to_string(port) + "/"));
    try {
        connection.make_ready(5s);
        FAIL("there was a connection");
    } catch (const HttpFailure& failure) {
        CHECK(failure.sent() == Sent::no);
        CHECK(failure.cause() == HttpFailure::Cause::line);
    }
    CHECK_FALSE(connection.is_ready());
}

TEST_CASE("a break after the request is in doubt") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    for (const What end : {What::close, What::cut, What::reset}) {
        stub.next({{end, "", {}}});
        CHECK(failure_of(connection, post("x")).sent == Sent::perhaps);
    }
    CHECK(stub.requests().size() == 3);
}

TEST_CASE("a break while a large request is being written is in doubt") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.break_requests();
    const Failure failure = failure_of(connection, post(std::string(8u << 20, 'x')));
    CHECK(failure.sent == Sent::perhaps);
    CHECK(stub.requests().empty());
    CHECK(stub.connections() == 1);
}

TEST_CASE("a surplus reply never answers the next request") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    int pieces = 1;
    SUBCASE("in one piece with the first") {
        stub.next(sends(http_reply(200, "first") + http_reply(200, "surplus"), What::wait));
    }
    SUBCASE("after it") {
        stub.next({{What::send, http_reply(200, "first"), {}},
                   {What::wait, "", 50ms},
                   {What::send, http_reply(200, "surplus"), {}},
                   {What::wait, "", kLongWait}});
        pieces = 2;
    }
    CHECK(connection.exchange(post("1")).body == "first");
    stub.wait_until_sent(pieces);
    stub.next(replies(200, "second"));
    CHECK(connection.exchange(post("2")).body == "second");
    CHECK(stub.connections() == 2);
}

TEST_CASE("a body shorter than its length is no reply") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    std::string cut = http_reply(200, "<whole/>");
    cut.resize(cut.size() - 3);
    for (const What end : {What::close, What::reset}) {
        stub.next(sends(cut, end));
        CHECK(failure_of(connection, post("x")).sent == Sent::perhaps);
    }
}

TEST_CASE("a head cut short is no reply") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.next(sends("HTTP/1.1 200 OK\r\nContent-Le", What::close));
    CHECK(failure_of(connection, post("x")).sent == Sent::perhaps);
    stub.next(sends("no HTTP at all\r\n\r\n", What::close));
    CHECK(failure_of(connection, post("x")).sent == Sent::perhaps);
}

TEST_CASE("a chunked body that was cut shows only in its text, and ends the connection") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    std::string cut = chunked_reply({"<whole>", "</whole>"});
    cut.resize(cut.find("</whole>") + 3);
    stub.next(sends(cut, What::close));
    std::string body = "nothing";
    try {
        body = connection.exchange(post("1")).body;
    } catch (const HttpFailure& failure) {
        CHECK(failure.sent() == Sent::perhaps);
    }
    CHECK(body != "<whole></whole>");
    stub.next(replies(200, "next"));
    CHECK(connection.exchange(post("2")).body == "next");
    CHECK(stub.connections() == 2);
}

TEST_CASE("a body without a length ends with its connection") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.next(sends("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<open/>", What::close));
    CHECK(connection.exchange(post("1")).body == "<open/>");
    stub.next(replies(200, "next"));
    connection.exchange(post("2"));
    CHECK(stub.connections() == 2);
}

TEST_CASE("a dripping reply meets the deadline of the whole call") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    std::string wanted;
    std::size_t at_once = 0;
    const auto behind_head = [&] { return wanted.find("\r\n\r\n") + 4; };
    SUBCASE("in its head") {
        wanted = "HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'x');
    }
    SUBCASE("in a body with a length") {
        wanted = http_reply(200, std::string(100, 'x'));
        at_once = behind_head();
    }
    SUBCASE("in a body without one") {
        wanted = "HTTP/1.1 200 OK\r\n\r\n" + std::string(100, 'x');
        at_once = behind_head();
    }
    SUBCASE("in a chunk") {
        wanted = chunked_reply({std::string(100, 'x')});
        at_once = behind_head();
    }
    stub.next(
        {{What::send, wanted.substr(0, at_once), {}}, {What::drip, wanted.substr(at_once), 50ms}});
    Failure failure{Sent::no, ""};
    const auto time = time_of([&] { failure = failure_of(connection, post("x", 1s)); });
    CHECK(failure.sent == Sent::perhaps);
    CHECK(failure.what == "'127.0.0.1': no whole reply within 1 s");
    CHECK(time >= 950ms);
    CHECK(time < 8s);
}

TEST_CASE("a stalled reply meets the deadline, and its connection is given up") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    SUBCASE("before the first byte") {
        stub.next({{What::wait, "", kLongWait}});
    }
    SUBCASE("in the body") {
        std::string half = http_reply(200, "<whole/>");
        half.resize(half.size() - 3);
        stub.next(sends(half, What::wait));
    }
    const Failure failure = failure_of(connection, post("1", 1s));
    CHECK(failure.sent == Sent::perhaps);
    stub.next(replies(200, "next"));
    CHECK(connection.exchange(post("2")).body == "next");
    CHECK(stub.connections() == 2);
}

TEST_CASE("the deadline of one call does not strike at the next") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.next(replies(200, "one"));
    stub.next({{What::wait, "", 1500ms}, {What::send, http_reply(200, "two"), {}}});
    stub.next({{What::wait, "", kLongWait}});
    connection.exchange(post("1", 1s));
    CHECK(connection.exchange(post("2", 20s)).body == "two");
    // And an earlier one after a later one is kept.
    const auto time = time_of([&] { failure_of(connection, post("3", 500ms)); });
    CHECK(time < 8s);
    CHECK(stub.connections() == 1);
}

TEST_CASE("a reply above the size limit is given up") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    stub.next(replies(200, std::string(100'000, 'x')));
    HttpRequest request = post("x");
    request.size_limit = 50'000;
    const Failure failure = failure_of(connection, request);
    CHECK(failure.sent == Sent::perhaps);
    CHECK(failure.what.find("larger than 50000 bytes") != std::string::npos);
}

TEST_CASE("endless headers are given up") {
    StubServer stub;
    HttpConnection connection(endpoint_of(stub));
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 1000; ++i) head += "X-" + std::to_string(i) + ": y\r\n";
    stub.next(sends(head + "\r\n", What::wait));
    CHECK(failure_of(connection, post("x")).sent == Sent::perhaps);
}

TEST_CASE("a port nobody listens on: nothing was sent") {
    std::string url;
    {
        const StubServer gone;
        url = gone.url();
    }
    HttpConnection connection(std::make_shared<HttpEndpoint>(url));
    const Failure failure = failure_of(connection, post("x"));
    CHECK(failure.sent == Sent::no);
    CHECK(failure.what.find("cannot connect to '127.0.0.1'") != std::string::npos);
}

TEST_CASE("a host without an address: nothing was sent") {
    HttpConnection connection(std::make_shared<HttpEndpoint>("http://nowhere.invalid/"));
    CHECK(failure_of(connection, post("x")).sent == Sent::no);
}

TEST_CASE("all addresses of a host are tried") {
    const StubServer stub;  // On 127.0.0.1 only; localhost is ::1 too where there is IPv6.
    HttpConnection connection(endpoint_of(stub, "localhost"));
    CHECK(connection.exchange(post("x")).status == 500);
}

TEST_CASE("an endpoint is an http or https URL") {
    CHECK(HttpEndpoint("https://api.example.com/2.0/").is_secure());
    CHECK(HttpEndpoint("https://api.example.com/2.0/").host_header() == "api.example.com");
    CHECK(HttpEndpoint("http://[::1]:8080").host_header() == "[::1]:8080");
    CHECK(HttpEndpoint("http://[::1]:8080").path() == "/");
    CHECK(HttpEndpoint("http://127.1.2.3/").is_loopback());
    CHECK_FALSE(HttpEndpoint("http://localhost.example/").is_loopback());
    for (const char* wrong :
         {"", "api.example.com", "ftp://api.example.com/", "https://", "://x"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(HttpEndpoint{wrong}, std::invalid_argument);
    }
}

TEST_CASE("writing to a broken connection does not end the program") {
    StubServer stub;
    stub.otherwise([](const auto&) { return sends(http_reply(200, "ok"), What::wait); });
    const auto break_and_write = [&] {
        HttpConnection connection(endpoint_of(stub));
        connection.exchange(post("1"));
        for (const int number : sockets_to(stub.port())) ::shutdown(number, SHUT_WR);
        CHECK(failure_of(connection, post("2")).sent == Sent::no);
    };
    break_and_write();
    std::thread(break_and_write).join();
}
