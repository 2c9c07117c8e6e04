// Against a real mail server (aiosmtpd) that accepts, refuses, hangs and dies.
#include "mail/mail_message.h"
#include "mail/smtp_mailer.h"
#include "support/mail_server.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool;
using namespace domspool::test;

namespace {

using Verdict = Delivery::Verdict;

const char* const kPassword = "smtp-pw-Kq3-\"ocelot\"";

Mail mail_to(const std::vector<std::string>& recipients = {"ops@example.net"}) {
    Mail mail;
    mail.from = *MailAddress::parse("Domains <domains@example.net>");
    for (const std::string& to : recipients) mail.to.push_back(*MailAddress::parse(to));
    mail.text =
        address_headers(mail.from, mail.to) + "Subject: a test\r\n\r\nfirst\r\n.dot\r\n..\r\n";
    return mail;
}

SmtpSettings settings_for(const MailServer& server,
                          SmtpSettings::Tls tls = SmtpSettings::Tls::none) {
    SmtpSettings settings;
    settings.port = server.port();
    settings.tls = tls;
    if (tls != SmtpSettings::Tls::none) settings.ca_file = server.ca_file();
    settings.deadline = std::chrono::seconds(20);
    return settings;
}

SmtpSettings with_login(SmtpSettings settings, const std::string& password = kPassword) {
    settings.user = "reports";
    settings.password = Secret(password);
    return settings;
}

MailServer::Wish login_wish(const std::string& tls) {
    return {.tls = tls, .user = "reports", .password = kPassword};
}

}  // namespace

TEST_CASE("a mail arrives as it was, for all its recipients, lines with dots too") {
    const MailServer server;
    const Delivery delivery =
        SmtpMailer(settings_for(server)).deliver(mail_to({"ops@example.net", "a.b+c@example.org"}));
    CHECK(delivery.cause == "");
    REQUIRE(delivery.verdict == Verdict::accepted);
    REQUIRE(server.mails().size() == 1);
    const TakenMail taken = server.mails().front();
    CHECK(taken.sender == "domains@example.net");
    CHECK(taken.recipients == std::vector<std::string>{"ops@example.net", "a.b+c@example.org"});
    CHECK(taken.header("Subject") == "a test");
    CHECK(taken.text.ends_with("\n\nfirst\n.dot\n..\n"));
    CHECK_FALSE(taken.was_secure);
}

TEST_CASE("with STARTTLS and with TLS the login and the mail go encrypted to a verified server") {
    for (const auto& [word, tls] : {std::pair{"starttls", SmtpSettings::Tls::starttls},
                                    std::pair{"tls", SmtpSettings::Tls::tls}}) {
        CAPTURE(word);
        const MailServer server(login_wish(word));
        const Delivery delivery =
            SmtpMailer(with_login(settings_for(server, tls))).deliver(mail_to());
        CHECK(delivery.cause == "");
        CHECK(delivery.verdict == Verdict::accepted);
        REQUIRE(server.mails().size() == 1);
        CHECK(server.mails().front().was_secure);
        CHECK(server.mails().front().user == "reports");
    }
}

TEST_CASE("a wrong password is told without the password") {
    const MailServer server(login_wish("starttls"));
    const Delivery delivery =
        SmtpMailer(with_login(settings_for(server, SmtpSettings::Tls::starttls), "wrong-Zz9"))
            .deliver(mail_to());
    CHECK(delivery.verdict == Verdict::not_now);
    CAPTURE(delivery.cause);
    CHECK(delivery.cause.find("535") != std::string::npos);
    CHECK(delivery.cause.find("wrong-Zz9") == std::string::npos);
    CHECK(server.mails().empty());
}

TEST_CASE("a server without STARTTLS, or that refuses it, gets no login and no mail") {
    const MailServer::Wish wishes[] = {
        {.tls = "none", .user = "reports", .password = kPassword},
        {.mode = "refuse_starttls", .tls = "starttls", .user = "reports", .password = kPassword}};
    for (const auto& wish : wishes) {
        CAPTURE(wish.mode);
        const MailServer server(wish);
        SmtpSettings settings = with_login(settings_for(server));
        settings.tls = SmtpSettings::Tls::starttls;
        if (wish.tls != "none") settings.ca_file = server.ca_file();
        const Delivery delivery = SmtpMailer(settings).deliver(mail_to());
        CHECK(delivery.verdict == Verdict::not_now);
        CHECK(delivery.cause.find("STARTTLS") != std::string::npos);
        CHECK(server.mails().empty());
    }
}

TEST_CASE("a server of another name, or of an unknown authority, gets no mail") {
    for (const auto& [word, tls] : {std::pair{"starttls", SmtpSettings::Tls::starttls},
                                    std::pair{"tls", SmtpSettings::Tls::tls}}) {
        CAPTURE(word);
        const MailServer other({.tls = word, .certified_name = "mail.example.org"});
        const Delivery to_other = SmtpMailer(settings_for(other, tls)).deliver(mail_to());
        CHECK(to_other.verdict == Verdict::not_now);
        CHECK(to_other.cause.find("cannot trust 'localhost'") != std::string::npos);
        CHECK(other.mails().empty());

        const MailServer unknown({.tls = word});
        SmtpSettings settings = settings_for(unknown, tls);
        settings.ca_file = "";
        const Delivery to_unknown = SmtpMailer(settings).deliver(mail_to());
        CHECK(to_unknown.verdict == Verdict::not_now);
        CHECK(unknown.mails().empty());
    }
}

