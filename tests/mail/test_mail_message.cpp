#include "mail/mail_message.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <sstream>

using namespace domspool;

namespace {

MailContent content() {
    MailContent content;
    content.subject = "[domspool shop1] 1 failed";
    content.message_id = "<domspool.1@example.net>";
    content.date = *from_iso("2026-11-25T07:00:05.000Z");
    content.text = "one failed: bücher\n";
    content.html = "<p>one failed</p>\n";
    content.png = "PNG-bytes";
    content.csv = "order_id\n7\n";
    return content;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find("\r\n", at);
        REQUIRE(end != std::string::npos);  // Every line ends so, the last one too.
        lines.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return lines;
}

}  // namespace

TEST_CASE("a mail holds text, page, picture and table, each in its place") {
    // RFC 2046 and 2387; base64 by `printf ... | base64`.
    const std::vector<std::string> wanted = {
        "Subject: [domspool shop1] 1 failed",
        "Date: Wed, 25 Nov 2026 07:00:05 +0000",
        "Message-ID: <domspool.1@example.net>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/mixed; boundary=\"=_mixed\"",
        "",
        "--=_mixed",
        "Content-Type: multipart/alternative; boundary=\"=_alternative\"",
        "",
        "--=_alternative",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        "b25lIGZhaWxlZDogYsO8Y2hlcgo=",
        "--=_alternative",
        "Content-Type: multipart/related; type=\"text/html\"; boundary=\"=_related\"",
        "",
        "--=_related",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        "PHA+b25lIGZhaWxlZDwvcD4K",
        "--=_related",
        "Content-Type: image/png; name=\"chart.png\"",
        "Content-ID: <chart@domspool>",
        "Content-Disposition: inline; filename=\"chart.png\"",
        "Content-Transfer-Encoding: base64",
        "",
        "UE5HLWJ5dGVz",
        "--=_related--",
        "--=_alternative--",
        "--=_mixed",
        "Content-Type: text/csv; charset=utf-8; name=\"orders.csv\"",
        "Content-Disposition: attachment; filename=\"orders.csv\"",
        "Content-Transfer-Encoding: base64",
        "",
        "b3JkZXJfaWQKNwo=",
        "--=_mixed--",
    };
    CHECK(lines_of(mail_text(content())) == wanted);
}

TEST_CASE("without picture and table there are no parts for them") {
    MailContent plain = content();
    plain.png = plain.csv = "";
    const std::string mail = mail_text(plain);
    CHECK(mail.find("multipart/alternative") != std::string::npos);
    CHECK(mail.find("multipart/mixed") == std::string::npos);
    CHECK(mail.find("multipart/related") == std::string::npos);
}

TEST_CASE("no line is longer than 78 and no byte is above 7 bits, whatever is told") {
    MailContent large = content();
    for (int i = 0; i < 256; ++i) large.text += std::string(7, static_cast<char>(i));
    large.csv = std::string(100'000, '\n');
    large.subject = "für\n\x01 alle";
    for (const std::string& line : lines_of(mail_text(large))) {
        CHECK(line.size() <= 78);
        CHECK(line.find_first_of("\r\n") == std::string::npos);
        for (const char c : line) CHECK((c >= ' ' && c < 0x7F));
    }
}

TEST_CASE("addresses stand in headers of their own") {
    CHECK(address_headers(
              *MailAddress::parse("Domains <d@example.net>"),
              {*MailAddress::parse("a@example.net"), *MailAddress::parse("B <b@example.net>")}) ==
          "From: \"Domains\" <d@example.net>\r\n"
          "To: a@example.net,\r\n \"B\" <b@example.net>\r\n");
}

TEST_CASE("message ids differ, and end in the sender's domain") {
    const MailAddress from = *MailAddress::parse("d@example.net");
    std::set<std::string> ids;
    for (int i = 0; i < 50; ++i) ids.insert(new_message_id(from));
    CHECK(ids.size() == 50);
    for (const std::string& id : ids) {
        CHECK(std::regex_match(id, std::regex("<domspool\\.[0-9a-f]{32}@example\\.net>")));
    }
}
