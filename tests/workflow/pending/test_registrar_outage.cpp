#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/registrar_outage.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

namespace {

using What = PendingReport::What;

}  // namespace

TEST_CASE("an unreachable registrar is told after an hour, then once a day, until it is back") {
    Waiting waiting(1);
    const auto pass_without_network = [&](std::chrono::minutes time) {
        waiting.engine.registrar.will_not_answer(
            "queryOpePending", {QueryFailure::Why::unreachable, "", "no connection"});
        return waiting.pass_after(time);
    };
    CHECK(pass_without_network(10min).what == What::unreachable);
    CHECK_FALSE(pass_without_network(50min).tell_outage);
    const PendingReport told = pass_without_network(10min);
    CHECK(told.tell_outage);
    CHECK(holds(told.outage, "no connection"));
    CHECK_FALSE(pass_without_network(10min).tell_outage);
    CHECK(pass_without_network(24h).tell_outage);
    CHECK(waiting.pass_after(10min).what == What::passed);
    CHECK_FALSE(pass_without_network(59min).tell_outage);
}
