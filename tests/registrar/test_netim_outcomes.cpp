// The table (SAFETY, "Outcomes"), row by row, over the wire.
#include "registrar/netim_outcomes.h"
#include "registrar/netim_registrar.h"
#include "support/ready.h"
#include "support/scratch.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::http_reply;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::ready;
using domspool::test::replies;
using domspool::test::StubAction;
using domspool::test::StubRegistrar;
using What = StubAction::What;

namespace {

struct Scene {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;

    // One create, whatever the settings; the call was made exactly `calls` times.
    Outcome create(NetimSettings settings, std::size_t calls = 1) {
        NetimRegistrar registrar(std::make_shared<NetimAccount>(std::move(settings), clock, log));
        const Outcome outcome =
            ready(registrar).create_domain({DomainName::from_stored("example.com"),
                                            {"GK1", "AB123", "AB123", "AB123"},
                                            {},
                                            1,
                                            std::nullopt});
        CHECK(stub.count("domainCreate") == calls);
        return outcome;
    }
    Outcome create() { return create(stub.settings()); }
    // Why none could be made ready, and so none was made.
    QueryFailure not_ready(const NetimSettings& settings) {
        try {
            std::ignore = create(settings, 0);
        } catch (const QueryFailure& failure) {
            CHECK(stub.count("domainCreate") == 0);
            return failure;
        }
        FAIL("the call was made");
        return {QueryFailure::Why::unreadable, "", ""};
    }
    Outcome create_answered(const std::string& envelope, int status = 200) {
        const std::size_t before = stub.count("domainCreate");
        stub.answer("domainCreate", envelope, status);
        return create(stub.settings(), before + 1);
    }
};

void check_doubt(const Outcome& outcome, const std::string& evidence) {
    REQUIRE(std::holds_alternative<InDoubt>(outcome));
    const std::string& seen = std::get<InDoubt>(outcome).evidence;
    CAPTURE(seen);
    CHECK(seen.find(evidence) != std::string::npos);
}

NetimSettings with_whole_call_of(NetimSettings settings, std::chrono::seconds time) {
    settings.sync_delay = time - 35s;
    return settings;
}

}  // namespace

TEST_CASE("done is what the reply calls done") {
    Scene scene;
    const auto done = std::get<Done>(
        scene.create_answered(operation_xml("domainCreate", "77", "Done", "all well")));
    CHECK(done.operation == 77);
    CHECK(done.message == "all well");
    for (const char* word : {"DONE", "done", " Done "}) {
        const Outcome outcome = scene.create_answered(operation_xml("domainCreate", "78", word));
        CHECK(std::holds_alternative<Done>(outcome));
    }
    const Outcome without_id = scene.create_answered(operation_xml("domainCreate", "", "Done"));
    CHECK_FALSE(std::get<Done>(without_id).operation.has_value());
}

TEST_CASE("pending and every word not known are pending, with their id") {
    Scene scene;
    for (const char* word : {"Pending", "PENDING", "Waiting for signature", "Donee"}) {
        const auto pending = std::get<Pending>(
            scene.create_answered(operation_xml("domainCreate", "4958385", word, "soon")));
        CHECK(pending.operation == 4958385);
        CHECK(pending.status == word);
        CHECK(pending.message == "soon");
    }
    const auto no_word =
        std::get<Pending>(scene.create_answered(operation_xml("domainCreate", "5", "")));
    CHECK(no_word.operation == 5);
}

// "A reply to another function" (SAFETY, "Outcomes").
TEST_CASE("a reply whose operation is another call's is a doubt, whatever it says") {
    Scene scene;
    const auto of_type = [&](const std::string& type, const std::string& status) {
        return scene.create_answered(
            answer_xml("domainCreate", "<return><ID_OPE>12</ID_OPE><STATUS>" + status +
                                           "</STATUS><TYPE>" + type + "</TYPE></return>"));
    };
    for (const char* status : {"Done", "Pending", "Failed", "Cancelled"}) {
        check_doubt(of_type("domainTransferIn", status), "another call ('domainTransferIn')");
    }
    for (const char* its : {"domainCreate", "DOMAINCREATE", "domainCreate.com", ""}) {
        CHECK(std::holds_alternative<Done>(of_type(its, "Done")));
    }
}

TEST_CASE("the operation's id is read under any of its names") {
    Scene scene;
    for (const char* name : {"ID_OPE", "id_ope", "IDOpe", "idOpe"}) {
        const std::string fields = "<" + std::string(name) + ">12</" + name +
                                   "><Status>Pending</Status><Comment>why</Comment>";
        const auto pending = std::get<Pending>(
            scene.create_answered(answer_xml("domainCreate", "<return>" + fields + "</return>")));
        CHECK(pending.operation == 12);
        CHECK(pending.message == "why");
    }
}

