// Files as spreadsheets and other systems leave them, each with what is right.
#include "orders/reading.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace domspool;
using domspool::test::read_csv;
using domspool::test::read_text_as;
using domspool::test::read_yaml;
using domspool::test::Reading;

namespace {

using Texts = std::vector<std::string>;

Reading read_file(const std::string& name, OrderKind kind = OrderKind::register_domain) {
    std::ifstream in(std::string(DOMSPOOL_DAMAGED_FILES) + "/" + name, std::ios::binary);
    REQUIRE(in.good());
    return read_text_as({name, format_of_name(name).value(), kind, {}},
                        {std::istreambuf_iterator<char>(in), {}});
}

Texts all_problems(const Reading& reading) {
    Texts texts = reading.file_problems();
    const Texts faults = reading.faults();
    texts.insert(texts.end(), faults.begin(), faults.end());
    return texts;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// One problem for each, in this order: where it stands, and what it says.
struct Wanted {
    std::string place, words;
};
void check_problems(const Reading& reading, const std::vector<Wanted>& wanted) {
    const Texts problems = all_problems(reading);
    REQUIRE(problems.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CAPTURE(problems[i]);
        CHECK(has(problems[i], wanted[i].place + " "));
        CHECK(has(problems[i], wanted[i].words));
    }
}

void check_good(const Reading& reading, int rows) {
    CHECK(all_problems(reading) == Texts{});
    CHECK(reading.file.rows == rows);
    CHECK(reading.file.bad_rows == 0);
}

constexpr const char* kHeader = "domain,years,owner,note\n";

}  // namespace

TEST_CASE("empty rows are no orders") {
    check_good(read_file("01-empty-rows.csv"), 2);
    for (const std::string empty : {",,,\n", "\n", " , ,\t,\n", "\"\",\"\",\"\",\"\"\n",
                                    "\u00a0,\u200b,\ufeff,\n", ",\n", ",,,,,,,,\n", "\r\n"}) {
        CAPTURE(empty);
        check_good(
            read_csv(empty + kHeader + empty + "a.com,1,GK521,\n" + empty + "#end,1\n" + empty), 1);
    }
}

TEST_CASE("empty columns are no columns") {
    check_good(read_file("02-empty-columns.csv"), 2);
    check_good(read_csv("domain,,years,owner,,\na.com,,1,GK521,,\nb.com, ,1,GK521,,\n"), 2);
    check_good(read_csv("domain,years,owner\na.com,1,GK521,,,\n"), 1);
    check_good(read_csv("domain,years,owner,,,\na.com,1,GK521\n"), 1);
    const std::string wide(16'000, ',');
    check_good(read_csv("domain,years,owner" + wide + "\na.com,1,GK521" + wide + "\n"), 1);
}

TEST_CASE("a column without name and with a value is told once") {
    check_problems(
        read_csv("domain,,years,owner\na.com,,1,GK521\nb.com,x,1,GK521\nc.com,y,1,GK521\n"),
        {{":3:", "column 2 has no name"}});
}

TEST_CASE("text encoded twice is refused with what was meant") {
    check_problems(read_file("03-encoded-twice.csv"),
                   {{"03-encoded-twice.csv:2: owner.lastName", "'Straße' was probably meant"},
                    {"03-encoded-twice.csv:3: owner.lastName", "'Doğan' was probably meant"}});
}

TEST_CASE("a domain is not chosen among two") {
    check_problems(read_file("04-capital-i-dot.csv"),
                   {{":2: domain", "could be 'istanbul.com' or 'i\u0307stanbul.com'"}});
}

TEST_CASE("damaged EPP codes are refused and not shown") {
    const Reading reading = read_file("06-code-blank.csv", OrderKind::transfer);
    check_problems(reading, {{":2: auth_code:", "blank"},
                             {":3: auth_code:", "U+00A0"},
                             {":4: auth_code:", "U+201C"},
                             {":5: auth_code:", "spreadsheet"},
                             {":6: auth_code:", "&amp;"}});
    for (const std::string& problem : all_problems(reading)) CHECK_FALSE(has(problem, "12345"));
}

TEST_CASE("what stands for nothing is to be left empty") {
    check_problems(read_file("07-placeholders.csv"),
                   {{":2: owner.bodyName 'NULL':", "leave it empty"},
                    {":3: owner.bodyName 'nan':", "leave it empty"},
                    {":4: owner.bodyName '-':", "leave it empty"},
                    {":5: owner.lastName '\\N':", "leave it empty"}});
}

TEST_CASE("phones that cannot be are refused") {
    check_problems(read_file("08-phones.csv"),
                   {{":2: owner.phone", "decimals"}, {":3: owner.phone", "'+33 123456789' meant"}});
}

TEST_CASE("a value that a comment cuts is told") {
    check_problems(read_file("09-comment-cut.yaml"), {{": owner.address1", "'#4'"}});
    const auto of = [](const std::string& fields) {
        return all_problems(
            read_yaml("orders:\n- domain: a.com\n  owner: GK521\n" + fields + "...\n"));
    };
    CHECK(of("  years: 1\n  note: spring sale #4\n").size() == 1);
    CHECK(of("  years: 1\n  note: spring\n    sale #4\n").size() == 1);
    CHECK(of("  years: 1\n  reference: R 1 # 4\n").size() == 1);
    CHECK(of("  {years: 1, note: spring #4\n  }\n").size() >= 1);
    // Comments that cut nothing.
    CHECK(of("  years: 1  # renewed by hand\n") == Texts{});
    CHECK(of("  # a note\n  years: 1\n  note: \"spring #4\"  # quoted\n") == Texts{});
    CHECK(of("  years: 1\n  note: spring#4\n") == Texts{});
    CHECK(of("  years: 1\n  note: |\n    spring #4\n") == Texts{});
    CHECK(of("  years: 1\n  note: \"über #4\"\n  tag: ü\n") == Texts{});
    CHECK(of("  years: 1\n  lock: on # as always\n") == Texts{});
    const Texts code =
        all_problems(read_yaml("orders:\n- domain: a.com\n  owner: auto\n"
                               "  auth_code: S3cret #Rest\n...\n",
                               OrderKind::transfer));
    REQUIRE(code.size() == 1);
    CHECK_FALSE(has(code[0], "S3cret"));
    CHECK_FALSE(has(code[0], "Rest"));
}

TEST_CASE("a mistake in a contact is told once, where it stands") {
    const Reading reading = read_file("10-contact-once.yaml");
    check_problems(reading, {{":11: contacts.ann.country 'France':", "FR"},
                             {":12: contacts.ann.phone '0123456789':", "country code"}});
}

TEST_CASE("a mistake in the defaults is told once, and what a contact lacks") {
    const std::string orders = "orders:\n- domain: a.com\n- domain: b.com\n- domain: c.com\n...\n";
    check_problems(read_yaml("defaults:\n  owner: GK521\n  years: soon\n" + orders),
                   {{":3: defaults.years 'soon':", "whole number"}});
    check_problems(read_yaml("defaults:\n  years: 1\n  owner: bob\n" + orders),
                   {{":3: defaults.owner 'bob':", "no contact id"}});
    const std::string contact =
        "contacts:\n  ann: {firstName: Ann, lastName: Lee, address1: 1 Road, zipCode: '75001', "
        "city: Town, country: FR, phone: +33 123456789, language: EN}\n";
    check_problems(read_yaml("defaults:\n  years: 1\n  owner: ann\n" + contact + orders),
                   {{":5: contacts.ann.email:", "is missing"}});
    // An order that adds it is whole.
    check_good(read_yaml("defaults:\n  years: 1\n  owner: ann\n" + contact +
                         "orders:\n- {domain: a.com, owner: {email: a@example.org}}\n"
                         "- {domain: b.com, owner.email: b@example.org}\n...\n"),
               2);
}

TEST_CASE("defaults apply to the kinds that have the field") {
    const Reading reading = read_text_as(
        {"mixed.yaml", FileFormat::yaml, std::nullopt, {}},
        "defaults:\n  years: 1\n  owner: GK521\n  max_price: 10.00 EUR\n  tag: x\n"
        "orders:\n- {order: register, domain: a.com}\n- {order: transfer, domain: b.com}\n"
        "- {order: nameservers, domain: c.com, nameservers: [ns1.example.net, ns2.example.net]}\n"
        "...\n");
    check_good(reading, 3);
    CHECK(reading.rows[2].given.contains("tag"));
    CHECK_FALSE(reading.rows[2].given.contains("owner"));
}

TEST_CASE("who names somebody else does not order with the default's numbers") {
    const std::string start =
        "defaults:\n  years: 1\n  owner: {firstName: Ann, lastName: Lee, address1: 1 Road, "
        "zipCode: '75001', city: Town, country: FR, phone: +33 123456789, language: EN, "
        "email: a@example.org, idNumber: '77'}\n";
    const auto of = [&](const std::string& owner) {
        return read_yaml(start + "orders:\n- {domain: a.com, owner: {" + owner + "}}\n...\n");
    };
    check_problems(of("firstName: Bob"), {{": owner.idNumber '77':", "somebody else"}});
    check_good(of("firstName: Bob, idNumber: ''"), 1);
    check_good(of("firstName: Bob, idNumber: '78'"), 1);
    check_good(of("firstName: Ann, city: Ville"), 1);
}

TEST_CASE("a header line in the middle is one mistake") {
    check_problems(read_file("11-header-again.csv"), {{":3:", "header line again"}});
    check_problems(read_csv("domain,years,owner\na.com,1,GK521\ndomain,owner\n#end,1\n"),
                   {{":3:", "header line again"}});
    check_good(read_csv("domain,years,owner,tag\na.com,1,GK521,tag\n"), 1);
}

TEST_CASE("lines that end in CR alone are one mistake") {
    check_problems(read_file("12-cr-only.csv"), {{":", "end in CR alone"}});
    check_problems(read_csv("domain,years,owner\ra.com,1,GK521\r\n"), {{":", "end in CR alone"}});
    check_problems(read_yaml("orders:\r- {domain: a.com, years: 1, owner: GK521}\r...\r"),
                   {{":", "end in CR alone"}});
    check_good(read_csv("domain,years,owner\r\na.com,1,GK521\r\n"), 1);
}

TEST_CASE("a line that names the separator is taken") {
    check_good(read_file("13-sep-line.csv"), 1);
    check_good(read_csv("SEP=,\r\ndomain,years,owner\r\na.com,1,GK521\r\n"), 1);
    check_good(read_csv("\"sep=;\"\ndomain;years;owner\na.com;1;GK521\n"), 1);
    check_good(read_csv("sep=;;;\ndomain;years;owner\na.com;1;GK521\n"), 1);
    check_problems(read_csv("sep=|\ndomain|years|owner\na.com|1|GK521\n"), {{":1:", "separator"}});
}

TEST_CASE("a quote is told where it was opened") {
    check_problems(read_file("14-quote-opened-before.csv"), {{":2:", "opens a quote"}});
    const std::string header = "domain,years,owner,note\n";
    check_problems(read_csv(header + "a.com,1,GK521,\"one\ntwo\nb.com,1,GK521,\n"),
                   {{":2:", "opens a quote"}});
    check_problems(read_csv(header + "a.com,1,GK521,\"x\nb.com,1,GK521,y\"\nc.com,1,GK521,\n"),
                   {{":2:", "the row of line 3"}});
    check_problems(read_csv(header + "a.com,1,GK521,\"b\"c\"\n"), {{":2:", "wrong quotes"}});
    check_problems(read_csv(header + "a.com,1,GK521,\"one\ntwo\"\nb.com,1,GK521,\"b\"c\"\n"),
                   {{":4:", "wrong quotes"}});
    check_good(read_csv(header + "a.com,1,GK521,\"Ask Ann, Bob, Eve, Zoe\nor: a, b, c, d\"\n"), 1);
}

TEST_CASE("a missing last line break is told as that, at its line") {
    check_problems(read_csv("domain,years,owner\na.com,1,GK521\nb.com,1,GK521"),
                   {{":3:", "no line break at its end"}});
    check_problems(read_csv("domain,years,owner"), {{":1:", "no line break at its end"}});
    check_good(read_csv("domain,years,owner\na.com,1,GK521\n,,"), 1);
}

TEST_CASE("a workbook, a page or a packed file is told for what it is") {
    check_problems(read_csv(std::string("PK\x03\x04\x14\x00\x06\x00", 8)), {{":", "workbook"}});
    check_problems(read_csv("\xd0\xcf\x11\xe0\xa1\xb1"), {{":", "workbook"}});
    check_problems(read_csv("<html><table>"), {{":", "web page"}});
    check_problems(read_csv("\x1f\x8b\x08"), {{":", "gzip"}});
}

TEST_CASE("another system's export is one mistake") {
    const Texts problems = all_problems(
        read_csv("Domain,Expiry Date,Status,Registrar,Owner Name,Company\na.com,x,x,x,x,x\n"));
    REQUIRE(problems.size() == 1);
    CHECK(has(problems[0], "another system"));
    CHECK(has(problems[0], "'Company' (here 'owner.bodyName')"));
    CHECK(has(problems[0], "domain-orders template register"));
}

TEST_CASE("a required column under another name is told once") {
    check_problems(read_csv("domain,period,owner\na.com,1,GK521\n"),
                   {{":1: period:", "it is called 'years' here"}});
}

TEST_CASE("areas and countries are told by their codes, all at once") {
    check_problems(read_file("15-area-country.csv"), {{":2: owner.area 'California':", "CA"},
                                                      {":3: owner.area", "leave it empty"},
                                                      {":4: owner.area:", "GB wants"},
                                                      {":4: owner.country 'UK':", "GB"},
                                                      {":5: owner.country 'EL':", "GR"}});
}

TEST_CASE("servers are separated by blanks, and have no addresses") {
    check_problems(read_file("16-servers-in-one-cell.csv"),
                   {{":2: nameservers", "separate the servers by blanks"},
                    {":3: nameservers", "separate the servers by blanks"},
                    {":4: nameservers", "addresses (glue) are not ordered here"}});
    for (const std::string list :
         {"ns1.example.net; ns2.example.net", "ns1.example.net , ns2.example.net",
          "ns1.example.net|ns2.example.net|ns3.example.net"}) {
        const Reading reading =
            read_csv("domain;years;owner;nameservers\na.com;1;GK521;\"" + list + "\"\n");
        check_problems(reading, {{": nameservers", "separate the servers by blanks"}});
    }
    check_problems(read_csv("domain,years,owner,ns1,ns2\na.com,1,GK521,ns1.a.net,192.0.2.1\n"),
                   {{": ns2 '192.0.2.1':", "addresses"}});
}

TEST_CASE("a postcode that lost its zero is told with it") {
    check_problems(read_file("17-zero-lost.csv"),
                   {{":2: owner.zipCode '1000':", "those of FR have 5; is '01000' meant"},
                    {":3: owner.zipCode '1067':", "those of DE have 5; is '01067' meant"}});
}

TEST_CASE("a result file that a spreadsheet saved does not order with a lost zero") {
    check_problems(read_file("18-result-again.csv", OrderKind::trade),
                   {{":2: owner.zipCode '1000':", "'01000'"}});
}

TEST_CASE("invisible signs at the edges of a header are taken off, others told by number") {
    check_problems(read_file("19-invisible.csv"), {{":1: doU+200Bmain:", "U+200B"}});
    check_good(read_csv("\ufeff\ufeffdomain,\u200byears\u200b,\u00a0owner\u2060\na.com,1,GK521\n"),
               1);
    check_problems(read_csv("domain,years,owner\na\u200b.com,1,GK521\n"),
                   {{":2: domain", "U+200B"}});
}

TEST_CASE("good names are never refused") {
    for (const char* name :
         {"Ångström", "Übel", "Çağla", "Łukasz", "Ñandú", "O'Brien", "Smith-Jones", "Null", "-",
          "KNÍŽEK", "d’Arc", "Þórðr", "Özgür", "Ærø", "Žižek", "Ștefan", "Mária"}) {
        CAPTURE(name);
        check_good(read_csv("domain,years,owner.firstName,owner.lastName,owner.bodyName,"
                            "owner.address1,owner.zipCode,owner.city,owner.country,owner.phone,"
                            "owner.email,owner.language\na.com,1," +
                            std::string(name) + "," + name +
                            ",Ä & Ö GmbH,1 Road,75001,Paris,FR,+33 123456789,a@example.org,EN\n"),
                   1);
    }
}
