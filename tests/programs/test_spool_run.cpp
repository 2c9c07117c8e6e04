// spool-run, from what is dropped into incoming/ to what lies in done/ and refused/.
#include "spool/folder_safety.h"
#include "support/holds.h"
#include "support/spool_shop.h"
#include "util/clock.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <stdio.h>
#include <sys/stat.h>
#include <thread>
#include <tuple>
#include <unistd.h>

using namespace domspool::test;

namespace {

using Names = std::vector<std::string>;

// Both names end with "-shop.com"; what begins with "slow" stays pending until it is ended.
const std::string kTransfers =
    "domain,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language,auth_code,nameservers\n"
    "moving-shop.com,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "Se-cret-1,ns1.sandbox.example ns2.sandbox.example\n"
    "slow-moving-shop.com,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "\"Se,cret-2\",ns1.sandbox.example ns2.sandbox.example\n";

std::string transfer_of(const std::string& domain, const std::string& code) {
    return kTransfers.substr(0, kTransfers.find('\n') + 1) + domain +
           ",Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN," + code +
           ",ns1.sandbox.example ns2.sandbox.example\n";
}

void prepare_transfers(Shop& shop) {
    shop.registrar().control(
        "add-domain moving-shop.com outside authID=Se-cret-1\n"
        "add-domain slow-moving-shop.com outside authID=Se,cret-2\n");
}

// The columns of registrations() and one more, which tells the kind.
std::string with_kind(const std::string& rows) {
    std::string text;
    for (std::size_t begin = 0; begin < rows.size();) {
        const std::size_t end = rows.find('\n', begin);
        text += rows.substr(begin, end - begin) + (begin == 0 ? ",order\n" : ",register\n");
        begin = end + 1;
    }
    return text;
}

// An order that a ceiling kept back.
void leave_accepted(Shop& shop, const std::string& domain) {
    shop.write_settings({{"limits.max_spend_per_day", "1 EUR"}});
    const std::string path = shop.write("orders.csv", registrations({domain}));
    REQUIRE(shop.run("domain-register", {path}).code == 69);
    shop.write_settings({{"limits.max_spend_per_day", "1000 EUR"}});
}

}  // namespace

TEST_CASE("a dropped file is ordered and lies in done beside its result; cron hears nothing") {
    SpoolShop shop;
    shop.drop("register-new-shops.csv", registrations({"first-shop.com", "second-shop.net"}));
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 0);
    CHECK(end.out == "");
    CHECK(end.err == "");
    CHECK(shop.files_in("incoming").empty());
    CHECK(shop.files_in("active").empty());
    CHECK(shop.archived() == Names{"1-register-new-shops.csv", "1-register-new-shops.result.csv"});
    const auto rows = csv_records(shop.archived_text("1-register-new-shops.result.csv"));
    REQUIRE(rows.size() == 3);
    CHECK(std::count(rows[1].begin(), rows[1].end(), "done") == 1);
    CHECK(shop.times_executed("domainCreate") == 2);
    const ProgramEnd again = shop.run("spool-run", {});
    CHECK(again.code == 0);
    CHECK(again.out + again.err == "");
    CHECK(shop.times_executed("domainCreate") == 2);
}

TEST_CASE("an empty spool costs no call") {
    SpoolShop shop;
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("a file of any kind is taken; the kind comes from its name or its rows") {
    SpoolShop shop;
    prepare_transfers(shop);
    shop.drop("transfer-1.csv", kTransfers);
    shop.drop("mixed.csv", with_kind(registrations({"new-one.com", "new-two.com"})));
    const ProgramEnd end = shop.run("spool-run", {});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);
    CHECK(shop.times_executed("domainTransferIn", "moving-shop.com") == 1);
}

