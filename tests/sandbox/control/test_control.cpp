#include "sandbox/control/control.h"
#include "sandbox/sandbox_caller.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

struct Account : SandboxAccount {
    using SandboxAccount::SandboxAccount;
    std::string control(const std::string& commands) { return answering->control(commands).body; }
    std::string state_of(const Got& operation) {
        return call("queryOpe", {std::to_string(operation.id())}).state();
    }
};

}  // namespace

TEST_CASE("operations end by hand as they are told") {
    Account account({.hold_pending = true});
    const Got done = account.order("slow-a.com", account.owner);
    const Got failed = account.order("slow-b.com", account.owner);
    const Got cancelled = account.order("slow-c.com", account.owner);
    account.pass(std::chrono::hours(1));
    REQUIRE(account.log_in());
    CHECK(account.state_of(done) == "Pending");
    const auto id = [](const Got& got) { return std::to_string(got.id()); };
    CHECK(account.control("finish " + id(done) + "\nfail " + id(failed) +
                          " not this name\r\ncancel " + id(cancelled) + "\n") == "ok\nok\nok\n");
    CHECK(account.state_of(done) == "Done");
    CHECK(account.call("queryOpe", {id(failed)}).value.text_of("MESSAGE") == "not this name");
    CHECK(account.state_of(cancelled) == "Cancelled");
    CHECK(account.shown("slow-a.com", "status") == "ACTIVE, DELEGATED");
    CHECK(account.shown("slow-b.com", "status") == "ERROR");
    CHECK(account.balance() == "9990.50");
}

TEST_CASE("a failed operation can be revived, and its money is taken again") {
    Account account({.hold_pending = true});
    const Got got = account.order("slow.com", account.owner);
    const std::string id = std::to_string(got.id());
    account.control("fail " + id);
    CHECK(account.balance() == "10000.00");
    CHECK(account.control("revive " + id) == "ok\n");
    CHECK(account.state_of(got) == "Pending");
    CHECK(account.shown("slow.com", "status") == "PENDING");
    CHECK(account.balance() == "9990.50");
    CHECK(account.control("revive " + id).starts_with("error"));
    CHECK(account.control("finish-all") == "ok\n");
    CHECK(account.state_of(got) == "Done");
    CHECK(account.control("revive " + id).starts_with("error"));
    CHECK(account.control("fail " + id).starts_with("error"));
}

