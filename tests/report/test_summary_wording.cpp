// The same report as text, page, table and JSON.
#include "report/machine/json_lines.h"
#include "report/summary/chart.h"
#include "report/summary/summary_csv.h"
#include "report/summary/summary_html.h"
#include "report/summary/summary_text.h"
#include "report/terminal/text_width.h"
#include "support/order_records.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using namespace domspool::test;

namespace {

SummaryOrder told(OrderState state, OrderId id, const std::string& domain) {
    const OrderRecord order = order_in(state, id, domain);
    return {outcome_row(order), 3, order.accepted_at, order.changed_at, {}};
}

Summary a_morning() {
    Summary summary;
    summary.host = "shop1";
    summary.account = "AB123 at api.registrar.example";
    summary.since = at("2026-11-24T07:00:00.000Z");
    summary.until = at("2026-11-25T07:00:00.000Z");
    OrderRecord held = order_in(OrderState::held, 41, "xn--bcher-kva.example");
    held.reason = "the registrar shows another owner";
    summary.matters.push_back({outcome_row(held),
                               "held",
                               at("2026-11-24T02:10:00.000Z"),
                               {"domain-orders release 41", "domain-orders cancel 41"}});
    SummaryOrder failed = told(OrderState::failed, 12, "taken.example");
    failed.row.code = "E13-M1306";
    failed.row.message = "domainCreate was refused: E13-M1306 : <b>not</b> available & \"gone\"";
    failed.row.reference = "K-1";
    failed.commands = {"domain-orders retry 12"};
    summary.news = {failed, told(OrderState::done, 13, "shop.example")};
    summary.news[1].row.price = Money{950, "EUR"};
    summary.news[1].row.operation_id = 5000001;
    summary.counts = {{"failed", 1}, {"done", 1}};
    summary.open = {{"held", 1}, {"waiting", 3}};
    SummaryFile file;
    file.batch = 3;
    file.taken_at = at("2026-11-25T02:00:00.000Z");
    file.words = "march.csv: 2 accepted, 0 refused, 0 skipped";
    summary.files = {file};
    summary.ordered = {{"EUR", 950}};
    summary.pending = {{"EUR", 2850}};
    summary.oldest_pending = at("2026-11-22T07:00:00.000Z");
    summary.pending_ages = {1, 0, 2, 0, 0};
    summary.days = {{"2026-11-24", OrderState::done, 4}, {"2026-11-25", OrderState::failed, 1}};
    return summary;
}

std::string text_of(const Summary& summary) {
    return to_text(document_of(summary));
}

}  // namespace

TEST_CASE("the text tells worst first, with the commands that settle it") {
    CHECK(text_of(a_morning()) ==
          "1 failed, 1 held, 3 waiting, 1 done\n"
          "\n"
          "domspool on shop1, account AB123 at api.registrar.example\n"
          "since the report of 2026-11-24 07:00 UTC, until 2026-11-25 07:00 UTC\n"
          "\n"
          "ordered at quoted prices: 9.50 EUR\n"
          "pending: 28.50 EUR\n"
          "still open: 1 held, 3 waiting\n"
          "oldest pending operation: 3 days\n"
          "\n"
          "Needs a person (1)\n"
          "------------------\n"
          "  order 41: register xn--bcher-kva.example (b\xC3\xBC"
          "cher.example)\n"
          "      held, since 2026-11-24 02:10 UTC\n"
          "      the registrar shows another owner\n"
          "      $ domain-orders release 41\n"
          "      $ domain-orders cancel 41\n"
          "\n"
          "Failed (1)\n"
          "----------\n"
          "  order 12: register taken.example\n"
          "      reference K-1\n"
          "      domainCreate was refused: E13-M1306 : <b>not</b> available & \"gone\"\n"
          "      $ domain-orders retry 12\n"
          "\n"
          "Done (1)\n"
          "--------\n"
          "  order 13: register shop.example\n"
          "      9.50 EUR, operation 5000001\n"
          "\n"
          "Files taken (1)\n"
          "---------------\n"
          "  batch 3: march.csv: 2 accepted, 0 refused, 0 skipped\n"
          "      2026-11-25 02:00 UTC\n");
}

TEST_CASE("the text keeps to 78 columns, commands excepted") {
    Summary summary = a_morning();
    summary.news[0].row.message = std::string(500, 'w') + " " + std::string(200, 'x');
    summary.notes.push_back(
        {summary.until, "warning", "a warning of many words " + std::string(90, '.'), 12});
    std::istringstream lines(text_of(summary));
    for (std::string line; std::getline(lines, line);) CHECK(text_width(line) <= 78);
}

TEST_CASE("the page escapes what others said, and holds no address but the picture's") {
    const std::string page = to_html(document_of(a_morning()), "cid:chart@domspool");
    CHECK(page.find("&lt;b&gt;not&lt;/b&gt; available &amp; &quot;gone&quot;") != page.npos);
    CHECK(page.find("<b>") == page.npos);
    CHECK(page.find("<code>domain-orders release 41</code>") != page.npos);
    CHECK(page.find("src=\"cid:chart@domspool\"") != page.npos);
    CHECK(page.find("http") == page.npos);
    CHECK(page.find("<script") == page.npos);
    CHECK(page.find("prefers-color-scheme: dark") != page.npos);
    CHECK(page.find("width=device-width") != page.npos);
    CHECK(to_html(document_of(a_morning()), "").find("<img") == page.npos);
}

