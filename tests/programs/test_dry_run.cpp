// --dry-run through the real programs: what it says, and that nothing is changed by it.
#include "support/holds.h"
#include "support/shop.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <tuple>

using namespace domspool::test;

namespace {

const std::string kPerson =
    "Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN";
const std::string kPersonNames =
    "owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language";

// Two that would be sent, one with a setting its extension does not offer; one that would fail, and
// a row that would be refused.
const std::string kRegistrations =
    "reference,domain,years," + kPersonNames +
    ",ns1,ns2,dnssec,lock,privacy,additional.US_CATEGORY,additional.US_APP_PURPOSE\n"
    "K-1,first-shop.com,2," +
    kPerson +
    ",,,on,on,on,,\n"
    "K-2,prairie-shop.us,1," +
    kPerson +
    ",ns1.example.net,ns2.example.net,,,on,C11,P1\n"
    "K-3,hill-shop.lu,1," +
    kPerson +
    ",,,,,,,\n"
    "K-4,under_score.com,1," +
    kPerson + ",,,,,,,\n";

const std::string kTransfers =
    "domain,auth_code,owner,nameservers,zone_template,dnssec,new_auth_code,lock\n"
    "away-shop.net,s3cret-Code-77,auto,ns1.sandbox.example ns2.sandbox.example,2,on,owner,on\n";

const std::string kTrades =
    "domain," + kPersonNames + ",max_price\nour-shop.lu," + kPerson + ",15.00 EUR\n";

const std::string kChanges =
    "domain,nameservers,zone_template\n"
    "our-shop.com,ns1.sandbox.example ns2.sandbox.example,3\n"
    "so-already.com,ns1.example.net ns2.example.net,\n"
    "not-ours.com,ns1.example.net ns2.example.net,\n";

// What may be asked without anything being different afterwards.
const std::set<std::string> kQuestions = {
    "sessionOpen",   "sessionClose",  "queryOpePending",      "queryOpe",
    "queryOpeList",  "domainInfo",    "queryResellerAccount", "contactInfo",
    "queryZoneList", "domainTldInfo", "queryDomainPrice",     "queryDomainList"};

std::string golden(const std::string& kind) {
    return read_text(std::string(SOURCE_DIR) + "/tests/golden/dry_run/" + kind + ".txt");
}

void add_domains(Shop& shop) {
    shop.registrar().control(
        "add-domain our-shop.com idOwner=XY1 ns=ns1.example.net,ns2.example.net\n"
        "add-domain so-already.com idOwner=XY1 ns=ns2.example.net,ns1.example.net\n"
        "add-domain our-shop.lu idOwner=XY1 ns=ns1.example.net,ns2.example.net\n");
}

// The ledger with all that belongs to it.
std::map<std::string, std::string> ledger_files(const Shop& shop) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder())) {
        const std::string name = entry.path().filename().string();
        const bool is_shared_memory = name.ends_with("-shm");  // Readers note themselves in it.
        if (name.starts_with("ledger.db") && !is_shared_memory) {
            const std::string text = read_text(entry.path().string());
            if (!text.empty()) files[name] = text;
        }
    }
    return files;
}

void check_only_questions_were_asked(Shop& shop) {
    std::set<std::string> others;
    for (const SandboxCall& call : shop.registrar().calls()) {
        if (!kQuestions.contains(call.function)) others.insert(call.function);
    }
    CHECK(others == std::set<std::string>{});
    CHECK(shop.registrar().count_calls("sessionOpen") ==
          shop.registrar().count_calls("sessionClose"));
}

// Runs it, and looks that all is as it was.
ProgramEnd rehearse(Shop& shop, const std::string& program, std::vector<std::string> arguments) {
    const auto before = ledger_files(shop);
    arguments.push_back("--dry-run");
    ProgramEnd end = shop.run(program, std::move(arguments));
    CHECK(ledger_files(shop) == before);
    check_only_questions_were_asked(shop);
    CHECK(shop.registrar().operations().empty());
    return end;
}

}  // namespace

TEST_CASE("the plan of registrations is told row by row, with the bill") {
    Shop shop;
    shop.write("orders.csv", kRegistrations);
    const ProgramEnd end = rehearse(shop, "domain-register", {"orders.csv"});
    CHECK(end.out == golden("register"));
    CAPTURE(end.err);
    CHECK(end.code == 1);
    CHECK(speaks_as_it_ends(end));
    CHECK(shop.registrar().domains().empty());
    CHECK(shop.orders().empty());
    CHECK_FALSE(std::filesystem::exists(shop / "orders.result.csv"));
}

TEST_CASE("the plan of a transfer shows no EPP code") {
    Shop shop;
    shop.write("orders.csv", kTransfers);
    const ProgramEnd end = rehearse(shop, "domain-transfer", {"orders.csv"});
    CHECK(end.out == golden("transfer"));
    CHECK(end.err == "");
    CHECK(end.code == 0);
    CHECK(end.out.find("s3cret") == std::string::npos);
    CHECK(read_text(shop / "domspool.log").find("s3cret") == std::string::npos);
}