TEST_CASE("hold and delay rule the operations to come") {
    Account account;
    CHECK(account.control("hold on") == "ok\n");
    const Got held = account.order("slow-a.com", account.owner);
    CHECK(account.control("hold off\ndelay 60") == "ok\nok\n");
    const Got slow = account.order("slow-b.com", account.owner);
    account.pass(std::chrono::milliseconds(59'999));
    CHECK(account.state_of(slow) == "Pending");
    account.pass(std::chrono::milliseconds(1));
    CHECK(account.state_of(slow) == "Done");
    CHECK(account.state_of(held) == "Pending");
}

TEST_CASE("advance moves the clock for sessions and operations") {
    Account account;
    const Got slow = account.order("slow.com", account.owner);
    CHECK(account.control("advance 5") == "ok\n");
    CHECK(account.state_of(slow) == "Done");
    account.control("advance 1200");
    CHECK(account.call("hello").code() == "E02-M0201");
}

TEST_CASE("somebody else's operation shows in the list and takes effect") {
    Account account({.hold_pending = true});
    account.order("example.com", account.owner);
    const std::string answer =
        account.control("start-operation domainChangeDNS Example.com ns=a.example,b.example");
    REQUIRE(answer.starts_with("ok "));
    const std::string id = answer.substr(3, answer.size() - 4);
    const Got list = account.call("queryOpePending");
    REQUIRE(list.value.members.size() == 1);
    CHECK(list.value.members.front().value.text_of("id_ope") == id);
    CHECK(list.value.members.front().value.text_of("data_ope") == "example.com");
    CHECK(account.call("domainSetPreference", {"example.com", "registrar_lock", "1"}).code() ==
          "E12-M1210");
    account.control("finish " + id);
    const Got info = account.call("domainInfo", {"example.com"});
    CHECK(info.value.find("ns")->members.front().value.text == "a.example");
}

TEST_CASE("operations of an extension are closed and opened by hand") {
    Account account;
    CHECK(account.control("close com domainCreate\nopen es domaintransferowner") == "ok\nok\n");
    CHECK(account.order("example.com", account.owner).code() == "E12-M1204");
    CHECK(account.call("queryOpeList", {"com"}).value.integer_of("domainCreate") == 0);
    CHECK(account.call("queryOpeList", {"es"}).value.integer_of("domainTransferOwner") == 1);
    CHECK(account.call("domainCheck", {"example.com"})
              .value.members.front()
              .value.text_of("result") == "CLOSED");
    account.control("open com domainCreate");
    CHECK(account.order("example.com", account.owner).state() == "Done");
}

TEST_CASE("domains are placed, changed and taken away by hand") {
    Account account;
    CHECK(account.control("add-domain Mine.com idOwner=" + account.owner +
                          " status=EXPIRED,_HOLD,_NOT_DELEGATED dateExpiration=2026-01-31 "
                          "domainIsLock=1") == "ok\n");
    CHECK(account.shown("mine.com", "status") == "EXPIRED, HOLD, NOT DELEGATED");
    CHECK(account.shown("mine.com", "dateMaxRenew") == "2026-03-02");
    CHECK(account.shown("mine.com", "domainIsLock") == "1");
    CHECK(account.control("set-domain mine.com autoRenew=1") == "ok\n");
    CHECK(account.shown("mine.com", "autoRenew") == "1");
    CHECK(account.control("drop-domain mine.com") == "ok\n");
    CHECK(account.shown("mine.com", "status") == "E15-M1502");
}

TEST_CASE("balance and fees are set by hand") {
    Account account;
    CHECK(account.control("set-balance 12.34\nraise-fee COM 2") == "ok\nok\n");
    CHECK(account.call("queryDomainPrice", {"example.com", ""}).value.text_of("Fee4Registration") ==
          "11.50");
    account.order("example.com", account.owner);
    CHECK(account.balance() == "0.84");
}

TEST_CASE("sessions of the web panel fill the places and can be ended") {
    Account account;
    CHECK(account.control("open-sessions 9") == "ok\n");
    CHECK_FALSE(account.log_in());
    CHECK(account.control("expire-sessions") == "ok\n");
    CHECK(account.call("hello").code() == "E02-M0201");
    CHECK(account.log_in());
    CHECK(account.control("open-sessions 4\nopen-sessions 4") == "ok\nok\n");
    CHECK(account.call("queryAllSessions").value.members.size() == 9);
}

TEST_CASE("rules of misbehaviour are added and taken away") {
    Account account;
    CHECK(account.control("misbehave hello:fault_without_code:always") == "ok\n");
    CHECK(account.call("hello").code() == "SOAP-ENV:Server");
    CHECK(account.control("behave") == "ok\n");
    CHECK_FALSE(account.call("hello").fault);
}

TEST_CASE("a wrong command says so and changes nothing") {
    Account account;
    account.order("example.com", account.owner);
    const std::string domains = account.answering->list_domains().body;
    for (const char* command : {"nonsense",
                                "finish",
                                "finish x",
                                "finish 1",
                                "hold maybe",
                                "delay -1",
                                "delay nan",
                                "delay 1e300",
                                "advance 1e300",
                                "advance inf",
                                "set-balance lots",
                                "set-balance 1e300",
                                "raise-fee zz 1",
                                "close zz domainCreate",
                                "close com domainCreat",
                                "add-domain nonsense",
                                "add-domain new.zz",
                                "add-domain new.com colour=red",
                                "add-domain new.com dateCreate=2026-02-30",
                                "set-domain example.com domainIsLock=yes",
                                "set-domain example.com status",
                                "set-domain other.com autoRenew=1",
                                "drop-domain other.com",
                                "open-sessions -1",
                                "open-sessions 1000000000",
                                "start-operation domainChangeDNS",
                                "misbehave hello",
                                "misbehave helo:lose_reply"}) {
        CAPTURE(command);
        const auto reply = account.answering->control(command);
        CHECK(reply.status == 400);
        CHECK(reply.body.starts_with("error: "));
    }
    CHECK(account.answering->list_domains().body == domains);
    CHECK(account.balance() == "9990.50");
    CHECK(account.call("queryAllSessions").value.members.size() == 1);
}

TEST_CASE("one wrong line does not undo the others") {
    Account account;
    const auto reply = account.answering->control("set-balance 5\nnonsense\nadd-domain a.com\n");
    CHECK(reply.status == 400);
    CHECK(account.balance() == "5.00");
    CHECK(account.shown("a.com", "status") == "ACTIVE, DELEGATED");
}
