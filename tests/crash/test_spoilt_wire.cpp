// Between a program and the registrar the wire does what it must not: it closes a kept connection
// just as the order goes out, brings a reply nobody asked for, lets the answer drip. Each order is
// executed exactly once, and no answer is taken for another's.
#include "crash/rehearsal.h"
#include "crash/scenes.h"
#include "support/relay.h"
#include "support/stub_server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

using namespace domspool::test;
using namespace std::chrono_literals;
using What = StubAction::What;

namespace {

// An operation that there is not at the registrar.
std::string forged(const std::string& function) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope "
           "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
           "xmlns:ns1=\"urn:DRS\"><SOAP-ENV:Body><ns1:" +
           function +
           "Response><return><STATUS>Done</STATUS><ID_OPE>5999999</ID_OPE></return></ns1:" +
           function + "Response></SOAP-ENV:Body></SOAP-ENV:Envelope>";
}

// Hands each request on to the sandbox and the reply back; spoils what `spoil` says.
class Wire {
  public:
    // What becomes of the reply, given the function called; nothing: it goes as it is.
    using Spoil = std::function<std::optional<StubReaction>(const std::string& function,
                                                            const std::string& reply)>;
    // The first request for the function `lost` is not handed on; its connection is reset.
    Wire(SandboxProcess& registrar, Spoil spoil, std::string lost = "")
        : port_(registrar.port()), spoil_(std::move(spoil)), lost_(std::move(lost)) {
        server_.otherwise([this](const StubRequest& request) { return react(request); });
    }

    std::string url() const { return server_.url() + "2.0/"; }
    int spoilt() const { return spoilt_; }
    void behave() { behaves_ = true; }

  private:
    static std::string function_in(const std::string& body) {
        const auto in_body = body.find("Body>");
        const auto colon = body.find(':', body.find('<', in_body + 5));
        return body.substr(colon + 1, body.find_first_of(" >/", colon) - colon - 1);
    }

    StubReaction react(const StubRequest& request) {
        const std::lock_guard lock(mutex_);
        const std::string function = function_in(request.body);
        if (behaves_) return {{What::send, handed_on(request, port_), 0ms}};
        if (function == lost_) {
            lost_.clear();
            ++spoilt_;
            return {{What::reset, "", 0ms}};
        }
        const std::string reply = handed_on(request, port_);
        if (auto spoilt = spoil_(function, reply)) {
            ++spoilt_;
            return *spoilt;
        }
        return {{What::send, reply, 0ms}};
    }

    std::uint16_t port_;
    Spoil spoil_;
    std::string lost_;
    std::atomic<int> spoilt_ = 0;
    std::atomic<bool> behaves_ = false;
    std::mutex mutex_;
    StubServer server_;  // Last: its threads go first.
};

Scene one_order() {
    return plain_registrations({"now-shop.com"});
}

// A ledger belongs to one endpoint, so it is made anew for the wire's; then the wire behaves.
ProgramEnd order_over(Rehearsal& rehearsal, Wire& wire) {
    rehearsal.shop().write_settings({{"registrar.endpoint", wire.url()}});
    rehearsal.forget_all();
    const ProgramEnd end = rehearsal.order();
    wire.behave();
    return end;
}

void check_once(Rehearsal& rehearsal, const Leeway& leeway) {
    CHECK(rehearsal.finish() == "");
    CHECK(rehearsal.faults(leeway) == "");
}

}  // namespace

TEST_CASE("a kept connection closed as the order goes out: nothing is sent twice") {
    Rehearsal rehearsal(one_order());
    Wire wire(rehearsal.shop().registrar(), [](const auto&, const std::string& reply) {
        return std::optional(StubReaction{{What::send, reply, 0ms}, {What::close, "", 0ms}});
    });
    const ProgramEnd end = order_over(rehearsal, wire);
    CHECK(wire.spoilt() >= 2);
    // A question on the closed connection may have been lost: then nothing was ordered yet.
    const bool is_told = end.code == 0 || end.code == 1 || end.code == 75;
    CHECK_MESSAGE(is_told, end.err);
    rehearsal.let_doubts_grow_old();
    check_once(rehearsal, {});
}

TEST_CASE("a connection reset when the order has come is a doubt, not a second sending") {
    Rehearsal rehearsal(one_order());
    Wire wire(
        rehearsal.shop().registrar(), [](const auto&, const auto&) { return std::nullopt; },
        "domainCreate");
    const ProgramEnd end = order_over(rehearsal, wire);
    CHECK(wire.spoilt() == 1);
    CHECK(end.code == 1);
    CHECK(rehearsal.shop().orders().at("now-shop.com").at("state") == "in_doubt");
    CHECK(rehearsal.shop().registrar().count_calls("domainCreate") == 0);
    rehearsal.let_doubts_grow_old();
    check_once(rehearsal, {});
}

TEST_CASE("a surplus reply behind another is never the answer to the order") {
    Rehearsal rehearsal(one_order());
    Wire wire(rehearsal.shop().registrar(),
              [](const std::string& function, const std::string& reply) {
                  const StubReaction both = {
                      {What::send, reply + http_reply(200, forged("domainCreate")), 0ms}};
                  return function != "domainCreate" ? std::optional(both) : std::nullopt;
              });
    const ProgramEnd end = order_over(rehearsal, wire);
    CHECK(wire.spoilt() >= 5);
    CHECK_MESSAGE(end.code == 0, end.err);
    CHECK(rehearsal.shop().registrar().count_calls("domainCreate") == 1);
    check_once(rehearsal, {});
}

// It may come when the next call is out already; then its function gives it away.
TEST_CASE("a surplus reply that comes late is not taken for the answer to another call") {
    Rehearsal rehearsal(one_order());
    Wire wire(rehearsal.shop().registrar(), [](const auto&, const std::string& reply) {
        return std::optional(StubReaction{{What::send, reply, 0ms},
                                          {What::wait, "", 10ms},
                                          {What::send, http_reply(200, forged("hello")), 0ms}});
    });
    const ProgramEnd end = order_over(rehearsal, wire);
    CHECK(wire.spoilt() >= 1);
    const bool is_told = end.code == 0 || end.code == 1 || end.code == 75;
    CHECK_MESSAGE(is_told, end.err);
    rehearsal.let_doubts_grow_old();
    check_once(rehearsal, {.id_unknown = true});
}

TEST_CASE("an answer that drips past the deadline is a doubt, and settled by looking") {
    Rehearsal rehearsal(one_order());
    Wire wire(rehearsal.shop().registrar(),
              [](const std::string& function, const std::string& reply) {
                  const StubReaction drip = {{What::drip, reply, 1s}};
                  return function == "domainCreate" ? std::optional(drip) : std::nullopt;
              });
    const auto began = std::chrono::steady_clock::now();
    const ProgramEnd end = order_over(rehearsal, wire);
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(took >= Rehearsal::longest_call());
    CHECK(took < Rehearsal::longest_call() + 15s);
    CHECK(end.code == 1);
    CHECK(rehearsal.shop().orders().at("now-shop.com").at("state") == "in_doubt");
    rehearsal.let_doubts_grow_old();
    CHECK(rehearsal.shop().registrar().count_calls("domainCreate") == 1);
    check_once(rehearsal, {.id_unknown = true});
}
