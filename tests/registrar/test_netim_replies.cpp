// Reading with all the tolerance that is needed (API, "Tolerance"), and no more.
#include "registrar/netim_replies.h"
#include "soap/soap_xml.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::netim;
using domspool::test::answer_xml;

namespace {

soap::Value value_of(const std::string& inner) {
    return std::get<soap::Answer>(soap::read_reply(answer_xml("f", inner), "f")).value;
}

std::vector<std::string> rows_in(const std::string& inner) {
    std::vector<std::string> domains;
    take_rows(value_of(inner),
              [&](const soap::Value& row) { domains.push_back(read_domain_row(row)); });
    return domains;
}

const DomainName kDomain = DomainName::from_stored("xn--bcher-kva.example");

std::string domain_xml(const std::string& fields) {
    return "<return xsi:type=\"ns1:StructDomainInfo\"><domain>xn--bcher-kva.example</domain>" +
           fields + "</return>";
}

}  // namespace

TEST_CASE("an operation is read in upper case, in lower case and in between") {
    for (const char* fields :
         {"<ID_OPE>4958385</ID_OPE><STATUS>Pending</STATUS><MESSAGE>m</MESSAGE>"
          "<TYPE>domainCreate</TYPE><DATE>2026-03-02 09:15:00</DATE><DATA>Example.COM</DATA>",
          "<id_ope>4958385</id_ope><status>Pending</status><message>m</message>"
          "<code_ope>domainCreate</code_ope><date_ope>2026-03-02 09:15:00</date_ope>"
          "<data_ope>example.com</data_ope>",
          "<IDOpe xsi:type=\"xsd:string\"> 4958385 </IDOpe><Status>Pending</Status>"
          "<Comment>m</Comment><Type>domainCreate</Type><Date>2026-03-02 09:15:00</Date>"
          "<Data>EXAMPLE.com</Data>",
          "<idOpe>4958385.0</idOpe><Status>Pending</Status><Comment>m</Comment>"
          "<type>domainCreate</type><date>2026-03-02 09:15:00</date><data>example.com</data>"}) {
        const auto record =
            read_operation(value_of("<return>" + std::string(fields) + "</return>"), 4958385);
        CHECK(record.id == 4958385);
        CHECK(record.status == "Pending");
        CHECK(record.message == "m");
        CHECK(record.type == "domainCreate");
        CHECK(record.date == "2026-03-02 09:15:00");
        CHECK(record.target == "example.com");
    }
}

TEST_CASE("what shows no operation, or another one, is unreadable") {
    CHECK_THROWS_AS(read_operation(value_of("<return>Done</return>"), 5), Unreadable);
    CHECK_THROWS_AS(read_operation(value_of(""), 5), Unreadable);
    CHECK_THROWS_AS(read_operation(value_of("<r><ID_OPE>5</ID_OPE></r>"), 5), Unreadable);
    CHECK_THROWS_AS(read_operation(value_of("<r><ID_OPE>6</ID_OPE><STATUS>Done</STATUS></r>"), 5),
                    Unreadable);
}

TEST_CASE("of an operation that was asked about a status is enough") {
    const std::string fields = "<Status>Done</Status><Comment>all well</Comment>";
    for (const std::string& shape :
         {"<return xsi:type=\"ns1:StructQueryOpe\">" + fields + "</return>", fields,
          "<return xsi:type=\"ns2:Map\"><item><key>Status</key><value>Done</value></item>"
          "<item><key>Comment</key><value>all well</value></item></return>" +
              std::string(),
          "<return SOAP-ENC:arrayType=\"ns1:StructQueryOpe[1]\"><item>" + fields +
              "</item></return>"}) {
        CAPTURE(shape);
        const auto record = read_operation(value_of(shape), 5);
        CHECK(record.id == 5);
        CHECK(record.status == "Done");
        CHECK(record.message == "all well");
        CHECK(record.type.empty());
    }
}

