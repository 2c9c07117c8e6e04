// A day of orders, passes and a report: afterwards no secret stands in any log, mail, result file,
// archived order file, output or process list.
#include "support/mail_server.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <signal.h>
#include <sstream>
#include <sys/stat.h>

using namespace domspool::test;

namespace {

const std::string kSmtpPassword = "smtp-pw-Nw2-civet";
const std::string kTextCode = "EPP-Rt8-dingo";
const std::string kNumericCode = "77120";  // its digits stand in operation ids and times as well
const std::string kWrongCode = "EPP-Wy3-moth";

std::string transfer_file(const std::vector<std::pair<std::string, std::string>>& domain_codes) {
    std::string text =
        "domain,owner.firstName,owner.lastName,owner.address1,owner.zipCode,"
        "owner.city,owner.country,owner.phone,owner.email,owner.language,"
        "auth_code,nameservers\n";
    for (const auto& [domain, code] : domain_codes) {
        text += domain +
                ",Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN," + code +
                ",ns1.sandbox.example ns2.sandbox.example\n";
    }
    return text;
}

// All that the day brought to light.
class Witness {
  public:
    explicit Witness(const Shop& shop) : shop_(shop) {}

    // Watches what any user could see of the process, and what it says.
    ProgramEnd run(const std::string& program, std::vector<std::string> arguments,
                   const std::string& crash_point = "") {
        arguments.push_back("--verbose");
        ProgramCall call = shop_.call(program, std::move(arguments));
        if (!crash_point.empty()) call.environment["DOMSPOOL_CRASH_AT"] = crash_point;
        RunningProgram running(call);
        for (const char* name : {"cmdline", "comm", "environ", "status"}) {
            try {
                seen_ += read_text("/proc/" + std::to_string(running.pid()) + "/" + name);
            } catch (const std::exception&) {
                // It has ended already.
            }
        }
        const ProgramEnd end = running.wait();
        seen_ += end.out + end.err;
        return end;
    }

    void note(const std::string& text) { seen_ += text; }

    // Where the secret stands, of all places but those that it must be in.
    std::string places_of(const std::string& secret, const std::vector<std::string>& may_hold) {
        std::string places = seen_.find(secret) != std::string::npos ? "output or processes\n" : "";
        for (const auto& entry : std::filesystem::recursive_directory_iterator(shop_.folder())) {
            const std::string name = entry.path().filename().string();
            const bool may = std::ranges::find(may_hold, name) != may_hold.end();
            if (may || !entry.is_regular_file()) continue;
            if (read_text(entry.path().string()).find(secret) != std::string::npos) {
                places += name + "\n";
            }
        }
        return places;
    }

  private:
    const Shop& shop_;
    std::string seen_;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string whole_text(const TakenMail& mail) {
    return mail.text + mail.part("text/plain") + mail.part("text/html") + mail.part("text/csv");
}

}  // namespace

TEST_CASE("after a whole day no secret is in a log, mail, result, output or process list") {
    const MailServer mail({.tls = "starttls", .user = "reports", .password = kSmtpPassword});
    Scratch state;
    SpoolShop shop({{"report.from", "domains@example.net"}, {"report.to", "[ops@example.net]"}},
                   {"--delay", "0", "--state", state / "registrar.db"});
    write_text(shop / "smtp-secret", kSmtpPassword + "\n");
    REQUIRE(::chmod((shop / "smtp-secret").c_str(), 0600) == 0);
    shop.write_settings(
        {{"report.smtp", "{ port: " + std::to_string(mail.port()) +
                             ", tls: starttls, user: reports, secret_file: " +
                             shop / "smtp-secret" + ", ca_file: " + mail.ca_file() + " }"}});
    shop.registrar().control("add-domain text-shop.com outside authID=" + kTextCode +
                             "\nadd-domain number-shop.com outside authID=" + kNumericCode +
                             "\nadd-domain wrong-shop.com outside authID=other");
    Witness witness(shop);
    // Dies with its session open, so that an id is known to look for.
    const std::string first = shop.write("first.csv", registrations({"a-shop.com", "b-shop.com"}));
    CHECK(witness.run("domain-register", {first}, "call_returned:2").signal == SIGKILL);
    const ProgramEnd ids =
        run_program({.program = "/usr/bin/sqlite3",
                     .arguments = {state / "registrar.db", "SELECT id FROM sessions"}});
    const std::vector<std::string> sessions = lines_of(ids.out);
    REQUIRE(!sessions.empty());

    witness.run("domain-register", {first});
    shop.drop("transfer-moves.csv", transfer_file({{"text-shop.com", kTextCode},
                                                   {"number-shop.com", kNumericCode},
                                                   {"wrong-shop.com", kWrongCode}}));
    witness.run("spool-run", {});
    for (int i = 0; i < 4; ++i) witness.run("pending-check", {"--now"});
    witness.run("domain-orders", {"list"});
    witness.run("domain-orders", {"show", "3", "4", "5"});
    witness.run("domain-orders", {"show", "3", "--json"});
    witness.run("domain-orders", {"result", "2"});
    const ProgramEnd report = witness.run("summary-report", {});
    CHECK(report.err == "");
    CHECK(report.code == 0);
    witness.run("summary-report", {"--text", "--html", shop / "report.html"});
    REQUIRE(mail.mails().size() == 1);
    witness.note(whole_text(mail.mails().front()));

    // The day was one: two transfers were made, one failed, and all of it was told.
    const auto orders = shop.orders();
    CHECK(orders.at("text-shop.com").at("state") == "done");
    CHECK(orders.at("number-shop.com").at("state") == "done");
    CHECK(orders.at("wrong-shop.com").at("state") == "failed");
    CHECK(witness.places_of("text-shop.com", {}).find("output") == 0);
    CHECK(witness.places_of("text-shop.com", {}).find("domspool.log") != std::string::npos);

    const std::string nowhere;
    CHECK(witness.places_of(Shop::kPassword, {"secret"}) == nowhere);
    CHECK(witness.places_of(kSmtpPassword, {"smtp-secret"}) == nowhere);
    for (const std::string& session : sessions) CHECK(witness.places_of(session, {}) == nowhere);
    CHECK(witness.places_of(kTextCode, {}) == nowhere);
    // Of an order that failed the code is kept for the next try, but not in the archived file.
    CHECK(witness.places_of(kWrongCode, {"ledger.db", "ledger.db-wal"}) == nowhere);
    CHECK(witness.places_of("=" + kNumericCode, {}) == nowhere);
    CHECK(witness.places_of("\"" + kNumericCode, {}) == nowhere);
    CHECK(witness.places_of(" " + kNumericCode, {}) == nowhere);
}

TEST_CASE("the looking can fail: a secret in a log is found") {
    Shop shop;
    Witness witness(shop);
    write_text(shop / "domspool.log", "password " + std::string(Shop::kPassword));
    CHECK(witness.places_of(Shop::kPassword, {"secret"}) == "domspool.log\n");
    witness.note("x " + std::string(Shop::kPassword));
    CHECK(witness.places_of(Shop::kPassword, {"secret", "domspool.log"}) ==
          "output or processes\n");
}
