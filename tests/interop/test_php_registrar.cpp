// Our client against a registrar written in PHP, whose part names only position can match.
#include "interop/foreign_program.h"
#include "interop/php_registrar.h"
#include "support/running_program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace domspool::test;

namespace {

// What registrar_probe said, line by line; its first line is the outcome.
struct Probe {
    std::vector<std::string> lines;
    std::string outcome() const { return lines.empty() ? "" : lines.front(); }
    bool has(const std::string& line) const {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    std::string value(const std::string& name) const {
        for (const std::string& line : lines) {
            if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
        }
        return {};
    }
};

class Prober {
  public:
    explicit Prober(const PhpRegistrar& registrar,
                    std::map<std::string, std::string> environment = {})
        : endpoint_(registrar.endpoint()), environment_(std::move(environment)) {}

    Probe call(std::vector<std::string> words) const {
        words.insert(words.begin(), endpoint_);
        const ProgramEnd end = run_program(
            {.program = REGISTRAR_PROBE, .arguments = words, .environment = environment_});
        CAPTURE(words[1]);
        CAPTURE(end.err);
        CHECK(end.code == 0);
        std::istringstream stream(end.out);
        Probe probe;
        for (std::string line; std::getline(stream, line);) probe.lines.push_back(line);
        return probe;
    }
    std::string new_contact(const std::string& is_owner) const {
        return call({"contactCreate", is_owner, "firstName=Zoë", "lastName=O'Brien & Łuk",
                     "address1=1 Road", "zipCode=75001", "city=Paris", "country=FR",
                     "phone=+33 303030303", "email=zoe@example.net", "language=EN",
                     "additional.KEY=v", "bound.BOUND.a.com=P1"})
            .value("value");
    }