TEST_CASE("failed and cancelled are refusals that name their operation") {
    Scene scene;
    for (const char* word : {"Failed", "FAILED", "ERROR", "KO", "Cancelled", "CANCELED"}) {
        const auto refused = std::get<Refused>(
            scene.create_answered(operation_xml("domainCreate", "9", word, "no such host")));
        CHECK(refused.code == word);
        CHECK(refused.text == "no such host");
        CHECK(refused.operation == 9);
    }
    const auto coded = std::get<Refused>(scene.create_answered(
        operation_xml("domainCreate", "9", "Failed", "E13-M1301 : parameter missing")));
    CHECK(coded.code == "E13-M1301");
}

TEST_CASE("a fault that is known as a refusal is one, in HTTP 500 and in 200") {
    Scene scene;
    for (const int status : {200, 400, 500}) {
        const auto refused = std::get<Refused>(
            scene.create_answered(fault_xml("E12-M1204", "E12-M1204 : operation closed"), status));
        CHECK(refused.code == "E12-M1204");
        CHECK(refused.text == "E12-M1204 : operation closed");
        CHECK_FALSE(refused.operation.has_value());
    }
    const auto in_text = std::get<Refused>(
        scene.create_answered(fault_xml("SOAP-ENV:Server", "E13-M1305 : no such extension"), 500));
    CHECK(in_text.code == "E13-M1305");
    CHECK(in_text.text == "SOAP-ENV:Server: E13-M1305 : no such extension");
}

TEST_CASE("a function that is not there was not executed") {
    Scene scene;
    for (const int status : {200, 500}) {
        const auto refused = std::get<Refused>(scene.create_answered(
            fault_xml("SOAP-ENV:Server", "Procedure 'domainCreate' not present"), status));
        CHECK(refused.code == "SOAP-ENV:Server");
        CHECK(refused.text == "SOAP-ENV:Server: Procedure 'domainCreate' not present");
    }
    // Something behind the server was called, and its fault passed on.
    check_doubt(scene.create_answered(
                    fault_xml("SOAP-ENV:Server", "Procedure 'registryCreate' not present"), 500),
                "a fault without a code");
}

TEST_CASE("any other code proves nothing, and code and words are kept") {
    Scene scene;
    for (const int status : {200, 500}) {
        const auto unproven = std::get<Unproven>(
            scene.create_answered(fault_xml("E16-M1601", "E16-M1601 : no funds"), status));
        CHECK(unproven.code == "E16-M1601");
        CHECK(unproven.text == "E16-M1601 : no funds");
    }
    const auto in_text = std::get<Unproven>(
        scene.create_answered(fault_xml("SOAP-ENV:Server", "E11-M1102 : unknown contact"), 500));
    CHECK(in_text.code == "E11-M1102");
    CHECK(in_text.text == "SOAP-ENV:Server: E11-M1102 : unknown contact");
    const auto client =
        std::get<Unproven>(scene.create_answered(fault_xml("SOAP-ENV:Client", "Bad call"), 500));
    CHECK(client.code == "SOAP-ENV:Client");
    CHECK(client.text == "SOAP-ENV:Client: Bad call");
}

TEST_CASE("a fault without a code is in doubt: the server may have died after the act") {
    Scene scene;
    for (const int status : {200, 500}) {
        check_doubt(scene.create_answered(fault_xml("SOAP-ENV:Server", "Internal Error"), status),
                    "a fault without a code: SOAP-ENV:Server: Internal Error");
    }
}

TEST_CASE("a pending without an id is in doubt") {
    Scene scene;
    check_doubt(scene.create_answered(operation_xml("domainCreate", "", "Pending")),
                "status 'Pending' without an operation id");
    check_doubt(scene.create_answered(operation_xml("domainCreate", "0", "Pending")), "without");
    check_doubt(scene.create_answered(operation_xml("domainCreate", "x7", "Pending")), "without");
    check_doubt(scene.create_answered(answer_xml("domainCreate", "")), "holds no operation");
    check_doubt(scene.create_answered(answer_xml("domainCreate", "<return>yes</return>")),
                "holds no operation");
}

TEST_CASE("a reply without a SOAP body is in doubt whatever its status") {
    Scene scene;
    for (const int status : {200, 301, 401, 404, 500, 502, 503}) {
        const std::string http = "HTTP " + std::to_string(status);
        check_doubt(scene.create_answered("<html><p>Bad Gateway</html>", status),
                    http + " without a readable SOAP body");
        check_doubt(scene.create_answered("", status), http + " with an empty body");
    }
}