TEST_CASE("a refused file lies in refused with its problems, and none of it is ordered") {
    SpoolShop shop;
    shop.drop("bad.csv", "domain,years,owner\nonly-one-cell.com\n");
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(end.out == "");
    CHECK(holds(end.err, "bad.csv:2: the row has 1 cells, the header 3"));
    CHECK(shop.files_in("refused") == Names{"bad.csv", "bad.csv.problems.txt"});
    CHECK(holds(shop.text("refused/bad.csv.problems.txt"), "bad.csv:2: the row has 1 cells"));
    CHECK(shop.text("refused/bad.csv") == "domain,years,owner\nonly-one-cell.com\n");
    CHECK(shop.orders().empty());
    // Another one of that name is not put over it.
    shop.drop("bad.csv", "domain,years,owner\nother-cell.com\n");
    CHECK(shop.run("spool-run", {}).code == 65);
    CHECK(shop.files_in("refused") ==
          Names{"2-1-bad.csv", "2-1-bad.csv.problems.txt", "bad.csv", "bad.csv.problems.txt"});
}

TEST_CASE("bad rows are told once, and the good ones ordered") {
    SpoolShop shop;
    shop.drop("orders.csv", with_kind(registrations({"under_score.com", "good-one.com"})));
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 1);
    CHECK(holds(end.err, "orders.csv:2: domain 'under_score.com': is no domain name"));
    CHECK(shop.orders().at("good-one.com").at("state") == "done");
    const ProgramEnd again = shop.run("spool-run", {});
    CHECK(again.code == 0);
    CHECK(again.err == "");
}

TEST_CASE(
    "equal problems of many rows are one line of cron's mail, the worst first, file by file") {
    SpoolShop shop;
    std::vector<std::string> domains{"bad-.com"};
    for (int i = 0; i < 30; ++i) domains.push_back("under_score" + std::to_string(i) + ".com");
    shop.drop("a.csv", with_kind(registrations(domains)));
    shop.drop("b.csv", with_kind(registrations({"under_score.com"})));
    shop.drop("c.csv", with_kind(registrations(
                           {"failnow-1.com", "good-one.com", "failnow-2.com", "failnow-3.com"})));
    const ProgramEnd end = shop.run("spool-run", {});
    CAPTURE(end.err);
    CHECK(end.code == 1);
    CHECK(holds(end.err, "35 of 36 rows need a person: 3 failed, 32 refused\na.csv:3: domain "));
    CHECK(holds(end.err, "(and in lines 4-32; 30 rows)\na.csv:2: domain 'bad-.com': "));
    CHECK(holds(end.err, "\nb.csv:2: domain 'under_score.com': "));
    CHECK(holds(end.err, "\nc.csv:2: domain 'failnow-1.com': failed: "));
    CHECK(holds(end.err, " (and in lines 4-5; 3 rows)\n"));
    CHECK(std::ranges::count(end.err, '\n') == 5);
}

TEST_CASE("a file mended in refused is taken from there, its old problems go with it") {
    SpoolShop shop;
    shop.drop("shops.csv", "domain,years,owner,order\nshort-row.com\n");
    REQUIRE(shop.run("spool-run", {}).code == 65);
    const std::string path = shop.spool() + "/refused/shops.csv";
    write_text(path, with_kind(registrations({"short-row.com"})));
    const ProgramEnd end = shop.run("spool-run", {path});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(shop.files_in("refused").empty());
    CHECK(shop.archived() ==
          Names{"1-shops.csv", "1-shops.csv.problems.txt", "1-shops.result.csv"});
    CHECK(shop.orders().at("short-row.com").at("state") == "done");
}

TEST_CASE("files outside the spool are not taken by name") {
    SpoolShop shop;
    const std::string path = shop.write("orders.csv", registrations({"x-shop.com"}));
    const ProgramEnd end = shop.run("spool-run", {path});
    CHECK(end.code == 64);
    CHECK(holds(end.err, "spool-drop"));
    CHECK(shop.orders().empty());
}

