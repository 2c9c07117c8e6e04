#include "report/summary/summary.h"
#include "support/order_stories.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using namespace domspool::test;

namespace {

using enum OrderState;

Summary summary_of(const OrderStories& with, std::chrono::hours later = std::chrono::hours(0)) {
    return summarize(*with.ledger, {std::nullopt, "shop1", "AB123 at api.registrar.example", "",
                                    with.now() + later});
}

std::vector<std::string> domains(const std::vector<SummaryOrder>& orders) {
    std::vector<std::string> names;
    for (const SummaryOrder& order : orders) names.push_back(order.row.domain);
    return names;
}

std::vector<std::string> domains(const std::vector<Matter>& matters) {
    std::vector<std::string> names;
    for (const Matter& matter : matters) names.push_back(matter.order.domain);
    return names;
}

IntakeRow bad_row(int line, const std::string& domain) {
    IntakeRow row = SmallLedger::good_row(line, domain);
    row.normalised.clear();
    row.problems = {"orders.csv:3: years: must be 1 to 10"};
    return row;
}

}  // namespace

TEST_CASE("news comes worst first, and is counted by state") {
    OrderStories with;
    with.tell({"done-1.example"});
    with.tell({"failed.example", failed, "domainCreate was refused: E13-M1306 : not available",
               "E13-M1306", "not available"});
    with.tell({"done-2.example"});
    with.tell({"doubt.example", in_doubt});
    with.tell({"untouched.example", accepted});
    const Summary summary = summary_of(with);
    CHECK(domains(summary.news) == std::vector<std::string>{"failed.example", "doubt.example",
                                                            "done-1.example", "done-2.example"});
    CHECK(summary.counts.at("done") == 2);
    CHECK(summary.counts.at("failed") == 1);
    CHECK(summary.open.at("accepted") == 1);
    CHECK(headline(summary) == "1 failed, 1 in doubt, 2 done");
    CHECK(summary.news[0].commands == std::vector<std::string>{"domain-orders retry 2"});
    CHECK(summary.news[2].commands.empty());
}

TEST_CASE("the subject's example: two failed, one held, 37 done") {
    OrderStories with;
    for (int i = 0; i < 37; ++i) with.tell({"done-" + std::to_string(i) + ".example"});
    with.tell({"a.example", failed});
    with.tell({"b.example", failed});
    with.tell({"c.example", held, "the price is above limits.max_price"});
    CHECK(headline(summary_of(with)) == "2 failed, 1 held, 37 done");
}

TEST_CASE("what is held stands in every report until it is settled") {
    OrderStories with;
    const OrderId order = with.tell({"held.example", held, "the registrar shows another owner"});
    with.report_all();
    const Summary later = summary_of(with);
    CHECK(later.news.empty());
    REQUIRE(later.matters.size() == 1);
    CHECK(later.matters[0].why == "held");
    CHECK(later.matters[0].order.message == "the registrar shows another owner");
    CHECK(later.matters[0].commands ==
          std::vector<std::string>{"domain-orders release 1", "domain-orders cancel 1"});
    CHECK(headline(later) == "1 held");
    with.move(order, {"", cancelled});
    CHECK(summary_of(with).matters.empty());
}

TEST_CASE("a doubt and an order not sent need a person only when they last for more than a day") {
    OrderStories with;
    with.tell({"doubt.example", in_doubt});
    with.tell({"unsent.example", accepted});
    CHECK(summary_of(with).matters.empty());
    const Summary later = summary_of(with, std::chrono::hours(25));
    CHECK(domains(later.matters) == std::vector<std::string>{"doubt.example", "unsent.example"});
    CHECK(later.matters[0].why == "in doubt for more than a day");
    CHECK(later.matters[0].commands.front() == "domain-orders resolve 1 --resend");
}

TEST_CASE("money ordered and money pending are told apart, by currency") {
    OrderStories with;
    with.tell({"a.example", done, "", "", "", Money{950, "EUR"}});
    with.tell({"b.example", done_open_ends, "", "", "", Money{2150, "EUR"}});
    with.tell({"c.example", done, "", "", "", Money{700, "USD"}});
    with.tell({"d.example", failed, "", "", "", Money{99900, "EUR"}});
    with.tell({"e.example", waiting, "", "", "", Money{400, "EUR"}});
    with.tell({"f.example", in_doubt, "", "", "", Money{100, "EUR"}});
    const Summary summary = summary_of(with);
    CHECK(summary.ordered == MoneySums{{"EUR", 3100}, {"USD", 700}});
    CHECK(summary.pending == MoneySums{{"EUR", 500}});
    with.report_all();
    // What was told as ordered is not told again; what is pending still is.
    CHECK(summary_of(with).ordered.empty());
    CHECK(summary_of(with).pending == MoneySums{{"EUR", 500}});
}

