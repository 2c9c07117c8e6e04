#include "app/settings.h"

#include "app/endpoint.h"
#include "app/yaml_section.h"
#include "ledger/ledger_place.h"
#include "mail/mail_address.h"
#include "util/failure.h"
#include "util/file.h"

#include <algorithm>
#include <cctype>
#include <sys/stat.h>
#include <tuple>
#include <utility>

namespace domspool {

namespace {

constexpr std::size_t kLargestSettings = 256 * 1024;

SecretPlace read_secret_place(YamlSection& section) {
    SecretPlace place;
    place.file = section.path("secret_file", "");
    place.variable = section.text("secret_env", "");
    place.credential = section.text("secret_credential", "");
    if ((place.file.empty() ? 0 : 1) + (place.variable.empty() ? 0 : 1) +
            (place.credential.empty() ? 0 : 1) >
        1) {
        section.fault("secret_file", "stands beside secret_env or secret_credential; name one");
    }
    if (place.credential.find('/') != std::string::npos) {
        section.fault("secret_credential", "must be a name, not a path");
    }
    return place;
}

void check_endpoint(YamlSection& section, const Settings::Registrar& registrar) {
    if (!section.has("endpoint")) return;
    const std::optional<Endpoint> endpoint = parse_endpoint(registrar.endpoint);
    if (!endpoint) {
        section.fault("endpoint", "must be an address such as https://api.netim.com/2.0/, not '" +
                                      registrar.endpoint + "'");
        return;
    }
    if (!endpoint->is_plain || is_loopback(endpoint->host)) return;
    if (endpoint->host == kProductionHost) {
        section.fault("endpoint", "would send the password in plain; write https://");
        return;
    }
    const auto& allowed = registrar.allow_plain_http;
    if (std::ranges::find(allowed, endpoint->host) == allowed.end()) {
        section.fault("endpoint",
                      "would send the password in plain; write https://, or, if it is "
                      "the test platform, allow_plain_http: [" +
                          endpoint->host + "]");
    }
}

Settings::Registrar read_registrar(YamlSection section) {
    using Registrar = Settings::Registrar;
    Registrar registrar;
    section.require("endpoint", "endpoint: https://api.netim.com/2.0/");
    section.require("reseller_id", "reseller_id: AB123");
    registrar.endpoint = section.text("endpoint", "");
    registrar.reseller_id = section.text("reseller_id", "");
    std::ranges::transform(registrar.reseller_id, registrar.reseller_id.begin(),
                           [](unsigned char c) { return std::toupper(c); });
    constexpr std::size_t kLongestId = 8;
    const bool is_id =
        !registrar.reseller_id.empty() && registrar.reseller_id.size() <= kLongestId &&
        std::ranges::all_of(registrar.reseller_id,
                            [](unsigned char c) { return std::isalnum(c) != 0 && c < 0x80; });
    if (section.has("reseller_id") && !is_id) {
        section.fault("reseller_id",
                      "must be 1 to 8 letters and digits, not '" + registrar.reseller_id + "'");
    }
    registrar.secret = read_secret_place(section);
    registrar.language =
        section.choice("language", std::string("EN"), {{"EN", "EN"}, {"FR", "FR"}});
    registrar.mode = section.choice("mode", registrar.mode,
                                    {{"synchronous", Registrar::Mode::synchronous},
                                     {"asynchronous", Registrar::Mode::asynchronous}});
    registrar.parameters = section.choice(
        "parameters", registrar.parameters,
        {{"position", Registrar::Parameters::position}, {"names", Registrar::Parameters::names}});
    registrar.sync_delay_seconds =
        section.number("sync_delay_seconds", registrar.sync_delay_seconds, 1, 127);
    registrar.lanes = section.number("lanes", registrar.lanes, 1, 8);
    registrar.requests_per_minute =
        section.number("requests_per_minute", registrar.requests_per_minute, 0, 60'000);
    registrar.retry_seconds = section.number("retry_seconds", registrar.retry_seconds, 0, 3600);
    registrar.allow_plain_http = section.list("allow_plain_http");
    if (std::ranges::find(registrar.allow_plain_http, kProductionHost) !=
        registrar.allow_plain_http.end()) {
        section.fault("allow_plain_http", "must not name the production host");
    }
    registrar.ca_file = section.path("ca_file", "");
    check_endpoint(section, registrar);
    section.refuse_unknown();
    return registrar;
}

Settings::Backup read_backup(YamlSection section) {
    Settings::Backup backup;
    backup.directory = section.path("directory", backup.directory);
    backup.keep_days = section.number("keep_days", backup.keep_days, 1, 3650);
    section.refuse_unknown();
    return backup;
}

Settings::Spool read_spool(YamlSection section) {
    Settings::Spool spool;
    spool.directory = section.path("directory", spool.directory);
    spool.settle_seconds = section.number("settle_seconds", spool.settle_seconds, 0, 3600);
    spool.max_file_mb = section.number("max_file_mb", spool.max_file_mb, 1, 4096);
    spool.require_count = section.flag("require_count", spool.require_count);
    section.refuse_unknown();
    return spool;
}

Settings::Pending read_pending(YamlSection section, const Settings::Registrar& registrar) {
    Settings::Pending pending;
    pending.min_interval_seconds =
        section.number("min_interval_seconds", pending.min_interval_seconds, 0, 86'400);
    pending.doubt_look_seconds =
        section.number("doubt_look_seconds", pending.doubt_look_seconds, 0, 86'400);
    pending.watch_foreign = section.flag("watch_foreign", pending.watch_foreign);
    pending.outage_minutes = section.number("outage_minutes", pending.outage_minutes, 0, 10'080);
    pending.stay_minutes = section.number("stay_minutes", pending.stay_minutes, 0, 1440);
    constexpr int kLeastInterval = 300;
    const std::optional<Endpoint> endpoint = parse_endpoint(registrar.endpoint);
    if (!endpoint || !is_loopback(endpoint->host)) {
        const std::string reason =
            "must be 300 at least: the registrar asks for no less (only a registrar on loopback "
            "may be asked more often)";
        if (pending.min_interval_seconds < kLeastInterval) {
            section.fault("min_interval_seconds", reason);
        }
        if (pending.doubt_look_seconds < kLeastInterval) {
            section.fault("doubt_look_seconds", reason);
        }
    }
    section.refuse_unknown();
    return pending;
}

Settings::Defaults read_defaults(YamlSection section) {
    Settings::Defaults defaults;
    defaults.admin = section.text("admin", defaults.admin);
    defaults.tech = section.text("tech", defaults.tech);
    defaults.billing = section.text("billing", defaults.billing);
    for (const char* role : {"admin", "tech", "billing"}) {
        if (section.text(role, "reseller").empty()) {
            section.fault(role, "must be reseller or a contact id");
        }
    }
    section.refuse_unknown();
    return defaults;
}

Settings::Checks read_checks(YamlSection section) {
    using DnsTest = Settings::Checks::DnsTest;
    Settings::Checks checks;
    checks.price = section.flag("price", checks.price);
    checks.balance = section.flag("balance", checks.balance);
    checks.dns_test = section.choice("dns_test", checks.dns_test,
                                     {{"extension", DnsTest::extension},
                                      {"always", DnsTest::always},
                                      {"never", DnsTest::never}});
    section.refuse_unknown();
    return checks;
}

Settings::Limits read_limits(YamlSection section) {
    Settings::Limits limits;
    limits.max_price = section.money("max_price").value_or(limits.max_price);
    limits.max_spend_per_day = section.money("max_spend_per_day");
    const std::optional<Money> floor = section.money("balance_floor");
    limits.balance_floor = floor.value_or(Money{0, limits.max_price.currency});
    const std::string& currency = limits.max_price.currency;
    if (limits.max_spend_per_day && limits.max_spend_per_day->currency != currency) {
        section.fault("max_spend_per_day", "must be in the currency of max_price, " + currency);
    }
    if (limits.balance_floor.currency != currency) {
        section.fault("balance_floor", "must be in the currency of max_price, " + currency);
    }
    limits.max_orders_per_run =
        section.number("max_orders_per_run", limits.max_orders_per_run, 0, 1'000'000);
    limits.max_refusals_in_a_row =
        section.number("max_refusals_in_a_row", limits.max_refusals_in_a_row, 1, 1'000'000);
    section.refuse_unknown();
    return limits;
}

Settings::Dns read_dns(YamlSection section) {
    Settings::Dns dns;
    dns.resolver = section.text("resolver", dns.resolver);
    dns.port = section.number("port", dns.port, 1, 65'535);
    dns.timeout_seconds = section.number("timeout_seconds", dns.timeout_seconds, 1, 60);
    section.refuse_unknown();
    return dns;
}

Settings::Smtp read_smtp(YamlSection section) {
    using Tls = Settings::Smtp::Tls;
    Settings::Smtp smtp;
    smtp.host = section.text("host", smtp.host);
    smtp.port = section.number("port", smtp.port, 1, 65'535);
    smtp.tls = section.choice(
        "tls", smtp.tls, {{"none", Tls::none}, {"starttls", Tls::starttls}, {"tls", Tls::tls}});
    smtp.user = section.text("user", smtp.user);
    smtp.secret = read_secret_place(section);
    smtp.ca_file = section.path("ca_file", "");
    if (!smtp.user.empty() && !smtp.secret.is_set()) {
        section.fault("user", "needs secret_file, secret_env or secret_credential beside it");
    }
    if (!smtp.user.empty() && smtp.tls == Tls::none && !is_loopback(smtp.host)) {
        section.fault("user", "would log in without encryption; set tls: starttls or tls: tls");
    }
    section.refuse_unknown();
    return smtp;
}

Settings::Report read_report(YamlSection section) {
    using Policy = Settings::Report::Policy;
    Settings::Report report;
    report.policy = section.choice("policy", report.policy,
                                   {{"always", Policy::always},
                                    {"on-change", Policy::on_change},
                                    {"on-error", Policy::on_error},
                                    {"on-attention", Policy::on_attention}});
    report.from = section.text("from", "");
    report.to = section.list("to");
    if (!report.from.empty() && !MailAddress::parse(report.from)) {
        section.fault("from",
                      "must be a mail address, such as 'Domains <domains@example.net>', not '" +
                          report.from + "'");
    }
    for (const std::string& address : report.to) {
        if (!MailAddress::parse(address)) {
            section.fault("to", "must be a list of mail addresses, not '" + address + "'");
        }
    }
    if (!report.to.empty() && report.from.empty()) {
        section.fault("to", "needs a sender: add from: domains@example.net");
    }
    report.smtp = read_smtp(section.section("smtp"));
    report.sendmail = section.path("sendmail", "");
    section.refuse_unknown();
    return report;
}

Settings::Signals read_signals(YamlSection section) {
    Settings::Signals signals;
    signals.metrics_file = section.path("metrics_file", "");
    signals.heartbeat_url = section.text("heartbeat_url", "");
    const std::string& url = signals.heartbeat_url;
    if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://")) {
        section.fault("heartbeat_url", "must begin with https:// or http://");
    }
    section.refuse_unknown();
    return signals;
}

Settings::LogTarget read_log(YamlSection section) {
    Settings::LogTarget log;
    log.file = section.text("file", log.file);
    const bool is_word = log.file == "journal" || log.file == "stderr" || log.file == "none";
    if (!is_word && !log.file.starts_with('/')) {
        section.fault("file", "must be an absolute path, journal, stderr or none");
    }
    log.level = section.choice(
        "level", log.level,
        {{"info", Severity::info}, {"warning", Severity::warning}, {"error", Severity::error}});
    section.refuse_unknown();
    return log;
}

std::string read_ledger(YamlSection& section, const std::string& by_default) {
    const std::string ledger = section.text("ledger", by_default);
    if (const std::string fault = fault_of_place(ledger); !fault.empty()) {
        section.fault("ledger", fault);
    }
    return ledger;
}

Settings read_all(YamlSection section) {
    Settings settings;
    settings.user = section.text("user", settings.user);
    settings.registrar = read_registrar(section.section("registrar"));
    settings.extensions_file = section.path("extensions_file", settings.extensions_file);
    settings.ledger = read_ledger(section, settings.ledger);
    settings.backup = read_backup(section.section("backup"));
    settings.spool = read_spool(section.section("spool"));
    settings.pending = read_pending(section.section("pending"), settings.registrar);
    settings.defaults = read_defaults(section.section("defaults"));
    settings.checks = read_checks(section.section("checks"));
    settings.limits = read_limits(section.section("limits"));
    settings.dns = read_dns(section.section("dns"));
    settings.report = read_report(section.section("report"));
    settings.signals = read_signals(section.section("signals"));
    settings.log = read_log(section.section("log"));
    settings.auth_code_keep_days =
        section.number("auth_code_keep_days", settings.auth_code_keep_days, 0, 3650);
    section.refuse_unknown();
    return settings;
}

}  // namespace

Settings parse_settings(const std::string& text, const std::string& file) {
    YamlFile yaml(text, file);
    yaml.require_faultless("the settings");
    Settings settings = read_all(yaml.top());
    yaml.require_faultless("the settings");
    settings.file = file;
    return settings;
}

std::vector<std::string> known_settings() {
    YamlFile nothing("{}", "");
    std::ignore = read_all(nothing.top());
    return nothing.known_keys();
}

Settings load_settings(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0 && (about.st_mode & S_IWOTH) != 0) {
        throw RunFailure(ExitCode::no_permission, "cannot trust the settings '" + path +
                                                      "': everybody may write them; run: chmod "
                                                      "o-w '" +
                                                      path + "'");
    }
    try {
        return parse_settings(file::read_whole(path, kLargestSettings), path);
    } catch (const RunFailure& failure) {
        const bool is_other = failure.code() == ExitCode::no_permission ||
                              failure.code() == ExitCode::settings_or_ledger;
        if (is_other) throw;
        throw RunFailure(ExitCode::settings_or_ledger,
                         std::string(failure.what()) +
                             " (the settings; name others with --config FILE, a sample is "
                             "cron/config.sample.yaml)");
    }
}

Money require_spend_ceiling(const Settings& settings) {
    if (settings.limits.max_spend_per_day) return *settings.limits.max_spend_per_day;
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot send orders that cost money: '" + settings.file +
                         "' sets no ceiling for a day; add under limits: the line\n"
                         "  max_spend_per_day: 500 EUR");
}

}  // namespace domspool