TEST_CASE("no text of others opens a tag, whatever it holds") {
    Summary summary = a_morning();
    const std::string evil = "</p><script>alert('x')</script><img src=x onerror=y>\x1b[31m";
    summary.host = summary.account = evil;
    summary.news[0].row.message = summary.news[0].row.reference = summary.news[0].row.domain = evil;
    summary.matters[0].why = evil;
    summary.files[0].words = evil;
    summary.notes.push_back({summary.until, "note", evil, std::nullopt});
    ForeignOperation foreign;
    foreign.code = foreign.target = foreign.status = evil;
    summary.foreign = {foreign};
    const std::string page = to_html(document_of(summary), "");
    CHECK(page.find("<script") == page.npos);
    CHECK(page.find("<img") == page.npos);
    CHECK(page.find('\x1b') == page.npos);
    CHECK(page.find("&lt;script&gt;") != page.npos);
}

TEST_CASE("long lists are cut, and it is said where the rest is") {
    Summary summary = a_morning();
    summary.news.clear();
    for (int i = 0; i < 60; ++i) {
        summary.news.push_back(told(OrderState::failed, 100 + i, "f.example"));
    }
    for (int i = 0; i < 5000; ++i) {
        summary.news.push_back(told(OrderState::done, 1000 + i, "d.example"));
    }
    const std::string text = text_of(summary);
    CHECK(text.find("Failed (60)") != text.npos);
    CHECK(text.find("and 10 more: see the CSV") != text.npos);
    CHECK(text.find("Done (5000)") != text.npos);
    CHECK(text.find("and 4975 more: see the CSV") != text.npos);
    CHECK(text.size() < 20'000);
}

TEST_CASE("the table has a line per order, no formula, and no data of contacts") {
    Summary summary = a_morning();
    summary.news[0].row.reference = "=1+2";
    CHECK(to_csv(summary, 100) ==
          "order_id,order,domain,reference,state,operation_id,code,message,price,batch,line,"
          "accepted_at,changed_at\n"
          "12,register,taken.example,'=1+2,failed,,E13-M1306,\"domainCreate was refused: E13-M1306 "
          ": <b>not</b> available & \"\"gone\"\"\",,3,2,2026-11-24T17:15:23.123Z,"
          "2026-11-24T17:16:00.000Z\n"
          "13,register,shop.example,,done,5000001,,,9.50 EUR,3,3,2026-11-24T17:15:23.123Z,"
          "2026-11-24T17:16:00.000Z\n");
    CHECK(to_csv(summary, 1).ends_with("\n#left_out,1\n"));
}

TEST_CASE("the JSON is one object, with what needs a person and its commands") {
    const std::string line = json_line(a_morning());
    CHECK(line.ends_with("}\n"));
    const auto parsed = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    CHECK(parsed->getValue<std::string>("headline") == "1 failed, 1 held, 3 waiting, 1 done");
    const auto matter = parsed->getArray("needs_a_person")->getObject(0);
    CHECK(matter->getValue<int>("order_id") == 41);
    CHECK(matter->getArray("commands")->getElement<std::string>(0) == "domain-orders release 41");
    CHECK(parsed->getArray("orders")->size() == 2);
    CHECK(parsed->getArray("ordered")->getElement<std::string>(0) == "9.50 EUR");
    CHECK(parsed->getObject("open")->getValue<int>("waiting") == 3);
}

TEST_CASE("the picture is a PNG of 800 by 800, and there is none of nothing") {
    const std::string png = chart_png(a_morning());
    // The PNG specification: signature, then IHDR with width and height, 4 bytes each.
    REQUIRE(png.size() > 24);
    CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    CHECK(png.substr(12, 12) == std::string("IHDR\0\0\x03\x20\0\0\x03\x20", 12));
    CHECK(chart_png(Summary{}) == "");
}

TEST_CASE("a hold of all sending stands on top of each report, with what ends it") {
    Summary summary = a_morning();
    summary.sending_hold =
        SendingHold{1, "ada", "the <wrong> file", *from_iso("2026-11-25T12:01:00.000Z")};
    summary.release = "domain-orders release --all";
    const SummaryDocument document = document_of(summary);
    CHECK(document.title.starts_with("all sending held, "));
    CHECK(document.tone == Tone::attention);
    REQUIRE_FALSE(document.sections.empty());
    CHECK(document.sections[0].title == "All sending is held");
    const std::string text = to_text(document);
    CHECK(text.find("by ada\n") != text.npos);
    CHECK(text.find("since 2026-11-25 12:01 UTC") != text.npos);
    CHECK(text.find("the <wrong> file") != text.npos);
    CHECK(text.find("$ domain-orders release --all\n") != text.npos);
    CHECK(to_html(document, "").find("<wrong>") == std::string::npos);
    const auto parsed =
        Poco::JSON::Parser().parse(json_line(summary)).extract<Poco::JSON::Object::Ptr>();
    CHECK(parsed->getObject("sending_hold")->getValue<std::string>("by") == "ada");
    CHECK(Poco::JSON::Parser()
              .parse(json_line(a_morning()))
              .extract<Poco::JSON::Object::Ptr>()
              ->isNull("sending_hold"));
}
