// cron/config.sample.yaml against the code: every key stands there, with the default it has.
#include "app/settings.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace domspool;
using domspool::test::read_text;

namespace {

const std::string kSample = SOURCE_DIR "/cron/config.sample.yaml";

// The full names of the keys in the sample, those among comments ("# secret_env: X") too. It is
// written in block style, two blanks a level.
std::vector<std::string> keys_of_sample() {
    std::vector<std::string> keys, sections;
    std::istringstream lines(read_text(kSample));
    std::string line;
    while (std::getline(lines, line)) {
        std::size_t indent = line.find_first_not_of(' ');
        if (indent == std::string::npos) continue;
        std::string text = line.substr(indent);
        if (text.starts_with("# ")) text = text.substr(2);
        const std::size_t colon = text.find(':');
        const bool is_key = colon != std::string::npos &&
                            std::all_of(text.begin(), text.begin() + static_cast<long>(colon),
                                        [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
        const bool is_comment = line[indent] == '#';
        const bool has_value = is_key && colon + 1 < text.size();
        if (!is_key || (is_comment && !text.starts_with("secret_"))) continue;
        sections.resize(std::min(sections.size(), indent / 2));
        std::string name;
        for (const std::string& section : sections) name += section + ".";
        if (has_value) {
            keys.push_back(name + text.substr(0, colon));
        } else {
            sections.push_back(text.substr(0, colon));
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

}  // namespace

TEST_CASE("the sample settings hold every key there is, and no other") {
    std::vector<std::string> known = known_settings();
    std::sort(known.begin(), known.end());
    CHECK(keys_of_sample() == known);
}

TEST_CASE("the sample settings can be used as they are, and state the defaults") {
    const Settings sample = parse_settings(read_text(kSample), kSample);
    const Settings bare = parse_settings(
        "registrar: { endpoint: 'https://api.netim.com/2.0/', reseller_id: AB123 }\n", "bare");
    CHECK(sample.user == bare.user);
    CHECK(sample.registrar.endpoint == bare.registrar.endpoint);
    CHECK(sample.registrar.language == bare.registrar.language);
    CHECK(sample.registrar.mode == bare.registrar.mode);
    CHECK(sample.registrar.parameters == bare.registrar.parameters);
    CHECK(sample.registrar.sync_delay_seconds == bare.registrar.sync_delay_seconds);
    CHECK(sample.registrar.lanes == bare.registrar.lanes);
    CHECK(sample.registrar.requests_per_minute == bare.registrar.requests_per_minute);
    CHECK(sample.registrar.retry_seconds == bare.registrar.retry_seconds);
    CHECK(sample.registrar.allow_plain_http == bare.registrar.allow_plain_http);
    CHECK(sample.registrar.ca_file == bare.registrar.ca_file);
    CHECK(sample.extensions_file == bare.extensions_file);
    CHECK(sample.ledger == bare.ledger);
    CHECK(sample.backup.directory == bare.backup.directory);
    CHECK(sample.backup.keep_days == bare.backup.keep_days);
    CHECK(sample.spool.directory == bare.spool.directory);
    CHECK(sample.spool.settle_seconds == bare.spool.settle_seconds);
    CHECK(sample.spool.max_file_mb == bare.spool.max_file_mb);
    CHECK(sample.spool.require_count == bare.spool.require_count);
    CHECK(sample.pending.min_interval_seconds == bare.pending.min_interval_seconds);
    CHECK(sample.pending.doubt_look_seconds == bare.pending.doubt_look_seconds);
    CHECK(sample.pending.watch_foreign == bare.pending.watch_foreign);
    CHECK(sample.pending.outage_minutes == bare.pending.outage_minutes);
    CHECK(sample.pending.stay_minutes == bare.pending.stay_minutes);
    CHECK(sample.defaults.admin == bare.defaults.admin);
    CHECK(sample.defaults.tech == bare.defaults.tech);
    CHECK(sample.defaults.billing == bare.defaults.billing);
    CHECK(sample.checks.price == bare.checks.price);
    CHECK(sample.checks.balance == bare.checks.balance);
    CHECK(sample.checks.dns_test == bare.checks.dns_test);
    CHECK(sample.limits.max_price == bare.limits.max_price);
    CHECK(sample.limits.balance_floor == bare.limits.balance_floor);
    CHECK(sample.limits.max_orders_per_run == bare.limits.max_orders_per_run);
    CHECK(sample.limits.max_refusals_in_a_row == bare.limits.max_refusals_in_a_row);
    CHECK(sample.dns.resolver == bare.dns.resolver);
    CHECK(sample.dns.port == bare.dns.port);
    CHECK(sample.dns.timeout_seconds == bare.dns.timeout_seconds);
    CHECK(sample.report.policy == bare.report.policy);
    CHECK(sample.report.sendmail == bare.report.sendmail);
    CHECK(sample.report.smtp.host == bare.report.smtp.host);
    CHECK(sample.report.smtp.port == bare.report.smtp.port);
    CHECK(sample.report.smtp.tls == bare.report.smtp.tls);
    CHECK(sample.report.smtp.user == bare.report.smtp.user);
    CHECK(sample.report.smtp.ca_file == bare.report.smtp.ca_file);
    CHECK(sample.signals.metrics_file == bare.signals.metrics_file);
    CHECK(sample.signals.heartbeat_url == bare.signals.heartbeat_url);
    CHECK(sample.log.file == bare.log.file);
    CHECK(sample.log.level == bare.log.level);
    CHECK(sample.auth_code_keep_days == bare.auth_code_keep_days);
    // Without a default: those of the documentation.
    CHECK(sample.registrar.secret.file == "/etc/domspool/secret");
    CHECK(sample.limits.max_spend_per_day == Money{500'00, "EUR"});
    CHECK(sample.report.from == "domains@example.net");
    CHECK(sample.report.to == std::vector<std::string>{"ops@example.net"});
}
