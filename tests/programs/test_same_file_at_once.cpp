// Several programs that are given the same file at the same moment.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>

using namespace domspool::test;

TEST_CASE("a file given to several programs at once is one batch, and no order of it fails") {
    // Two batches came of one file when a program asked whether it was known, and another had
    // taken and finished it before the first began to enter it.
    Shop shop(SettingChanges{{"registrar.lanes", "1"}});
    for (int round = 0; round < 12; ++round) {
        const std::string number = std::to_string(round);
        const std::string domain = "at-once-" + number + ".com";
        const std::string path = shop.write("file-" + number + ".csv", registrations({domain}));
        std::vector<std::unique_ptr<RunningProgram>> programs;
        for (int i = 0; i < 4; ++i) {
            programs.push_back(
                std::make_unique<RunningProgram>(shop.call("domain-register", {path, "--quiet"})));
        }
        for (const auto& program : programs) {
            const ProgramEnd end = program->wait();
            CAPTURE(end.err);
            // Ordered, gone on with, just being read by another, or finished by another.
            CHECK((end.code == 0 || end.code == 75 || end.code == 65));
        }
        CHECK(shop.orders().at(domain).at("state") == "done");
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
    const ProgramEnd list = shop.run("domain-orders", {"list", "--json"});
    CHECK(json_lines(list.out).size() == 12);
}

TEST_CASE("one person in the files of two programs at once is made once") {
    Shop shop;
    shop.registrar().control("misbehave contactCreate:delay=0.5");
    const std::string a = shop.write("a.csv", registrations({"a-shop.com", "b-shop.com"}));
    const std::string b = shop.write("b.csv", registrations({"c-shop.com", "d-shop.com"}));
    RunningProgram first(shop.call("domain-register", {a}));
    RunningProgram second(shop.call("domain-register", {b}));
    const ProgramEnd ends[] = {first.wait(), second.wait()};
    for (const ProgramEnd& end : ends) {
        CAPTURE(end.err);
        CHECK(end.code == 0);
    }
    CHECK(shop.times_executed("contactCreate") == 1);
    std::set<std::string> owners;
    for (const SandboxDomain& domain : shop.registrar().domains()) owners.insert(domain.owner);
    CHECK(owners.size() == 1);
    CHECK(shop.times_executed("domainCreate") == 4);
}
