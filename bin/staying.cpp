#include "bin/staying.h"

#include "app/run_log.h"
#include "jobs/order_kinds.h"
#include "jobs/own_doubts.h"

#include <optional>

namespace domspool {

namespace {

void say_waiting(Program& program, int doubts, UtcTime until) {
    if (!program.look().is_terminal() || program.line().has("quiet")) return;
    program.show_progress("");
    program.print("waits to look for " + std::to_string(doubts) +
                  (doubts == 1 ? " order" : " orders") + " in doubt, until " + to_minute(until) +
                  " at most; Ctrl-C leaves that to pending-check\n");
}

}  // namespace

void stay_for_doubts(Program& program, RunSetup& setup, OutcomeTelling& telling,
                     const std::function<void()>& send_again) {
    const Settings& settings = setup.settings();
    StaySettings stay;
    stay.doubts = setup.doubt_settings();
    stay.min_interval = std::chrono::seconds(settings.pending.min_interval_seconds);
    stay.longest = std::chrono::minutes(settings.pending.stay_minutes);
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = setup.open_lane(plan_order);
        return *lane->runner;
    };
    const auto tell = [&](const OrderRecord& order) {
        log_order(setup.log(), order);
        telling.note(order);
    };
    settle_own_doubts(
        stay, {{setup.ledger(), setup.clock(), setup.knowledge(), setup.rules(), setup.view(),
                runner, [&] { return setup.run().id(); }, [&] { return setup.is_called_off(); }},
               [&](std::chrono::milliseconds time) { return setup.wait(time); },
               send_again,
               tell,
               [&](int doubts, UtcTime until) { say_waiting(program, doubts, until); }});
}

}  // namespace domspool
