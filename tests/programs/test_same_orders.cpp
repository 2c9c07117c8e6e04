// Order files and result files that come in again: opened in a spreadsheet, saved, and handed in.
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

using namespace domspool::test;

namespace {

using Records = std::vector<std::vector<std::string>>;

const std::string kPerson =
    "owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language";
const std::string kCarl =
    "Carl,Buyer,5 Rue Test,0181,Pretoria,ZA,+27 123456780,carl@example.org,EN";

bool is_digits(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

std::string cell_of(const Records& records, std::size_t row, const std::string& name) {
    const auto place = std::find(records.at(0).begin(), records.at(0).end(), name);
    REQUIRE(place != records.at(0).end());
    return records.at(row).at(static_cast<std::size_t>(place - records[0].begin()));
}

// ---- A spreadsheet, as far as it matters here.

struct Spreadsheet {
    char separator = ',';
    bool writes_mark = false;  // of the byte order
    std::string line_end = "\n";
    bool shows_long_numbers_short = false;  // 1.23457E+15; else the digits behind the 15th are 0
    std::string decimals;                   // behind the numbers of orders: ".0"

    std::string number(std::string text) const {
        text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
        if (text.size() > 15 && !shows_long_numbers_short) {
            return text.substr(0, 15) + std::string(text.size() - 15, '0');
        }
        if (text.size() <= 11 || !shows_long_numbers_short) return text;
        const std::string shown =
            std::to_string(std::stoll(text.substr(0, 7)) / 10 + (text[6] >= '5' ? 1 : 0));
        return shown.substr(0, 1) + "." + shown.substr(1) + "E+" + std::to_string(text.size() - 1);
    }

    // 2026-03-01 becomes 01/03/2026.
    static std::string date(const std::string& text) {
        return text.substr(8) + "/" + text.substr(5, 2) + "/" + text.substr(0, 4);
    }

    std::string saved(const std::string& cell) const {
        if (is_digits(cell)) return number(cell);
        const bool is_date = cell.size() == 10 && cell[4] == '-' && cell[7] == '-' &&
                             is_digits(cell.substr(0, 4)) && is_digits(cell.substr(8));
        return is_date ? date(cell) : cell;
    }

    std::string quoted(const std::string& cell) const {
        if (cell.find_first_of(",;\"\n") == std::string::npos) return cell;
        std::string text = "\"";
        for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
        return text + "\"";
    }

    // Opened and saved: all rows as wide as the first.
    std::string resaved(const std::string& text) const {
        Records records = csv_records(text);
        std::string out = writes_mark ? "\xEF\xBB\xBF" : "";
        for (auto& record : records) {
            record.resize(records.front().size());
            for (std::size_t i = 0; i < record.size(); ++i) {
                const bool is_count = record.front() == "#end";
                const bool is_number = records.front()[i] == "order_id" && is_digits(record[i]);
                out += (i == 0 ? "" : std::string(1, separator)) +
                       quoted(is_count ? record[i] : saved(record[i])) +
                       (is_number ? decimals : "");
            }
            out += line_end;
        }
        return out;
    }
};

const std::vector<Spreadsheet> kSpreadsheets = {
    {',', false, "\n", false, ""},
    {';', true, "\r\n", true, ""},
    {';', false, "\r\n", false, ".0"},
    {',', true, "\n", true, ""},
};

std::string without_columns(const std::string& text, const std::vector<std::string>& names) {
    Records records = csv_records(text);
    const auto header = records.front();
    std::string out;
    for (const auto& record : records) {
        std::string line;
        for (std::size_t i = 0; i < record.size(); ++i) {
            if (std::find(names.begin(), names.end(), header.at(i)) != names.end()) continue;
            line += (line.empty() ? "" : ",") + Spreadsheet().quoted(record[i]);
        }
        out += line + "\n";
    }
    return out;
}

// ---- What was sent.

bool is_changing(const SandboxCall& call) {
    for (const char* function :
         {"domainCreate", "domainTransferIn", "domainTransferOwner", "domainChangeDNS",
          "domainSetPreference", "domainSetDNSsec", "domainSetDNSSecExt", "domainAuthID",
          "domainZoneInit", "contactCreate", "contactUpdate", "contactOwnerUpdate", "cancelOpe"}) {
        if (call.function == function) return true;
    }
    return false;
}

std::size_t changes(Shop& shop) {
    const auto calls = shop.registrar().calls();
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), is_changing));
}

