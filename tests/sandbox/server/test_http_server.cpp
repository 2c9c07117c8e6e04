#include "sandbox/functions/function.h"
#include "sandbox/raw_connection.h"
#include "sandbox/sandbox_caller.h"
#include "sandbox/server/http_server.h"
#include "soap/soap_xml.h"
#include "soap/wsdl.h"
#include "support/sandbox_process.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <random>
#include <sys/stat.h>
#include <thread>

using namespace domspool;
using namespace domspool::test;
using soap::Value;

namespace {

// Somebody who talks to a running sandbox over one connection, and opens a new one when it ends.
class Wire {
  public:
    explicit Wire(const SandboxProcess& sandbox) : port_(sandbox.port()) {
        session = text_in(call("sessionOpen", {"AB123", "sandbox", "EN"}), "sessionOpen");
        const Value contact = contact_of(1);
        owner = text_in(send({"contactCreate", {{"p0", text(session)}, {"p1", contact}}}),
                        "contactCreate");
    }
    RawReply send(const soap::Call& call) {
        if (!connection_) connection_.emplace(port_);
        RawReply reply = connection_->post("/2.0/", soap::write_call(call));
        if (reply.is_closed) connection_.reset();
        return reply;
    }
    RawReply call(const std::string& function, const Texts& texts) {
        soap::Call call{function, {}};
        for (const std::string& each : texts) {
            call.parameters.push_back({"p" + std::to_string(call.parameters.size()), text(each)});
        }
        return send(call);
    }
    RawReply order(const std::string& domain) {
        return call("domainCreate",
                    {session, domain, owner, "AB123", "AB123", "AB123", "", "", "", "", "", "1"});
    }
    static std::string text_in(const RawReply& reply, const std::string& function) {
        return std::get<soap::Answer>(soap::read_reply(reply.body, function)).value.text;
    }
    static std::string state_in(const RawReply& reply) {
        return std::get<soap::Answer>(soap::read_reply(reply.body, "domainCreate"))
            .value.text_of("STATUS");
    }
    static std::string code_in(const RawReply& reply, const std::string& function) {
        const auto message = soap::read_reply(reply.body, function);
        const auto* fault = std::get_if<soap::Fault>(&message);
        return fault != nullptr ? fault->code : "";
    }

    std::string session, owner;

  private:
    std::uint16_t port_;
    std::optional<RawConnection> connection_;
};

bool is_there(SandboxProcess& sandbox, const std::string& name) {
    for (const SandboxDomain& domain : sandbox.domains()) {
        if (domain.name == name) return true;
    }
    return false;
}

std::string sending_of_last_call(SandboxProcess& sandbox) {
    return sandbox.calls().back().sending;
}

}  // namespace

TEST_CASE("a connection is kept for any number of calls") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    RawConnection connection(sandbox.port());
    const std::string hello = soap::write_call({"hello", {{"p0", text(wire.session)}}});
    for (int i = 0; i < 500; ++i) {
        const RawReply reply = connection.post("/2.0/", hello);
        REQUIRE(reply.status == 200);
        REQUIRE(reply.is_whole);
        REQUIRE_FALSE(reply.is_closed);
    }
}

TEST_CASE("requests sent in one go are answered one after another") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    RawConnection connection(sandbox.port());
    const std::string hello =
        post_text("/2.0/", soap::write_call({"hello", {{"p0", text(wire.session)}}}));
    connection.send(hello + hello + hello);
    for (int i = 0; i < 3; ++i) CHECK(connection.read_reply().status == 200);
}

TEST_CASE("only 127.0.0.1 is served") {
    SandboxProcess sandbox;
    CHECK_NOTHROW(RawConnection(sandbox.port()));
    CHECK_THROWS(RawConnection(sandbox.port(), "127.0.0.2"));
}

TEST_CASE("a fault is sent with status 500 and the sandbox's date") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("advance 86400000");  // A thousand days.
    const RawReply reply = wire.call("hello", {"nobody"});
    CHECK(reply.status == 500);
    CHECK(header_of(reply, "Content-Type") == "text/xml; charset=utf-8");
    CHECK(Wire::code_in(reply, "hello") == "E02-M0201");
    const auto year =
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(
                                        std::chrono::system_clock::now() + std::chrono::days(1000)))
            .year();
    CHECK(header_of(reply, "Date").find(std::to_string(static_cast<int>(year))) !=
          std::string::npos);
}

