#include "report/machine/metrics.h"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

using namespace domspool;

namespace {

MetricsFacts facts() {
    MetricsFacts facts;
    facts.now = *from_iso("2026-11-25T07:00:00.500Z");
    facts.successes = {{"pending-check", *from_iso("2026-11-25T06:50:00.000Z")}};
    facts.orders = {{"waiting", 3}, {"done", 37}, {"refused", 2}};
    facts.oldest = {{"waiting", *from_iso("2026-11-24T07:00:00.000Z")}};
    return facts;
}

bool has_line(const std::string& text, const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("metrics tell successes, counts of every state, and ages") {
    const std::string text = metrics_text(facts());
    // date -u -d '2026-11-25 06:50' +%s
    CHECK(has_line(
        text, "domspool_last_success_timestamp_seconds{program=\"pending-check\"} 1795589400.000"));
    CHECK(has_line(text, "domspool_orders{state=\"done\"} 37"));
    CHECK(has_line(text, "domspool_orders{state=\"waiting\"} 3"));
    CHECK(has_line(text, "domspool_orders{state=\"refused\"} 2"));
    for (const char* state : {"accepted", "in_progress", "in_doubt", "held", "done_open_ends",
                              "skipped", "failed", "cancelled"}) {
        CHECK(has_line(text, "domspool_orders{state=\"" + std::string(state) + "\"} 0"));
    }
    CHECK(has_line(text, "domspool_oldest_order_age_seconds{state=\"waiting\"} 86400"));
    CHECK(has_line(text, "domspool_oldest_order_age_seconds{state=\"held\"} 0"));
    CHECK(has_line(text, "domspool_metrics_written_timestamp_seconds 1795590000.500"));
    CHECK(text.find("last_report") == std::string::npos);
}

TEST_CASE("every line is one of the text format, and each name has its help and type before it") {
    MetricsFacts all = facts();
    all.last_report = all.now;
    std::istringstream lines(metrics_text(all));
    const std::regex sample("([a-z_]+)(\\{[a-z]+=\"[a-z_-]+\"\\})? [0-9]+(\\.[0-9]{3})?");
    std::string announced;
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        std::smatch parts;
        if (std::regex_match(line, parts, std::regex("# TYPE ([a-z_]+) gauge")))
            announced = parts[1];
        if (line.starts_with("#")) continue;
        REQUIRE(std::regex_match(line, parts, sample));
        CHECK(parts[1] == announced);
    }
    CHECK(announced == "domspool_metrics_written_timestamp_seconds");
}

TEST_CASE("an order from the future has no age yet") {
    MetricsFacts early = facts();
    early.oldest["waiting"] = early.now + std::chrono::hours(1);
    CHECK(has_line(metrics_text(early), "domspool_oldest_order_age_seconds{state=\"waiting\"} 0"));
}

TEST_CASE("orders that others cancelled and a hold of all sending have lines of their own") {
    MetricsFacts some = facts();
    CHECK(has_line(metrics_text(some), "domspool_orders_cancelled_by_others 0"));
    CHECK(has_line(metrics_text(some), "domspool_sending_held 0"));
    some.cancelled_by_others = 2;
    some.is_sending_held = true;
    CHECK(has_line(metrics_text(some), "domspool_orders_cancelled_by_others 2"));
    CHECK(has_line(metrics_text(some), "domspool_sending_held 1"));
}
