// summary-report as a program: what it mails, prints and says, and when it says nothing.
#include "support/mail_server.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>
#include <sys/stat.h>

using namespace domspool::test;

namespace {

SettingChanges mailing_to(const MailServer& server, const std::string& policy = "always") {
    return {{"report.policy", policy},
            {"report.from", "\"Domains <domains@example.net>\""},
            {"report.to", "[ops@example.net]"},
            {"report.smtp", "{ port: " + std::to_string(server.port()) + " }"}};
}

void order_some(const Shop& shop) {
    const std::string path =
        shop.write("orders.csv", registrations({"first-shop.com", "taken-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CHECK(end.code == 1);
}

}  // namespace

TEST_CASE("a user without a home gets his report, and no complaints about fonts") {
    const MailServer server;
    Shop shop(mailing_to(server));
    order_some(shop);
    // Fonts nobody has looked at yet, and no place to note what is seen of them.
    std::filesystem::copy("/usr/share/fonts/truetype/dejavu", shop / "fonts");
    const std::string config =
        shop.write("fonts.conf", "<fontconfig><dir>" + shop / "fonts" +
                                     "</dir><cachedir>/proc/none</cachedir>"
                                     "<cachedir prefix=\"xdg\">fontconfig</cachedir></fontconfig>");
    ProgramCall call = shop.call("summary-report", {});
    call.environment["FONTCONFIG_FILE"] = config;
    call.environment["XDG_CACHE_HOME"] = "/proc/none";
    call.environment["HOME"] = "/nonexistent";
    const ProgramEnd end = run_program(call);
    CHECK(end.err == "");
    CHECK(end.code == 0);
    REQUIRE(server.mails().size() == 1);
    CHECK(server.mails().front().part("image/png").starts_with("\x89PNG"));
}

TEST_CASE("a morning's report tells what was ordered and what failed, in the registrar's words") {
    const MailServer server;
    Shop shop(mailing_to(server));
    order_some(shop);
    const ProgramEnd end = shop.run("summary-report", {});
    CHECK(end.err == "");
    CHECK(end.code == 0);
    CHECK(end.out == "");
    REQUIRE(server.mails().size() == 1);
    const TakenMail mail = server.mails().front();
    CHECK(std::regex_match(mail.header("Subject"),
                           std::regex("\\[domspool [A-Za-z0-9.-]+\\] 1 failed, 1 done")));
    CHECK(mail.header("From") == "\"Domains\" <domains@example.net>");
    CHECK(mail.header("To") == "ops@example.net");
    CHECK(mail.header("Message-ID").ends_with("@example.net>"));
    for (const std::string& part : {mail.part("text/plain"), mail.part("text/html")}) {
        CHECK(part.find("taken-shop.com") != std::string::npos);
        CHECK(part.find("E13-M1306") != std::string::npos);
        CHECK(part.find("domain-orders retry 2 --config " + shop / "config.yaml") !=
              std::string::npos);
        CHECK(part.find("9.50 EUR") != std::string::npos);
    }
    CHECK(mail.part("image/png").starts_with("\x89PNG"));
    CHECK(mail.part("text/csv").find("first-shop.com") != std::string::npos);
    for (const char* personal : {"Nora", "1 Mill Lane", "nora@example.net"}) {
        CHECK((mail.part("text/csv") + mail.part("text/plain") + mail.part("text/html"))
                  .find(personal) == std::string::npos);
    }
}

TEST_CASE("--text, --html and --json show the report and leave it to be mailed") {
    const MailServer server;
    Shop shop(mailing_to(server, "on-change"));
    order_some(shop);
    const ProgramEnd text = shop.run("summary-report", {"--text"});
    CHECK(text.code == 0);
    CHECK(text.out.starts_with("1 failed, 1 done\n"));
    const ProgramEnd json = shop.run("summary-report", {"--json"});
    REQUIRE(json_lines(json.out).size() == 1);
    CHECK(json_lines(json.out)[0].at("headline") == "1 failed, 1 done");
    const ProgramEnd html = shop.run("summary-report", {"--html", shop / "report.html"});
    CHECK(html.out == "");
    CHECK(read_text(shop / "report.html").find("src=\"data:image/png;base64,iVBORw0KGgo") !=
          std::string::npos);
    CHECK(server.mails().empty());
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("a mail server that is away is told, and the next run mails what was to be mailed") {
    const MailServer server;
    Shop shop(mailing_to(server, "on-change"));
    SettingChanges away = mailing_to(server, "on-change");
    away["report.smtp"] = "{ port: 1 }";
    shop.write_settings(away);
    order_some(shop);
    const ProgramEnd failed = shop.run("summary-report", {});
    CHECK(failed.code == 75);
    CHECK(failed.err.find("cannot connect to 'localhost'") != std::string::npos);
    CHECK(failed.err.find("the next run sends it") != std::string::npos);
    shop.write_settings({});
    CHECK(shop.run("summary-report", {}).code == 0);
    REQUIRE(server.mails().size() == 1);
    CHECK(server.mails()[0].part("text/plain").find("first-shop.com") != std::string::npos);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("the login goes over TLS, and its password is nowhere else") {
    const std::string password = "smtp-pw-Wx8-tapir";
    const MailServer server({.tls = "starttls", .user = "reports", .password = password});
    Shop shop(mailing_to(server));
    write_text(shop / "smtp-secret", password + "\n");
    REQUIRE(::chmod((shop / "smtp-secret").c_str(), 0600) == 0);
    SettingChanges with_login = mailing_to(server);
    with_login["report.smtp"] =
        "{ port: " + std::to_string(server.port()) +
        ", tls: starttls, user: reports, secret_file: " + shop / "smtp-secret" +
        ", ca_file: " + server.ca_file() + " }";
    shop.write_settings(with_login);
    order_some(shop);
    const ProgramEnd end = shop.run("summary-report", {"--verbose"});
    CHECK(end.err == "");
    CHECK(end.code == 0);
    REQUIRE(server.mails().size() == 1);
    CHECK(server.mails()[0].user == "reports");
    CHECK(server.mails()[0].was_secure);
    CHECK(end.out.find(password) == std::string::npos);
    CHECK(read_text(shop / "domspool.log").find("report_sent") != std::string::npos);
    CHECK(read_text(shop / "domspool.log").find(password) == std::string::npos);
}

TEST_CASE("the machine's sendmail is used where the settings name one") {
    const MailServer unused;
    Shop shop(mailing_to(unused));
    write_text(shop / "sendmail", "#!/bin/sh\nexec cat >" + shop / "mail\n");
    REQUIRE(::chmod((shop / "sendmail").c_str(), 0755) == 0);
    SettingChanges settings = mailing_to(unused);
    settings["report.sendmail"] = shop / "sendmail";
    shop.write_settings(settings);
    order_some(shop);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(read_text(shop / "mail").find("\nSubject: [domspool ") != std::string::npos);
    CHECK(unused.mails().empty());
}

TEST_CASE("files that the spool refused or left alone are told, and are a reason to mail") {
    const MailServer server;
    SpoolShop shop(mailing_to(server, "on-error"));
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().empty());
    shop.drop("register-bad.csv", "domain,colour\nfirst-shop.com,red\n");
    std::filesystem::create_symlink("/etc/passwd", shop.spool() + "/incoming/link.csv");
    CHECK(shop.run("spool-run", {}).code == 65);
    CHECK(shop.run("summary-report", {}).code == 0);
    REQUIRE(server.mails().size() == 1);
    const std::string text = server.mails()[0].part("text/plain");
    CHECK(text.find("refused: register-bad.csv") != std::string::npos);
    CHECK(text.find("colour") != std::string::npos);
    CHECK(text.find("link.csv") != std::string::npos);
    // The link still lies there; it was told.
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("HTML in the registrar's words and quotes in a name stay words in the mail") {
    const MailServer server;
    SettingChanges changes = mailing_to(server);
    changes["report.from"] = "'\"Büro \\\"Nacht\\\"\" <domains@example.net>'";
    Shop shop(changes, {"--hold-pending"});
    shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-shop.com"}))});
    shop.registrar().control(
        "fail 5000001 </p><script>alert('x')</script><img src=http://x.example>");
    shop.run("pending-check", {"--now"});
    REQUIRE(shop.orders().at("slow-shop.com").at("state") == "failed");
    const ProgramEnd end = shop.run("summary-report", {});
    CHECK(end.err == "");
    REQUIRE(server.mails().size() == 1);
    const TakenMail mail = server.mails().front();
    CHECK(mail.part("text/plain").find("<script>") != std::string::npos);
    const std::string page = mail.part("text/html");
    CHECK(page.find("&lt;script&gt;") != std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("x.example>") == std::string::npos);
    // RFC 2047: a name that is not ASCII is encoded.
    CHECK(mail.header("From").starts_with("=?UTF-8?"));
    CHECK(mail.header("From").ends_with(" <domains@example.net>"));
    CHECK(mail.sender == "domains@example.net");
}

TEST_CASE("what is held is mailed until the command that stands in the mail was given") {
    const MailServer server;
    SpoolShop shop(mailing_to(server, "on-attention"), {"--delay", "600"});
    CHECK(shop.run("domain-register", {shop.write("slow.csv", registrations({"slow-shop.com"}))})
              .code == 0);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().empty());
    CHECK(shop.run("domain-orders", {"hold", "slow-shop.com"}).code == 0);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(shop.run("summary-report", {}).code == 0);
    REQUIRE(server.mails().size() == 2);
    const std::string text = server.mails()[1].part("text/plain");
    CHECK(text.find("Needs a person (1)") != std::string::npos);
    std::smatch command;
    REQUIRE(
        std::regex_search(text, command, std::regex("\\$ domain-orders (release) (1) --config")));
    CHECK(shop.run("domain-orders", {command[1], command[2]}).code == 0);
    CHECK(shop.run("summary-report", {}).code == 0);
    CHECK(server.mails().size() == 2);
}

TEST_CASE("where nobody is to be mailed, nothing is, and it is no failure") {
    Shop shop;
    const ProgramEnd quiet = shop.run("summary-report", {});
    CHECK(quiet.code == 0);
    CHECK(quiet.out == "");
    CHECK(shop.run("summary-report", {"--verbose"}).out.find("report.to") != std::string::npos);
}

TEST_CASE("an address that would break a header is refused with the settings") {
    Shop shop;
    for (const char* to : {"[\"ops@example.net\\nBcc: x@example.org\"]",
                           "[\"Ops\\r\\n <ops@example.net>\"]", "[\"o ps@example.net\"]"}) {
        CAPTURE(to);
        shop.write_settings({{"report.from", "domains@example.net"}, {"report.to", to}});
        const ProgramEnd end = shop.run("summary-report", {});
        CHECK(end.code == 78);
        CHECK(end.err.find("must be a list of mail addresses") != std::string::npos);
    }
}
