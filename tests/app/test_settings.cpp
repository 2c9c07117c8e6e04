#include "app/settings.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sys/stat.h>

using namespace domspool;
using domspool::test::Scratch;
using domspool::test::write_text;

namespace {

const std::string kLeast =
    "registrar:\n"
    "  endpoint: https://api.netim.com/2.0/\n"
    "  reseller_id: AB123\n";

std::string refusal(const std::string& text) {
    try {
        parse_settings(text, "config.yaml");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
        return failure.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what the settings leave out has the documented default") {
    const Settings settings = parse_settings(kLeast, "config.yaml");
    CHECK(settings.file == "config.yaml");
    CHECK(settings.user == "domspool");
    CHECK(settings.registrar.endpoint == "https://api.netim.com/2.0/");
    CHECK(settings.registrar.reseller_id == "AB123");
    CHECK(settings.registrar.language == "EN");
    CHECK(settings.registrar.mode == Settings::Registrar::Mode::synchronous);
    CHECK(settings.registrar.parameters == Settings::Registrar::Parameters::position);
    CHECK(settings.registrar.sync_delay_seconds == 25);
    CHECK(settings.registrar.lanes == 2);
    CHECK(settings.registrar.requests_per_minute == 0);
    CHECK(settings.registrar.retry_seconds == 60);
    CHECK(settings.extensions_file == "/etc/domspool/extensions.yaml");
    CHECK(settings.ledger == "/var/lib/domspool/ledger.db");
    CHECK(settings.backup.directory == "/var/lib/domspool/backup");
    CHECK(settings.backup.keep_days == 14);
    CHECK(settings.spool.directory == "/var/spool/domspool");
    CHECK(settings.spool.settle_seconds == 30);
    CHECK(settings.spool.max_file_mb == 64);
    CHECK_FALSE(settings.spool.require_count);
    CHECK(settings.pending.min_interval_seconds == 300);
    CHECK(settings.pending.doubt_look_seconds == 600);
    CHECK_FALSE(settings.pending.watch_foreign);
    CHECK(settings.pending.outage_minutes == 60);
    CHECK(settings.pending.stay_minutes == 30);
    CHECK(settings.defaults.admin == "reseller");
    CHECK(settings.defaults.tech == "reseller");
    CHECK(settings.defaults.billing == "reseller");
    CHECK(settings.checks.price);
    CHECK(settings.checks.balance);
    CHECK(settings.checks.dns_test == Settings::Checks::DnsTest::extension);
    CHECK(settings.limits.max_price == Money{50'00, "EUR"});
    CHECK_FALSE(settings.limits.max_spend_per_day);
    CHECK(settings.limits.balance_floor == Money{0, "EUR"});
    CHECK(settings.limits.max_orders_per_run == 500);
    CHECK(settings.limits.max_refusals_in_a_row == 20);
    CHECK(settings.dns.resolver == "system");
    CHECK(settings.dns.port == 53);
    CHECK(settings.dns.timeout_seconds == 5);
    CHECK(settings.report.policy == Settings::Report::Policy::always);
    CHECK(settings.report.to.empty());
    CHECK(settings.report.smtp.host == "localhost");
    CHECK(settings.report.smtp.port == 25);
    CHECK(settings.report.smtp.tls == Settings::Smtp::Tls::none);
    CHECK(settings.signals.metrics_file.empty());
    CHECK(settings.signals.heartbeat_url.empty());
    CHECK(settings.log.file == "/var/log/domspool/domspool.log");
    CHECK(settings.log.level == Severity::info);
}

TEST_CASE("every setting can be set") {
    const Settings settings = parse_settings(
        "user: spool\n"
        "registrar:\n"
        "  endpoint: http://test.example.com/2.0/\n"
        "  reseller_id: xy9\n"
        "  secret_file: /etc/x/secret\n"
        "  language: FR\n"
        "  mode: asynchronous\n"
        "  parameters: names\n"
        "  sync_delay_seconds: 30\n"
        "  lanes: 4\n"
        "  requests_per_minute: 120\n"
        "  retry_seconds: 5\n"
        "  allow_plain_http: [test.example.com]\n"
        "  ca_file: /etc/x/ca.pem\n"
        "extensions_file: /etc/x/extensions.yaml\n"
        "ledger: /var/x/ledger.db\n"
        "backup: { directory: /var/x/backup, keep_days: 3 }\n"
        "spool: { directory: /var/x/spool, settle_seconds: 1, max_file_mb: 2, require_count: true "
        "}\n"
        "pending: { min_interval_seconds: 600, doubt_look_seconds: 900, watch_foreign: true, "
        "outage_minutes: 5, stay_minutes: 0 }\n"
        "defaults: { admin: CO1, tech: CO2, billing: CO3 }\n"
        "checks: { price: false, balance: false, dns_test: always }\n"
        "limits: { max_price: 10.50 USD, max_spend_per_day: 99 USD, balance_floor: 5 USD,\n"
        "          max_orders_per_run: 7, max_refusals_in_a_row: 3 }\n"
        "dns: { resolver: 192.0.2.53, port: 5353, timeout_seconds: 2 }\n"
        "report: { policy: on-error, from: a@example.com, to: [b@example.net],\n"
        "          sendmail: /usr/sbin/sendmail,\n"
        "          smtp: { host: mail.example.com, port: 587, tls: starttls, user: me,\n"
        "                  secret_env: MAIL_PASSWORD, ca_file: /etc/x/mail.pem } }\n"
        "signals: { metrics_file: /var/x/domspool.prom, heartbeat_url: https://example.com/beat }\n"
        "log: { file: journal, level: warning }\n"
        "auth_code_keep_days: 8\n",
        "config.yaml");
    CHECK(settings.user == "spool");
    CHECK(settings.registrar.reseller_id == "XY9");
    CHECK(settings.registrar.secret.file == "/etc/x/secret");
    CHECK(settings.registrar.language == "FR");
    CHECK(settings.registrar.mode == Settings::Registrar::Mode::asynchronous);
    CHECK(settings.registrar.parameters == Settings::Registrar::Parameters::names);
    CHECK(settings.registrar.sync_delay_seconds == 30);
    CHECK(settings.registrar.lanes == 4);
    CHECK(settings.registrar.requests_per_minute == 120);
    CHECK(settings.registrar.retry_seconds == 5);
    CHECK(settings.registrar.ca_file == "/etc/x/ca.pem");
    CHECK(settings.extensions_file == "/etc/x/extensions.yaml");
    CHECK(settings.ledger == "/var/x/ledger.db");
    CHECK(settings.backup.directory == "/var/x/backup");
    CHECK(settings.backup.keep_days == 3);
    CHECK(settings.spool.directory == "/var/x/spool");
    CHECK(settings.spool.settle_seconds == 1);
    CHECK(settings.spool.max_file_mb == 2);
    CHECK(settings.spool.require_count);
    CHECK(settings.pending.min_interval_seconds == 600);
    CHECK(settings.pending.doubt_look_seconds == 900);
    CHECK(settings.pending.watch_foreign);
    CHECK(settings.pending.outage_minutes == 5);
    CHECK(settings.pending.stay_minutes == 0);
    CHECK(settings.defaults.admin == "CO1");
    CHECK(settings.defaults.tech == "CO2");
    CHECK(settings.defaults.billing == "CO3");
    CHECK_FALSE(settings.checks.price);
    CHECK_FALSE(settings.checks.balance);
    CHECK(settings.checks.dns_test == Settings::Checks::DnsTest::always);
    CHECK(settings.limits.max_price == Money{10'50, "USD"});
    CHECK(settings.limits.max_spend_per_day == Money{99'00, "USD"});
    CHECK(settings.limits.balance_floor == Money{5'00, "USD"});
    CHECK(settings.limits.max_orders_per_run == 7);
    CHECK(settings.limits.max_refusals_in_a_row == 3);
    CHECK(settings.dns.resolver == "192.0.2.53");
    CHECK(settings.dns.port == 5353);
    CHECK(settings.dns.timeout_seconds == 2);
    CHECK(settings.report.policy == Settings::Report::Policy::on_error);
    CHECK(settings.report.from == "a@example.com");
    CHECK(settings.report.to == std::vector<std::string>{"b@example.net"});
    CHECK(settings.report.sendmail == "/usr/sbin/sendmail");
    CHECK(settings.report.smtp.host == "mail.example.com");
    CHECK(settings.report.smtp.port == 587);
    CHECK(settings.report.smtp.tls == Settings::Smtp::Tls::starttls);
    CHECK(settings.report.smtp.user == "me");
    CHECK(settings.report.smtp.secret.variable == "MAIL_PASSWORD");
    CHECK(settings.report.smtp.ca_file == "/etc/x/mail.pem");
    CHECK(settings.signals.metrics_file == "/var/x/domspool.prom");
    CHECK(settings.signals.heartbeat_url == "https://example.com/beat");
    CHECK(settings.log.file == "journal");
    CHECK(settings.log.level == Severity::warning);
    CHECK(settings.auth_code_keep_days == 8);
}

TEST_CASE("an unknown key is refused with file, line and the nearest known name") {
    const std::string message = refusal(kLeast + "  lane: 3\nledgre: /x\n");
    CHECK(contains(message,
                   "config.yaml:4: unknown key 'registrar.lane'; did you mean 'registrar.lanes'?"));
    CHECK(contains(message, "config.yaml:5: unknown key 'ledgre'; did you mean 'ledger'?"));
    CHECK(contains(message, "2 problems"));
}

TEST_CASE("a password in the settings themselves is no known key and is not repeated") {
    const std::string message = refusal(kLeast + "  password: very-secret\n");
    CHECK(contains(message, "unknown key 'registrar.password'"));
    CHECK_FALSE(contains(message, "very-secret"));
}

TEST_CASE("the endpoint and the account have no default") {
    const std::string message = refusal("user: domspool\n");
    CHECK(contains(message, "registrar.endpoint is missing"));
    CHECK(contains(message, "registrar.reseller_id is missing"));
}

TEST_CASE("a key given twice, a second document, broken YAML and nothing at all are refused") {
    CHECK(contains(refusal(kLeast + "  reseller_id: AB124\n"), ":4: 'registrar.reseller_id' is"));
    CHECK(contains(refusal(kLeast + "---\nuser: x\n"), "more than one document"));
    CHECK(contains(refusal("registrar: [\n"), "no valid YAML"));
    CHECK(contains(refusal(""), "is empty"));
    CHECK(contains(refusal("- a\n- b\n"), "must be a list of 'key: value'"));
    CHECK(contains(refusal(kLeast + "limits: 5\n"), "'limits' must be"));
}

TEST_CASE("a comma outside of any list is told with its line, wherever it stands") {
    const std::vector<std::pair<std::string, int>> texts = {{",", 1},
                                                            {",\n" + kLeast, 1},
                                                            {"--- ,", 1},
                                                            {"# x\n\n,", 3},
                                                            {"%YAML 1.2\n---\n,", 3},
                                                            {"\t,", 1},
                                                            {"\xEF\xBB\xBF,", 1},
                                                            {"\"a\",", 1},
                                                            {"[a] ,", 1},
                                                            {"{a: b},", 1},
                                                            {"|\n,", 2},
                                                            {kLeast + "...\n,", 5}};
    for (const auto& [text, line] : texts) {
        CAPTURE(text);
        const std::string place = "config.yaml:" + std::to_string(line) + ": ";
        CHECK(contains(refusal(text), place + "a comma stands here outside of any list"));
    }
    for (const std::string text : {"!t ,", "&a ,"}) CHECK(contains(refusal(text), "config.yaml"));
}

TEST_CASE("settings of more levels or values than any have are refused where they begin") {
    std::string deep = "user: ";
    for (int i = 0; i < 100'000; ++i) deep += '[';
    CHECK(contains(refusal(deep), "config.yaml"));
    CHECK(contains(refusal("user: " + std::string(20, '[') + std::string(20, ']') + "\n"),
                   "config.yaml:1: is nested deeper than 16 levels"));
    std::string wide = kLeast + "report:\n  to:\n";
    for (int i = 0; i < 100'001; ++i) wide += "  - a\n";
    CHECK(contains(refusal(wide), "holds more than 100000 values"));
}

TEST_CASE("of thousands of problems the first are told, the others counted") {
    std::string text = kLeast;
    for (int i = 0; i < 20'000; ++i) text += "wrong" + std::to_string(i) + ": 1\n";
    const std::string message = refusal(text);
    CHECK(contains(message, "20000 problems"));
    CHECK(contains(message, "and 19900 more"));
    CHECK(std::count(message.begin(), message.end(), '\n') == 101);
}

TEST_CASE("a value that is left empty is no default") {
    CHECK(contains(refusal(kLeast + "ledger:\n"), "config.yaml:4: ledger has no value"));
    CHECK(contains(refusal(kLeast + "ledger: !!str /x\n"), "YAML tag"));
    CHECK(contains(refusal(kLeast + "ledger: [/x]\n"), "single value"));
}

TEST_CASE("numbers, flags and choices are read as they stand or not at all") {
    CHECK(contains(refusal(kLeast + "  lanes: 0\n"), "from 1 to 8, not '0'"));
    CHECK(contains(refusal(kLeast + "  lanes: 2.0\n"), "whole number"));
    CHECK(contains(refusal(kLeast + "  lanes: 0x2\n"), "whole number"));
    CHECK(contains(refusal(kLeast + "  lanes: \"2\"\n"), "whole number"));
    CHECK(contains(refusal(kLeast + "checks: { price: yes }\n"), "true or false, not 'yes'"));
    CHECK(contains(refusal(kLeast + "checks: { dns_test: sometimes }\n"),
                   "must be one of extension, always, never"));
    CHECK(contains(refusal(kLeast + "limits: { max_price: 50 }\n"), "50 EUR"));
    CHECK(contains(refusal(kLeast + "limits: { max_price: '12,50 EUR' }\n"), "12,50 EUR"));
}

TEST_CASE("limits are in one currency") {
    CHECK(contains(refusal(kLeast + "limits: { max_price: 50 USD, max_spend_per_day: 1 EUR }\n"),
                   "limits.max_spend_per_day must be in the currency of max_price, USD"));
    const Settings settings = parse_settings(kLeast + "limits: { max_price: 50 USD }\n", "f");
    CHECK(settings.limits.balance_floor == Money{0, "USD"});
}

TEST_CASE("plain http goes to loopback or a host that is allowed it, never to production") {
    const auto with = [](const std::string& endpoint, const std::string& more = "") {
        return "registrar:\n  endpoint: " + endpoint + "\n  reseller_id: AB123\n" + more;
    };
    CHECK(refusal(with("http://127.0.0.1:8080/2.0/")).empty());
    CHECK(refusal(with("http://[::1]:8080/2.0/")).empty());
    CHECK(refusal(with("http://localhost/2.0/")).empty());
    CHECK(contains(refusal(with("http://test.example.com/2.0/")),
                   "allow_plain_http: [test.example.com]"));
    CHECK(refusal(with("http://test.example.com/2.0/", "  allow_plain_http: [test.example.com]\n"))
              .empty());
    CHECK(contains(refusal(with("http://api.netim.com/2.0/")), "write https://"));
    CHECK(contains(
        refusal(with("http://API.netim.com/2.0/", "  allow_plain_http: [api.netim.com]\n")),
        "must not name the production host"));
    CHECK(contains(
        refusal(with("http://api.netim.com/2.0/", "  allow_plain_http: [API.NETIM.COM]\n")),
        "plain"));
}

TEST_CASE("an interval below the registrar's wish is for loopback only") {
    const std::string quick = "pending: { min_interval_seconds: 60 }\n";
    CHECK(contains(refusal(kLeast + quick), "must be 300 at least"));
    CHECK(contains(refusal(kLeast + "pending: { doubt_look_seconds: 0 }\n"), "300 at least"));
    CHECK(refusal("registrar: { endpoint: 'http://127.0.0.1:1/', reseller_id: A }\n" + quick)
              .empty());
}

TEST_CASE("how long is waited for a lost question or a doubt has bounds") {
    const std::string endpoint = "  endpoint: https://api.netim.com/2.0/\n";
    const auto with = [&](const std::string& more) {
        return "registrar:\n  reseller_id: AB123\n" + endpoint + more;
    };
    CHECK(parse_settings(with("  retry_seconds: 0\n"), "x").registrar.retry_seconds == 0);
    CHECK(contains(refusal(with("  retry_seconds: -1\n")), "retry_seconds"));
    CHECK(contains(refusal(with("  retry_seconds: 3601\n")), "retry_seconds"));
    CHECK(contains(refusal(with("  retry_seconds: soon\n")), "retry_seconds"));
    CHECK(contains(refusal(with("pending: { stay_minutes: 1441 }\n")), "stay_minutes"));
}

TEST_CASE("a path that depends on the current folder is refused") {
    CHECK(contains(refusal(kLeast + "ledger: ledger.db\n"), "absolute path"));
    CHECK(contains(refusal(kLeast + "extensions_file: x.yaml\n"), "absolute path"));
    CHECK(contains(refusal(kLeast + "log: { file: x.log }\n"), "absolute path"));
}

TEST_CASE("a secret has one place") {
    CHECK(contains(refusal(kLeast + "  secret_file: /a\n  secret_env: B\n"), "name one"));
    CHECK(contains(refusal(kLeast + "  secret_credential: ../a\n"), "not a path"));
}

TEST_CASE("a reseller id is short and plain") {
    for (const char* id : {"''", "AB 1", "ABCDEFGHI", "ÄB1"}) {
        CAPTURE(id);
        const std::string text = "registrar:\n  endpoint: https://api.netim.com/2.0/\n";
        CHECK(contains(refusal(text + "  reseller_id: " + id + "\n"), "1 to 8 letters"));
    }
}

TEST_CASE("a mail address cannot smuggle a header") {
    CHECK(contains(refusal(kLeast + "report: { from: \"a@example.com\\nBcc: b@example.com\" }\n"),
                   "mail address"));
    CHECK(contains(refusal(kLeast + "report: { to: [a@example.com] }\n"), "needs a sender"));
    CHECK(contains(refusal(kLeast + "report: { from: x }\n"), "mail address"));
}

TEST_CASE("a mail login is not sent in plain over the network") {
    const std::string smtp = "report: { smtp: { host: HOST, user: me, secret_env: P } }\n";
    const auto at = [&](const std::string& host) {
        std::string text = smtp;
        return kLeast + text.replace(text.find("HOST"), 4, host);
    };
    CHECK(contains(refusal(at("mail.example.com")), "without encryption"));
    CHECK(refusal(at("localhost")).empty());
}

TEST_CASE("without a ceiling for a day nothing is sent that costs") {
    const Settings settings = parse_settings(kLeast, "/etc/x.yaml");
    try {
        require_spend_ceiling(settings);
        FAIL("no failure");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
        CHECK(contains(failure.what(), "'/etc/x.yaml'"));
        CHECK(contains(failure.what(), "max_spend_per_day: 500 EUR"));
    }
    const Settings with = parse_settings(kLeast + "limits: { max_spend_per_day: 5 EUR }\n", "f");
    CHECK(require_spend_ceiling(with) == Money{5'00, "EUR"});
}

TEST_CASE("a ledger is a file, or a database of PostgreSQL without a password in its address") {
    CHECK(parse_settings(kLeast + "ledger: postgresql://user@host/db\n", "config.yaml").ledger ==
          "postgresql://user@host/db");
    CHECK(contains(refusal(kLeast + "ledger: postgresql://user:pw@host/db\n"), "password"));
    CHECK(contains(refusal(kLeast + "ledger: postgresql://host/db?password=pw\n"), "password"));
    CHECK(contains(refusal(kLeast + "ledger: postgresql://user@host\n"), "names no database"));
    CHECK(contains(refusal(kLeast + "ledger: postgresql://host/db?files=here\n"), "absolute"));
    CHECK(contains(refusal(kLeast + "ledger: ledger.db\n"), "absolute path"));
}

TEST_CASE("settings that everybody may write are not trusted") {
    const Scratch scratch;
    const std::string path = scratch / "config.yaml";
    write_text(path, kLeast);
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    CHECK(load_settings(path).file == path);
    REQUIRE(::chmod(path.c_str(), 0646) == 0);
    try {
        load_settings(path);
        FAIL("no failure");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::no_permission);
        CHECK(contains(failure.what(), "chmod o-w"));
    }
}

TEST_CASE("settings that are not there are a matter of settings, not of the order file") {
    const Scratch scratch;
    try {
        load_settings(scratch / "none.yaml");
        FAIL("no failure");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
        CHECK(contains(failure.what(), "--config FILE"));
    }
}

TEST_CASE("all keys there are can be listed") {
    const std::vector<std::string> known = known_settings();
    for (const char* key : {"user", "ledger", "registrar.endpoint", "limits.max_spend_per_day",
                            "report.smtp.tls", "auth_code_keep_days"}) {
        CAPTURE(key);
        CHECK(std::find(known.begin(), known.end(), std::string(key)) != known.end());
    }
}