TEST_CASE("what is no order file is left alone, and named once as long as it stays the same") {
    SpoolShop shop;
    std::filesystem::create_symlink("/etc/passwd", shop.spool() + "/incoming/link.csv");
    shop.drop("notes.txt", "hello\n");
    shop.drop(".half.csv", "domain\n");
    shop.drop("upload.csv.part", "domain\n");
    ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "'link.csv' is left alone: it is a link"));
    CHECK(holds(end.err, "'notes.txt' is left alone: it ends in none of .csv .yaml .yml"));
    CHECK_FALSE(holds(end.err, ".half.csv"));
    end = shop.run("spool-run", {});
    CHECK(end.code == 0);
    CHECK(end.out + end.err == "");
    end = shop.run("spool-run", {"--verbose"});
    CHECK(end.code == 65);
    CHECK(holds(end.out, "'.half.csv' is left alone: it is hidden"));
    CHECK(holds(end.out, "'upload.csv.part' is left alone"));
    std::filesystem::remove(shop.spool() + "/incoming/link.csv");
    std::filesystem::create_symlink("/etc/hostname", shop.spool() + "/incoming/link.csv");
    end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "link.csv"));
    CHECK_FALSE(holds(end.err, "notes.txt"));
    CHECK(shop.files_in("incoming") ==
          Names{".half.csv", "link.csv", "notes.txt", "upload.csv.part"});
}

TEST_CASE("a file with more orders than a run may have waits with the command that orders it") {
    SpoolShop shop(SettingChanges{{"limits.max_orders_per_run", "1"}});
    shop.drop("register-two.csv", registrations({"one-shop.com", "two-shop.com"}));
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 69);
    CHECK(shop.orders().empty());
    const std::string problems = shop.text("refused/register-two.csv.problems.txt");
    const std::size_t begin = problems.find("To order it: spool-run ");
    REQUIRE(begin != std::string::npos);
    CHECK(holds(end.err, "To order it: spool-run "));
    std::string command = problems.substr(begin + 13);
    command = std::string(PROGRAM_DIR) + "/" + command.substr(0, command.find('\n'));
    const ProgramEnd passed = run_program({.program = "/bin/sh", .arguments = {"-c", command}});
    CAPTURE(command);
    CAPTURE(passed.err);
    CHECK(passed.code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);
}

TEST_CASE("together more orders than a run may have: the others stay accepted for the next run") {
    SpoolShop shop(SettingChanges{{"limits.max_orders_per_run", "2"}, {"registrar.lanes", "1"}});
    shop.drop("register-a.csv", registrations({"a-shop.com", "b-shop.com"}));
    shop.drop("register-b.csv", registrations({"c-shop.com", "d-shop.com"}));
    ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 69);
    CHECK(holds(end.err, "2 of 4 orders were not sent and stay accepted"));
    CHECK(holds(end.err, "--max-orders 2"));
    CHECK(shop.times_executed("domainCreate") == 2);
    end = shop.run("spool-run", {});
    CHECK(end.code == 0);
    CHECK(shop.times_executed("domainCreate") == 4);
    CHECK(holds(shop.archived_text("2-register-b.result.csv"), "d-shop.com,1,"));
}

TEST_CASE("orders that others left accepted are sent too") {
    SpoolShop shop(SettingChanges{{"limits.max_spend_per_day", "1 EUR"}});
    const std::string path = shop.write("orders.csv", registrations({"left-over.com"}));
    REQUIRE(shop.run("domain-register", {path}).code == 69);
    CHECK(shop.orders().at("left-over.com").at("state") != "done");
    shop.write_settings({{"limits.max_spend_per_day", "1000 EUR"}});
    const ProgramEnd end = shop.run("spool-run", {"--json"});
    CHECK(end.code == 0);
    const auto rows = json_lines(end.out);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("domain") == "left-over.com");
    CHECK(rows[0].at("state") == "done");
}