TEST_CASE("the plan of a trade counts the trade's fee") {
    Shop shop;
    add_domains(shop);
    shop.write("orders.csv", kTrades);
    const ProgramEnd end = rehearse(shop, "domain-trade", {"orders.csv"});
    CHECK(end.out == golden("trade"));
    CHECK(end.err == "");
    CHECK(end.code == 0);
}

TEST_CASE("the plan of nameserver changes looks at the domains as they are") {
    Shop shop;
    add_domains(shop);
    shop.write("orders.csv", kChanges);
    const ProgramEnd end = rehearse(shop, "domain-nameservers", {"orders.csv"});
    CHECK(end.out == golden("nameservers"));
    CHECK(end.code == 1);
}

TEST_CASE("of many rows with an equal problem a few are written out, the others told together") {
    Shop shop;
    std::vector<std::string> domains{"good-one.com"};
    for (int i = 0; i < 3; ++i) domains.push_back("under_score" + std::to_string(i) + ".com");
    const ProgramEnd few =
        shop.run("domain-register", {shop.write("few.csv", registrations(domains)), "--dry-run"});
    CHECK(holds(few.out, "line 5: register under_score2.com would be refused"));
    CHECK_FALSE(holds(few.out, "like these"));
    for (int i = 3; i < 40; ++i) domains.push_back("under_score" + std::to_string(i) + ".com");
    domains.push_back("bad-.com");
    const std::string path = shop.write("many.csv", registrations(domains));
    const ProgramEnd many = shop.run("domain-register", {path, "--dry-run"});
    CAPTURE(many.out);
    CHECK(many.code == 1);
    CHECK(holds(many.out, "line 5: register under_score2.com would be refused"));
    CHECK_FALSE(holds(many.out, "line 6: "));
    CHECK(holds(many.out, "line 43: register bad-.com would be refused"));
    CHECK(
        holds(many.out, "\nand 37 rows like these:\n" + path + ":6: domain 'under_score3.com': "));
    CHECK(holds(many.out, "(and in lines 7-42; 37 rows)\n"));
    CHECK(holds(many.err, "41 rows would be refused"));
    const ProgramEnd json = shop.run("domain-register", {path, "--dry-run", "--json"});
    CHECK(json_lines(json.out).size() == 42);
}

TEST_CASE("--json tells each row as the interface does, with what would be done") {
    Shop shop;
    shop.write("orders.csv", kRegistrations);
    const ProgramEnd end = rehearse(shop, "domain-register", {"orders.csv", "--json"});
    const auto rows = json_lines(end.out);
    REQUIRE(rows.size() == 4);
    const std::vector<std::string> would = {"send", "send", "fail", "refuse"};
    const std::vector<std::string> states = {"accepted", "accepted", "failed", "refused"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(rows[i].at("would") == would[i]);
        CHECK(rows[i].at("state") == states[i]);
        CHECK(rows[i].at("line") == std::to_string(i + 2));
        CHECK(rows[i].at("order") == "register");
        CHECK(rows[i].at("order_id") == "(null)");
        for (const char* field : {"domain", "reference", "operation_id", "code", "message", "price",
                                  "steps", "notes"}) {
            CAPTURE(field);
            CHECK(rows[i].contains(field));
        }
    }
    CHECK(rows[0].at("price") == "19.00 EUR");  // Two years of .com at 9.50.
    CHECK(end.out.find("\"function\":\"domainCreate\"") != std::string::npos);
}

TEST_CASE("what is open already is not planned a second time, and goes on where it stands") {
    Shop shop({}, {"--hold-pending"});
    const std::string first =
        shop.write("first.csv", registrations({"slow-shop.com", "b-shop.com"}));
    CHECK(shop.run("domain-register", {first}).code == 0);
    const auto calls = shop.registrar().calls().size();
    const auto before = ledger_files(shop);

    const ProgramEnd same = shop.run("domain-register", {first, "--dry-run", "--json"});
    CAPTURE(same.err);
    CHECK(same.code == 0);
    CHECK(json_lines(same.out).at(0).at("state") == "waiting");
    CHECK(json_lines(same.out).at(0).at("would") == "stay");
    CHECK(shop.registrar().calls().size() == calls);

    const std::string second =
        shop.write("second.csv", registrations({"slow-shop.com", "c-shop.com"}));
    const ProgramEnd other = shop.run("domain-register", {second, "--dry-run", "--json"});
    CAPTURE(other.err);
    const auto rows = json_lines(other.out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("would") == "skip");
    CHECK(rows[0].at("order_id") == shop.orders().at("slow-shop.com").at("order_id"));
    CHECK(rows[1].at("would") == "send");
    CHECK(shop.times_executed("domainCreate", "c-shop.com") == 0);
    CHECK(ledger_files(shop) == before);
}

