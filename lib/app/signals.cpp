#include "app/signals.h"

#include "report/machine/metrics.h"
#include "util/file.h"
#include "util/http_exchange.h"

namespace domspool {

namespace {

constexpr std::chrono::seconds kHeartbeatDeadline{10};

// In the ledger, so that whoever writes the file knows of the other programs too.
void note_success(RunSetup& setup, const std::string& program) {
    const UtcTime now = setup.clock().now().utc;
    setup.ledger().write([&](LedgerWrite& w) { w.note_good_end(program, now); });
}

MetricsFacts facts_of(RunSetup& setup) {
    const Ledger& ledger = setup.ledger();
    MetricsFacts facts;
    facts.now = setup.clock().now().utc;
    facts.orders = ledger.count_by_state({});
    facts.cancelled_by_others = ledger.orders_cancelled_by_others();
    facts.is_sending_held = ledger.sending_hold().has_value();
    facts.last_report = ledger.last_report_at();
    facts.successes = ledger.good_ends();
    for (const auto& [word, count] : facts.orders) {
        const auto state = order_state_of(word);
        if (!state || is_end(*state) || count == 0) continue;
        OrderFilter filter;
        filter.state = state;
        filter.oldest_first = true;
        filter.limit = 1;
        for (const OrderRecord& order : ledger.orders(filter))
            facts.oldest[word] = order.accepted_at;
    }
    return facts;
}

void write_metrics(RunSetup& setup) {
    // For the collector, which is another user. Nothing in it is a secret.
    file::write_whole(setup.settings().signals.metrics_file, metrics_text(facts_of(setup)), 0644);
}

std::string url_for(std::string url, const std::string& program) {
    const std::string mark = "{program}";
    if (const auto at = url.find(mark); at != std::string::npos) {
        url.replace(at, mark.size(), program);
    }
    return url;
}

void beat(RunSetup& setup, const std::string& program) {
    const auto endpoint =
        std::make_shared<HttpEndpoint>(url_for(setup.settings().signals.heartbeat_url, program));
    HttpRequest request;
    request.method = "GET";
    request.deadline = kHeartbeatDeadline;
    request.size_limit = 64u << 10;
    const HttpReply reply = HttpConnection(endpoint).exchange(request);
    if (reply.status / 100 != 2) {
        setup.log().warning("heartbeat_refused",
                            {{"host", endpoint->host()}, {"status", reply.status}});
    }
}

// The run itself is over and went as it went.
template <typename Act>
void without_harm(RunSetup& setup, const char* event, Act act) {
    std::string cause;
    try {
        return act();
    } catch (const std::exception& failure) {
        cause = failure.what();
    }
    setup.log().warning(event, {{"cause", cause}});
}

}  // namespace

bool is_good_end(ExitCode code) {
    return code == ExitCode::all_well || code == ExitCode::some_orders_wrong ||
           code == ExitCode::file_refused;
}

void end_run(Program& program, RunSetup& setup, StartedBy started,
             std::optional<ExitCode> trouble) {
    const Settings::Signals& signals = setup.settings().signals;
    const std::string& name = program.name();
    const bool is_good = is_good_end(trouble.value_or(program.exit_code()));
    without_harm(setup, "login_not_noted", [&] { setup.forget_refused_login(); });
    const bool has_metrics = !signals.metrics_file.empty();
    if (is_good && has_metrics) {
        without_harm(setup, "success_not_noted", [&] { note_success(setup, name); });
    }
    if (has_metrics) without_harm(setup, "metrics_not_written", [&] { write_metrics(setup); });
    if (is_good && started == StartedBy::cron && !signals.heartbeat_url.empty()) {
        without_harm(setup, "heartbeat_failed", [&] { beat(setup, name); });
    }
    setup.log().info("run_ended", {{"exit", static_cast<int>(program.exit_code())}});
    if (setup.log().has_lost_lines()) {
        program.complain(ExitCode::cannot_write,
                         "cannot write the log '" + setup.settings().log.file +
                             "': lines of this run are not in it; check its disk and rights");
    }
}

}  // namespace domspool