TEST_CASE("codes are wiped from the archive when the last order has ended, by pending-check too") {
    SpoolShop shop(SettingChanges{}, {"--hold-pending"});
    prepare_transfers(shop);
    shop.drop("transfer-1.csv", kTransfers);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(holds(shop.archived_text("1-transfer-1.csv"), "Se-cret-1"));
    CHECK(shop.orders().at("slow-moving-shop.com").at("state") == "waiting");
    for (int pass = 0; pass < 4; ++pass) {
        shop.registrar().control("hold off\nfinish-all\n");
        const ProgramEnd end = shop.run("pending-check", {"--now"});
        CHECK(end.err == "");
    }
    CHECK(shop.orders().at("slow-moving-shop.com").at("state") == "done");
    std::string wiped = kTransfers;
    wiped.replace(wiped.find("Se-cret-1"), 9, "(wiped)");
    wiped.replace(wiped.find("\"Se,cret-2\""), 11, "(wiped)");
    CHECK(shop.archived_text("1-transfer-1.csv") == wiped);
    const std::string result = shop.archived_text("1-transfer-1.result.csv");
    CHECK(csv_records(result).at(2).at(10) == "(wiped)");
    CHECK_FALSE(holds(result, "waiting"));
    for (const char* secret : {"Se-cret-1", "cret-2"}) {
        CHECK_FALSE(holds(shop.all_text_below(shop.spool()), secret));
    }
}

TEST_CASE("a code whose time has come is wiped by a pass with nothing to do, without a call") {
    SpoolShop shop;
    shop.registrar().control("add-domain fail-shop.com outside authID=wrong-Se-cret-1");
    const std::string path =
        shop.write("transfer.csv", transfer_of("fail-shop.com", "wrong-code-1"));
    shop.run("domain-transfer", {path});
    for (int pass = 0; pass < 3; ++pass) shop.run("pending-check", {"--now"});
    REQUIRE(shop.orders().at("fail-shop.com").at("state") == "failed");
    const auto ledger = [&] {
        std::string bytes;
        for (const char* name : {"ledger.db", "ledger.db-wal"}) {
            if (std::filesystem::exists(shop / name)) bytes += read_text(shop / name);
        }
        return bytes;
    };
    const std::size_t calls = shop.registrar().calls().size();
    CHECK(shop.run("pending-check", {"--now"}).code == 0);
    REQUIRE(holds(ledger(), "wrong-code-1"));
    shop.write_settings({{"spool.settle_seconds", "0"}, {"auth_code_keep_days", "0"}});
    const ProgramEnd end = shop.run("pending-check", {"--now"});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK_FALSE(holds(ledger(), "wrong-code-1"));
    CHECK(shop.registrar().calls().size() == calls);
}

TEST_CASE("a refused file keeps its codes while it may be mended, and then is of no more use") {
    SpoolShop shop;
    const std::string text = transfer_of("moving-shop.com", "Se-cret-1");
    shop.drop("bad.csv", text);  // Its name tells no kind.
    CHECK(shop.run("spool-run", {}).code == 65);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.text("refused/bad.csv") == text);
    shop.write_settings({{"spool.settle_seconds", "0"}, {"auth_code_keep_days", "0"}});
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    std::string wiped = text;
    wiped.replace(wiped.find("Se-cret-1"), 9, "(wiped)");
    CHECK(shop.text("refused/bad.csv") == wiped);
    CHECK(holds(shop.text("refused/bad.csv.problems.txt"), "overwritten with (wiped)"));
    CHECK(holds(read_text(shop / "domspool.log"), "refused_file_wiped file=bad.csv"));
    std::filesystem::rename(shop.spool() + "/refused/bad.csv",
                            shop.spool() + "/refused/transfer-bad.csv");
    const ProgramEnd again = shop.run("spool-run", {shop.spool() + "/refused/transfer-bad.csv"});
    CAPTURE(again.err);
    CHECK(again.code == 1);
    CHECK(holds(again.err, "give the code"));
    CHECK(shop.times_executed("domainTransferIn") == 0);
}

TEST_CASE("the same file dropped again: it goes on if its batch does, else it is refused") {
    SpoolShop shop(SettingChanges{}, {"--hold-pending"});
    prepare_transfers(shop);
    shop.drop("transfer-1.csv", kTransfers);
    REQUIRE(shop.run("spool-run", {}).code == 0);
    shop.drop("transfer-again.csv", kTransfers);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.archived() ==
          Names{"1-transfer-1.csv", "1-transfer-1.result.csv", "1.2-transfer-1.csv"});
    for (int pass = 0; pass < 4; ++pass) {
        shop.registrar().control("hold off\nfinish-all\n");
        shop.run("pending-check", {"--now"});
    }
    CHECK_FALSE(holds(shop.archived_text("1.2-transfer-1.csv"), "cret-"));
    shop.drop("transfer-third.csv", kTransfers);
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "as batch 1 and is finished"));
    CHECK(shop.times_executed("domainTransferIn") == 2);
}