  private:
    std::string endpoint_;
    std::map<std::string, std::string> environment_;
};

void order_and_change(const Prober& prober) {
    const std::string owner = prober.new_contact("1"), other = prober.new_contact("0");
    REQUIRE(owner == "XY501");
    REQUIRE(other == "XY502");
    const Probe contact = prober.call({"contactInfo", owner});
    CHECK(contact.value("isOwner") == "1");
    CHECK(contact.value("lastName") == "O'Brien & Łuk");
    CHECK(contact.has("additional.KEY=v"));
    CHECK(prober
              .call({"contactOwnerUpdate", owner, "address1=2 Road", "zipCode=75001", "city=Lyon",
                     "country=FR", "phone=+33 303030303", "email=zoe@example.net", "language=EN"})
              .outcome() == "Done");
    CHECK(prober.call({"queryContactList", "Lyon", "city"}).lines.size() == 2);

    const Probe created = prober.call({"domainCreate", "first.com", owner, other, "AB123", "AB123",
                                       "2", "3", "a.example.net", "b.example.net"});
    CHECK(created.outcome() == "Done");
    CHECK(created.value("operation") == "7002");
    CHECK(prober.call({"queryZoneList", "first.com"}).has("@\tA\t192.0.2.3"));
    CHECK(prober.call({"domainSetPreference", "first.com", "registrar_lock", "1"}).outcome() ==
          "Done");
    CHECK(prober
              .call({"domainSetDNSSecExt", "first.com", "257", "3", "13", "a2V5", "12345:2:AB12",
                     "12345:4:CD34"})
              .outcome() == "Done");
    const Probe shown = prober.call({"domainInfo", "first.com"});
    CHECK(shown.value("status") == "ACTIVE, DELEGATED");
    CHECK(shown.value("owner") == owner);
    CHECK(shown.value("admin") == other);
    CHECK(shown.value("billing") == "AB123");
    CHECK(shown.has("nameserver=a.example.net"));
    CHECK(shown.has("nameserver=b.example.net"));
    CHECK(shown.value("locked") == "1");
    CHECK(shown.value("is_signed") == "1");

    const Probe trade = prober.call({"domainTransferOwner", "first.com", prober.new_contact("1")});
    CHECK(trade.outcome() == "Pending");
    const std::string id = trade.value("operation");
    CHECK(prober.call({"queryOpePending"}).has(id + "\tdomainTransferOwner\tfirst.com\t"));
    CHECK(prober.call({"queryOpe", id}).value("status") == "Pending");
    CHECK(prober.call({"cancelOpe", id}).outcome() == "Done");
    CHECK(prober.call({"queryOpe", id}).value("status") == "Cancelled");

    CHECK(prober
              .call({"domainTransferIn", "moved.com", "code", "#AUTO#", "AB123", "AB123", "AB123",
                     "a.example.net", "b.example.net"})
              .outcome() == "Pending");
    CHECK(
        prober.call({"domainChangeDNS", "first.com", "c.example.net", "d.example.net"}).outcome() ==
        "Done");
    CHECK(prober.call({"domainAuthID", "first.com", "0"}).outcome() == "Done");
    CHECK(prober.call({"domainZoneInit", "first.com", "4"}).outcome() == "Done");
    CHECK(prober.call({"domainSetDNSsec", "first.com", "0"}).outcome() == "Done");
    CHECK(prober.call({"domainInfo", "first.com"}).has("nameserver=c.example.net"));
    CHECK(prober.call({"queryDomainList", "*.com"}).lines ==
          std::vector<std::string>{"answered", "first.com", "moved.com"});
}

void ask(const Prober& prober) {
    const Probe account = prober.call({"queryResellerAccount"});
    CHECK(account.value("balance_cents") == "50000");
    CHECK(account.value("nameserver") == "ns1.registrar.example");
    const Probe extension = prober.call({"domainTldInfo", "com"});
    CHECK(extension.value("period_create") == "1-10");
    CHECK(extension.value("fee.registration") == "950");
    CHECK(extension.value("flag.haseppcode") == "1");
    CHECK(prober.call({"queryOpeList", "com"}).value("domainsetpreference.registrar_lock") == "1");
    const Probe price = prober.call({"queryDomainPrice", "first.com", "code"});
    CHECK(price.value("fee.registration") == "950");
    CHECK(price.value("is_premium") == "0");
    CHECK(prober.call({"domainInfo", "elsewhere.com"}).has("nothing"));
    CHECK(prober.call({"queryAllSessions"}).has("is_ours=1"));
    const Probe refused = prober.call({"contactInfo", "XY999"});
    CHECK(refused.has("QueryFailure"));
    CHECK(refused.value("code") == "E11-M1102");
}

}  // namespace

TEST_CASE("PHP's SoapServer binds the calls of PHP's own client by position") {
    PhpRegistrar registrar;
    const ProgramEnd end = run_program(foreign_call("php", "by_position.php", {registrar.base()}));
    INFO(end.out << end.err);
    CHECK(is_all_well(end));
}

TEST_CASE("our client's calls are bound by position and answered") {
    PhpRegistrar registrar;
    const Prober prober(registrar);
    ask(prober);
    order_and_change(prober);
    CHECK(registrar.has_no_session());
}

TEST_CASE("documented names in documented order bind by position, too") {
    PhpRegistrar registrar;
    const Prober prober(registrar, {{"REGISTRAR_PARAMETERS", "names"}});
    ask(prober);
    order_and_change(prober);
}

TEST_CASE("a wrong password is no doubt") {
    PhpRegistrar registrar;
    const Probe probe = Prober(registrar, {{"REGISTRAR_PASSWORD", "other"}})
                            .call({"domainAuthID", "first.com", "0"});
    CHECK(probe.outcome() == "QueryFailure");
    CHECK(probe.value("why") == "login_refused");
    CHECK(probe.value("code") == "E01-M0101");
}

TEST_CASE("a crash after the effect and a script that just ends are doubts") {
    PhpRegistrar registrar;
    const Prober prober(registrar);
    const std::string owner = prober.new_contact("1");
    for (const char* domain : {"crash.com", "exit.com"}) {
        CAPTURE(domain);
        const Probe probe =
            prober.call({"domainCreate", domain, owner, "AB123", "AB123", "AB123", "1", "-"});
        CHECK(probe.outcome() == "InDoubt");
        CHECK(prober.call({"domainInfo", domain}).value("status") == "ACTIVE, DELEGATED");
        CHECK(registrar.count_calls(std::string("domainCreate ") + domain) == 1);
    }
    CHECK(prober.call({"domainCreate", "crash.com", owner, "AB123", "AB123", "AB123", "1", "-"})
              .outcome() == "Unproven");
}
