#include "orders/csv_orders.h"
#include "orders/reading.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::read_csv;
using domspool::test::read_text_as;
using domspool::test::Reading;

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kHeader = "domain,years,owner,tag\n";
const std::string kGood = std::string(kHeader) + "example.com,1,GK521,\n";

Texts problems_of(const std::string& text) {
    return read_csv(text).file_problems();
}

}  // namespace

TEST_CASE("a row becomes an order") {
    const Reading reading = read_csv("Domain;YEARS; owner ;Tag\r\nExample.com;2;gk521;\"a;b\"\r\n");
    CHECK_FALSE(reading.is_refused());
    REQUIRE(reading.rows.size() == 1);
    const OrderRow& row = reading.rows[0];
    CHECK(row.line == 2);
    CHECK(row.kind == OrderKind::register_domain);
    REQUIRE(row.order);
    CHECK(row.order->domain.ascii() == "example.com");
    CHECK(row.order->tag == "a;b");
    CHECK(row.given ==
          FieldMap{{"domain", "Example.com"}, {"years", "2"}, {"owner", "gk521"}, {"tag", "a;b"}});
    CHECK(field_of(row.normalised, "owner") == "GK521");
    CHECK(reading.file.columns == Texts{"Domain", "YEARS", "owner", "Tag"});
    CHECK(reading.file.rows == 1);
    CHECK(reading.file.bad_rows == 0);
}

TEST_CASE("all header names match without case") {
    const Reading reading = read_csv(
        "DOMAIN,Years,Owner.FirstName,OWNER.LASTNAME,owner.address1,owner.zipcode,owner.city,"
        "owner.country,owner.phone,owner.email,owner.language,Additional.eu_citizenship\n"
        "example.eu,1,Ann,Lee,1 Road,1000,Town,CH,+41 225550100,a@example.org,EN,FR\n");
    CHECK_FALSE(reading.is_refused());
    REQUIRE(reading.rows.size() == 1);
    REQUIRE(reading.rows[0].order);
    CHECK(field_of(reading.rows[0].order->owner.data.fields, "zipCode") == "1000");
    CHECK(reading.rows[0].order->additional == FieldMap{{"EU_CITIZENSHIP", "FR"}});
}

TEST_CASE("a bad row is told and the good ones go on") {
    const Reading reading = read_csv(kGood + "a_b.com,none,GK521,\nexample.net,1,GK521,x\n");
    CHECK_FALSE(reading.is_refused());
    CHECK(reading.file.rows == 3);
    CHECK(reading.file.bad_rows == 1);
    CHECK(reading.rows[0].order);
    CHECK_FALSE(reading.rows[1].order);
    CHECK(reading.rows[1].normalised.empty());
    CHECK(reading.rows[2].order);
    CHECK(reading.faults() ==
          Texts{"orders.csv:3: domain 'a_b.com': is no domain name: a label holds '_'; "
                "letters, digits and '-' are allowed",
                "orders.csv:3: years 'none': must be a whole number of years such as 1"});
}

TEST_CASE("an unknown field refuses the file and names the nearest") {
    CHECK(problems_of("domain,years,owner,auto_renw,colour\nexample.com,1,GK521,on,red\n") ==
          Texts{"orders.csv:1: auto_renw: is no field; did you mean 'auto_renew'?",
                "orders.csv:1: colour: is no field"});
}

TEST_CASE("required columns that are missing refuse the file") {
    CHECK(problems_of("reference,tag\nx,y\n") ==
          Texts{"orders.csv:1: domain: is a required column, and missing",
                "orders.csv:1: years: is a required column, and missing",
                "orders.csv:1: owner: is a required column, and missing"});
    CHECK(read_csv("domain\nexample.com\n", OrderKind::nameservers).file_problems() ==
          Texts{"orders.csv:1: nameservers: is a required column, and missing"});
    CHECK_FALSE(
        read_csv("domain,ns1\nexample.com,ns1.example.net\n", OrderKind::nameservers).is_refused());
    CHECK_FALSE(read_csv("domain,owner\nexample.com,auto\n", OrderKind::transfer).is_refused());
}