TEST_CASE("a reply to another function is in doubt") {
    Scene scene;
    check_doubt(scene.create_answered(operation_xml("domainChangeDNS", "5", "Done")),
                "does not answer 'domainCreate'");
}

TEST_CASE("a reply cut in its text is in doubt, chunked or not") {
    Scene scene;
    const std::string whole = operation_xml("domainCreate", "5", "Done");
    const std::string cut = whole.substr(0, whole.find("</return>"));
    check_doubt(scene.create_answered(cut), "without a readable SOAP body");
    std::size_t calls = 1;
    for (const What end : {What::close, What::reset}) {
        std::string chunked = test::chunked_reply({whole});
        chunked.resize(chunked.find("</return>"));
        scene.stub.answer("domainCreate", {{What::send, chunked, {}}, {end, "", {}}});
        check_doubt(scene.create(scene.stub.settings(), ++calls), "");
        std::string short_body = http_reply(200, whole);
        short_body.resize(short_body.size() - 20);
        scene.stub.answer("domainCreate", {{What::send, short_body, {}}, {end, "", {}}});
        check_doubt(scene.create(scene.stub.settings(), ++calls), "127.0.0.1");
    }
}

TEST_CASE("a break after the call went out is in doubt") {
    for (const What end : {What::close, What::cut, What::reset}) {
        Scene scene;
        scene.stub.answer("domainCreate", {{end, "", {}}});
        check_doubt(scene.create(), "127.0.0.1");
    }
}

TEST_CASE("silence and dripping end at the deadline, in doubt") {
    Scene scene;
    SUBCASE("silence") {
        scene.stub.answer("domainCreate", {{What::wait, "", 600s}});
    }
    SUBCASE("a byte now and then") {
        scene.stub.answer("domainCreate",
                          {{What::drip, http_reply(200, std::string(500, ' ')), 50ms}});
    }
    const auto begun = std::chrono::steady_clock::now();
    const Outcome outcome = scene.create(with_whole_call_of(scene.stub.settings(), 1s));
    CHECK(std::chrono::steady_clock::now() - begun >= 1s);
    check_doubt(outcome, "no whole reply within 1 s");
}

TEST_CASE("a dead session: the call was not executed, and is not repeated") {
    Scene scene;
    const auto later = std::get<TryLater>(
        scene.create_answered(fault_xml("E02-M0201", "E02-M0201 : session expired"), 500));
    CHECK(later.why == TryLater::Why::session_dead);
    CHECK(later.code == "E02-M0201");
}

TEST_CASE("no connection: nothing was executed") {
    Scene scene;
    NetimSettings settings = scene.stub.settings();
    {
        const test::StubServer gone;
        settings.endpoint = gone.url();
    }
    const QueryFailure failure = scene.not_ready(settings);
    CHECK(failure.why() == QueryFailure::Why::unreachable);
    CHECK(std::string(failure.what()).find("cannot connect") != std::string::npos);
}

TEST_CASE("no trust: nothing was executed, and no password left the house") {
    Scene scene;
    const test::Scratch scratch;
    const test::TlsAuthority authority;
    authority.write_certificate(scratch / "ca.pem");
    const test::StubServer wrong(authority.issue("other.example"));
    NetimSettings settings = scene.stub.settings();
    settings.endpoint = wrong.url("localhost");
    settings.ca_file = scratch / "ca.pem";
    const QueryFailure failure = scene.not_ready(settings);
    CHECK(failure.why() == QueryFailure::Why::unreachable);
    CHECK(std::string(failure.what()).find("cannot trust") != std::string::npos);
    CHECK(wrong.requests().empty());
}

TEST_CASE("a login that is refused: nothing was executed") {
    Scene scene;
    scene.stub.answer("sessionOpen", fault_xml("E01-M0101", "E01-M0101 : wrong login"), 500);
    const QueryFailure failure = scene.not_ready(scene.stub.settings());
    CHECK(failure.why() == QueryFailure::Why::login_refused);
    CHECK(failure.code() == "E01-M0101");
    CHECK(std::string(failure.what()) == "E01-M0101 : wrong login");
}

TEST_CASE("a login without an answer: nothing was executed, and it is no refusal") {
    Scene scene;
    SUBCASE("broken") {
        scene.stub.answer("sessionOpen", {{What::reset, "", {}}});
    }
    SUBCASE("a web page") {
        scene.stub.answer("sessionOpen", "<html>busy</html>", 503);
    }
    SUBCASE("a crash") {
        scene.stub.answer("sessionOpen", fault_xml("SOAP-ENV:Server", "Internal Error"), 500);
    }
    SUBCASE("no id") {
        scene.stub.answer("sessionOpen", answer_xml("sessionOpen", "<IDSession/>"));
    }
    CHECK(scene.not_ready(scene.stub.settings()).why() == QueryFailure::Why::unreachable);
}

