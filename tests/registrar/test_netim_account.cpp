// What nobody may read: passwords, session ids and EPP codes in any text that leaves the client.
#include "registrar/netim_account.h"
#include "registrar/netim_registrar.h"
#include "support/ready.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::ready;
using domspool::test::StubRegistrar;

namespace {

constexpr const char* kSession = "0123456789abcdef0123456789abcde1";
constexpr const char* kCode = "Epp<Code>77";
constexpr const char* kCodeInXml = "Epp&lt;Code&gt;77";

std::string text_of(const Outcome& outcome) {
    if (const auto* done = std::get_if<Done>(&outcome)) return done->message + done->value;
    if (const auto* pending = std::get_if<Pending>(&outcome)) {
        return pending->status + pending->message;
    }
    if (const auto* refused = std::get_if<Refused>(&outcome)) return refused->code + refused->text;
    if (const auto* later = std::get_if<TryLater>(&outcome)) return later->code + later->text;
    return std::get<InDoubt>(outcome).evidence;
}

bool holds_a_secret(const std::string& text) {
    for (const char* secret :
         {StubRegistrar::kPassword, "s3cret &amp; more", kSession, kCode, kCodeInXml, "s3cret"}) {
        if (text.find(secret) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("no text that leaves the client holds a secret, whatever the registrar repeats") {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    const auto account = std::make_shared<NetimAccount>(stub.settings(), clock, log);
    NetimRegistrar registrar(account);
    const std::string gossip =
        "login AB123/s3cret &amp; more, session " + std::string(kSession) + ", code " + kCodeInXml;
    const TransferRequest request{DomainName::from_stored("example.com"), Secret(kCode), {}, {}};
    const std::vector<std::pair<std::string, int>> answers{
        {operation_xml("domainTransferIn", "5", "Done", gossip), 200},
        {operation_xml("domainTransferIn", "5", "Failed", gossip), 200},
        {operation_xml("domainTransferIn", "5", "Pending", gossip), 200},
        {operation_xml("domainTransferIn", "", gossip, ""), 200},
        {fault_xml("E12-M1204", gossip), 500},
        {fault_xml("SOAP-ENV:Server", gossip), 500},
        {fault_xml("E02", gossip), 500},
        {"<html>" + gossip, 502}};
    for (const auto& [answer, status] : answers) {
        stub.answer("domainTransferIn", answer, status);
        const std::string text = text_of(ready(registrar).transfer_in(request));
        CAPTURE(text);
        CHECK_FALSE(holds_a_secret(text));
        CHECK_FALSE(text.empty());
    }
    stub.answer("queryOpePending", fault_xml("E99-M9999", gossip), 500);
    try {
        registrar.pending();
        FAIL("there was an answer");
    } catch (const QueryFailure& failure) {
        CHECK_FALSE(holds_a_secret(failure.what()));
    }
    CHECK(log.lines().size() > answers.size());
    for (const std::string& line : log.lines()) CHECK_FALSE(holds_a_secret(line));
}

TEST_CASE("a login's refusal that repeats the password does not show it") {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimRegistrar registrar(std::make_shared<NetimAccount>(stub.settings(), clock, log));
    stub.answer("sessionOpen", fault_xml("E01-M0101", "E01-M0101 : s3cret &amp; more is wrong"),
                500);
    try {
        registrar.account();
        FAIL("there was an answer");
    } catch (const QueryFailure& failure) {
        CHECK(std::string(failure.what()).find("E01-M0101 : (secret) is wrong") !=
              std::string::npos);
    }
    CHECK(log.holds("login_refused"));
    for (const std::string& line : log.lines()) CHECK_FALSE(holds_a_secret(line));
}

TEST_CASE("an EPP code seen in a reply is remembered before anybody can show it") {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimRegistrar registrar(std::make_shared<NetimAccount>(stub.settings(), clock, log));
    stub.answer("domainInfo", answer_xml("domainInfo",
                                         "<return><domain>example.com</domain>"
                                         "<authID>seen-in-reply-42</authID></return>"));
    const auto record = registrar.domain(DomainName::from_stored("example.com"));
    CHECK(record->auth_code.reveal() == "seen-in-reply-42");
    log.info("test", {{"text", "code seen-in-reply-42"}});
    CHECK_FALSE(log.holds("seen-in-reply-42"));
}

TEST_CASE("an endpoint that is none is refused before anything else") {
    SystemClock clock;
    ListedLog log;
    NetimSettings settings;
    settings.endpoint = "api.example.com";
    CHECK_THROWS_AS(NetimAccount(settings, clock, log), std::invalid_argument);
}