TEST_CASE("a lost reply has had its effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:lose_reply");
    const RawReply reply = wire.order("lost.com");
    CHECK(reply.is_closed);
    CHECK(reply.head.empty());
    CHECK(is_there(sandbox, "lost.com"));
    CHECK(sending_of_last_call(sandbox) == "lose_reply");
    CHECK(Wire::state_in(wire.order("next.com")) == "Done");
}

TEST_CASE("a cut reply promises more than comes") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:cut_reply");
    const RawReply reply = wire.order("cut.com");
    CHECK(reply.status == 200);
    CHECK(reply.is_closed);
    CHECK_FALSE(reply.is_whole);
    CHECK(reply.body.size() > 100);
    CHECK(reply.body.size() < std::stoul(header_of(reply, "Content-Length")));
    CHECK_THROWS_AS(soap::read_reply(reply.body, "domainCreate"), soap::UnreadableMessage);
    CHECK(is_there(sandbox, "cut.com"));
}

TEST_CASE("a delayed reply comes late, its effect at once") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:delay=1.5");
    std::atomic<bool> has_reply{false}, was_early{false};
    std::thread watcher([&] {
        while (!has_reply && !was_early) was_early = is_there(sandbox, "late.com") && !has_reply;
    });
    const auto begun = std::chrono::steady_clock::now();
    const RawReply reply = wire.order("late.com");
    has_reply = true;
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(1500));
    watcher.join();
    CHECK(was_early);
    CHECK(Wire::state_in(reply) == "Done");
}

TEST_CASE("a web page comes instead of an answer, before or after the effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:html_502\nmisbehave domainCreate:html_502_after");
    for (const char* domain : {"before.com", "after.com"}) {
        const RawReply reply = wire.order(domain);
        CHECK(reply.status == 502);
        CHECK(header_of(reply, "Content-Type") == "text/html");
        CHECK(reply.body.starts_with("<html>"));
    }
    CHECK_FALSE(is_there(sandbox, "before.com"));
    CHECK(is_there(sandbox, "after.com"));
}

TEST_CASE("an empty reply comes, before or after the effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control(
        "misbehave domainCreate:empty_500\nmisbehave domainCreate:empty_500_after\n"
        "misbehave domainCreate:empty_200_after");
    const RawReply before = wire.order("before.com"), after = wire.order("after.com"),
                   fine = wire.order("fine.com");
    CHECK(before.status == 500);
    CHECK(after.status == 500);
    CHECK(fine.status == 200);
    for (const RawReply* reply : {&before, &after, &fine}) {
        CHECK(reply->body.empty());
        CHECK(reply->is_whole);
    }
    CHECK_FALSE(is_there(sandbox, "before.com"));
    CHECK(is_there(sandbox, "after.com"));
    CHECK(is_there(sandbox, "fine.com"));
}

TEST_CASE("a fault without code comes after the effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:fault_without_code");
    const RawReply reply = wire.order("crash.com");
    CHECK(reply.status == 500);
    CHECK(Wire::code_in(reply, "domainCreate") == "SOAP-ENV:Server");
    CHECK(reply.body.find("E0") == std::string::npos);
    CHECK(is_there(sandbox, "crash.com"));
}

TEST_CASE("a fault with a code that proves nothing comes, before or after the effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control(
        "misbehave domainCreate:unknown_code\nmisbehave domainCreate:unknown_code_after");
    for (const char* domain : {"before.com", "after.com"}) {
        const RawReply reply = wire.order(domain);
        CHECK(reply.status == 500);
        CHECK(Wire::code_in(reply, "domainCreate") == "E99-M9901");
    }
    CHECK_FALSE(is_there(sandbox, "before.com"));
    CHECK(is_there(sandbox, "after.com"));
}

TEST_CASE("a dropped call has had no effect") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave domainCreate:drop_before");
    const RawReply reply = wire.order("dropped.com");
    CHECK(reply.is_closed);
    CHECK(reply.head.empty());
    CHECK_FALSE(is_there(sandbox, "dropped.com"));
}

TEST_CASE("a login is refused and a session expires on demand") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave sessionOpen:refuse_login\nmisbehave domainCreate:expire_session");
    CHECK(Wire::code_in(wire.call("sessionOpen", {"AB123", "sandbox", "EN"}), "sessionOpen") ==
          "E01-M0101");
    CHECK(Wire::code_in(wire.order("expired.com"), "domainCreate") == "E02-M0201");
    CHECK(Wire::code_in(wire.call("hello", {wire.session}), "hello") == "E02-M0201");
    CHECK_FALSE(is_there(sandbox, "expired.com"));
    CHECK(Wire::code_in(wire.call("sessionOpen", {"AB123", "sandbox", "EN"}), "sessionOpen") == "");
}

