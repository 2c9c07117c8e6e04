#include "support/shop.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace domspool::test;

namespace {

ProgramEnd order_one(const Shop& shop) {
    return shop.run("domain-register", {shop.write("orders.csv", registrations({"a-shop.com"}))});
}

void check_refused(Shop& shop, int code, const std::string& told) {
    const ProgramEnd end = order_one(shop);
    CAPTURE(end.err);
    CHECK(end.code == code);
    CHECK(end.err.find(told) != std::string::npos);
    CHECK(shop.registrar().calls().empty());
}

}  // namespace

TEST_CASE("a mistyped setting is refused, and the nearest known one named") {
    Shop shop;
    shop.write_settings({{"registrar.lane", "2"}});
    check_refused(shop, 78, "lanes");
    shop.write_settings({{"limits.max_spend_a_day", "2 EUR"}});
    check_refused(shop, 78, "max_spend_per_day");
    shop.write_settings({{"pendings.outage_minutes", "2"}});
    check_refused(shop, 78, "pending");
}

TEST_CASE("without a ceiling for a day nothing that costs is sent") {
    Shop shop;
    shop.write_settings({{"limits.max_spend_per_day", ""}});
    check_refused(shop, 78, "max_spend_per_day");
}

TEST_CASE("plain http to a host that is not loopback is refused") {
    Shop shop;
    shop.write_settings({{"registrar.endpoint", "http://api.registrar.example/2.0/"}});
    check_refused(shop, 78, "http");
}

TEST_CASE("a secret that others may read is refused, with the command that mends it") {
    Shop shop;
    REQUIRE(::chmod((shop / "secret").c_str(), 0644) == 0);
    check_refused(shop, 77, "chmod");
    REQUIRE(::chmod((shop / "secret").c_str(), 0600) == 0);
    CHECK(order_one(shop).code == 0);
}

TEST_CASE("settings that everybody may write are refused") {
    Shop shop;
    REQUIRE(::chmod((shop / "config.yaml").c_str(), 0666) == 0);
    check_refused(shop, 77, "chmod");
}

TEST_CASE("a secret that is not there is told") {
    Shop shop;
    std::filesystem::remove(shop / "secret");
    const ProgramEnd end = order_one(shop);
    CHECK(end.code == 78);
    CHECK(end.err.find(shop / "secret") != std::string::npos);
}

TEST_CASE("the secret may stand in the environment") {
    Shop shop;
    std::filesystem::remove(shop / "secret");
    shop.write_settings({{"registrar.secret_file", ""}, {"registrar.secret_env", "SHOP_SECRET"}});
    ProgramCall call =
        shop.call("domain-register", {shop.write("orders.csv", registrations({"a-shop.com"}))});
    call.environment["SHOP_SECRET"] = Shop::kPassword;
    const ProgramEnd end = run_program(call);
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("a log that cannot be written does not go unnoticed") {
    Shop shop;
    shop.write_settings({{"log.file", "/nowhere/domspool.log"}});
    const ProgramEnd end = order_one(shop);
    CAPTURE(end.err);
    CHECK(end.code != 0);
    CHECK(end.err.find("/nowhere/domspool.log") != std::string::npos);
}
