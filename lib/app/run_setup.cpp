#include "app/run_setup.h"

#include "app/endpoint.h"
#include "app/key_source.h"
#include "ledger/ledger_place.h"
#include "registrar/netim_registrar.h"
#include "registrar/retry_budget.h"
#include "workflow/pending/refused_logins.h"

#include <sys/stat.h>

namespace domspool {

namespace {

// So much longer than its wait for a result may a call last (API, "Sessions").
constexpr std::chrono::seconds kBeyondSyncDelay{35};
// So many times as long as for one question a run waits at most, all lost questions together: on a
// line that loses every fifth of them, for some two thousand.
constexpr int kQuestionsAskedAgain = 30;

NetimSettings netim_settings(const Settings& settings) {
    const Settings::Registrar& registrar = settings.registrar;
    NetimSettings netim;
    netim.endpoint = registrar.endpoint;
    netim.ca_file = registrar.ca_file;
    netim.reseller_id = registrar.reseller_id;
    netim.password = read_secret(registrar.secret, "registrar");
    netim.language = registrar.language;
    netim.mode = registrar.mode;
    netim.parameters = registrar.parameters;
    netim.sync_delay = std::chrono::seconds(registrar.sync_delay_seconds);
    netim.requests_per_minute = registrar.requests_per_minute;
    netim.pace_file = files_beside(settings.ledger) + ".pace";
    netim.user_agent = "domspool/" DOMSPOOL_VERSION;
    return netim;
}

// The domains of a registrar on loopback are in no DNS but its own; who names a resolver has one
// made for them.
// "": there is none.
std::string mark_of_file(const std::string& path) {
    struct stat about {};
    if (path.empty() || ::stat(path.c_str(), &about) != 0) return "";
    std::string mark;
    for (const auto number :
         {std::int64_t(about.st_ino), std::int64_t(about.st_size),
          std::int64_t(about.st_mtim.tv_sec), std::int64_t(about.st_mtim.tv_nsec)}) {
        mark += std::to_string(number) + ".";
    }
    return mark;
}

DnsSettings dns_settings(const Settings& settings) {
    DnsSettings dns{settings.dns.resolver, static_cast<std::uint16_t>(settings.dns.port),
                    settings.dns.timeout_seconds};
    const auto endpoint = parse_endpoint(settings.registrar.endpoint);
    DOMSPOOL_ASSERT(endpoint.has_value());  // The settings were read: it is one.
    if (dns.resolver == "system" && is_loopback(endpoint->host)) {
        const std::string address = endpoint->host == "localhost" ? "127.0.0.1" : endpoint->host;
        dns.rehearsal_parent = RehearsalParent{address, endpoint->port};
    }
    dns.silent = std::make_shared<SilentAddresses>();
    return dns;
}

void ask_dns(RunnerSettings& runner, const DnsSettings& dns) {
    runner.preflight.test_name_servers =
        [dns](const DomainName& domain, const std::vector<std::string>& nameservers, int minimum) {
            return test_name_servers(domain, nameservers, minimum, dns);
        };
    runner.preflight.read_delegation = [dns](const DomainName& domain) {
        return read_delegation(domain, dns);
    };
    runner.preflight.check_chain = [dns](const DomainName& domain,
                                         const std::vector<std::string>& nameservers) {
        return check_chain(domain, nameservers, dns);
    };
    runner.read_parent_ds = [dns](const DomainName& domain) { return read_parent_ds(domain, dns); };
    runner.zone_keys = key_source(dns);
}

}  // namespace

LedgerStamp stamp_of(const Settings& settings) {
    const std::optional<Endpoint> endpoint = parse_endpoint(settings.registrar.endpoint);
    DOMSPOOL_ASSERT(endpoint.has_value());  // The settings were read: it is one.
    return {stamp_host(*endpoint), settings.registrar.reseller_id};
}

DoubtSettings doubt_settings(const Settings& settings) {
    return {std::chrono::seconds(settings.registrar.sync_delay_seconds) + kBeyondSyncDelay,
            std::chrono::seconds(settings.pending.doubt_look_seconds)};
}

RunSetup::RunSetup(std::string program, Settings settings, Changes changes)
    : program_(std::move(program)),
      settings_(std::move(settings)),
      changes_(changes),
      stop_(stop_on_signals()) {}

RunSetup::~RunSetup() = default;

Log& RunSetup::log() {
    if (!log_) log_ = open_log(settings_.log.file, program_, settings_.log.level, clock_);
    return *log_;
}

Ledger& RunSetup::ledger() {
    if (!ledger_) {
        const auto open = changes_ == Changes::allowed ? Ledger::open : Ledger::open_read_only;
        ledger_ = open(settings_.ledger, stamp_of(settings_));
    }
    return *ledger_;
}

Run& RunSetup::run() {
    DOMSPOOL_ASSERT(changes_ == Changes::allowed);
    if (!run_) {
        ledger().recover_dead_runs(clock_.now());
        run_ = ledger().begin_run(program_, Sends::yes, clock_.now());
        log().info("run_begun", {{"run", run_->id()}});
    }
    return *run_;
}

const ExtensionSheet& RunSetup::extensions() {
    if (!extensions_) {
        extensions_ =
            std::make_unique<ExtensionSheet>(load_extension_sheet(settings_.extensions_file));
    }
    return *extensions_;
}

AnswerCache& RunSetup::cache() {
    if (!cache_) {
        const Keeps keeps = changes_ == Changes::allowed ? Keeps::a_day : Keeps::nothing;
        cache_ = std::make_unique<AnswerCache>(ledger(), clock_, extensions(), keeps);
    }
    return *cache_;
}

StoppingRules& RunSetup::rules() {
    using AfterDoubts = StoppingRules::AfterDoubts;
    if (!rules_) {
        rules_ =
            std::make_unique<StoppingRules>(settings_.limits.max_refusals_in_a_row,
                                            retries() ? AfterDoubts::pause : AfterDoubts::stop);
    }
    return *rules_;
}

std::shared_ptr<RetryBudget> RunSetup::retries() {
    const std::chrono::seconds longest(settings_.registrar.retry_seconds);
    if (!retries_ && longest.count() > 0) {
        retries_ = std::make_shared<RetryBudget>(
            RetrySettings{longest, longest * kQuestionsAskedAgain},
            [this](std::chrono::milliseconds time) { return wait(time); });
    }
    return retries_;
}

std::shared_ptr<NetimAccount> RunSetup::account() {
    if (!account_) {
        account_ =
            std::make_shared<NetimAccount>(netim_settings(settings_), clock_, log(), retries());
    }
    return account_;
}

RegistrarQueries& RunSetup::queries() {
    if (!queries_) queries_ = std::make_shared<NetimRegistrar>(account());
    return *queries_;
}

const RunnerSettings& RunSetup::runner_settings() {
    if (runner_settings_) return *runner_settings_;
    RunnerSettings runner;
    runner.preflight.price = settings_.checks.price;
    runner.preflight.dns_test = settings_.checks.dns_test;
    runner.preflight.max_price = settings_.limits.max_price;
    runner.preflight.contacts = {settings_.defaults.admin, settings_.defaults.tech,
                                 settings_.defaults.billing};
    runner.preflight.reseller_id = settings_.registrar.reseller_id;
    runner.max_spend_per_day = settings_.limits.max_spend_per_day;
    runner.check_balance = settings_.checks.balance;
    runner.balance_floor = settings_.limits.balance_floor;
    ask_dns(runner, dns_settings(settings_));
    runner_settings_ = std::make_unique<RunnerSettings>(std::move(runner));
    return *runner_settings_;
}

void RunSetup::require_all() {
    log();
    account();
    extensions();
    ledger();
    cache();
    rules();
    runner_settings();
    run();
}

Lane RunSetup::open_lane(
    const std::function<std::vector<PlannedStep>(const PlanRequest&)>& planner) {
    DOMSPOOL_ASSERT(changes_ == Changes::allowed);
    const auto registrar = std::make_shared<NetimRegistrar>(account());
    Lane lane;
    lane.queries = registrar;
    lane.commands = registrar;
    lane.runner = std::make_unique<OrderRunner>(RunnerParts{
        ledger(), run(), *lane.queries, *lane.commands, cache(), rules(), clock_, runner_settings(),
        planner, [this] { return is_called_off(); }, retries().get()});
    return lane;
}

std::string RunSetup::login_mark() const {
    const SecretPlace& secret = settings_.registrar.secret;
    return mark_of_file(settings_.file) + " " + mark_of_file(secret.file);
}

void RunSetup::forget_refused_login() {
    if (account_ && account_->has_logged_in()) domspool::forget_refused_login(ledger());
}

void RunSetup::wipe_auth_codes() {
    const UtcTime failed_before = codes_kept_since();
    ledger().write([&](LedgerWrite& w) { w.wipe_auth_codes(failed_before); });
}

void RunSetup::wipe_due_auth_codes() {
    if (ledger().has_codes_to_wipe(codes_kept_since())) wipe_auth_codes();
}

UtcTime RunSetup::codes_kept_since() const {
    return clock_.now().utc - std::chrono::hours(24 * settings_.auth_code_keep_days);
}

}  // namespace domspool