TEST_CASE("a pending row is read in both known shapes") {
    const auto documented = read_pending_row(value_of(
        "<i><id_ope>7</id_ope><code_ope>domainCreate</code_ope><data_ope>Bücher.Example</data_ope>"
        "<date_ope>2026-03-02</date_ope></i>"));
    REQUIRE(documented);
    CHECK(documented->id == 7);
    CHECK(documented->code == "domainCreate");
    CHECK(documented->target == "xn--bcher-kva.example");
    CHECK(documented->date == "2026-03-02");
    CHECK(documented->status.empty());
    const auto other =
        read_pending_row(value_of("<i><ID_OPE>8</ID_OPE><DATE>d</DATE><MESSAGE/><STATUS>Failed</"
                                  "STATUS><TYPE>hostCreate</TYPE>"
                                  "</i>"));
    REQUIRE(other);
    CHECK(other->code == "hostCreate");
    CHECK_FALSE(other->target.has_value());
    CHECK(other->status == "Failed");
    const auto contact = read_pending_row(value_of(
        "<i><id_ope>9</id_ope><code_ope>contactUpdate</code_ope><data_ope>GK521</data_ope></i>"));
    CHECK(contact->target == "GK521");
    CHECK_FALSE(read_pending_row(value_of("<i><code_ope>domainCreate</code_ope></i>")));
    CHECK_FALSE(read_pending_row(value_of("<i><id_ope>seven</id_ope></i>")));
}

TEST_CASE("a domain is read with the old and the new names of its flags") {
    const auto record = read_domain(
        value_of(domain_xml(
            "<status>ACTIVE, DELEGATED</status><idOwner>GK521</idOwner><idAdmin>AB123</idAdmin>"
            "<idTech>AB123</idTech><idBilling>AB123</idBilling><domainIsLock>1</domainIsLock>"
            "<maskedWhois>0</maskedWhois><autorenew>1</autorenew><dateExpiration>2027-01-02"
            "</dateExpiration><ns "
            "SOAP-ENC:arrayType=\"xsd:string[3]\"><item>NS1.Example.NET.</item>"
            "<item>ns2.example.net</item><item/></ns><authID>code-1234</authID>"
            "<IsSigned>1</IsSigned><HasDNS4Service>0</HasDNS4Service>"
            "<DNSSEC xsi:type=\"ns2:Map\"><item><key>flags</key><value>257</value></item>"
            "<item><key>ds</key><value xsi:type=\"ns2:Map\"><item><key>0</key><value>1 2 3</value>"
            "</item></value></item></DNSSEC>")),
        kDomain);
    CHECK(record.domain == "xn--bcher-kva.example");
    CHECK(record.main_status() == "ACTIVE");
    CHECK(record.id_owner == "GK521");
    CHECK(record.id_billing == "AB123");
    CHECK(record.locked == true);
    CHECK(record.privacy == false);
    CHECK(record.auto_renew == true);
    CHECK(record.is_signed == true);
    CHECK(record.uses_registrar_dns == false);
    CHECK(record.nameservers == std::vector<std::string>{"ns1.example.net", "ns2.example.net"});
    CHECK(record.date_expiration == "2027-01-02");
    CHECK(record.auth_code.reveal() == "code-1234");
    CHECK(record.dnssec.at("flags") == "257");
    CHECK(record.dnssec.at("ds.0") == "1 2 3");
}

TEST_CASE("a flag that is not told is not known") {
    const auto record = read_domain(
        value_of(domain_xml("<whoisPrivacy xsi:nil=\"true\"/><autoRenew>maybe</autoRenew>")),
        kDomain);
    CHECK_FALSE(record.locked.has_value());
    CHECK_FALSE(record.privacy.has_value());
    CHECK_FALSE(record.auto_renew.has_value());
    CHECK(record.nameservers.empty());
    CHECK(record.auth_code.empty());
}

TEST_CASE("a domain is found in its Unicode form, another one is unreadable") {
    CHECK(
        read_domain(value_of("<return><domain>Bücher.example</domain></return>"), kDomain).domain ==
        "xn--bcher-kva.example");
    CHECK_THROWS_AS(read_domain(value_of("<return><domain>a.example</domain></return>"), kDomain),
                    Unreadable);
    // It was asked about one domain; what shows nothing of any is no answer.
    CHECK(read_domain(value_of("<return><status>ACTIVE</status></return>"), kDomain).domain ==
          "xn--bcher-kva.example");
    CHECK_THROWS_AS(read_domain(value_of("<return><idOwner>GK1</idOwner></return>"), kDomain),
                    Unreadable);
    CHECK_THROWS_AS(read_domain(value_of("<return>no</return>"), kDomain), Unreadable);
    CHECK_THROWS_AS(read_domain(value_of(""), kDomain), Unreadable);
}

