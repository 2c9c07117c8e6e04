#include "mail/mail_message.h"
#include "mail/sendmail_mailer.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <chrono>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

using Verdict = Delivery::Verdict;

Mail a_mail() {
    Mail mail;
    mail.from = *MailAddress::parse("Domains <domains@example.net>");
    mail.to = {*MailAddress::parse("ops@example.net"), *MailAddress::parse("b@example.org")};
    mail.text = address_headers(mail.from, mail.to) + "Subject: x\r\n\r\nfirst\r\n.\r\nlast\r\n";
    return mail;
}

// A sendmail program of the test's own.
std::string program(const Scratch& scratch, const std::string& body) {
    const std::string path = scratch / "sendmail";
    write_text(path, "#!/bin/sh\ncd " + scratch.path().string() + "\n" + body);
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
    return path;
}

}  // namespace

TEST_CASE("sendmail gets sender, recipients and the whole mail, and nothing else of ours") {
    const Scratch scratch;
    SendmailMailer mailer(program(scratch,
                                  "printf '%s\\n' \"$@\" >words\ncat >mail\nenv >environment\n"
                                  "ls /proc/self/fd >descriptors\n"));
    const Delivery delivery = mailer.deliver(a_mail());
    CHECK(delivery.cause == "");
    CHECK(delivery.verdict == Verdict::accepted);
    CHECK(read_text(scratch / "words") ==
          "-i\n-f\ndomains@example.net\n--\nops@example.net\nb@example.org\n");
    CHECK(read_text(scratch / "mail").ends_with("Subject: x\n\nfirst\n.\nlast\n"));
    CHECK(read_text(scratch / "environment").find("HOME=") == std::string::npos);
    CHECK(read_text(scratch / "descriptors") == "0\n1\n2\n3\n");  // 3: ls reads the folder.
}

TEST_CASE("a sendmail that fails is told with its code and words, and tried again") {
    const Scratch scratch;
    SendmailMailer mailer(program(scratch, "echo 'queue is full' >&2\nexit 75\n"));
    const Delivery delivery = mailer.deliver(a_mail());
    CHECK(delivery.verdict == Verdict::not_now);
    CHECK(delivery.cause.find("ended with 75") != std::string::npos);
    CHECK(delivery.cause.find("queue is full") != std::string::npos);
    CHECK(delivery.cause.find("report.smtp") == std::string::npos);
}

TEST_CASE(
    "a sendmail that fails or hangs where nobody may change his group is told with a way out") {
    const Scratch scratch;
    const std::string failing = program(scratch, "echo 'queue: denied' >&2\nexec sleep 600\n");
    // What is set stays set for a thread and what it starts.
    std::string cause;
    std::thread([&] {
        CHECK(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        cause = SendmailMailer(failing, std::chrono::milliseconds(500)).deliver(a_mail()).cause;
    }).join();
    CHECK(cause.find("too long and was stopped: queue: denied") != std::string::npos);
    CHECK(cause.find("use report.smtp") != std::string::npos);
}

TEST_CASE("a sendmail that is not there, or that never ends, is no delivery") {
    SendmailMailer missing("/nowhere/sendmail");
    CHECK(missing.deliver(a_mail()).verdict == Verdict::not_now);
    CHECK(missing.deliver(a_mail()).cause.find("no such file") != std::string::npos);

    const Scratch scratch;
    SendmailMailer endless(program(scratch, "exec sleep 600\n"), std::chrono::milliseconds(300));
    const auto begun = std::chrono::steady_clock::now();
    const Delivery delivery = endless.deliver(a_mail());
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
    CHECK(delivery.verdict == Verdict::not_now);
    CHECK(delivery.cause.find("too long") != std::string::npos);
}

TEST_CASE("a mail larger than any pipe gets through") {
    const Scratch scratch;
    SendmailMailer mailer(program(scratch, "wc -c >size\n"));
    Mail mail = a_mail();
    mail.text = std::string(5'000'000, 'x');
    CHECK(mailer.deliver(mail).verdict == Verdict::accepted);
    CHECK(std::stol(read_text(scratch / "size")) == 5'000'000);
}
