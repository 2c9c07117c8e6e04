#include "jobs/doctor.h"
#include "jobs/extension_advice.h"
#include "jobs/machine_checks.h"
#include "jobs/registrar_reads.h"
#include "registrar/netim_functions.h"
#include "soap/wsdl.h"
#include "support/fake_registrar.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using domspool::test::FakeRegistrar;

namespace {

using Verdict = Finding::Verdict;

const UtcTime kNow = *from_iso("2026-11-25T08:00:00.000Z");

// The WSDL of a registrar that has the documented parts.
std::vector<soap::WsdlFunction> documented() {
    std::vector<soap::WsdlFunction> functions;
    for (const netim::Function* function : netim::kFunctions) {
        soap::WsdlFunction one{function->name, {}, {}};
        for (const std::string& name : netim::parameter_names(*function)) {
            one.parts.push_back({name, "string"});
        }
        functions.push_back(one);
    }
    return functions;
}

std::string wsdl_of(std::vector<soap::WsdlFunction> functions) {
    return soap::write_wsdl(
        {.endpoint = "https://example.com/", .structs = {}, .functions = std::move(functions)});
}

struct Patient {
    FakeRegistrar registrar;
    DoctorSettings settings;
    HttpReply description{200, "text/xml", "Wed, 25 Nov 2026 08:00:02 GMT", wsdl_of(documented())};
    std::vector<Finding> findings;
    UtcTime certificate_end = kNow + std::chrono::hours(24 * 90);
    std::function<HttpReply()> describe = [this] { return description; };

