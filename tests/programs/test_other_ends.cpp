// Orders that end otherwise than anybody here wished: who is told of it, where, and how often.
#include "support/holds.h"
#include "support/mail_server.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool::test;

namespace {

// A registration that was pending and has come to another end than was ordered.
struct Odd {
    Odd(const std::string& policy, const std::string& commands)
        : shop({{"report.policy", policy},
                {"report.from", "domains@example.net"},
                {"report.to", "[ops@example.net]"},
                {"report.smtp", "{ port: " + std::to_string(server.port()) + " }"},
                {"signals.metrics_file", metrics / "domspool.prom"}},
               {"--hold-pending"}) {
        CHECK(shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-a.com"}))})
                  .code == 0);
        CHECK(shop.run("summary-report", {}).code == 0);
        mails_before = server.mails().size();
        std::string text = commands;
        if (const auto at = text.find("OPERATION"); at != text.npos) {
            text.replace(at, 9, shop.orders().at("slow-a.com").at("operation_id"));
        }
        if (!text.empty()) shop.registrar().control(text);
    }
    std::string mailed_subject() {
        CHECK(shop.run("summary-report", {}).code == 0);
        return server.mails().size() == mails_before ? "" : server.mails().back().header("Subject");
    }

    MailServer server;
    Scratch metrics;
    Shop shop;
    std::size_t mails_before = 0;
};

struct End {
    const char* what;
    const char* commands;  // to the sandbox
    const char* state;
    const char* words;    // of the message
    const char* subject;  // of the mail
    const char* metric;
    bool may_pass = false;  // the registrar may only lag, so that it is asked again
};

const End kEnds[] = {
    {"another owner", "finish-all\nset-domain slow-a.com idOwner=XY99", "done_open_ends",
     "differs in owner: ordered '", "1 with open ends",
     "domspool_orders{state=\"done_open_ends\"} 1"},
    {"other name servers", "finish-all\nset-domain slow-a.com ns=ns9.example.net", "done_open_ends",
     "differs in name servers: ordered 'ns1.sandbox.example ns2.sandbox.example', is "
     "'ns9.example.net'",
     "1 with open ends", "domspool_orders{state=\"done_open_ends\"} 1"},
    {"blocked", "finish-all\nset-domain slow-a.com status=HOLD,_NOT_DELEGATED", "done_open_ends",
     "differs in status: 'HOLD, NOT DELEGATED'", "1 with open ends",
     "domspool_orders{state=\"done_open_ends\"} 1"},
    {"three years instead of one",
     "finish-all\nset-domain slow-a.com dateCreate=2026-12-01 "
     "dateExpiration=2029-12-01",
     "done_open_ends",
     "differs in period: ordered years: 1, is "
     "2026-12-01 to 2029-12-01",
     "1 with open ends", "domspool_orders{state=\"done_open_ends\"} 1"},
    {"a status nobody knows", "finish-all\nset-domain slow-a.com status=FROZEN", "done_open_ends",
     "differs in status: 'FROZEN'", "1 with open ends",
     "domspool_orders{state=\"done_open_ends\"} 1"},
    {"gone", "finish-all\ndrop-domain slow-a.com", "done_open_ends",
     "the domain is not in the account (E15-M1502)", "1 with open ends",
     "domspool_orders{state=\"done_open_ends\"} 1", true},
    {"cancelled by somebody else", "cancel OPERATION", "cancelled",
     "the operation was cancelled, and nobody here asked for it", "1 cancelled by others",
     "domspool_orders_cancelled_by_others 1"},
};

}  // namespace

TEST_CASE("an end nobody here wished is told by the program that learns it, once") {
    for (const End& end : kEnds) {
        CAPTURE(end.what);
        Odd odd("on-attention", end.commands);
        if (end.may_pass) {
            const ProgramEnd early = odd.shop.run("pending-check", {});
            CHECK(early.code == 0);
            CHECK(early.err.empty());
            CHECK(odd.shop.orders().at("slow-a.com").at("state") == "in_progress");
            odd.shop.let_pass(std::chrono::minutes(16));
        }
        const ProgramEnd first = odd.shop.run("pending-check", {});
        CAPTURE(first.err);
        CHECK(first.code == 1);
        CHECK(holds(first.err,
                    "orders that need a person:\n  order 1 slow-a.com: " + std::string(end.state)));
        CHECK(holds(first.err, end.words));
        const ProgramEnd second = odd.shop.run("pending-check", {"--now"});
        CHECK(second.code == 0);
        CHECK(second.err.empty());
        const auto order = odd.shop.orders().at("slow-a.com");
        CHECK(order.at("state") == end.state);
        CHECK(holds(order.at("message"), end.words));
        const ProgramEnd result = odd.shop.run("domain-orders", {"result", "1"});
        CHECK(holds(result.out, "," + std::string(end.state) + ",1,"));
        CHECK(holds(result.out, end.words));
        CHECK(holds("\n" + read_text(odd.metrics / "domspool.prom"),
                    "\n" + std::string(end.metric) + "\n"));
    }
}

TEST_CASE("an end nobody here wished is mailed under every policy until somebody dismisses it") {
    for (const char* policy : {"always", "on-change", "on-error", "on-attention"}) {
        for (const End& end : {kEnds[0], kEnds[std::size(kEnds) - 1]}) {
            CAPTURE(policy);
            CAPTURE(end.what);
            Odd odd(policy, end.commands);
            CHECK(odd.shop.run("pending-check", {}).code == 1);
            CHECK(odd.mailed_subject().ends_with("] " + std::string(end.subject)));
            const std::string text = odd.server.mails().back().part("text/plain");
            CHECK(holds(text, "Needs a person (1)"));
            CHECK(holds(text, "domain-orders show 1 --config "));
            odd.mails_before = odd.server.mails().size();
            CHECK(odd.mailed_subject().ends_with("] 1 waits for a person"));
            CHECK(odd.shop.run("domain-orders", {"list", "--attention"}).out.find("slow-a.com") !=
                  std::string::npos);
            odd.mails_before = odd.server.mails().size();
            CHECK(odd.shop.run("domain-orders", {"dismiss", "1", "--reason", "told him"}).code ==
                  0);
            const std::string next = odd.mailed_subject();
            CHECK_MESSAGE((next.empty() || next.ends_with("] nothing new")), next);
            CHECK(odd.shop.run("domain-orders", {"list", "--attention"}).out.find("slow-a.com") ==
                  std::string::npos);
        }
    }
}

TEST_CASE("what a person here had cancelled is as it was wished") {
    Odd odd("on-attention", "");
    CHECK(odd.shop.run("domain-orders", {"cancel", "1"}).code == 0);
    CHECK(odd.shop.run("pending-check", {}).code == 0);
    CHECK(odd.mailed_subject() == "");
    CHECK(holds(read_text(odd.metrics / "domspool.prom"),
                "\ndomspool_orders_cancelled_by_others 0\n"));
}