TEST_CASE("a file tells its rows, and the refused ones with their problems") {
    OrderStories with;
    with.add_batch({SmallLedger::good_row(2, "a.example"), bad_row(3, "b.example")});
    const Summary summary = summary_of(with);
    REQUIRE(summary.files.size() == 1);
    CHECK(summary.files[0].words == "orders.csv: 1 accepted, 1 refused, 0 skipped");
    REQUIRE(summary.files[0].refused_rows.size() == 1);
    CHECK(summary.files[0].refused_rows[0].line == 3);
    CHECK(summary.files[0].refused_rows[0].message == "orders.csv:3: years: must be 1 to 10");
    CHECK(headline(summary) == "1 refused");
}

TEST_CASE("the registrar's own words stand beside a reason of ours that does not repeat them") {
    OrderStories with;
    with.tell({"held.example", held, "20 refusals in a row", "E02-M0201", "quota <reached>"});
    CHECK(summary_of(with).matters[0].order.message ==
          "20 refusals in a row (the registrar: E02-M0201: quota <reached>)");
}

TEST_CASE("notes and warnings are told once") {
    OrderStories with;
    with.note("warning", "operation 4711 has been pending for 12 days");
    REQUIRE(summary_of(with).notes.size() == 1);
    with.report_all();
    CHECK(summary_of(with).notes.empty());
}

TEST_CASE("each policy mails what it says, and all of them what needs a person") {
    struct Case {
        const char* situation;
        std::function<void(OrderStories&)> happens;
        bool on_change, on_error, on_attention;
    };
    const Case cases[] = {
        {"nothing", [](OrderStories&) {}, false, false, false},
        {"done", [](OrderStories& with) { with.tell({"a.example"}); }, true, false, false},
        {"a file taken",
         [](OrderStories& with) {
             with.tell({"a.example", accepted});
         },
         true, false, false},
        {"failed",
         [](OrderStories& with) {
             with.tell({"a.example", failed});
         },
         true, true, false},
        {"in doubt",
         [](OrderStories& with) {
             with.tell({"a.example", in_doubt});
         },
         true, true, false},
        {"open end",
         [](OrderStories& with) {
             with.tell({"a.example", done_open_ends});
         },
         true, true, true},
        {"open end told already",
         [](OrderStories& with) {
             with.tell({"a.example", done_open_ends});
             with.report_all();
         },
         true, true, true},
        {"open end told already, and dismissed",
         [](OrderStories& with) {
             with.dismiss(with.tell({"a.example", done_open_ends}));
             with.report_all();
         },
         false, false, false},
        {"failed and told already",
         [](OrderStories& with) {
             with.tell({"a.example", failed});
             with.report_all();
         },
         false, false, false},
        {"cancelled here",
         [](OrderStories& with) {
             with.tell({"a.example", cancelled});
         },
         true, false, false},
        {"cancelled by others",
         [](OrderStories& with) {
             with.tell({.domain = "a.example", .state = cancelled, .is_by_others = true});
         },
         true, true, true},
        {"all sending held", [](OrderStories& with) { with.hold_sending(); }, true, true, true},
        {"all sending held and told already",
         [](OrderStories& with) {
             with.hold_sending();
             with.report_all();
         },
         true, true, true},
        {"row refused", [](OrderStories& with) { with.add_batch({bad_row(3, "b.example")}); }, true,
         true, false},
        {"file refused", [](OrderStories& with) { with.note("file_refused", "x.csv"); }, true, true,
         false},
        {"a note", [](OrderStories& with) { with.note("note", "no lock for it"); }, false, false,
         false},
        {"held",
         [](OrderStories& with) {
             with.tell({"a.example", held});
         },
         true, true, true},
        {"held and told already",
         [](OrderStories& with) {
             with.tell({"a.example", held});
             with.report_all();
         },
         true, true, true},
    };
    for (const Case& each : cases) {
        CAPTURE(each.situation);
        OrderStories with;
        each.happens(with);
        const Summary summary = summary_of(with);
        CHECK(is_due(ReportPolicy::always, summary));
        CHECK(is_due(ReportPolicy::on_change, summary) == each.on_change);
        CHECK(is_due(ReportPolicy::on_error, summary) == each.on_error);
        CHECK(is_due(ReportPolicy::on_attention, summary) == each.on_attention);
    }
}

