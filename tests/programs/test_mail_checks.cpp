// What registrar-check says of the way reports are to take, against a real mail server.
#include "support/mail_server.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace domspool::test;

namespace {

const std::string kPassword = "smtp-pw-Kq3-ocelot";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

SettingChanges mailing(const std::string& smtp) {
    return {{"report.from", "domains@example.net"},
            {"report.to", "[ops@example.net, night@example.net]"},
            {"report.smtp", "{ " + smtp + " }"}};
}

std::string port_of(const MailServer& server) {
    return "port: " + std::to_string(server.port());
}

// Those of the check "mail", in order.
std::vector<std::map<std::string, std::string>> mail_findings(const ProgramEnd& end) {
    auto rows = json_lines(end.out);
    std::erase_if(rows, [](const auto& row) { return row.at("check") != "mail"; });
    return rows;
}

}  // namespace

TEST_CASE("a mail server that takes the reports is well, and gets no mail") {
    const MailServer server;
    const Shop shop(mailing(port_of(server)));
    const ProgramEnd end = shop.run("registrar-check", {"--json"});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    const auto found = mail_findings(end);
    REQUIRE(found.size() == 2);
    CHECK(found[0].at("text") == "reports go to ops@example.net, night@example.net");
    CHECK(found[1].at("verdict") == "ok");
    CHECK(found[1].at("text") == "localhost:" + std::to_string(server.port()) +
                                     " takes mail of domains@example.net (unencrypted)");
    CHECK(server.mails().empty());
}

TEST_CASE("STARTTLS and the login are tried, and no secret shows") {
    const MailServer server({.tls = "starttls", .user = "reports", .password = kPassword});
    Shop shop;
    const std::string secret = shop.write("smtp-secret", kPassword + "\n");
    REQUIRE(::chmod(secret.c_str(), 0600) == 0);
    shop.write_settings(mailing(port_of(server) + ", tls: starttls, ca_file: " + server.ca_file() +
                                ", user: reports, secret_file: " + secret));
    const ProgramEnd good = shop.run("registrar-check", {});
    CAPTURE(good.out);
    CHECK(good.code == 0);
    CHECK(contains(good.out, "(STARTTLS, logged in as reports)"));
    write_text(secret, "another-password\n");
    const ProgramEnd bad = shop.run("registrar-check", {});
    CHECK(bad.code == 75);
    CHECK(contains(bad.out, "wrong    mail"));
    CHECK(contains(bad.err, "mail: localhost:"));
    write_text(secret, kPassword + "\n");
    REQUIRE(::chmod(secret.c_str(), 0644) == 0);
    const ProgramEnd open = shop.run("registrar-check", {});
    CHECK(open.code == 77);
    for (const ProgramEnd& end : {good, bad, open}) {
        CHECK_FALSE(contains(end.out + end.err, kPassword));
        CHECK_FALSE(contains(end.out + end.err, "another-password"));
    }
    CHECK_FALSE(contains(read_text(shop / "domspool.log"), kPassword));
    CHECK(server.mails().empty());
}

TEST_CASE("a server without STARTTLS, or with another's certificate, is wrong before the login") {
    Shop shop;
    const std::string secret = shop.write("smtp-secret", kPassword + "\n");
    REQUIRE(::chmod(secret.c_str(), 0600) == 0);
    const std::string login = ", tls: starttls, user: reports, secret_file: " + secret;
    const MailServer plain;
    shop.write_settings(mailing(port_of(plain) + login));
    const ProgramEnd none = shop.run("registrar-check", {});
    CHECK(none.code == 75);
    CHECK(contains(none.err, "does not offer STARTTLS"));
    const MailServer other({.tls = "starttls", .certified_name = "other.example"});
    shop.write_settings(mailing(port_of(other) + login + ", ca_file: " + other.ca_file()));
    const ProgramEnd wrong = shop.run("registrar-check", {});
    CHECK(wrong.code == 75);
    CHECK(contains(wrong.out, "wrong    mail"));
}

TEST_CASE("who is refused is told: one recipient as a warning, the sender as wrong") {
    const MailServer choosy({.mode = "refuse_recipient=night@example.net"});
    Shop shop(mailing(port_of(choosy)));
    const ProgramEnd one = shop.run("registrar-check", {"--json"});
    CHECK(one.code == 0);
    const auto found = mail_findings(one);
    REQUIRE(found.size() == 3);
    CHECK(found[2].at("verdict") == "warning");
    CHECK(contains(found[2].at("text"), "night@example.net: 550"));
    CHECK(contains(found[2].at("next"), "report.to"));
    const MailServer strict({.mode = "refuse_sender"});
    shop.write_settings(mailing(port_of(strict)));
    const ProgramEnd none = shop.run("registrar-check", {});
    CHECK(none.code == 75);
    CHECK(contains(none.err, "the sender was refused"));
    CHECK(choosy.mails().empty());
}

TEST_CASE("nobody to mail to is a warning; nothing is asked offline") {
    Shop shop;
    const ProgramEnd nobody = shop.run("registrar-check", {"--json"});
    CHECK(nobody.code == 0);
    REQUIRE(mail_findings(nobody).size() == 1);
    CHECK(mail_findings(nobody)[0].at("verdict") == "warning");
    shop.write_settings(mailing("port: 1"));  // Nobody listens there.
    CHECK(shop.run("registrar-check", {}).code == 75);
    const ProgramEnd offline = shop.run("registrar-check", {"--check", "--json"});
    CHECK(offline.code == 0);
    CHECK(mail_findings(offline).size() == 1);
}

TEST_CASE("a sendmail program must be there and be one") {
    Shop shop;
    const auto with = [&](const std::string& path) {
        SettingChanges changes = mailing("port: 1");
        changes["report.sendmail"] = path;
        shop.write_settings(changes);
        return shop.run("registrar-check", {});
    };
    CHECK(with("/bin/true").code == 0);
    for (const std::string& path :
         {shop / "nothing", shop.folder().string(), shop.write("text", "no program")}) {
        CAPTURE(path);
        const ProgramEnd end = with(path);
        CHECK(end.code == 78);
        CHECK(contains(end.err, "mail: cannot run '" + path + "'"));
    }
}