TEST_CASE("an operation pending for the domain at the registrar lets the order wait") {
    Shop shop;
    shop.registrar().control("hold on\nstart-operation domainTransferIn busy-shop.com\n");
    const std::string path = shop.write("orders.csv", registrations({"busy-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path, "--json", "--dry-run"});
    CHECK(json_lines(end.out).at(0).at("would") == "wait");
    check_only_questions_were_asked(shop);
    CHECK(end.code == 75);
    CHECK(end.err.find("1 order") != std::string::npos);
}

TEST_CASE("the balance and the ceiling of a day are told before they stop a run") {
    Shop shop(SettingChanges{{"limits.max_spend_per_day", "20 EUR"}},
              {"--delay", "0", "--balance", "25.00"});
    const std::string path = shop.write(
        "orders.csv", registrations({"a-shop.com", "b-shop.com", "c-shop.com"}));  // 28.50 EUR
    const ProgramEnd end = rehearse(shop, "domain-register", {path});
    CHECK(end.code == 69);
    CHECK(end.err.find("the orders cost 28.50 EUR, the balance is 25.00 EUR") != std::string::npos);
    CHECK(end.err.find("limits.max_spend_per_day is 20.00 EUR") != std::string::npos);
    CHECK(end.out.find("3 orders would be sent, for 28.50 EUR") != std::string::npos);
}

TEST_CASE("a refused file is refused in a dry run as in a real one") {
    Shop shop;
    const std::string path = shop.write("orders.csv", "domain,year\na-shop.com,1\n");
    const ProgramEnd end = rehearse(shop, "domain-register", {path});
    CHECK(end.code == 65);
    CHECK(end.err.find("year") != std::string::npos);
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("options that a dry run cannot obey are a mistake in the command") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--check"}, {"--result", "x.csv"}}) {
        std::vector<std::string> arguments{path};
        arguments.insert(arguments.end(), options.begin(), options.end());
        CHECK(rehearse(shop, "domain-register", arguments).code == 64);
    }
}

TEST_CASE("without a ledger, or with a registrar that is down, a dry run says so") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    shop.registrar().kill();
    const ProgramEnd down = shop.run("domain-register", {path, "--dry-run"});
    CHECK(down.code == 75);
    CHECK(speaks_as_it_ends(down));
    shop.write_settings({{"ledger", shop / "none.db"}});
    const ProgramEnd none = shop.run("domain-register", {path, "--dry-run"});
    CHECK(none.code == 78);
    CHECK_FALSE(std::filesystem::exists(shop / "none.db"));
}

TEST_CASE("the bill of the night is that of all files in the spool, and of what is accepted") {
    SpoolShop shop(SettingChanges{{"limits.max_orders_per_run", "4"}});
    shop.drop("mixed.csv", "order,domain,years,auth_code,nameservers," + kPersonNames +
                               "\nregister,one-shop.com,1,,," + kPerson +
                               "\ntransfer,away-shop.net,,s3cret-Code-77,ns1.sandbox.example "
                               "ns2.sandbox.example," +
                               kPerson + "\nregister,twice-shop.com,1,,," + kPerson +
                               "\nregister,twice-shop.com,1,,," + kPerson + "\n");
    shop.drop("register-bad.csv", "domain,years\nx.com,1\n");
    const ProgramEnd end = rehearse(shop, "spool-run", {});
    CAPTURE(end.out);
    CAPTURE(end.err);
    CHECK(holds(end.out, "register one-shop.com would be sent"));
    CHECK(holds(end.out, "transfer away-shop.net would be sent"));
    CHECK(holds(end.out, "2 orders would be sent"));
    CHECK(holds(end.out, "line 4: register twice-shop.com would be refused"));
    CHECK(holds(end.out, "line 5: register twice-shop.com would be refused"));
    CHECK(holds(end.err, "register-bad.csv"));
    CHECK(shop.files_in("incoming").size() == 2);
    CHECK(shop.files_in("refused").empty());
    CHECK(end.code == 65);
}

TEST_CASE("the bill of the night counts orders that were accepted before") {
    SpoolShop shop;
    CHECK(shop.run("domain-orders", {"hold", "--all", "--reason", "a test"}).code == 0);
    std::ignore =
        shop.run("domain-register", {shop.write("orders.csv", registrations({"one-shop.com"}))});
    CHECK(shop.run("domain-orders", {"release", "--all"}).code == 0);
    const ProgramEnd end = rehearse(shop, "spool-run", {});
    CAPTURE(end.err);
    CHECK(holds(end.out, "accepted before"));
    CHECK(holds(end.out, "register one-shop.com would be sent"));
    CHECK(end.code == 0);
}
