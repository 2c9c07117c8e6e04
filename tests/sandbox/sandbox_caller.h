// A registrar in this process, its clock in the test's hand, and somebody who calls it.
#pragma once

#include "sandbox/server/answering.h"
#include "soap/soap_xml.h"
#include "support/fixed_clock.h"
#include "support/scratch.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool::test {

// What a call came to: a value, or a fault.
struct Got {
    int status = 0;
    soap::Value value{};
    std::optional<soap::Fault> fault{};

    std::string code() const { return fault ? fault->code : ""; }
    // Of an operation: its status, and its number.
    std::string state() const { return value.text_of("STATUS"); }
    std::int64_t id() const { return value.integer_of("ID_OPE").value_or(0); }
};

using Texts = std::vector<std::string>;

class SandboxCaller {
  public:
    explicit SandboxCaller(sandbox::Settings settings = {});

    // Under neutral names, without and with the session in front.
    Got call_bare(const std::string& function, std::vector<soap::Value> values);
    Got call(const std::string& function, const Texts& texts = {});
    Got call_with(const std::string& function, std::vector<soap::Value> values);
    Got send(const soap::Call& call);

    // Logs in as AB123; false if that is refused.
    bool log_in();
    std::string new_contact(int is_owner);
    // A domainCreate for one year with the account's servers.
    Got order(const std::string& domain, const std::string& owner);
    // The text of one field of domainInfo.
    std::string shown(const std::string& domain, const std::string& field);
    std::string balance();
    void pass(std::chrono::milliseconds time) { clock.advance(time); }

    Scratch scratch;
    FixedClock clock{"2026-03-02T09:00:00.000Z"};
    sandbox::Settings settings;
    std::string session;
    std::optional<sandbox::Answering> answering;
};

// One that is logged in and has an owner contact.
struct SandboxAccount : SandboxCaller {
    explicit SandboxAccount(sandbox::Settings settings = {});
    std::string owner;
};

// A StructContact that any extension without data of its own takes.
soap::Value contact_of(int is_owner, const std::string& last_name = "Sample");
soap::Value text(const std::string& text);

}  // namespace domspool::test