// One order of a kind, with cells that a spreadsheet does not leave alone.
struct Case {
    std::string program, preparations, header, row;
    // What is ordered is as old as the world: there it would be found so already.
    std::string columns() const { return header + ",reference,tag,note\n"; }
    std::string file() const {
        return columns() + row + ",0071,1234567890123456,2026-03-01\n#end,1\n";
    }
};

std::vector<Case> all_kinds() {
    return {
        {"domain-register", "", "domain,years," + kPerson, "again-shop.com,1," + kCarl},
        {"domain-transfer", "add-domain again-move.com outside authID=Se-cret-1",
         "domain," + kPerson + ",auth_code,nameservers",
         "again-move.com," + kCarl + ",Se-cret-1,ns1.example.net ns2.example.net"},
        {"domain-trade", "add-domain again-own.com", "domain," + kPerson, "again-own.com," + kCarl},
        {"domain-nameservers", "add-domain again-ns.com ns=ns1.old.example,ns2.old.example",
         "domain,nameservers", "again-ns.com,ns1.example.net ns2.example.net"}};
}

// Ordered, and followed to its end.
void order(Shop& shop, const Case& wish) {
    if (!wish.preparations.empty()) shop.registrar().control(wish.preparations);
    shop.write("orders.csv", wish.file());
    const ProgramEnd end = shop.run(wish.program, {"orders.csv"});
    CAPTURE(end.err);
    REQUIRE(end.code == 0);
    shop.run("pending-check", {"--now"});
    for (const auto& [domain, fields] : shop.orders()) {
        CAPTURE(domain);
        REQUIRE(fields.at("state").starts_with("done"));
    }
    REQUIRE(shop.run("domain-orders", {"result", "1", "--result", "orders.result.csv"}).code == 0);
}

// The change of owner of case 18: the third order, done, of reference 0071 and zip code 01000.
struct PaidTrade {
    PaidTrade() {
        shop.registrar().control("add-domain paid-1.lu");
        shop.write("shops.csv", registrations({"first-shop.com", "second-shop.com"}));
        REQUIRE(shop.run("domain-register", {"shops.csv"}).code == 0);
        shop.write("trade.csv", text());
        REQUIRE(shop.run("domain-trade", {"trade.csv"}).code == 0);
        shop.run("pending-check", {"--now"});
        REQUIRE(shop.orders().at("paid-1.lu").at("state") == "done");
        REQUIRE(shop.orders().at("paid-1.lu").at("order_id") == "3");
        before = changes(shop);
    }
    static std::string text(const std::string& reference = "0071",
                            const std::string& zip = "01000") {
        return "reference,domain," + kPerson + "\n" + reference +
               ",paid-1.lu,Carl,Buyer,5 Rue Test," + zip +
               ",Bourg,FR,+33 123456780,carl@example.org,EN\n";
    }

    Shop shop;
    std::size_t before = 0;
};

}  // namespace

TEST_CASE("a result file of a paid change of owner, re-typed by a spreadsheet, sends nothing") {
    PaidTrade paid;
    const std::string result =
        "reference,domain," + kPerson +
        ",state,order_id,operation_id,code,message,price\n"
        "71,paid-1.lu,Carl,Buyer,5 Rue Test,1000,Bourg,FR,+33 123456780,carl@example.org,EN,"
        "done,3,5000003,,,15.00 EUR\n";
    paid.shop.write("again.csv", result);
    const ProgramEnd end = paid.shop.run("domain-trade", {"again.csv"});
    CAPTURE(end.out);
    CAPTURE(end.err);
    // Skipped; or refused, where the zip code is no longer one of that country.
    CHECK((end.code == 0 || end.code == 1));
    CHECK(changes(paid.shop) == paid.before);

    // The number alone, of a row that is edited since: refused, what differs named.
    paid.shop.write("edited.csv",
                    "order_id,domain," + kPerson +
                        "\n3.0,paid-1.lu,Carl,Seller,5 Rue Test,01000,Bourg,FR,+33 123456780,"
                        "carl@example.org,EN\n");
    const ProgramEnd edited = paid.shop.run("domain-trade", {"edited.csv"});
    CHECK(edited.code == 1);
    CHECK(holds(edited.out,
                "order_id '3': it is done, and says something else in "
                "owner.lastName; delete the columns order_id and ledger"));
    CHECK(changes(paid.shop) == paid.before);
}