TEST_CASE("the pending list can come without targets") {
    SandboxProcess sandbox({"--hold-pending"});
    Wire wire(sandbox);
    wire.order("slow.com");
    sandbox.control("misbehave queryOpePending:pending_list_without_targets");
    for (const char* target : {"", "slow.com"}) {
        const RawReply reply = wire.call("queryOpePending", {wire.session});
        const auto list =
            std::get<soap::Answer>(soap::read_reply(reply.body, "queryOpePending")).value;
        REQUIRE(list.members.size() == 1);
        CHECK(list.members.front().value.text_of("data_ope") == target);
        CHECK_FALSE(list.members.front().value.text_of("id_ope").empty());
    }
}

TEST_CASE("a killed sandbox goes on where it was") {
    SandboxProcess sandbox({"--hold-pending"});
    Wire wire(sandbox);
    CHECK(Wire::state_in(wire.order("slow.com")) == "Pending");
    CHECK(Wire::state_in(wire.order("done.com")) == "Done");
    const auto operations = sandbox.operations();
    const auto calls = sandbox.calls().size();
    sandbox.kill();
    sandbox.restart();
    CHECK(is_there(sandbox, "done.com"));
    CHECK(sandbox.calls().size() == calls);
    REQUIRE(sandbox.operations().size() == operations.size());
    CHECK(sandbox.operations().front().id == operations.front().id);
    CHECK(sandbox.operations().front().status == "Pending");
    Wire again(sandbox);
    // The session, too, is still there.
    CHECK(Wire::code_in(again.call("hello", {wire.session}), "hello") == "");
    CHECK(Wire::code_in(again.order("done.com"), "domainCreate") == "E15-M1503");
    CHECK(Wire::code_in(again.order("slow.com"), "domainCreate") == "E12-M1210");
}

TEST_CASE("a kill in the middle of orders loses none that was answered") {
    SandboxProcess sandbox;
    for (int round = 0; round < 3; ++round) {
        Wire wire(sandbox);
        std::atomic<int> answered{0};
        std::thread orders([&] {
            try {
                while (wire.order("r" + std::to_string(round) + "-" +
                                  std::to_string(answered.load()) + ".com")
                           .status == 200) {
                    ++answered;
                }
            } catch (const std::runtime_error&) {  // Nobody listens any more.
            }
        });
        while (answered < 20) std::this_thread::yield();
        sandbox.kill();
        orders.join();
        sandbox.restart();
        for (int i = 0; i < answered; ++i) {
            CHECK(
                is_there(sandbox, "r" + std::to_string(round) + "-" + std::to_string(i) + ".com"));
        }
    }
}

TEST_CASE("operations end after --delay by the real clock") {
    SandboxProcess sandbox({"--delay", "0.4"});
    Wire wire(sandbox);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(Wire::state_in(wire.order("slow.com")) == "Pending");
    while (sandbox.operations().front().status == "Pending") {
        REQUIRE(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
    }
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(390));
    CHECK(sandbox.operations().front().status == "Done");
}

TEST_CASE("the WSDL and the page of functions are served under the name that was asked") {
    SandboxProcess sandbox;
    RawConnection connection(sandbox.port());
    for (const char* path : {"/2.0/api.wsdl", "/2.0/?wsdl", "/2.0/?WSDL"}) {
        const RawReply reply = connection.get(path);
        CHECK(reply.status == 200);
        CHECK(soap::read_wsdl(reply.body).size() == sandbox::all_functions().size());
        CHECK(reply.body.find("location=\"http://registrar.example/2.0/\"") != std::string::npos);
    }
    const RawReply page = connection.get("/2.0/");
    CHECK(page.status == 200);
    CHECK(page.body.find("<li>domainCreate</li>") != std::string::npos);
    CHECK(connection.get("/elsewhere").status == 404);
    CHECK(connection.post("/2.0/nowhere", "x").status == 404);
}