TEST_CASE("a doubled or nameless column refuses the file") {
    CHECK(problems_of("domain,years,owner,Domain\na.com,1,GK1,b.com\n") ==
          Texts{"orders.csv:1: Domain: stands twice in the header; one of them is right"});
    CHECK(problems_of("domain,years,,owner\na.com,1,,GK521\nb.com,1,x,GK521\nc.com,1,x,GK521\n") ==
          Texts{"orders.csv:3: column 3 has no name in the header, but a value here; name it or "
                "delete it (and in line 4; 2 rows)"});
}

TEST_CASE("a file without header line shows none of its values") {
    const Texts problems =
        read_csv("example.com;S3cret-EPP\nexample.net;S3cret-2\n", OrderKind::transfer)
            .file_problems();
    CHECK(problems == Texts{"orders.csv:1: is no header line: not one field's name stands in it; "
                            "`domain-orders template transfer` prints a file to fill in"});
    CHECK(problems_of("domain\tyears\nexample.com\t1\n").at(0).find("tabs") != std::string::npos);
}

TEST_CASE("a file without orders is refused") {
    CHECK(problems_of("") == Texts{"orders.csv: is empty: no header line, no orders"});
    CHECK(problems_of("\n\n") == Texts{"orders.csv: is empty: no header line, no orders"});
    CHECK(problems_of(kHeader) == Texts{"orders.csv: holds no orders"});
}

TEST_CASE("a row with more or fewer cells than the header refuses the file") {
    const Reading reading = read_csv(kGood + "a.com,1,GK521\nb.com,1,GK521,x,y\n");
    CHECK(reading.file_problems() ==
          Texts{"orders.csv:3: the row has 3 cells, the header 4; a separator inside a value wants "
                "quotes around the value",
                "orders.csv:4: the row has 5 cells, the header 4; a separator inside a value wants "
                "quotes around the value"});
    CHECK(reading.file.rows == 3);
}

TEST_CASE("rows without a character are not counted and not told, behind the count as well") {
    const std::string empty = ",,,\n\n  \n,\n";
    const Reading reading =
        read_csv(empty + kGood + empty + "a.com,1,GK521,\n" + empty + "#end,2\n" + empty);
    CHECK(reading.file_problems().empty());
    CHECK(reading.file.rows == 2);
    CHECK(reading.file.bad_rows == 0);
}

TEST_CASE("a thousand problems of the file stay readable") {
    std::string text = kGood;
    for (int i = 0; i < 1000; ++i) text += "a.com,1\n";
    CHECK(problems_of(text) ==
          Texts{"orders.csv:3: the row has 2 cells, the header 4; a separator inside a value wants "
                "quotes around the value (and in lines 4-1002; 1000 rows)"});
}

TEST_CASE("no line break at the end means cut short") {
    CHECK(problems_of(kGood + "example.net,1,GK521,x").at(0).find("cut short") !=
          std::string::npos);
    CHECK(problems_of("domain,years,owner").at(0).find("cut short") != std::string::npos);
}

TEST_CASE("a last row may state the number of orders") {
    CHECK_FALSE(read_csv(kGood + "#end,1\n").is_refused());
    CHECK_FALSE(read_csv(kGood + "#END, 1 ,,\n\n").is_refused());
    CHECK(problems_of(kGood + "#end,2\n") ==
          Texts{"orders.csv:3: the file says it holds 2 orders, but it holds 1; it may be cut "
                "short"});
    CHECK(problems_of(kGood + "#end\n") ==
          Texts{"orders.csv:3: #end: must be '#end' and the number of orders"});
    CHECK(problems_of(kGood + "#end,1,x,\n").size() == 1);
    CHECK(problems_of(kGood + "#end,1\nexample.net,1,GK521,\n") ==
          Texts{"orders.csv:4: stands behind the '#end' of line 3"});
    // A refused row is an order of the file, too.
    CHECK_FALSE(read_csv(kGood + "a_b.com,1,GK521,\n#end,2\n").is_refused());
}