TEST_CASE("what no envelope can carry is not sent, and will never be") {
    Scene scene;
    NetimRegistrar registrar(
        std::make_shared<NetimAccount>(scene.stub.settings(), scene.clock, scene.log));
    ContactData data;
    data.fields = {{"firstName",
                    "Gr\x01"
                    "ace"}};
    const auto refused = std::get<Refused>(ready(registrar).create_contact(data, true));
    CHECK(refused.code.empty());
    CHECK(refused.text.starts_with("not sent: "));
    CHECK(scene.stub.count("contactCreate") == 0);
}

TEST_CASE("a new contact is done with its id, and in doubt without one") {
    Scene scene;
    NetimRegistrar registrar(
        std::make_shared<NetimAccount>(scene.stub.settings(), scene.clock, scene.log));
    const auto created = [&](const std::string& inner) {
        scene.stub.answer("contactCreate", answer_xml("contactCreate", inner));
        return ready(registrar).create_contact({}, false);
    };
    CHECK(std::get<Done>(created("<idContact xsi:type=\"xsd:string\">GK521</idContact>")).value ==
          "GK521");
    CHECK(std::get<Done>(created("<return> GK522\n</return>")).value == "GK522");
    check_doubt(created("<idContact/>"), "no contact id");
    check_doubt(created(""), "no contact id");
    check_doubt(created("<idContact>an error has occurred</idContact>"), "no contact id");
}

TEST_CASE("cancelling is done when the registrar took the wish") {
    Scene scene;
    NetimRegistrar registrar(
        std::make_shared<NetimAccount>(scene.stub.settings(), scene.clock, scene.log));
    scene.stub.answer("cancelOpe", answer_xml("cancelOpe", ""));
    CHECK(std::get<Done>(ready(registrar).cancel_operation(12)).operation == 12);
    scene.stub.answer("cancelOpe", operation_xml("cancelOpe", "12", "Cancelled"));
    CHECK(std::holds_alternative<Done>(ready(registrar).cancel_operation(12)));
    scene.stub.answer("cancelOpe", operation_xml("cancelOpe", "12", "Failed", "too late"));
    CHECK(std::get<Refused>(ready(registrar).cancel_operation(12)).text == "too late");
    scene.stub.answer("cancelOpe", fault_xml("E16-M1602", "E16-M1602 : too late"), 500);
    CHECK(std::get<Unproven>(ready(registrar).cancel_operation(12)).code == "E16-M1602");
    scene.stub.answer("cancelOpe",
                      fault_xml("SOAP-ENV:Server", "Procedure 'cancelOpe' not present"), 500);
    CHECK(std::holds_alternative<Refused>(ready(registrar).cancel_operation(12)));
    scene.stub.answer("cancelOpe", {{What::close, "", {}}});
    CHECK(std::holds_alternative<InDoubt>(ready(registrar).cancel_operation(12)));
}

TEST_CASE("a new EPP code in the message is not told, a failure is") {
    Scene scene;
    NetimRegistrar registrar(
        std::make_shared<NetimAccount>(scene.stub.settings(), scene.clock, scene.log));
    const auto name = DomainName::from_stored("example.com");
    scene.stub.answer("domainAuthID", operation_xml("domainAuthid", "5", "Done", "Zx9-new"));
    CHECK(std::get<Done>(ready(registrar).new_auth_code(name, false)).message.empty());
    scene.stub.answer("domainAuthID", operation_xml("domainAuthid", "5", "Pending", "Zx9-new"));
    CHECK(std::get<Pending>(ready(registrar).new_auth_code(name, false)).message.empty());
    scene.stub.answer("domainAuthID", operation_xml("domainAuthid", "5", "Failed", "locked"));
    CHECK(std::get<Refused>(ready(registrar).new_auth_code(name, false)).text == "locked");
    scene.stub.answer("queryOpe", operation_xml("domainAuthid", "5", "Done", "Zx9-new"));
    scene.stub.answer("queryOpe", test::answer_xml("queryOpe",
                                                   "<return><ID_OPE>5</ID_OPE><STATUS>Done</STATUS>"
                                                   "<MESSAGE>Zx9-new</MESSAGE>"
                                                   "<TYPE>domainAuthid</TYPE></return>"));
    CHECK_THROWS_AS(registrar.operation(5), QueryFailure);  // That was no answer to queryOpe.
    CHECK(registrar.operation(5).message.empty());
}
