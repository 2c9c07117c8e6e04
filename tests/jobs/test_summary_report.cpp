#include "jobs/summary_report.h"
#include "support/order_stories.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace domspool;
using namespace domspool::test;

namespace {

using enum OrderState;
using What = ReportEnd::What;

struct Stop {};

// Takes mails, and answers as it is told.
class FakeMailer : public Mailer {
  public:
    std::vector<Mail> taken;
    Delivery next{Delivery::Verdict::accepted, "", {}};
    Delivery deliver(const Mail& mail) override {
        if (next.verdict == Delivery::Verdict::accepted) taken.push_back(mail);
        return next;
    }
    std::string header(std::size_t number, const std::string& name) const {
        const std::string& text = taken.at(number).text;
        const auto at = text.find("\r\n" + name + ": ") + name.size() + 4;
        return text.substr(at, text.find("\r\n", at) - at);
    }
};

struct Desk {
    OrderStories with;
    FakeMailer mailer;
    ReportSettings settings;

    Desk() {
        settings.from = *MailAddress::parse("domains@example.net");
        settings.to = {*MailAddress::parse("ops@example.net")};
        settings.host = "shop1";
    }
    ReportEnd run() { return send_report(*with.ledger, with.clock, mailer, settings); }
    // Stopped dead at the point, as a crash would.
    void run_until(const std::string& point) {
        at_crash_points([&](std::string_view name) {
            if (name == point) throw Stop();
        });
        CHECK_THROWS_AS(run(), Stop);
        at_crash_points(nullptr);
    }
    std::string subject(std::size_t number) const { return mailer.header(number, "Subject"); }
    std::string id(std::size_t number) const { return mailer.header(number, "Message-ID"); }
};

const Delivery kNotNow{Delivery::Verdict::not_now, "nobody listens", {}};
const Delivery kNever{Delivery::Verdict::never, "552 too large", {}};

}  // namespace

TEST_CASE("news is mailed once") {
    Desk desk;
    desk.with.tell({"a.example", failed});
    desk.settings.policy = ReportPolicy::on_change;
    CHECK(desk.run().what == What::sent);
    CHECK(desk.run().what == What::not_due);
    REQUIRE(desk.mailer.taken.size() == 1);
    CHECK(desk.subject(0) == "[domspool shop1] 1 failed");
    CHECK(desk.mailer.taken[0].text.starts_with(
        "From: domains@example.net\r\nTo: ops@example.net\r\n"));
}

TEST_CASE("with the policy always a quiet day is told too") {
    Desk desk;
    CHECK(desk.run().what == What::sent);
    CHECK(desk.run().what == What::sent);
    CHECK(desk.subject(1) == "[domspool shop1] nothing new");
    CHECK(desk.id(0) != desk.id(1));
}

TEST_CASE("what the policy does not want told is kept for the report that is due") {
    Desk desk;
    desk.settings.policy = ReportPolicy::on_error;
    desk.with.tell({"a.example"});
    CHECK(desk.run().what == What::not_due);
    desk.with.tell({"b.example", failed});
    CHECK(desk.run().what == What::sent);
    CHECK(desk.subject(0) == "[domspool shop1] 1 failed, 1 done");
}

TEST_CASE("a mail that is not delivered is tried again as it was, then the news since") {
    Desk desk;
    desk.with.tell({"a.example"});
    desk.mailer.next = kNotNow;
    const ReportEnd first = desk.run();
    CHECK(first.what == What::not_delivered);
    CHECK(first.cause == "nobody listens");
    desk.with.tell({"b.example", failed});
    CHECK(desk.run().what == What::not_delivered);
    desk.mailer.next = {Delivery::Verdict::accepted, "", {}};
    const ReportEnd last = desk.run();
    CHECK(last.what == What::sent);
    CHECK(last.mails == 2);
    CHECK(desk.subject(0) == "[domspool shop1] 1 done");
    CHECK(desk.id(0) == first.message_id);
    CHECK(desk.subject(1) == "[domspool shop1] 1 failed");
}

TEST_CASE("no quiet report follows at once behind one that was left over") {
    Desk desk;
    desk.mailer.next = kNotNow;
    CHECK(desk.run().what == What::not_delivered);
    desk.mailer.next = {Delivery::Verdict::accepted, "", {}};
    CHECK(desk.run().mails == 1);
}

TEST_CASE("a mail left over goes to the addresses of today") {
    Desk desk;
    desk.with.tell({"a.example"});
    desk.mailer.next = kNotNow;
    desk.run();
    desk.mailer.next = {Delivery::Verdict::accepted, "", {}};
    desk.settings.to = {*MailAddress::parse("others@example.org")};
    CHECK(desk.run().what == What::sent);
    CHECK(desk.mailer.taken[0].to[0].address() == "others@example.org");
    CHECK(desk.mailer.taken[0].text.find("ops@example.net") == std::string::npos);
}

TEST_CASE("what was refused for good is told by the next report, with what came since") {
    Desk desk;
    desk.with.tell({"a.example"});
    desk.mailer.next = kNever;
    const ReportEnd refused = desk.run();
    CHECK(refused.what == What::refused);
    CHECK(refused.cause == "552 too large");
    desk.with.tell({"b.example"});
    desk.mailer.next = {Delivery::Verdict::accepted, "", {}};
    CHECK(desk.run().what == What::sent);
    CHECK(desk.subject(0) == "[domspool shop1] 2 done");
    CHECK(desk.id(0) != refused.message_id);
}

TEST_CASE("stopped anywhere, every event is told, under one message id per report") {
    for (const char* point : {"report_begun", "report_worded", "report_taken"}) {
        CAPTURE(point);
        Desk desk;
        desk.settings.policy = ReportPolicy::on_change;
        desk.with.tell({"a.example"});
        desk.run_until(point);
        const auto open = desk.with.ledger->open_report();
        REQUIRE(open);
        desk.with.tell({"b.example", failed});
        CHECK(desk.run().what == What::sent);
        CHECK(desk.run().what == What::not_due);
        const bool was_taken = std::string(point) == "report_taken";
        REQUIRE(desk.mailer.taken.size() == (was_taken ? 3 : 2));
        // Sent again: byte by byte the same.
        if (was_taken) CHECK(desk.mailer.taken[0].text == desk.mailer.taken[1].text);
        const std::size_t latest = desk.mailer.taken.size() - 1;
        CHECK(desk.id(latest - 1) == open->message_id);
        CHECK(desk.subject(latest - 1) == "[domspool shop1] 1 done");
        CHECK(desk.subject(latest) == "[domspool shop1] 1 failed");
    }
}

TEST_CASE("two programs do not report at once") {
    Desk desk;
    const auto other = desk.with.open();
    const auto lock = other->try_report_lock();
    REQUIRE(lock);
    CHECK(desk.run().what == What::busy);
    CHECK(desk.mailer.taken.empty());
}

TEST_CASE("what is held is mailed under every policy until it is settled") {
    Desk desk;
    desk.settings.policy = ReportPolicy::on_attention;
    const OrderId order = desk.with.tell({"a.example", held});
    CHECK(desk.run().what == What::sent);
    CHECK(desk.run().what == What::sent);
    CHECK(desk.subject(1) == "[domspool shop1] 1 held");
    desk.with.move(order, {"", cancelled});
    CHECK(desk.run().what == What::not_due);
}

TEST_CASE("recipients that were refused are handed on") {
    Desk desk;
    desk.mailer.next.refused = {"gone@example.net: 550 no such user"};
    CHECK(desk.run().refused.size() == 1);
}