TEST_CASE("--check reads and tells, and touches nothing") {
    SpoolShop shop;
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    shop.drop("register-bad.csv", "domain,years,owner\nx.com\n");
    std::filesystem::remove(shop / "secret");
    const ProgramEnd end = shop.run("spool-run", {"--check"});
    CHECK(end.code == 65);
    CHECK(end.out == "register-good.csv: 1 row read; nothing was ordered\n");
    CHECK(holds(end.err, "'register-bad.csv' would be refused"));
    CHECK(shop.files_in("incoming") == Names{"register-bad.csv", "register-good.csv"});
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("--json tells every row and every refused file, --quiet only what is wrong") {
    SpoolShop shop;
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    shop.drop("register-bad.csv", "domain,years,owner\nx.com\n");
    const ProgramEnd end = shop.run("spool-run", {"--json"});
    CHECK(end.code == 65);
    const auto rows = json_lines(end.out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("state") == "refused");
    CHECK(rows[0].at("line") == "2");
    CHECK(rows[1].at("domain") == "one-shop.com");
    CHECK(rows[1].at("state") == "done");
    shop.drop("register-fails.csv", registrations({"taken-shop.com"}));
    const ProgramEnd quiet = shop.run("spool-run", {"--quiet"});
    CHECK(quiet.code == 1);
    CHECK(quiet.out == "");
    CHECK(holds(quiet.err, "register-fails.csv:2: domain 'taken-shop.com': failed"));
}

TEST_CASE("on a terminal a person sees what was taken, and each row") {
    SpoolShop shop;
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    ProgramCall call = shop.call("spool-run", {});
    call.on_terminal = true;
    const ProgramEnd end = run_program(call);
    CHECK(end.code == 0);
    CHECK(holds(end.out, "taken: register-good.csv"));
    CHECK(holds(end.out, "one-shop.com"));
    CHECK(holds(end.out, "1-register-good.result.csv"));
}

TEST_CASE("of a spool that is not safe no file is taken; what is accepted is sent all the same") {
    SpoolShop shop;
    leave_accepted(shop, "left-over.com");
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    const std::string refused = shop.spool() + "/refused";
    SUBCASE("a folder is open to others") {
        REQUIRE(::chmod(refused.c_str(), 0777) == 0);
        const ProgramEnd end = shop.run("spool-run", {});
        CHECK(end.code == 77);
        CHECK(holds(end.err, "chmod 700 '" + refused + "'"));
    }
    SUBCASE("a folder is missing") {
        REQUIRE(::rmdir(refused.c_str()) == 0);
        const ProgramEnd end = shop.run("spool-run", {});
        CHECK(end.code == 78);
        CHECK(holds(end.err, "domain-orders init"));
    }
    CHECK(shop.files_in("incoming") == Names{"register-good.csv"});
    CHECK(shop.orders().at("left-over.com").at("state") == "done");
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("while another run reads files, no file is taken, and what is accepted is sent") {
    SpoolShop shop;
    leave_accepted(shop, "left-over.com");
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    domspool::SpoolLock other(shop.spool());
    other.take();
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 75);
    CHECK(holds(end.err, "another run is taking files"));
    CHECK(shop.files_in("incoming") == Names{"register-good.csv"});
    CHECK(shop.orders().at("left-over.com").at("state") == "done");
}

TEST_CASE("a file whose problems cannot be written waits, the others are ordered") {
    SpoolShop shop;
    shop.drop("register-bad.csv", "domain,colour\nbad-shop.com,red\n");
    shop.drop("register-good.csv", registrations({"one-shop.com"}));
    std::filesystem::create_directories(shop.spool() + "/refused/register-bad.csv.problems.txt/x");
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 73);
    CHECK(holds(end.err, "register-bad.csv.problems.txt"));
    CHECK(shop.files_in("incoming").empty());
    REQUIRE(shop.files_in("active").size() == 1);
    CHECK(shop.files_in("active")[0].ends_with("register-bad.csv"));
    CHECK(shop.times_executed("domainCreate", "one-shop.com") == 1);
}