TEST_CASE("an extension's flags and fees are read as text, whole or broken numbers") {
    const auto record = read_extension(
        value_of("<return><tld>EU</tld><PeriodCreate>1-10</PeriodCreate><HasEppCode>1</HasEppCode>"
                 "<HasZonecheck>0.0</HasZonecheck><FeeCurrency>EUR</FeeCurrency>"
                 "<Fee4Registration>5.9</Fee4Registration><Fee4Transfer>1093.00</Fee4Transfer>"
                 "<Fee4Trade>free</Fee4Trade><Informations/></return>"));
    CHECK(record.extension == "eu");
    CHECK(record.period_create == "1-10");
    CHECK(record.fee_currency == "EUR");
    CHECK(record.flags ==
          std::map<std::string, bool>{{"haseppcode", true}, {"haszonecheck", false}});
    CHECK(record.fee_cents ==
          std::map<std::string, std::int64_t>{{"registration", 590}, {"transfer", 109300}});
    CHECK_THROWS_AS(read_extension(value_of("<return><tld>eu</tld></return>")), Unreadable);
}

TEST_CASE("a price says whether it is a premium one, or is none") {
    const std::string fees =
        "<FeeCurrency>EUR</FeeCurrency><Fee4Registration xsi:type=\"xsd:string\">1093.00"
        "</Fee4Registration>";
    const auto price = read_price(value_of("<r>" + fees + "<IsPremium>1</IsPremium></r>"));
    CHECK(price.currency == "EUR");
    CHECK(price.is_premium);
    CHECK(price.fee_cents.at("registration") == 109300);
    CHECK_THROWS_AS(read_price(value_of("<r>" + fees + "</r>")), Unreadable);
    CHECK_THROWS_AS(read_price(value_of("<r><IsPremium>0</IsPremium></r>")), Unreadable);
    CHECK_THROWS_AS(read_price(value_of("<r/>")), Unreadable);
}

TEST_CASE("a negative price is no price") {
    const auto price = read_price(
        value_of("<r><FeeCurrency>EUR</FeeCurrency><Fee4Registration>-9.50</Fee4Registration>"
                 "<Fee4Transfer>0.00</Fee4Transfer><IsPremium>0</IsPremium></r>"));
    CHECK(price.fee_cents == std::map<std::string, std::int64_t>{{"transfer", 0}});
}

TEST_CASE("open and closed operations are read as a struct and as a map") {
    const std::map<std::string, bool> expected{{"domaincreate", true}, {"domaintransferin", false}};
    CHECK(read_open_operations(value_of("<r><domainCreate>1</domainCreate>"
                                        "<domainTransferIn>0</domainTransferIn></r>")) == expected);
    CHECK(read_open_operations(value_of(
              "<r xsi:type=\"ns2:Map\"><item><key>domainCreate</key><value>1</value></item>"
              "<item><key>domainTransferIn</key><value>0</value></item></r>")) == expected);
    CHECK_THROWS_AS(read_open_operations(value_of("<r/>")), Unreadable);
}

TEST_CASE("a contact comes back with what it was made of") {
    const auto record = read_contact(
        value_of("<contact xsi:type=\"ns1:StructContactReturn\"><idContact>gk521</idContact>"
                 "<firstName>Grâce</firstName><lastName>Keller</lastName><address2/>"
                 "<isOwner>1</isOwner><version>2</version>"
                 "<additional xsi:type=\"ns2:Map\"><item><key>EU_CITIZENSHIP</key><value>FR</value>"
                 "</item><item><key>US_APP_PURPOSE</key><value xsi:type=\"ns2:Map\"><item>"
                 "<key>example.us</key><value>P3</value></item><item><key>B\u00dccher.us</key>"
                 "<value>P1</value></item></value></item></additional></contact>"),
        "GK521");
    CHECK(record.id == "GK521");
    CHECK(record.is_owner == true);
    CHECK(record.data.fields == FieldMap{{"firstName", "Grâce"}, {"lastName", "Keller"}});
    CHECK(record.data.additional == FieldMap{{"EU_CITIZENSHIP", "FR"}});
    CHECK(record.data.bound.at("US_APP_PURPOSE") ==
          FieldMap{{"example.us", "P3"}, {"xn--bcher-kva.us", "P1"}});
    CHECK_FALSE(read_contact(value_of("<c><firstName>G</firstName></c>"), "GK521").is_owner);
    CHECK_THROWS_AS(
        read_contact(value_of("<c><idContact>XX1</idContact><isOwner>1</isOwner></c>"), "GK521"),
        Unreadable);
}

