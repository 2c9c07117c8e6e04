#include "mail/mail_address.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

namespace {

std::string form(const std::string& text) {
    const auto address = MailAddress::parse(text);
    return address ? address->header_form() : "(refused)";
}

}  // namespace

TEST_CASE("an address stands alone or behind the name of its owner") {
    CHECK(form("ops@example.net") == "ops@example.net");
    CHECK(form("a.b+c@mail.example.net") == "a.b+c@mail.example.net");
    CHECK(form("Ops <ops@example.net>") == "\"Ops\" <ops@example.net>");
    CHECK(form("<ops@example.net>") == "ops@example.net");
    CHECK(MailAddress::parse("Ops, night <ops@example.net>")->name() == "Ops, night");
    CHECK(MailAddress::parse("Ops, night <ops@example.net>")->address() == "ops@example.net");
}

TEST_CASE("a name with quotes is quoted, one that is not ASCII is encoded, whole characters only") {
    CHECK(form("\"Ops \\\"night\\\" shift\" <ops@example.net>") ==
          "\"Ops \\\"night\\\" shift\" <ops@example.net>");
    // RFC 2047: Q encoding, UTF-8 "ü" is C3 BC.
    CHECK(form("Bücher <b@example.net>") == "=?UTF-8?Q?B=C3=BCcher?= <b@example.net>");
    CHECK(form("A \"b\" ü <b@example.net>") == "(refused)");  // Quotes in an unquoted name.
    CHECK(form("\"A \\\"b\\\" ü\" <b@example.net>") ==
          "=?UTF-8?Q?A_=22b=22_=C3=BC?= <b@example.net>");
    std::string umlauts;
    for (int i = 0; i < 40; ++i) umlauts += "ü";
    const std::string folded = form(umlauts + " <b@example.net>");
    CHECK(folded.find("\r\n =?UTF-8?Q?=C3=BC") != std::string::npos);
    CHECK(folded.find("=C3?=") == std::string::npos);
}

TEST_CASE("what would break a header, an envelope or a command line is no address") {
    for (const char* text : {"",
                             "ops",
                             "@example.net",
                             "ops@",
                             "ops@a@b.example",
                             "ops@example.net\nBcc: x@example.org",
                             "ops@example.net\r\n",
                             "o ps@example.net",
                             "ops@exämple.net",
                             "-f@example.net",
                             "a@example.net,b@example.net",
                             "Ops ops@example.net",
                             "Ops <ops@example.net> x",
                             "Ops\r\nBcc: x@example.org <ops@example.net>",
                             "Ops\n <ops@example.net>",
                             "\"Ops <ops@example.net>",
                             "\"a\"b\" <ops@example.net>",
                             "\"a\\\" <ops@example.net>",
                             "Ops <ops@example.net",
                             "Ops <>",
                             "\xFFx <ops@example.net>",
                             "\xE2\x80\xAEspO <ops@example.net>",
                             "ops@example.net\x7F"}) {
        CAPTURE(text);
        CHECK(form(text) == "(refused)");
    }
    CHECK(form(std::string("ops@example.net\0", 16)) == "(refused)");
    CHECK(form(std::string(300, 'a') + "@example.net") == "(refused)");
    CHECK(form(std::string(300, 'a') + " <ops@example.net>") == "(refused)");
}

TEST_CASE("a header's text is ASCII, or encoded words, and one line each") {
    CHECK(header_text("[domspool shop1] 2 failed, 1 held, 37 done") ==
          "[domspool shop1] 2 failed, 1 held, 37 done");
    CHECK(header_text("a\r\nBcc: x@example.org") == "a\\r\\nBcc: x@example.org");
    CHECK(header_text("=?UTF-8?Q?x?=") == "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?=");
    CHECK(header_text("für") == "=?UTF-8?Q?f=C3=BCr?=");
}
