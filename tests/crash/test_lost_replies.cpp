// Replies that are lost, cut or make no sense, with and without effect behind them.
#include "crash/rehearsal.h"
#include "crash/scenes.h"

#include <doctest/doctest.h>

using namespace domspool::test;

namespace {

// Each with the calls it may hit, so that both a Done and a Pending are among them.
const std::vector<std::string> kRules = {
    "domainCreate:lose_reply:always",
    "domainCreate:cut_reply:3",
    "domainCreate:html_502:2",
    "domainCreate:html_502_after:3",
    "domainCreate:empty_500:2",
    "domainCreate:empty_500_after:3",
    "domainCreate:fault_without_code:always",
    "domainCreate:drop_before:2",
    "domainCreate:unknown_code_after:always",
    "domainSetPreference:lose_reply:1",
    "domainSetPreference:drop_before:1",
    "domainSetPreference:unknown_code_after:1",
    "contactCreate:cut_reply:1",
    "contactCreate:empty_500:1",
    "contactCreate:unknown_code_after:1",
    "*:lose_reply:0.15",
    "*:expire_session:0.15",
};

}  // namespace

TEST_CASE("whatever happens to the replies, each domain is ordered exactly once") {
    Rehearsal rehearsal(plain_registrations());
    const KeptShop before(rehearsal.shop());
    for (const std::string& rule : kRules) {
        CAPTURE(rule);
        before.put_back();
        rehearsal.shop().registrar().control("misbehave " + rule);
        rehearsal.order();
        rehearsal.let_doubts_grow_old();
        rehearsal.shop().registrar().control("behave");
        const std::string trouble = rehearsal.finish();
        CHECK(trouble == "");
        if (trouble.empty()) CHECK(rehearsal.faults({.id_unknown = true}) == "");
    }
}