TEST_CASE("the settings may demand a count") {
    FileRequest request{"orders.csv", FileFormat::csv, OrderKind::register_domain, {}};
    request.limits.require_count = true;
    CHECK_FALSE(read_text_as(request, kGood + "#end,1\n").is_refused());
    CHECK(read_text_as(request, kGood).file_problems() ==
          Texts{"orders.csv: the settings want a count (require_count): a last row '#end,1' is "
                "missing"});
}

TEST_CASE("bytes that are no text refuse the file and give no order behind them") {
    const Reading latin = read_csv(kGood + "b.com,1,GK521,caf\xe9\nc.com,1,GK521,\n");
    CHECK(latin.file_problems() ==
          Texts{"orders.csv:3: is not UTF-8; save it with the encoding UTF-8"});
    CHECK(latin.rows.size() == 1);
    CHECK(problems_of(kGood + std::string("b\0.com,1,GK521,\n", 16)) ==
          Texts{"orders.csv:3: holds a NUL byte: no text file"});
    CHECK_FALSE(read_csv("\xef\xbb\xbf" + kGood).is_refused());
}

TEST_CASE("wrong quotes refuse the file") {
    const Texts problems = problems_of(kGood + "b.com,1,GK521,\"x\"y\n");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("orders.csv:3: has wrong quotes"));
}

TEST_CASE("line numbers count the lines inside quotes") {
    const Reading reading =
        read_csv("domain,years,owner,note\na.com,1,GK521,\"one\ntwo\"\nb.com,x,GK521,\n");
    REQUIRE(reading.rows.size() == 2);
    CHECK(reading.rows[0].order->note == "one\ntwo");
    CHECK(reading.rows[1].line == 4);
}

TEST_CASE("EPP codes keep their zeros and blanks, and stand nowhere else") {
    const std::string code = "00" + std::string(59, 'x') + ", \"";
    REQUIRE(code.size() == 64);
    const Reading reading =
        read_csv("domain,owner,auth_code\na.com,auto,\"00" + std::string(59, 'x') +
                     ", \"\"\"\nb.com,auto,0012\nc.com,auto,'=x\n",
                 OrderKind::transfer);
    REQUIRE(reading.rows.size() == 3);
    CHECK(reading.rows[0].auth_code.reveal() == code);
    CHECK(reading.rows[1].auth_code.reveal() == "0012");
    CHECK(reading.rows[2].auth_code.reveal() == "'=x");
    CHECK_FALSE(reading.rows[0].given.contains("auth_code"));
    CHECK(field_of(reading.rows[0].normalised, "auth_code") == "(kept)");
    CHECK(reading.rows[0].order->has_auth_code);
}

TEST_CASE("an EPP code is in no problem, however wrong its row is") {
    const Reading reading = read_csv("domain,owner,auth_code\na_b.com,auto,S3cret\nb.com,auto," +
                                         std::string(60, 'S') + "3cret\nc.com,auto,S3cret,x\n",
                                     OrderKind::transfer);
    for (const std::string& text : reading.faults()) CHECK(text.find("3cret") == std::string::npos);
    for (const std::string& text : reading.file_problems()) {
        CHECK(text.find("3cret") == std::string::npos);
    }
    REQUIRE(reading.rows.size() == 2);
    CHECK(reading.rows[0].auth_code.empty());
}

