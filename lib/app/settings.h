// All settings, with default, unit and reason. Layers below get values, not settings.
#pragma once

#include "app/secret_place.h"
#include "mail/smtp_mailer.h"
#include "orders/money.h"
#include "orders/order_file.h"
#include "registrar/netim_account.h"
#include "report/summary/summary.h"
#include "util/log.h"
#include "workflow/sending/runner_settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct Settings {
    struct Registrar {
        std::string endpoint;     // no default: it decides where money is spent
        std::string reseller_id;  // no default; upper case
        SecretPlace secret;
        std::string language = "EN";  // of the registrar's messages; or FR
        using Mode = NetimSettings::Mode;
        // asynchronous: calls return at once, pending-check reads the results
        Mode mode = Mode::synchronous;
        using Parameters = NetimSettings::Parameters;
        Parameters parameters = Parameters::position;  // some names are not publicly known
        int sync_delay_seconds = 25;  // the registrar waits so long before it says Pending
        int lanes = 2;                // connections at once; the account's 10 sessions are shared
        int requests_per_minute = 0;  // 0: no limit; else shared by all programs
        int retry_seconds = 60;       // a question lost on its way is asked again for so long
        // Hosts that are known by http only (the test platform); never the production's.
        std::vector<std::string> allow_plain_http;
        std::string ca_file;  // a private certificate authority; "": the system's
    };

    struct Backup {
        std::string directory = "/var/lib/domspool/backup";
        int keep_days = 14;
    };

    struct Spool {
        std::string directory = "/var/spool/domspool";
        int settle_seconds = 30;  // a file must rest so long before it is taken
        int max_file_mb = 64;
        std::size_t largest_file() const {  // bytes
            return static_cast<std::size_t>(max_file_mb) << 20;
        }
        bool require_count = false;  // demand `count:` or `#end,N`: it shows a cut at a row's end
        FileLimits limits() const {
            FileLimits limits;
            limits.bytes = largest_file();
            limits.require_count = require_count;
            return limits;
        }
    };

    struct Pending {
        int min_interval_seconds = 300;  // the registrar asks for no less
        int doubt_look_seconds = 600;    // its list is taken to be current after that
        bool watch_foreign = false;      // ask even when nothing of ours is open
        int outage_minutes = 60;         // quiet about an unreachable registrar until then
        int stay_minutes = 30;           // a run that sends stays so long for its own doubts
    };

    struct Defaults {
        std::string admin = "reseller", tech = "reseller", billing = "reseller";
    };

    struct Checks {
        bool price = true;
        bool balance = true;
        using DnsTest = DnsTestWhen;
        DnsTest dns_test = DnsTest::extension;  // where the extension wants one
    };

    struct Limits {
        Money max_price{50'00, "EUR"};  // of one order, unless its row has a max_price of its own
        std::optional<Money> max_spend_per_day;  // no default: without it no paid order is sent
        Money balance_floor{0, "EUR"};           // sending stops below
        int max_orders_per_run = 500;            // a larger file waits for a person; 0: no limit
        int max_refusals_in_a_row = 20;          // then something is wrong with all of them
    };

    struct Dns {
        std::string resolver = "system";  // or the address of one
        int port = 53;                    // other than 53 only to rehearse
        int timeout_seconds = 5;          // per question
    };

    struct Smtp {
        std::string host = "localhost";
        int port = 25;
        using Tls = SmtpSettings::Tls;
        Tls tls = Tls::none;
        std::string user;     // "": no login
        SecretPlace secret;   // of the login
        std::string ca_file;  // a private certificate authority; "": the system's
    };

    struct Report {
        using Policy = ReportPolicy;
        Policy policy = Policy::always;
        std::string from;
        std::vector<std::string> to;  // empty: nobody is mailed
        Smtp smtp;
        std::string sendmail;  // path of a sendmail program; used instead of smtp if set
    };

    struct Signals {
        std::string metrics_file;   // for Prometheus' textfile collector; "": none
        std::string heartbeat_url;  // asked for after each good run; "": none
    };

    struct LogTarget {
        std::string file = "/var/log/domspool/domspool.log";  // or journal, stderr, none
        Severity level = Severity::info;
    };

    std::string file;               // these were read from it
    std::string user = "domspool";  // programs started as root become this user; "" or root: stay
    Registrar registrar;
    std::string extensions_file = "/etc/domspool/extensions.yaml";
    std::string ledger = "/var/lib/domspool/ledger.db";
    Backup backup;
    Spool spool;
    Pending pending;
    Defaults defaults;
    Checks checks;
    Limits limits;
    Dns dns;
    Report report;
    Signals signals;
    LogTarget log;
    int auth_code_keep_days = 30;  // after an order failed, its EPP code is wiped then
};

inline constexpr const char* kDefaultSettingsFile = "/etc/domspool/config.yaml";

// Strict: all problems at once, with file and line; an unknown key with the nearest known one.
// RunFailure: settings_or_ledger (missing, wrong), no_permission (unreadable, or writable by
// everybody).
Settings load_settings(const std::string& path);
// The same for a text; `file` is only shown.
Settings parse_settings(const std::string& text, const std::string& file);
// The full names of all keys there are: "registrar.lanes".
std::vector<std::string> known_settings();

// The ceiling of a day. RunFailure settings_or_ledger with the line to add if there is none.
Money require_spend_ceiling(const Settings& settings);

}  // namespace domspool
