// Passwords, session ids and EPP codes stand where they must and nowhere else.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <signal.h>
#include <thread>

using namespace domspool::test;

namespace {

// Files of the shop that hold the text, but for the secret file and those named.
std::string files_with(const Shop& shop, const std::string& text,
                       const std::vector<std::string>& besides = {}) {
    std::string found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.folder())) {
        const std::string name = entry.path().filename().string();
        const bool may_hold =
            name == "secret" || std::find(besides.begin(), besides.end(), name) != besides.end();
        if (may_hold || !entry.is_regular_file()) continue;
        if (read_text(entry.path().string()).find(text) != std::string::npos) found += name + "\n";
    }
    return found;
}

const std::string kNowhere;

std::string proc_text(pid_t pid, const std::string& name) {
    return read_text("/proc/" + std::to_string(pid) + "/" + name);
}

}  // namespace

TEST_CASE("the password is in no argument, no output and no file") {
    Shop shop({}, {"--delay", "0", "--misbehave", "domainCreate:delay=0.3"});
    const std::string path =
        shop.write("orders.csv", registrations({"a-shop.com", "taken-shop.com"}));
    ProgramCall call = shop.call("domain-register", {path, "--verbose"});
    RunningProgram program(call);
    while (shop.registrar().count_calls("domainCreate") == 0) std::this_thread::yield();
    const std::string arguments = proc_text(program.pid(), "cmdline");
    CHECK(arguments.find("--verbose") != std::string::npos);
    CHECK(arguments.find(Shop::kPassword) == std::string::npos);
    const ProgramEnd end = program.wait();
    CHECK(end.code == 1);
    CHECK((end.out + end.err).find(Shop::kPassword) == std::string::npos);
    CHECK(files_with(shop, "a-shop.com") != kNowhere);  // The search does find.
    CHECK(files_with(shop, Shop::kPassword) == kNowhere);
}

TEST_CASE("a session id is in no output and no file") {
    Scratch state;
    Shop shop({{"registrar.lanes", "1"}}, {"--delay", "0", "--state", state / "registrar.db"});
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    // Stopped dead with its session open, so that the sandbox still knows the id.
    const ProgramEnd dead =
        shop.run_until("call_returned:2", "domain-register", {path, "--verbose"});
    CHECK(dead.signal == SIGKILL);
    const ProgramEnd ids =
        run_program({.program = "/usr/bin/sqlite3",
                     .arguments = {state / "registrar.db", "SELECT id FROM sessions"}});
    REQUIRE(ids.code == 0);
    REQUIRE(ids.out.size() >= 16);
    const std::string id = ids.out.substr(0, ids.out.find('\n'));
    CHECK((dead.out + dead.err).find(id) == std::string::npos);
    CHECK(files_with(shop, id) == kNowhere);
}

TEST_CASE("an EPP code is gone from the ledger when its order is done") {
    const std::string code = "EPP-Zt4-quokka";
    Shop shop;
    shop.registrar().control("add-domain moving-shop.com outside authID=" + code);
    const std::string header = registrations({}).substr(0, registrations({}).find('\n'));
    const std::string row = registrations({"moving-shop.com"}).substr(header.size() + 1);
    const std::string years = ",years", one = ",1,";
    std::string text = header + ",auth_code,nameservers\n" + row;
    text.erase(text.find(years), years.size());
    text.replace(text.find(one), one.size(), ",");
    text.insert(text.size() - 1, "," + code + ",ns1.sandbox.example ns2.sandbox.example");
    const std::string path = shop.write("transfer-orders.csv", text);

    const ProgramEnd sent =
        shop.run("domain-transfer", {path, "--verbose", "--result", shop / "result.csv"});
    CAPTURE(sent.err);
    CHECK(sent.code == 0);
    CHECK((sent.out + sent.err).find(code) == std::string::npos);
    CHECK(shop.times_executed("domainTransferIn", "moving-shop.com") == 1);
    CHECK(files_with(shop, code, {"transfer-orders.csv", "ledger.db", "ledger.db-wal"}) ==
          kNowhere);
    CHECK(read_text(shop / "result.csv").find("(kept)") != std::string::npos);

    ProgramEnd pass;
    for (int i = 0; i < 5 && shop.orders().at("moving-shop.com").at("state") != "done"; ++i) {
        pass = shop.run("pending-check", {"--now"});
        CAPTURE(pass.err);
        CHECK(pass.code == 0);
    }
    CHECK(shop.orders().at("moving-shop.com").at("state") == "done");
    CHECK(files_with(shop, code, {"transfer-orders.csv"}) == kNowhere);
}