TEST_CASE("the order file of a paid change of owner, saved by a spreadsheet, sends nothing") {
    PaidTrade paid;
    for (const std::string reference : {"71", "71.0", ""}) {
        CAPTURE(reference);
        paid.shop.write("again.csv", PaidTrade::text(reference));
        const ProgramEnd rehearsed = paid.shop.run("domain-trade", {"--dry-run", "again.csv"});
        CHECK(rehearsed.code == 1);
        CHECK(holds(rehearsed.out, "would be skipped"));
        const ProgramEnd end = paid.shop.run("domain-trade", {"again.csv"});
        CAPTURE(end.err);
        CHECK(end.code == 1);
        CHECK(holds(end.out, "order 3 says the same and is done"));
        CHECK(holds(end.out, "--again"));
        CHECK(changes(paid.shop) == paid.before);
    }
    // Somebody wants it all the same.
    const ProgramEnd wanted = paid.shop.run("domain-trade", {"--again", "again.csv"});
    CHECK(wanted.code == 0);
    CHECK(holds(wanted.out, "is so already"));  // The very person is the owner.
    CHECK(changes(paid.shop) == paid.before);
    paid.shop.write("wanted.csv", PaidTrade::text("", "01001"));
    CHECK(paid.shop.run("domain-trade", {"wanted.csv"}).code == 0);
    CHECK(paid.shop.times_executed("domainTransferOwner", "paid-1.lu") == 2);
}

TEST_CASE("a row of another shop's result file is refused") {
    PaidTrade paid;
    Shop other;
    other.registrar().control("add-domain paid-1.lu");
    paid.shop.run("domain-orders", {"result", "2", "--result", "mine.csv"});
    other.write("theirs.csv", read_text(paid.shop / "mine.csv"));
    const ProgramEnd end = other.run("domain-trade", {"theirs.csv"});
    CHECK(end.code == 1);
    CHECK(holds(end.out, "the row is of another ledger; delete the columns order_id and ledger"));
    CHECK(changes(other) == 0);
    other.write("anew.csv",
                without_columns(read_text(other / "theirs.csv"), {"order_id", "ledger"}));
    CHECK(other.run("domain-trade", {"anew.csv"}).code == 0);
    CHECK(other.times_executed("domainTransferOwner", "paid-1.lu") == 1);
}

TEST_CASE("result files come back from every spreadsheet without a call that changes anything") {
    for (const Case& wish : all_kinds()) {
        CAPTURE(wish.program);
        Shop shop(SettingChanges{{"spool.require_count", "true"}});
        order(shop, wish);
        const std::size_t before = changes(shop);
        const std::string result = read_text(shop / "orders.result.csv");
        CHECK(result.starts_with("\xEF\xBB\xBF"));
        CHECK(result.ends_with("\n#end,1\n"));
        const Records records = csv_records(result);
        CHECK(cell_of(records, 1, "reference") == "'0071");
        CHECK(cell_of(records, 1, "tag") == "'1234567890123456");
        CHECK(cell_of(records, 1, "note") == "'2026-03-01");
        int number = 0;
        for (const Spreadsheet& spreadsheet : kSpreadsheets) {
            const std::string name = "again-" + std::to_string(++number) + ".csv";
            CAPTURE(name);
            shop.write(name, spreadsheet.resaved(result));
            const ProgramEnd end = shop.run(wish.program, {name});
            CAPTURE(end.out);
            CHECK(end.err == "");
            CHECK(end.code == 0);
            CHECK(holds(end.out, "1 row: 1 skipped"));
            CHECK(holds(end.out, "order 1 is done"));
            CHECK(changes(shop) == before);
        }
    }
}