TEST_CASE("a batch whose result cannot be written keeps no other one from its result") {
    SpoolShop shop;
    shop.drop("register-a.csv", registrations({"one-shop.com"}));
    shop.drop("register-b.csv", registrations({"two-shop.com"}));
    const std::string month = domspool::to_iso(domspool::SystemClock().now().utc).substr(0, 7);
    std::filesystem::create_directories(shop.spool() + "/done/" + month +
                                        "/1-register-a.result.csv/x");
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 73);
    CHECK(holds(end.err, "1-register-a.result.csv"));
    CHECK(shop.times_executed("domainCreate") == 2);
    CHECK(holds(shop.archived_text("2-register-b.result.csv"), "two-shop.com"));
}

TEST_CASE("a file changed by hand after it was read as a batch is refused, its batch goes on") {
    SpoolShop shop;
    shop.drop("register-a.csv", registrations({"one-shop.com"}));
    REQUIRE(shop.run_until("batch_complete", "spool-run", {}).signal == 9);
    REQUIRE(shop.files_in("active") == Names{"1-1-register-a.csv"});
    write_text(shop.spool() + "/active/1-1-register-a.csv", registrations({"two-shop.com"}));
    write_text(shop.spool() + "/active/by-hand.csv", registrations({"three-shop.com"}));
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "was changed after it had been read as batch 1"));
    CHECK(holds(end.err, "'by-hand.csv'"));
    CHECK(shop.files_in("active") == Names{"by-hand.csv"});
    CHECK(shop.orders().size() == 1);
    CHECK(shop.orders().at("one-shop.com").at("state") == "done");
}

TEST_CASE("hostile names are taken, archived under harmless ones, and order once") {
    SpoolShop shop;
    const Names names = {"-rf.csv", "--config=x.csv", "a\nb\x1B[31m.csv", "x\xFF.csv",
                         std::string(251, 'y') + ".csv"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        shop.drop(names[i], with_kind(registrations({"hostile-" + std::to_string(i) + ".com"})));
    }
    shop.drop("bad\nname.csv", "domain\n");
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "bad\\nname.csv"));
    CHECK_FALSE(holds(end.err, "\x1B"));
    CHECK(shop.files_in("incoming").empty());
    CHECK(shop.files_in("active").empty());
    CHECK(shop.archived().size() == 2 * names.size());
    for (const std::string& name : shop.archived()) {
        CHECK(name.find_first_of("\n\x1B\xFF") == std::string::npos);
    }
    CHECK(shop.times_executed("domainCreate") == names.size());
}

TEST_CASE("hundreds of refused files and links are told by the first few and a number") {
    SpoolShop shop;
    for (int i = 100; i < 400; ++i) {
        shop.drop("bad-" + std::to_string(i) + ".csv", "domain\nx\n");
        std::filesystem::create_symlink(
            "/etc/passwd", shop.spool() + "/incoming/link-" + std::to_string(i) + ".csv");
    }
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "300 files refused"));
    CHECK(holds(end.err, "'link-100.csv' is left alone"));
    CHECK(std::count(end.err.begin(), end.err.end(), '\n') == 2 * (1 + 20 + 1));
    CHECK(shop.files_in("incoming").size() == 300);
    CHECK(shop.files_in("refused").size() == 600);
}

