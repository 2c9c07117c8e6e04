// Values that were not meant to be values: they neither crash, nor get through, nor change on the
// way.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool::test;

namespace {

const std::string kHeader =
    "domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,"
    "owner.country,owner.phone,owner.email,owner.language,reference,tag,note\n";
const std::string kPerson =
    ",1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,";

std::string in_quotes(const std::string& value) {
    std::string cell = "\"";
    for (const char c : value) cell += c == '"' ? "\"\"" : std::string(1, c);
    return cell + "\"";
}

std::string order(const std::string& domain, const std::string& value) {
    return domain + kPerson + in_quotes(value) + "," + in_quotes(value) + "," + in_quotes(value) +
           "\n";
}

// Signs that mean something in XML, SQL, a shell, a format or a spreadsheet.
const std::vector<std::string> kHostile = {
    "&amp; &#38; <b>\"a\" 'b' </note>",
    "<![CDATA[ ]]> <!-- --> <?php ?>",
    "'; DROP TABLE orders; --",
    "$(touch /tmp/x) `id` ${HOME} %s %n \\ | ; & > *",
    "=cmd|' /C calc'!A0",
    "+1 -1 @SUM(A1)",
    "'=quoted",
    "-2+3",
    "step:1",
};

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
}

bool is_printable(const std::string& text) {
    return std::none_of(text.begin(), text.end(), is_control);
}

std::vector<std::string> column(const std::vector<std::vector<std::string>>& records,
                                const std::string& name) {
    const auto place = std::find(records.at(0).begin(), records.at(0).end(), name);
    REQUIRE(place != records.at(0).end());
    std::vector<std::string> cells;
    for (std::size_t i = 1; i < records.size(); ++i) {
        cells.push_back(records[i].at(static_cast<std::size_t>(place - records[0].begin())));
    }
    return cells;
}

// What the registrar took as the preference's value for the domain.
std::string sent(Shop& shop, const std::string& domain, const std::string& preference) {
    const std::string begin = "domain=" + domain + "&codePref=" + preference + "&value=";
    for (const SandboxCall& call : shop.registrar().calls()) {
        if (call.function == "domainSetPreference" && call.parameters.starts_with(begin)) {
            return call.parameters.substr(begin.size());
        }
    }
    return "(nothing)";
}

std::string domain_of(std::size_t i) {
    return "shop-" + std::to_string(i) + ".com";
}

ProgramEnd check_only(const Shop& shop, const std::string& path) {
    return shop.run("domain-register", {"--check", path});
}

}  // namespace

TEST_CASE("signs of other languages reach the registrar and the result file as they are") {
    Shop shop;
    std::string text = kHeader;
    for (std::size_t i = 0; i < kHostile.size(); ++i) text += order(domain_of(i), kHostile[i]);
    const ProgramEnd end = shop.run("domain-register", {shop.write("orders.csv", text)});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    const std::string result = read_text(shop / "orders.result.csv");
    const auto references = column(csv_records(result), "reference");
    for (std::size_t i = 0; i < kHostile.size(); ++i) {
        CAPTURE(kHostile[i]);
        CHECK(sent(shop, domain_of(i), "note") == kHostile[i]);
        CHECK(sent(shop, domain_of(i), "tag") == kHostile[i]);
        CHECK_FALSE(references[i].empty());
        CHECK(std::string("=+-@").find(references[i][0]) == std::string::npos);
        const ProgramEnd show = shop.run("domain-orders", {"show", domain_of(i), "--json"});
        CHECK(json_lines(show.out).at(0).at("reference") == kHostile[i]);
    }
}

TEST_CASE("a result file handed in again means what the order file meant") {
    Shop shop;
    std::string text = kHeader;
    for (std::size_t i = 0; i < kHostile.size(); ++i) text += order(domain_of(i), kHostile[i]);
    CHECK(shop.run("domain-register", {shop.write("orders.csv", text)}).code == 0);
    const std::string result = read_text(shop / "orders.result.csv");
    const ProgramEnd same = shop.run("domain-register", {shop.write("same.csv", result)});
    CAPTURE(same.err);
    CHECK(same.code == 0);
    const auto states = column(csv_records(read_text(shop / "same.result.csv")), "state");
    CHECK(states == std::vector<std::string>(kHostile.size(), "skipped"));
    CHECK(shop.times_executed("domainCreate") == kHostile.size());

    // Edited: other domains, and the references and numbers of the orders gone with them.
    auto records = csv_records(result);
    std::string edited;
    for (std::size_t row = 0; row < records.size(); ++row) {
        for (std::size_t i = 0; i < records[row].size(); ++i) {
            std::string cell = records[row][i];
            if (row > 0 && records[0][i] == "domain") cell = "next-" + cell;
            const bool is_of_order = records[0][i] == "reference" || records[0][i] == "order_id";
            if (row > 0 && is_of_order) cell.clear();
            edited += (i > 0 ? "," : "") + in_quotes(cell);
        }
        edited += "\n";
    }
    const ProgramEnd next = shop.run("domain-register", {shop.write("next.csv", edited)});
    CAPTURE(next.err);
    CHECK(next.code == 0);
    for (std::size_t i = 0; i < kHostile.size(); ++i) {
        CHECK(sent(shop, "next-" + domain_of(i), "note") == kHostile[i]);
    }
}