TEST_CASE("an empty ledger has nothing new to tell") {
    OrderStories with;
    const Summary summary = summary_of(with);
    CHECK(headline(summary) == "nothing new");
    CHECK_FALSE(summary.since);
    CHECK_FALSE(has_errors(summary));
}

TEST_CASE("ends are counted for the picture, by day") {
    OrderStories with;
    with.tell({"a.example"});
    with.tell({"b.example", failed});
    CHECK(summary_of(with).days.size() == 2);
    CHECK(summary_of(with, std::chrono::hours(24 * 30)).days.empty());
}

TEST_CASE("what ended otherwise than wished is told by each report until somebody dismisses it") {
    OrderStories with;
    with.tell({"differs.example", done_open_ends, "differs in owner: ordered 'AB1', is 'CD2'"});
    with.tell({"here.example", cancelled, "cancelled by ada before it was sent"});
    with.tell({.domain = "others.example",
               .state = cancelled,
               .reason = "the operation was cancelled, and nobody here asked for it: by support",
               .is_by_others = true});
    const Summary summary = summary_of(with);
    CHECK(domains(summary.matters) ==
          std::vector<std::string>{"differs.example", "others.example"});
    CHECK(summary.matters[0].why == "done, with open ends");
    CHECK(
        summary.matters[0].commands ==
        std::vector<std::string>{"domain-orders show 1", "domain-orders dismiss 1 --reason TEXT"});
    CHECK(summary.matters[1].why == "cancelled by somebody else");
    CHECK(
        summary.matters[1].commands ==
        std::vector<std::string>{"domain-orders show 3", "domain-orders dismiss 3 --reason TEXT"});
    CHECK(headline(summary) == "1 with open ends, 1 cancelled by others, 1 cancelled");
    with.report_all();
    CHECK(domains(summary_of(with).matters) ==
          std::vector<std::string>{"differs.example", "others.example"});
    with.dismiss(1);
    CHECK(domains(summary_of(with).matters) == std::vector<std::string>{"others.example"});
    with.dismiss(3);
    CHECK(summary_of(with).matters.empty());
}

TEST_CASE("a later order of the same wish that is done settles what failed or differed before") {
    OrderStories with;
    with.tell({"differs.example", done_open_ends});
    with.tell({"failed.example", failed});
    with.report_all();
    CHECK(summary_of(with).matters.size() == 1);
    CHECK(summary_of(with).failed_not_settled == 1);
    with.tell({"differs.example"});
    with.tell({"failed.example"});
    CHECK(summary_of(with).matters.empty());
    CHECK(summary_of(with).failed_not_settled == 0);
}

TEST_CASE("what is put aside each night is told as not sent all the same") {
    OrderStories with;
    with.tell({"a.example", accepted});
    with.clock.advance(std::chrono::hours(23));
    with.put_aside_all();
    CHECK(summary_of(with).matters.empty());
    CHECK(summary_of(with, std::chrono::hours(2)).matters.size() == 1);
}

TEST_CASE("what failed is counted for a week") {
    OrderStories with;
    with.tell({"failed.example", failed});
    CHECK(summary_of(with, std::chrono::hours(6 * 24)).failed_not_settled == 1);
    CHECK(summary_of(with, std::chrono::hours(8 * 24)).failed_not_settled == 0);
}

TEST_CASE("a hold of all sending is told by every report while it lasts, and once as over") {
    OrderStories with;
    with.hold_sending();
    with.report_all();
    const Summary held = summary_of(with);
    REQUIRE(held.sending_hold);
    CHECK(held.sending_hold->person == "ada");
    CHECK(held.release == "domain-orders release --all");
    CHECK(headline(held) == "all sending held");
    with.ledger->write(
        [&](LedgerWrite& w) { w.release_sending(with.run->id(), "bob", with.now()); });
    const Summary over = summary_of(with);
    CHECK_FALSE(over.sending_hold);
    REQUIRE(over.notes.size() == 1);
    CHECK(over.notes[0].text == "all sending was released by bob");
}
