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

struct Scene {
    OrderStories with;
    FakeMailer mailer;
    ReportSettings settings;

    Scene() {
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
    Scene scene;
    scene.with.tell({"a.example", failed});
    scene.settings.policy = ReportPolicy::on_change;
    CHECK(scene.run().what == What::sent);
    CHECK(scene.run().what == What::not_due);
    REQUIRE(scene.mailer.taken.size() == 1);
    CHECK(scene.subject(0) == "[domspool shop1] 1 failed");
    CHECK(scene.mailer.taken[0].text.starts_with(
        "From: domains@example.net\r\nTo: ops@example.net\r\n"));
}

TEST_CASE("with the policy always a quiet day is told too") {
    Scene scene;
    CHECK(scene.run().what == What::sent);
    CHECK(scene.run().what == What::sent);
    CHECK(scene.subject(1) == "[domspool shop1] nothing new");
    CHECK(scene.id(0) != scene.id(1));
}

TEST_CASE("what the policy does not want told is kept for the report that is due") {
    Scene scene;
    scene.settings.policy = ReportPolicy::on_error;
    scene.with.tell({"a.example"});
    CHECK(scene.run().what == What::not_due);
    scene.with.tell({"b.example", failed});
    CHECK(scene.run().what == What::sent);
    CHECK(scene.subject(0) == "[domspool shop1] 1 failed, 1 done");
}

TEST_CASE("a mail that is not delivered is tried again as it was, then the news since") {
    Scene scene;
    scene.with.tell({"a.example"});
    scene.mailer.next = kNotNow;
    const ReportEnd first = scene.run();
    CHECK(first.what == What::not_delivered);
    CHECK(first.cause == "nobody listens");
    scene.with.tell({"b.example", failed});
    CHECK(scene.run().what == What::not_delivered);
    scene.mailer.next = {Delivery::Verdict::accepted, "", {}};
    const ReportEnd last = scene.run();
    CHECK(last.what == What::sent);
    CHECK(last.mails == 2);
    CHECK(scene.subject(0) == "[domspool shop1] 1 done");
    CHECK(scene.id(0) == first.message_id);
    CHECK(scene.subject(1) == "[domspool shop1] 1 failed");
}

TEST_CASE("no quiet report follows at once behind one that was left over") {
    Scene scene;
    scene.mailer.next = kNotNow;
    CHECK(scene.run().what == What::not_delivered);
    scene.mailer.next = {Delivery::Verdict::accepted, "", {}};
    CHECK(scene.run().mails == 1);
}

TEST_CASE("a mail left over goes to the addresses of today") {
    Scene scene;
    scene.with.tell({"a.example"});
    scene.mailer.next = kNotNow;
    scene.run();
    scene.mailer.next = {Delivery::Verdict::accepted, "", {}};
    scene.settings.to = {*MailAddress::parse("others@example.org")};
    CHECK(scene.run().what == What::sent);
    CHECK(scene.mailer.taken[0].to[0].address() == "others@example.org");
    CHECK(scene.mailer.taken[0].text.find("ops@example.net") == std::string::npos);
}

TEST_CASE("what was refused for good is told by the next report, with what came since") {
    Scene scene;
    scene.with.tell({"a.example"});
    scene.mailer.next = kNever;
    const ReportEnd refused = scene.run();
    CHECK(refused.what == What::refused);
    CHECK(refused.cause == "552 too large");
    scene.with.tell({"b.example"});
    scene.mailer.next = {Delivery::Verdict::accepted, "", {}};
    CHECK(scene.run().what == What::sent);
    CHECK(scene.subject(0) == "[domspool shop1] 2 done");
    CHECK(scene.id(0) != refused.message_id);
}

TEST_CASE("stopped anywhere, every event is told, under one message id per report") {
    for (const char* point : {"report_begun", "report_worded", "report_taken"}) {
        CAPTURE(point);
        Scene scene;
        scene.settings.policy = ReportPolicy::on_change;
        scene.with.tell({"a.example"});
        scene.run_until(point);
        const auto open = scene.with.ledger->open_report();
        REQUIRE(open);
        scene.with.tell({"b.example", failed});
        CHECK(scene.run().what == What::sent);
        CHECK(scene.run().what == What::not_due);
        const bool was_taken = std::string(point) == "report_taken";
        REQUIRE(scene.mailer.taken.size() == (was_taken ? 3 : 2));
        // Sent again: byte by byte the same.
        if (was_taken) CHECK(scene.mailer.taken[0].text == scene.mailer.taken[1].text);
        const std::size_t latest = scene.mailer.taken.size() - 1;
        CHECK(scene.id(latest - 1) == open->message_id);
        CHECK(scene.subject(latest - 1) == "[domspool shop1] 1 done");
        CHECK(scene.subject(latest) == "[domspool shop1] 1 failed");
    }
}

TEST_CASE("two programs do not report at once") {
    Scene scene;
    const auto other = scene.with.open();
    const auto lock = other->try_report_lock();
    REQUIRE(lock);
    CHECK(scene.run().what == What::busy);
    CHECK(scene.mailer.taken.empty());
}

TEST_CASE("what is held is mailed under every policy until it is settled") {
    Scene scene;
    scene.settings.policy = ReportPolicy::on_attention;
    const OrderId order = scene.with.tell({"a.example", held});
    CHECK(scene.run().what == What::sent);
    CHECK(scene.run().what == What::sent);
    CHECK(scene.subject(1) == "[domspool shop1] 1 held");
    scene.with.move(order, {"", cancelled});
    CHECK(scene.run().what == What::not_due);
}

TEST_CASE("recipients that were refused are handed on") {
    Scene scene;
    scene.mailer.next.refused = {"gone@example.net: 550 no such user"};
    CHECK(scene.run().refused.size() == 1);
}