TEST_CASE("one refused recipient does not keep the mail from the others") {
    const MailServer server({.mode = "refuse_recipient=gone@example.net"});
    const Delivery delivery =
        SmtpMailer(settings_for(server)).deliver(mail_to({"gone@example.net", "ops@example.net"}));
    CHECK(delivery.verdict == Verdict::accepted);
    REQUIRE(delivery.refused.size() == 1);
    CHECK(delivery.refused[0] == "gone@example.net: 550 <b>no such user</b>");
    REQUIRE(server.mails().size() == 1);
    CHECK(server.mails()[0].recipients == std::vector<std::string>{"ops@example.net"});
}

TEST_CASE("what the server refuses is told in its own words, and tried again or not") {
    struct Case {
        const char *mode, *words;
        Verdict verdict;
    };
    for (const Case& each : {Case{"refuse_sender", "553 this sender", Verdict::not_now},
                             Case{"refuse_recipients", "550 <b>no such user", Verdict::not_now},
                             Case{"busy", "451 try again later", Verdict::not_now},
                             Case{"too_large", "552 the mail is too large", Verdict::never}}) {
        CAPTURE(each.mode);
        const MailServer server({.mode = each.mode});
        const Delivery delivery = SmtpMailer(settings_for(server)).deliver(mail_to());
        CHECK(delivery.verdict == each.verdict);
        CAPTURE(delivery.cause);
        CHECK(delivery.cause.find(each.words) != std::string::npos);
        CHECK(server.mails().empty());
    }
}

TEST_CASE("a server that dies in the middle, before or after taking the mail, is tried again") {
    for (const auto& [mode, mails] :
         {std::pair{"die_in_mail", 0U}, std::pair{"die_after_mail", 1U}}) {
        CAPTURE(mode);
        const MailServer server({.mode = mode});
        Mail mail = mail_to();
        for (int i = 0; i < 20'000; ++i) mail.text += std::string(70, 'x') + "\r\n";
        const Delivery delivery = SmtpMailer(settings_for(server)).deliver(mail);
        CHECK(delivery.verdict == Verdict::not_now);
        CHECK(delivery.cause != "");
        CHECK(server.mails().size() == mails);
    }
}

TEST_CASE("a server that hangs, or says a byte now and then, is left at the deadline") {
    for (const char* mode : {"hang_greeting", "trickle", "hang_after_mail"}) {
        CAPTURE(mode);
        const MailServer server({.mode = mode});
        SmtpSettings settings = settings_for(server);
        settings.deadline = std::chrono::milliseconds(1500);
        const auto begun = std::chrono::steady_clock::now();
        const Delivery delivery = SmtpMailer(settings).deliver(mail_to());
        const auto taken = std::chrono::steady_clock::now() - begun;
        CHECK(taken >= settings.deadline);
        // Without a deadline it never ends; what a busy machine adds is let pass.
        CHECK(taken < std::chrono::seconds(60));
        CHECK(delivery.verdict == Verdict::not_now);
        CHECK(delivery.cause.find("too long") != std::string::npos);
    }
}

TEST_CASE("a TLS server that never shakes hands is left at the deadline") {
    const MailServer server({.mode = "hang_greeting"});
    SmtpSettings settings = settings_for(server);
    settings.tls = SmtpSettings::Tls::tls;
    settings.deadline = std::chrono::milliseconds(1500);
    const Delivery delivery = SmtpMailer(settings).deliver(mail_to());
    CHECK(delivery.verdict == Verdict::not_now);
    CHECK(delivery.cause.find("too long") != std::string::npos);
}

TEST_CASE("where nobody listens, the mail is tried again") {
    SmtpSettings settings;
    settings.port = 1;
    const Delivery delivery = SmtpMailer(settings).deliver(mail_to());
    CHECK(delivery.verdict == Verdict::not_now);
    CHECK(delivery.cause.find("cannot connect to 'localhost'") != std::string::npos);
}

TEST_CASE("a rehearsal goes as far as the mail itself, and sends none") {
    const MailServer server(login_wish("starttls"));
    SmtpMailer mailer(with_login(settings_for(server, SmtpSettings::Tls::starttls)));
    const Delivery rehearsal = mailer.rehearse(mail_to());
    CHECK(rehearsal.cause == "");
    CHECK(rehearsal.verdict == Verdict::accepted);
    CHECK(mailer.deliver(mail_to()).verdict == Verdict::accepted);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("a rehearsal tells who is refused, as the mail would be") {
    const MailServer server({.mode = "refuse_recipient=ops@example.net"});
    const Delivery one =
        SmtpMailer(settings_for(server)).rehearse(mail_to({"ops@example.net", "a@example.org"}));
    CHECK(one.verdict == Verdict::accepted);
    REQUIRE(one.refused.size() == 1);
    CHECK(one.refused.front().find("no such user") != std::string::npos);
    const MailServer strict({.mode = "refuse_sender"});
    const Delivery none = SmtpMailer(settings_for(strict)).rehearse(mail_to());
    CHECK(none.verdict == Verdict::not_now);
    CHECK(none.cause.find("this sender is not known here") != std::string::npos);
    CHECK(server.mails().empty());
}
