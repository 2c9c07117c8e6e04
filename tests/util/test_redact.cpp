#include "support/cpu_time.h"
#include "util/redact.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace domspool;

// What is remembered stays so for the whole program: each case has secrets of its own.

TEST_CASE("a remembered secret is replaced everywhere it stands") {
    redact::remember(Secret("wal7-rus"));
    CHECK(redact::clean("login wal7-rus failed") == "login (secret) failed");
    CHECK(redact::clean("wal7-ruswal7-rus") == "(secret)(secret)");
    CHECK(redact::clean("xwal7-rusx") == "x(secret)x");
    CHECK(redact::clean("wal7-ru") == "wal7-ru");
    CHECK(redact::clean("") == "");
}

TEST_CASE("the longer of two secrets with one beginning wins") {
    redact::remember(Secret("otter"));
    redact::remember(Secret("otter-pond"));
    CHECK(redact::clean("[otter-pond]") == "[(secret)]");
    CHECK(redact::clean("[otter-lake]") == "[(secret)-lake]");
}

TEST_CASE("XML, JSON and URL forms of a secret are replaced too") {
    redact::remember(Secret("be&a<v\"er/1"));
    CHECK(redact::clean("<p>be&amp;a&lt;v\"er/1</p>") == "<p>(secret)</p>");
    CHECK(redact::clean("p=\"be&amp;a&lt;v&quot;er/1\"") == "p=\"(secret)\"");
    CHECK(redact::clean("{\"p\":\"be&a<v\\\"er\\/1\"}") == "{\"p\":\"(secret)\"}");
    CHECK(redact::clean("?p=be%26a%3Cv%22er%2F1&q=1") == "?p=(secret)&q=1");
}

TEST_CASE("a short secret is replaced only as a word of its own") {
    redact::remember(Secret("q7"));
    CHECK(redact::clean("code q7, order q72 and aq7") == "code (secret), order q72 and aq7");
    CHECK(redact::clean("q7") == "(secret)");
    redact::remember(Secret(""));
    CHECK(redact::clean("nothing") == "nothing");
}

TEST_CASE("a secret of digits is replaced where it stands, and not within a longer number") {
    redact::remember(Secret("48213"));
    CHECK(redact::clean("code 48213 is wrong") == "code (secret) is wrong");
    CHECK(redact::clean("authID=48213&x") == "authID=(secret)&x");
    CHECK(redact::clean("<a>48213</a>") == "<a>(secret)</a>");
    CHECK(redact::clean("x48213y") == "x(secret)y");
    CHECK(redact::clean("?p=%2048213") == "?p=%20(secret)");
    CHECK(redact::clean("operation 5482130, 148213, 482131") ==
          "operation 5482130, 148213, 482131");
    redact::remember(Secret("482139"));
    CHECK(redact::clean("482139 4821399 48213") == "(secret) 4821399 (secret)");
}

TEST_CASE("fifty thousand secrets do not slow the cleaning down") {
    for (int i = 0; i < 50'000; ++i) {
        redact::remember(Secret("tx" + std::to_string(100'000 + i * 17) + "z"));
    }
    const std::string text(100'000, 't');
    const auto begin = test::cpu_time();
    CHECK(redact::clean(text + "tx100017z") == text + "(secret)");
    CHECK(test::cpu_time() - begin < std::chrono::seconds(5));
}