TEST_CASE("order files come back from every spreadsheet without a call that changes anything") {
    for (const Case& wish : all_kinds()) {
        CAPTURE(wish.program);
        Shop shop;
        order(shop, wish);
        const std::size_t before = changes(shop);
        int number = 0;
        for (const Spreadsheet& spreadsheet : kSpreadsheets) {
            const std::string name = "again-" + std::to_string(++number) + ".csv";
            CAPTURE(name);
            shop.write(name, spreadsheet.resaved(wish.file()));
            const ProgramEnd end = shop.run(wish.program, {name});
            CAPTURE(end.out);
            CAPTURE(end.err);
            CHECK(changes(shop) == before);
            if (wish.program == "domain-nameservers") continue;
            CHECK(end.code == 1);
            // The same as before, or a postcode without its zero, which is told with it.
            const std::string said = end.out + end.err;
            const bool is_told = holds(said, "--again") || holds(said, "is '0181' meant?");
            CHECK(is_told);
        }
    }
}

TEST_CASE("name servers changed, back and changed again are sent three times") {
    Shop shop;
    shop.registrar().control("add-domain there.com ns=ns1.old.example,ns2.old.example");
    const auto change = [&](const std::string& name, const std::string& servers) {
        shop.write(name, "domain,nameservers\nthere.com," + servers + "\n");
        return shop.run("domain-nameservers", {name}).code;
    };
    CHECK(change("to-b.csv", "ns1.b.example ns2.b.example") == 0);
    CHECK(change("to-a.csv", "ns1.old.example ns2.old.example") == 0);
    CHECK(change("to-b-again.csv", "ns1.b.example  ns2.b.example") == 0);
    CHECK(shop.times_executed("domainChangeDNS", "there.com") == 3);
    CHECK(change("and-again.csv", "ns1.b.example ns2.b.example ") == 0);
    CHECK(shop.times_executed("domainChangeDNS", "there.com") == 3);
}

TEST_CASE("a failed row of a result file is ordered anew, the done ones are not") {
    Shop shop;
    const std::string text = registrations({"good-shop.com", "failnow-shop.com"});
    shop.write("orders.csv", text);
    CHECK(shop.run("domain-register", {"orders.csv"}).code == 1);
    const std::string result = read_text(shop / "orders.result.csv");
    shop.write("again.csv", Spreadsheet{';', true, "\r\n", true, ".0"}.resaved(result));
    const ProgramEnd end = shop.run("domain-register", {"again.csv"});
    CHECK(end.code == 1);
    CHECK(shop.registrar().count_calls("domainCreate") == 3);
    CHECK(shop.times_executed("domainCreate", "good-shop.com") == 1);
    const Records rows = csv_records(read_text(shop / "again.result.csv"));
    CHECK(cell_of(rows, 1, "state") == "skipped");
    CHECK(cell_of(rows, 1, "order_id") == "1");
    CHECK(cell_of(rows, 2, "order_id") == "3");
    // The first result stands for the newer order as well.
    shop.registrar().control("set-balance 0");
    shop.write("once-more.csv", result);
    CHECK(shop.run("domain-register", {"--dry-run", "once-more.csv"}).code != 0);
    CHECK(shop.registrar().count_calls("domainCreate") == 3);
}

TEST_CASE("--again keeps the orders' numbers and prices in the result file") {
    Shop shop;
    shop.write("orders.csv", registrations({"good-shop.com", "fine-shop.com"}));
    REQUIRE(shop.run("domain-register", {"orders.csv"}).code == 0);
    const Records first = csv_records(read_text(shop / "orders.result.csv"));
    const ProgramEnd end = shop.run("domain-register", {"--again", "orders.csv"});
    CHECK(end.code == 0);
    const Records second = csv_records(read_text(shop / "orders.result.csv"));
    for (const char* column : {"order_id", "operation_id", "price", "ledger"}) {
        CAPTURE(column);
        for (std::size_t row : {1, 2}) {
            CHECK_FALSE(cell_of(second, row, column).empty());
            CHECK(cell_of(second, row, column) == cell_of(first, row, column));
        }
    }
    CHECK(cell_of(second, 1, "state") == "skipped");
}