TEST_CASE("an account is read as far as it is told") {
    const auto record = read_account(value_of(
        "<return><BALANCE_AMOUNT>-3.20</BALANCE_AMOUNT><DEFAULT_ADMIN>AB123</DEFAULT_ADMIN>"
        "<DEFAULT_DNS_1>NS1.example.net</DEFAULT_DNS_1><DEFAULT_DNS_2 "
        "xsi:nil=\"true\"/></return>"));
    CHECK(record.balance_cents == -320);
    CHECK(record.default_admin == "AB123");
    CHECK(record.default_nameservers[0] == "ns1.example.net");
    CHECK(record.default_nameservers[1].empty());
    CHECK_FALSE(read_account(value_of("<r><DEFAULT_ADMIN>x</DEFAULT_ADMIN></r>")).balance_cents);
    CHECK_THROWS_AS(read_account(value_of("")), Unreadable);
}

TEST_CASE("rows are found in an array, a map, a single struct, and without a list around them") {
    const std::string row = "<domain>A.example</domain>";
    const std::vector<std::string> one{"a.example"}, two{"a.example", "a.example"};
    CHECK(rows_in("<r SOAP-ENC:arrayType=\"ns1:X[2]\"><item>" + row + "</item><item>" + row +
                  "</item></r>") == two);
    CHECK(rows_in("<r xsi:type=\"ns2:Map\"><item><key>1</key><value>" + row +
                  "</value></item><item><key>2</key><value>" + row + "</value></item></r>") == two);
    CHECK(rows_in("<r>" + row + "</r>") == one);
    CHECK(rows_in("<item>" + row + "</item><item>" + row + "</item>") == two);
    CHECK(rows_in("<r SOAP-ENC:arrayType=\"ns1:X[0]\"/>").empty());
    CHECK(rows_in("<r/>").empty());
    CHECK(rows_in("<r xsi:nil=\"true\"/>").empty());
    CHECK_THROWS_AS(rows_in("<r>an error</r>"), Unreadable);
    CHECK_THROWS_AS(rows_in("<r SOAP-ENC:arrayType=\"ns1:X[1]\"><item><x>1</x></item></r>"),
                    Unreadable);
}

TEST_CASE("name servers are found in a list, beside each other, and one by itself") {
    const std::string one = "ns1.example.net", two = "ns2.example.net";
    const auto servers_in = [](const std::string& fields) {
        return read_domain(value_of(domain_xml(fields)), kDomain).nameservers;
    };
    const std::vector<std::string> both{one, two};
    CHECK(servers_in("<ns><item>" + one + "</item><item>" + two + "</item></ns>") == both);
    CHECK(servers_in("<ns>" + one + "</ns><ns>" + two + "</ns>") == both);
    CHECK(servers_in("<ns><host>" + one + "</host><host>" + two + "</host></ns>") == both);
    CHECK(servers_in("<ns>" + one + "</ns>") == std::vector{one});
    for (const char* none :
         {"<ns/>", "<ns xsi:nil=\"true\"/>", "<ns xsi:type=\"SOAP-ENC:Array\"/>"})
        CHECK(servers_in(none).empty());
}

TEST_CASE("a row needs what tells of which thing it is") {
    const auto zone = read_zone_row(
        value_of("<i><subdomain/><type>MX</type><value>10 mx.example.net</value></i>"));
    CHECK(zone == ZoneRow{"", "MX", "10 mx.example.net"});
    CHECK(read_zone_row(value_of("<i><value>x</value></i>")) == ZoneRow{"", "", "x"});
    CHECK_THROWS_AS(read_zone_row(value_of("<i><ttl>5</ttl></i>")), Unreadable);
    const auto contact = read_contact_row(
        value_of("<i><idContact>GK1</idContact><firstName>Grace</firstName><lastName>Keller"
                 "</lastName><bodyForm>IND</bodyForm><bodyName/><isOwner>0</isOwner></i>"));
    CHECK(contact.id == "GK1");
    CHECK(contact.is_owner == false);
    CHECK_THROWS_AS(read_contact_row(value_of("<i><isOwner>1</isOwner></i>")), Unreadable);
    CHECK_FALSE(read_contact_row(value_of("<i><idContact>GK1</idContact></i>")).is_owner);
}