TEST_CASE("a result file may be dropped again") {
    const Reading reading = read_csv(
        "domain,owner,auth_code,tag,note,state,order_id,operation_id,code,message,price,"
        "previous_nameservers\n"
        "a.com,auto,(kept),'+49 5550,''=x,failed,7,99,E12-M1204,closed,9.50 EUR,\n"
        "b.com,auto,(wiped),it's,'plain,done,8,,,,,\n",
        OrderKind::transfer);
    CHECK_FALSE(reading.is_refused());
    REQUIRE(reading.rows.size() == 2);
    CHECK(reading.rows[0].order->tag == "+49 5550");
    CHECK(reading.rows[0].order->note == "'=x");
    CHECK(reading.rows[0].auth_code.reveal() == "(kept)");
    CHECK(reading.rows[1].auth_code.reveal() == "(kept)");
    CHECK(reading.rows[1].order->tag == "it's");
    CHECK(reading.rows[1].order->note == "'plain");
    CHECK(reading.file.columns == Texts{"domain", "owner", "auth_code", "tag", "note"});
    CHECK(reading.rows[0].given ==
          FieldMap{{"domain", "a.com"}, {"owner", "auto"}, {"tag", "+49 5550"}, {"note", "'=x"}});
}

TEST_CASE("a row of a result file names its order, whatever a spreadsheet made of the number") {
    const Reading reading = read_csv(
        "\xEF\xBB\xBF"
        "domain;years;owner;Order_ID;ledger\n"
        "a.com;1;GK521;3.0;5f1a\n"
        "b.com;1;GK521;'004;'12345678901234567890123456789012\n"
        "c.com;1;GK521; ;\n");
    CHECK_FALSE(reading.is_refused());
    REQUIRE(reading.rows.size() == 3);
    CHECK(reading.rows[0].named.order == 3);
    CHECK(reading.rows[0].named.ledger == "5f1a");
    CHECK(reading.rows[1].named.order == 4);
    CHECK(reading.rows[1].named.ledger == "12345678901234567890123456789012");
    CHECK_FALSE(reading.rows[2].named.order);
    CHECK(reading.file.columns == Texts{"domain", "years", "owner"});
}

TEST_CASE("what is no number of an order refuses its row and says how to order anew") {
    const Reading reading = read_csv(
        "domain,years,owner,order_id\n"
        "a.com,1,GK521,1E+05\n"
        "b.com,1,GK521,7\n");
    REQUIRE(reading.rows.size() == 2);
    REQUIRE(reading.rows[0].faults.size() == 1);
    CHECK(reading.rows[0].faults[0].field == "order_id");
    CHECK(reading.rows[0].faults[0].value == "1E+05");
    CHECK(reading.rows[0].faults[0].reason.find("delete the columns order_id and ledger") !=
          std::string::npos);
    CHECK(reading.file.bad_rows == 1);
    CHECK(reading.rows[1].faults.empty());
}

TEST_CASE("a result file without its orders' numbers orders anew; the ledger alone is refused") {
    const Reading anew = read_csv(
        "domain,years,owner,tag,state,operation_id,code,message,price\n"
        "a.com,1,GK521,'0071,failed,99,E12-M1204,closed,9.50 EUR\n");
    CHECK_FALSE(anew.is_refused());
    REQUIRE(anew.rows.size() == 1);
    CHECK_FALSE(anew.rows[0].named.order);
    CHECK(anew.rows[0].order->tag == "0071");
    CHECK(problems_of("domain,years,owner,state,operation_id,ledger\na.com,1,GK521,,,5f1a\n")
              .at(0)
              .starts_with("orders.csv:1: ledger: stands without order_id; delete"));
}

TEST_CASE("a file tells whether it says how many rows it has") {
    CHECK(read_csv("domain,years,owner\na.com,1,GK521\n#end,1\n").file.states_count);
    CHECK_FALSE(read_csv("domain,years,owner\na.com,1,GK521\n").file.states_count);
    CHECK(test::read_yaml("count: 1\norders:\n- domain: a.com\n  years: 1\n  owner: GK521\n...\n")
              .file.states_count);
}

TEST_CASE("a result column alone is no result file") {
    CHECK(problems_of("domain,years,owner,price\na.com,1,GK521,12 EUR\n")
              .at(0)
              .starts_with("orders.csv:1: price: is no field"));
    CHECK(read_csv("domain,owner,code\na.com,auto,x\n", OrderKind::transfer).is_refused());
    // And only result files mark cells.
    CHECK(read_csv("domain,years,owner,tag\na.com,1,GK521,'=x\n").rows.at(0).order->tag == "'=x");
}
