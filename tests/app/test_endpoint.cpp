#include "app/endpoint.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("an endpoint is taken apart") {
    const auto endpoint = parse_endpoint("https://API.Example.com/2.0/");
    REQUIRE(endpoint);
    CHECK_FALSE(endpoint->is_plain);
    CHECK(endpoint->host == "api.example.com");
    CHECK(endpoint->port == 443);
    CHECK(endpoint->path == "/2.0/");
}

TEST_CASE("what is no plain http or https address is no endpoint") {
    for (const char* text :
         {"", "api.example.com", "ftp://example.com/", "https://", "https:///2.0/",
          "https://user@example.com/", "https://example.com/?a=b", "https://example.com/#a",
          "https://example.com:port/"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_endpoint(text));
    }
}

TEST_CASE("a ledger's stamp names the port only where it is not the usual one") {
    CHECK(stamp_host(*parse_endpoint("https://api.example.com/2.0/")) == "api.example.com");
    CHECK(stamp_host(*parse_endpoint("https://api.example.com:443/")) == "api.example.com");
    CHECK(stamp_host(*parse_endpoint("http://127.0.0.1:8080/2.0/")) == "127.0.0.1:8080");
    CHECK(stamp_host(*parse_endpoint("http://[::1]:80/")) == "[::1]");
    CHECK(stamp_host(*parse_endpoint("http://[::1]:8080/")) == "[::1]:8080");
}

TEST_CASE("loopback is told by the address, not by how a name begins") {
    CHECK(is_loopback("localhost"));
    CHECK(is_loopback("127.0.0.1"));
    CHECK(is_loopback("127.8.9.10"));
    CHECK(is_loopback("::1"));
    CHECK_FALSE(is_loopback("127.0.0.1.example.com"));
    CHECK_FALSE(is_loopback("localhost.example.com"));
    CHECK_FALSE(is_loopback("192.0.2.1"));
    CHECK_FALSE(is_loopback("::2"));
}