TEST_CASE("control characters are refused, and shown in a way that does no harm") {
    Shop shop;
    std::string text = kHeader;
    const std::vector<std::string> values = {"bell\x07", "\x1b[2J", "a\x7f", "tab\tinside", "a\nb"};
    for (std::size_t i = 0; i < values.size(); ++i) text += order(domain_of(i), values[i]);
    const ProgramEnd end = check_only(shop, shop.write("orders.csv", text));
    CHECK(end.code == 1);
    CHECK(is_printable(end.err));
    CAPTURE(end.err);
    CHECK(end.err.find("orders.csv:2: reference '") != std::string::npos);
    CHECK(end.err.find("(and in lines 3-6; 5 rows)") != std::string::npos);
    const ProgramEnd real = shop.run("domain-register", {shop / "orders.csv"});
    CHECK(real.code == 1);
    CHECK(is_printable(real.out));
    CHECK(is_printable(real.err));
    CHECK(shop.registrar().count_calls("domainCreate") == 0);
}

TEST_CASE("a cell of a megabyte, ten thousand columns and a bomb of aliases are refused cheaply") {
    Shop shop;
    const std::string megabyte(1 << 20, 'x');
    std::string columns = "domain,years,owner", cells = "a.com,1,GK521", bomb = "contacts:\n";
    for (int i = 0; i < 10'000; ++i) {
        columns += ",additional.K" + std::to_string(i);
        cells += ",v";
    }
    for (char name = 'b'; name < 'z'; ++name) {
        bomb += std::string("  ") + name + ": &" + name + " [";
        for (int i = 0; i < 9; ++i) bomb += std::string(i > 0 ? ", *" : "*") + char(name - 1);
        bomb += "]\n";
    }
    const std::vector<std::pair<std::string, std::string>> files = {
        {"cell.csv", kHeader + order("a.com", megabyte)},
        {"columns.csv", columns + "\n" + cells + "\n"},
        {"scalar.yaml", "orders:\n- domain: a.com\n  note: " + megabyte + "\n...\n"},
        {"bomb.yaml", bomb + "orders:\n- domain: a.com\n  owner: *y\n...\n"},
        {"deep.yaml", "orders:\n- domain: " + std::string(100'000, '[') + "\n...\n"},
        {"quote.csv", kHeader + "\"" + megabyte},
    };
    for (const auto& [name, text] : files) {
        CAPTURE(name);
        const ProgramEnd end = check_only(shop, shop.write(name, text));
        CHECK(end.code == 65);
        CHECK(speaks_as_it_ends(end));
        CHECK(end.err.size() < 20'000);
        CHECK(end.peak_kilobytes < 64'000);
    }
}

TEST_CASE("a file with a thousand bad rows stays readable, and every problem can be had") {
    Shop shop;
    std::string text = kHeader;
    for (int i = 0; i < 1000; ++i) {
        std::string row = order("shop_" + std::to_string(i) + ".com", "x");
        text += row.replace(row.find(",1,"), 3, ",none,");
    }
    const std::string path = shop.write("orders.csv", text);
    for (const char* option : {"--check", "--all-or-nothing", "--quiet"}) {
        CAPTURE(option);
        const ProgramEnd end = shop.run("domain-register", {path, option});
        CHECK(end.code == (std::string(option) == "--all-or-nothing" ? 65 : 1));
        CHECK(std::count(end.err.begin(), end.err.end(), '\n') < 120);
        CHECK(speaks_as_it_ends(end));
    }
    const auto messages = column(csv_records(read_text(shop / "orders.result.csv")), "message");
    CHECK(messages.size() == 1000);
    for (const std::string& message : messages) {
        const bool has_both = message.find("domain 'shop_") != std::string::npos &&
                              message.find("years 'none'") != std::string::npos;
        CHECK(has_both);
    }
    const ProgramEnd json = shop.run("domain-register", {path, "--check", "--json"});
    // Equal problems are one.
    const auto objects = json_lines(json.out);
    CAPTURE(json.out);
    REQUIRE(objects.size() == 3);  // The reference is the same in all rows.
    for (const auto& object : objects) CHECK(object.at("rows") == "1000");
    CHECK(std::count(json.err.begin(), json.err.end(), '\n') < 120);
}