TEST_CASE("two spool-runs at once order each file once") {
    SpoolShop shop;
    for (int i = 0; i < 20; ++i) {
        const std::string number = std::to_string(i);
        shop.drop("register-" + number + ".csv", registrations({"shop-" + number + ".com"}));
    }
    RunningProgram one(shop.call("spool-run", {})), two(shop.call("spool-run", {}));
    const ProgramEnd first = one.wait(), second = two.wait();
    CAPTURE(first.err + second.err);
    CHECK(std::max(first.code, second.code) <= 75);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 20);
    CHECK(shop.archived().size() == 40);
    CHECK(shop.files_in("refused").empty());
}

TEST_CASE("pipes and folders where a claimed file should be hold nothing up, and are told") {
    SpoolShop shop;
    shop.drop("register-a.csv", registrations({"one-shop.com"}));
    REQUIRE(shop.run_until("spool_archived", "spool-run", {}).signal == 9);
    REQUIRE(::mkfifo((shop.spool() + "/active/1-7-register-pipe.csv").c_str(), 0600) == 0);
    std::filesystem::create_directory(shop.spool() + "/active/1-8-register-folder.csv");
    std::filesystem::create_symlink("/dev/zero", shop.spool() + "/active/1-9-register-link.csv");
    shop.drop("register-z.csv", registrations({"two-shop.com"}));
    const ProgramEnd end = shop.run("spool-run", {});
    CHECK(end.code == 65);
    CHECK(holds(end.err, "3 files refused"));
    CHECK(holds(end.err, "register-pipe.csv: is a pipe; only files are taken"));
    CHECK(holds(end.err, "register-folder.csv: is a folder; only files are taken"));
    CHECK(holds(end.err, "register-link.csv: is a link; only files are taken"));
    CHECK(shop.files_in("active").empty());
    CHECK(shop.orders().at("one-shop.com").at("state") == "done");
    CHECK(shop.orders().at("two-shop.com").at("state") == "done");
    CHECK(holds(shop.run("summary-report", {"--text"}).out, "register-pipe.csv: is a pipe"));
}

TEST_CASE("a neighbour who keeps exchanging a file for a pipe and a folder holds nothing up") {
    SpoolShop shop;
    const std::string own = shop.spool() + "/incoming/register-a.csv";
    const std::string other = shop.spool() + "/other";
    shop.drop("register-a.csv", registrations({"one-shop.com"}));
    shop.drop("register-b.csv", registrations({"two-shop.com"}));
    REQUIRE(::mkfifo((other + "-pipe").c_str(), 0600) == 0);
    std::filesystem::create_directory(other + "-folder");
    std::atomic<bool> is_over{false};
    std::thread neighbour([&] {
        while (!is_over) {
            for (const char* thing : {"-pipe", "-folder"}) {
                // Fails once the program has taken what is there.
                std::ignore = ::renameat2(AT_FDCWD, own.c_str(), AT_FDCWD, (other + thing).c_str(),
                                          RENAME_EXCHANGE);
            }
        }
    });
    const ProgramEnd end = shop.run("spool-run", {});
    is_over = true;
    neighbour.join();
    CAPTURE(end.err);
    CHECK((end.code == 0 || end.code == 65));
    CHECK(shop.orders().at("two-shop.com").at("state") == "done");
}

TEST_CASE("an archived file too large to look for codes in is told, and results are written") {
    SpoolShop shop(SettingChanges{}, {"--hold-pending"});
    prepare_transfers(shop);
    shop.drop("transfer-1.csv", kTransfers);
    CHECK(shop.run("spool-run", {}).code == 0);
    const auto month = *std::filesystem::directory_iterator(shop.spool() + "/done");
    std::filesystem::resize_file(month.path() / "1-transfer-1.csv", std::uintmax_t{4} << 40);
    std::string told;
    for (int pass = 0; pass < 4; ++pass) {
        shop.registrar().control("hold off\nfinish-all\n");
        const ProgramEnd end = shop.run("pending-check", {"--now"});
        if (!end.err.empty()) CHECK(end.code == 73);
        told += end.err;
    }
    CHECK(holds(told, "EPP codes were not wiped: cannot read"));
    CHECK(holds(told, "larger than 67108864 bytes"));
    CHECK(holds(shop.archived_text("1-transfer-1.result.csv"), "done"));
}