TEST_CASE("old and careful clients are understood") {
    SandboxProcess sandbox;
    RawConnection old(sandbox.port());
    old.send("GET /2.0/api.wsdl HTTP/1.0\r\n\r\n");
    const RawReply wsdl = old.read_reply();
    CHECK(wsdl.status == 200);
    CHECK(wsdl.body.find("location=\"http://127.0.0.1:") != std::string::npos);

    const std::string login = soap::write_call(
        {"sessionOpen", {{"a", text("AB123")}, {"b", text("sandbox")}, {"c", text("EN")}}});
    RawConnection careful(sandbox.port());
    careful.send("POST /2.0/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " +
                 std::to_string(login.size()) + "\r\n\r\n");
    // Only after the server's word does the body go out; read_reply() would wait in vain.
    RawConnection chunked(sandbox.port());
    chunked.send("POST /2.0/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", login.size());
    chunked.send(std::string(size) + login + "\r\n0\r\n\r\n");
    CHECK(chunked.read_reply().status == 200);
    CHECK(careful.read_head().starts_with("HTTP/1.1 100"));
    careful.send(login);
    CHECK(careful.read_reply().status == 200);
}

TEST_CASE("HEAD gets headers alone, other methods are refused") {
    SandboxProcess sandbox;
    RawConnection connection(sandbox.port());
    connection.send("HEAD /2.0/api.wsdl HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(connection.read_head().starts_with("HTTP/1.1 200"));
    connection.send("DELETE /2.0/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    CHECK(connection.read_reply().status == 405);
}

TEST_CASE("a body beyond the limit is refused and the connection closed") {
    SandboxProcess sandbox;
    RawConnection connection(sandbox.port());
    const std::string body(5u << 20, ' ');
    connection.send(post_text("/2.0/", body));
    const RawReply reply = connection.read_reply();
    // The refusal, or the reset of a connection that is closed with bytes unread.
    CHECK((reply.status == 413 || reply.is_closed));
    Wire wire(sandbox);
    CHECK(Wire::state_in(wire.order("after.com")) == "Done");
}

TEST_CASE("broken requests harm nobody") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    const std::string good = post_text(
        "/2.0/",
        soap::write_call({"contactCreate", {{"p0", text(wire.session)}, {"p1", contact_of(1)}}}));
    std::mt19937 random(20260302);
    const auto below = [&](std::size_t limit) { return random() % limit; };
    int answered = 0;
    for (int i = 0; i < 600; ++i) {
        std::string bad = good;
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
            const std::size_t at = below(bad.size());
            switch (below(5)) {
                case 0:
                    bad[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    bad.erase(at, 1 + below(40));
                    break;
                case 2:
                    bad.insert(at, bad.substr(below(bad.size()), below(200)));
                    break;
                case 3:
                    bad.resize(at + 1);
                    break;
                default:
                    bad.insert(at, std::string(below(3000), "<&\r\n\0>"[below(6)]));
                    break;
            }
        }
        CAPTURE(i);
        RawConnection connection(sandbox.port());
        connection.send(bad);
        connection.end_sending();
        answered += connection.read_reply().status != 0 ? 1 : 0;
        REQUIRE(sandbox.is_running());
    }
    CHECK(answered > 100);
    CHECK(Wire::state_in(wire.order("still-here.com")) == "Done");
}

TEST_CASE("broken XML gets the client's fault") {
    SandboxProcess sandbox;
    const std::string good = soap::write_call({"hello", {{"p0", text("nobody")}}});
    const auto body = good.find("<SOAP-ENV:Body>") + 15;
    std::string deep = good;
    for (int i = 0; i < 5000; ++i) deep.insert(body, "<a>");
    std::string swelling = good;
    swelling.insert(swelling.find("<SOAP-ENV:Envelope"),
                    "<!DOCTYPE e [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>");
    RawConnection connection(sandbox.port());
    for (const std::string& bad :
         {std::string(), std::string("no xml"), good.substr(0, good.size() / 2), deep, swelling,
          "<a/>" + good, std::string("\0\0\0", 3),
          std::string("<?xml version='1.0'?><a>\xff</a>")}) {
        CAPTURE(bad.substr(0, 40));
        const RawReply reply = connection.post("/2.0/", bad);
        CHECK(reply.status == 500);
        CHECK(Wire::code_in(reply, "hello") == "SOAP-ENV:Client");
    }
}

TEST_CASE("a second sandbox gets neither the port nor the state of the first") {
    SandboxProcess sandbox;
    const Scratch scratch;
    const SandboxEnd port = sandbox_that_ends(
        {"--quiet", "--port", std::to_string(sandbox.port()), "--state", scratch / "other.db"});
    CHECK(port.code == 73);
    CHECK(port.errors.find("cannot listen on port") != std::string::npos);
    const SandboxEnd state = sandbox_that_ends({"--quiet", "--state", sandbox.state_file()});
    CHECK(state.code == 78);
    CHECK(state.errors.find("another registrar-sandbox has it") != std::string::npos);
}

TEST_CASE("a state or password file that others may read is refused") {
    const Scratch scratch;
    write_text(scratch / "password", "secret word\n");
    REQUIRE(::chmod((scratch / "password").c_str(), 0640) == 0);
    const SandboxEnd password =
        sandbox_that_ends({"--quiet", "--password-file", scratch / "password"});
    CHECK(password.code == 77);
    CHECK(password.errors.find("chmod 600") != std::string::npos);
    CHECK(password.errors.find("secret word") == std::string::npos);

    std::string state;
    {
        SandboxProcess sandbox;
        state = sandbox.state_file();
        CHECK((std::filesystem::status(state).permissions() & std::filesystem::perms::all) ==
              static_cast<std::filesystem::perms>(0600));
        CHECK(sandbox.stop() == 0);
        REQUIRE(::chmod(state.c_str(), 0604) == 0);
        const SandboxEnd opened = sandbox_that_ends({"--quiet", "--state", state});
        CHECK(opened.code == 77);
        CHECK(opened.errors.find("chmod 600") != std::string::npos);
    }
}

TEST_CASE("what cannot be a state or password file says so") {
    const Scratch scratch;
    write_text(scratch / "no-database", "this is a letter, not a database, and long enough\n");
    REQUIRE(::chmod((scratch / "no-database").c_str(), 0600) == 0);
    CHECK(sandbox_that_ends({"--quiet", "--state", scratch / "no-database"}).code == 78);
    CHECK(sandbox_that_ends({"--quiet", "--state", scratch / "no/such/folder"}).code == 73);
    CHECK(sandbox_that_ends({"--quiet", "--password-file", scratch / "none"}).code == 66);
    write_text(scratch / "empty", "\n");
    REQUIRE(::chmod((scratch / "empty").c_str(), 0600) == 0);
    CHECK(sandbox_that_ends({"--quiet", "--password-file", scratch / "empty"}).code == 64);
    CHECK(sandbox_that_ends({"--quite"}).code == 64);
}

TEST_CASE("the password comes from its file") {
    const Scratch scratch;
    write_text(scratch / "password", "p\xC3\xA4ss <word>\n");
    REQUIRE(::chmod((scratch / "password").c_str(), 0600) == 0);
    SandboxProcess sandbox({"--password-file", scratch / "password"});
    RawConnection connection(sandbox.port());
    const auto log_in = [&](const std::string& password) {
        return connection
            .post("/2.0/", soap::write_call(
                               {"sessionOpen",
                                {{"a", text("AB123")}, {"b", text(password)}, {"c", text("EN")}}}))
            .status;
    };
    CHECK(log_in("p\xC3\xA4ss <word>") == 200);
    CHECK(log_in("sandbox") == 500);
}

TEST_CASE("SIGTERM ends it at once, also in a delayed reply, and takes the port file away") {
    SandboxProcess sandbox;
    Wire wire(sandbox);
    sandbox.control("misbehave hello:delay=3600");
    RawConnection waiting(sandbox.port());
    waiting.send(post_text("/2.0/", soap::write_call({"hello", {{"p0", text(wire.session)}}})));
    while (sandbox.count_calls("hello") == 0) std::this_thread::yield();
    CHECK(std::filesystem::exists(sandbox.port_file()));
    const auto begun = std::chrono::steady_clock::now();
    CHECK(sandbox.stop() == 0);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(60));
    CHECK_FALSE(std::filesystem::exists(sandbox.port_file()));
}

TEST_CASE("many callers at once are all answered") {
    SandboxProcess sandbox({"--max-sessions", "30"});
    std::vector<std::thread> callers;
    std::atomic<int> done{0};
    for (int i = 0; i < 24; ++i) {
        callers.emplace_back([&, i] {
            Wire wire(sandbox);
            for (int k = 0; k < 5; ++k) {
                const std::string name = std::to_string(i) + "-" + std::to_string(k) + ".com";
                if (Wire::state_in(wire.order(name)) == "Done") ++done;
            }
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(done == 120);
    CHECK(sandbox.domains().size() == 120);
}