    Patient() {
        settings.host = "api.example";
        settings.reseller_id = "AB123";
        settings.balance_floor = {50'00, "EUR"};
        settings.max_price = {20'00, "EUR"};
        registrar.account_record.balance_cents = 100'00;
        registrar.session_records = {{"aaaa", 1000, 5000, true}};
    }

    bool examine() {
        return check_registrar(
            settings,
            {{[] { return std::vector<std::string>{"192.0.2.1"}; }, [this] { return describe(); },
              [this] { return std::optional<UtcTime>(certificate_end); }},
             [this]() -> RegistrarQueries& { return registrar; },
             [] { return kNow; },
             [this](const Finding& finding) { findings.push_back(finding); }});
    }

    // "ok names, ok tls ..."
    std::string verdicts() const {
        std::string all;
        for (const Finding& finding : findings) {
            all += (all.empty() ? "" : ", ") + std::string(to_word(finding.verdict)) + " " +
                   finding.check;
        }
        return all;
    }

    // The worst finding of that check.
    Finding of(const std::string& check) const {
        std::optional<Finding> worst;
        for (const Finding& finding : findings) {
            if (finding.check == check && (!worst || finding.verdict > worst->verdict)) {
                worst = finding;
            }
        }
        REQUIRE(worst.has_value());
        return *worst;
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a registrar that is well is told so in the order of what depends on what") {
    Patient patient;
    CHECK(patient.examine());
    CHECK(patient.verdicts() ==
          "ok names, ok tls, ok clock, ok login, ok sessions, ok balance, ok wsdl");
    CHECK(patient.registrar.diary ==
          std::vector<std::string>{"queryResellerAccount", "queryAllSessions"});
}

TEST_CASE("a refused login is tried once, and nothing is asked after it") {
    Patient patient;
    patient.registrar.will_not_answer(
        "queryResellerAccount",
        {QueryFailure::Why::login_refused, "E01-M0101", "E01-M0101 : wrong login"});
    CHECK_FALSE(patient.examine());
    CHECK(patient.registrar.diary.size() == 1);
    CHECK(patient.of("login").verdict == Verdict::wrong);
    CHECK(patient.of("login").code == ExitCode::service_refused);
    CHECK(contains(patient.of("login").text, "E01-M0101"));
    CHECK_FALSE(patient.of("login").next.empty());
}

TEST_CASE("a server that cannot be reached is not asked to let us in") {
    Patient patient;
    patient.describe = []() -> HttpReply {
        throw HttpFailure(HttpFailure::Sent::no, "cannot connect to 'api.example': refused");
    };
    CHECK_FALSE(patient.examine());
    CHECK(patient.verdicts() == "ok names, wrong tls");
    CHECK(patient.of("tls").code == ExitCode::try_later);
    CHECK(patient.registrar.diary.empty());
}

TEST_CASE("a server that only fails to publish its WSDL is asked on") {
    Patient patient;
    patient.describe = []() -> HttpReply {
        throw HttpFailure(HttpFailure::Sent::perhaps, "'api.example': no whole reply within 30 s");
    };
    CHECK(patient.examine());
    CHECK(patient.of("login").verdict == Verdict::ok);
    CHECK(patient.of("wsdl").verdict == Verdict::warning);
    patient.findings.clear();
    patient.describe = [&] { return patient.description; };
    patient.description.status = 404;
    CHECK(patient.examine());
    CHECK(patient.of("wsdl").verdict == Verdict::warning);
    CHECK(contains(patient.of("wsdl").text, "404"));
}

TEST_CASE("a certificate that ends within three weeks is warned about") {
    Patient patient;
    patient.certificate_end = kNow + std::chrono::hours(24 * 20);
    patient.examine();
    CHECK(patient.of("tls").verdict == Verdict::warning);
    CHECK(contains(patient.of("tls").text, "2026-12-15 08:00 UTC"));
}

TEST_CASE("a clock far from the registrar's is wrong, one a little off is warned about") {
    for (const auto& [date, verdict] : std::vector<std::pair<std::string, Verdict>>{
             {"Wed, 25 Nov 2026 07:59:10 GMT", Verdict::ok},
             {"Wed, 25 Nov 2026 08:02:00 GMT", Verdict::warning},
             {"Wed, 25 Nov 2026 06:59:00 GMT", Verdict::wrong},
             {"", Verdict::warning}}) {
        CAPTURE(date);
        Patient patient;
        patient.description.date = date;
        patient.examine();
        CHECK(patient.of("clock").verdict == verdict);
    }
    CHECK(check_clock(kNow).verdict == Verdict::ok);
    CHECK(check_clock(*from_iso("1970-01-01T00:10:00.000Z")).verdict == Verdict::wrong);
}

TEST_CASE("sessions left over are named by their ending, with their age") {
    Patient patient;
    patient.registrar.session_records = {
        {"aaaa", 4990, 5000, true}, {"bb22", 1400, 4400, false}, {"cc33", 4900, 4990, false}};
    patient.examine();
    CHECK(patient.of("sessions").verdict == Verdict::warning);
    CHECK(contains(patient.of("sessions").text, "bb22 is open for 60 min, idle for 10 min"));
    CHECK(patient.verdicts() ==
          "ok names, ok tls, ok clock, ok login, ok sessions, warning sessions, ok sessions, "
          "ok balance, ok wsdl");
}

TEST_CASE("an account whose sessions are nearly all taken is warned about") {
    Patient patient;
    patient.registrar.session_records = {{"aaaa", 4990, 5000, true}};
    for (int i = 0; i < 7; ++i) {
        patient.registrar.session_records.push_back({"bbbb", 4999, 5000, false});
    }
    patient.examine();
    CHECK(patient.of("sessions").verdict == Verdict::warning);
    CHECK(contains(patient.of("sessions").text, "8 of usually 10"));
}

TEST_CASE("a balance below the floor is wrong, one too low for an order is warned about") {
    Patient patient;
    patient.registrar.account_record.balance_cents = 49'99;
    patient.examine();
    CHECK(patient.of("balance").verdict == Verdict::wrong);
    CHECK(patient.of("balance").code == ExitCode::service_refused);
    patient.findings.clear();
    patient.registrar.account_record.balance_cents = 69'99;
    patient.examine();
    CHECK(patient.of("balance").verdict == Verdict::warning);
    patient.findings.clear();
    patient.registrar.account_record.balance_cents = 70'00;
    patient.examine();
    CHECK(patient.of("balance").verdict == Verdict::ok);
}

TEST_CASE("parts in another order than we send are wrong, and named") {
    Patient patient;
    auto functions = documented();
    for (auto& function : functions) {
        if (function.name == "domainCreate") std::swap(function.parts[2], function.parts[3]);
    }
    patient.description.body = wsdl_of(functions);
    patient.examine();
    CHECK(patient.of("wsdl").verdict == Verdict::wrong);
    CHECK(patient.of("wsdl").code == ExitCode::some_orders_wrong);
    CHECK(contains(patient.of("wsdl").text,
                   "domainCreate: published IDSession domain idAdmin idOwner idTech"));
}

TEST_CASE("a part that the registrar names otherwise is harmless only where names are not sent") {
    Patient patient;
    auto functions = documented();
    for (auto& function : functions) {
        if (function.name == "queryOpe") function.parts[1].name = "idOperation";
    }
    patient.description.body = wsdl_of(functions);
    patient.examine();
    CHECK(patient.of("wsdl").verdict == Verdict::warning);
    patient.findings.clear();
    patient.settings.parameters = NetimSettings::Parameters::names;
    patient.examine();
    CHECK(patient.of("wsdl").verdict == Verdict::wrong);
}

TEST_CASE("a function that is gone, a missing part and a part called p1 are wrong") {
    for (const int slip : {0, 1, 2}) {
        CAPTURE(slip);
        Patient patient;
        auto functions = documented();
        const auto create = std::ranges::find(functions, "domainCreate", &soap::WsdlFunction::name);
        REQUIRE(create != functions.end());
        if (slip == 1) create->parts.pop_back();
        if (slip == 2) create->parts.push_back({"p1", "string"});
        if (slip == 0) functions.erase(create);
        patient.description.body = wsdl_of(functions);
        patient.examine();
        CHECK(patient.of("wsdl").verdict == Verdict::wrong);
        CHECK(contains(patient.of("wsdl").text, "domainCreate: "));
    }
}

TEST_CASE("the reads ask one question per shape and change nothing") {
    FakeRegistrar registrar;
    registrar.extension_records["com"].extension = "COM";
    registrar.open_flags["com"] = {{"domaincreate", true}};
    std::vector<Finding> findings;
    check_reads(registrar, [&](const Finding& finding) { findings.push_back(finding); });
    for (const Finding& finding : findings) {
        CAPTURE(finding.text);
        CHECK(finding.verdict == Verdict::ok);
    }
    for (const char* function :
         {"queryOpePending", "domainTldInfo", "queryOpeList", "queryDomainPrice", "queryDomainList",
          "domainInfo", "queryContactList"}) {
        CAPTURE(function);
        CHECK(registrar.times_asked(function) == 1);
    }
}

TEST_CASE("a read that fails does not stop the others") {
    FakeRegistrar registrar;
    registrar.will_not_answer("queryOpePending",
                              {QueryFailure::Why::unreadable, "", "queryOpePending: no list"});
    std::vector<Finding> findings;
    check_reads(registrar, [&](const Finding& finding) { findings.push_back(finding); });
    REQUIRE_FALSE(findings.empty());
    CHECK(findings.front().verdict == Verdict::wrong);
    CHECK(findings.front().code == ExitCode::try_later);
    CHECK(registrar.times_asked("queryContactList") == 1);
}

TEST_CASE("an extension's rules are told in words") {
    ExtensionRecord record;
    record.extension = "AERO";
    record.period_create = "1-3;10";
    record.flags = {{"haseppcode", true}, {"hasdnssec", false}};
    record.fee_currency = "EUR";
    record.fee_cents = {{"registration", 4900}};
    ExtensionRules sheet;
    sheet.required_owner_fields = {"additional.AERO_AUTHID"};
    sheet.usual_days = {{OrderKind::register_domain, 7}};
    const std::map<std::string, std::string> advice = [&] {
        const Advice lines = advice_on(
            record, {{"domaincreate", true}, {"domaintransfertrade", false}}, sheet, true);
        return std::map<std::string, std::string>(lines.begin(), lines.end());
    }();
    CHECK(advice.at("periods") == "1 to 3, 10 years");
    CHECK(advice.at("fees") == "registration 49.00 EUR");
    CHECK(advice.at("offered") == "EPP code at a transfer");
    CHECK(advice.at("not offered") == "DNSSEC");
    CHECK(advice.at("closed") == "domaintransfertrade");
    CHECK(advice.at("owner data") == "additional.AERO_AUTHID");
    CHECK(advice.at("usual days") == "register 7");
    CHECK(contains(advice.at("name servers"), "at least 2"));
}
