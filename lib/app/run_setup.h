// From the settings to what jobs work with. Each thing is made when it is first asked for, so a
// program pays only for what it uses: no TLS context, session or extension sheet before a call.
#pragma once

#include "app/extension_sheet.h"
#include "app/settings.h"
#include "ledger/ledger.h"
#include "registrar/netim_account.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/stop_flag.h"
#include "workflow/doubt/doubt.h"
#include "workflow/sending/lanes.h"

#include <memory>
#include <string>

namespace domspool {

// Which account at which registrar a ledger belongs to.
LedgerStamp stamp_of(const Settings& settings);
DoubtSettings doubt_settings(const Settings& settings);

// A dry run has no commands and no run, and opens the ledger for reading only.
enum class Changes { nothing, allowed };

// The things of one run of one program, taken down in the right order whatever happens: lanes of
// the caller first, then the registrar's session, the run's lock, the ledger, the log. To be asked
// from the first thread; open_lane() from any, once require_all() was called.
class RunSetup {
  public:
    RunSetup(std::string program, Settings settings, Changes changes = Changes::allowed);
    ~RunSetup();
    RunSetup(const RunSetup&) = delete;
    RunSetup& operator=(const RunSetup&) = delete;

    const Settings& settings() const { return settings_; }
    const Clock& clock() const { return clock_; }
    // RunFailure cannot_create.
    Log& log();
    // Opened and checked: RunFailure as Ledger::open says.
    Ledger& ledger();
    // Begun, with its lock, at the first call; runs that died are recovered before.
    Run& run();
    // RunFailure settings_or_ledger.
    const ExtensionSheet& extensions();
    AnswerCache& cache();
    const PreflightSettings& preflight_settings() { return runner_settings().preflight; }
    StoppingRules& rules();
    // A connection to ask with; the first call made through it opens the session.
    RegistrarQueries& queries();
    // Whether SIGTERM, SIGINT or SIGHUP came.
    bool is_called_off() const { return stop_.is_set(); }
    // Waits so long, or until one of them comes; true then.
    bool wait(std::chrono::milliseconds time) const { return stop_.wait_for(time); }

    // Everything a lane needs, made or refused before an order is touched: the password is read,
    // the extension sheet, the ledger. No call is made.
    void require_all();
    // A connection of its own with a runner. `planner`: none for pending-check.
    Lane open_lane(const std::function<std::vector<PlannedStep>(const PlanRequest&)>& planner);

    // Another one once the settings file or that of the password has changed.
    std::string login_mark() const;
    // At a run's end, where a login went well: a refused one need be remembered no more.
    void forget_refused_login();

    // At a run's end: EPP codes of orders that are done, or failed long enough ago.
    void wipe_auth_codes();
    // The same at the end of a pass with nothing to do, which writes nothing unless there are some.
    void wipe_due_auth_codes();
    // Of orders that failed, of files that were refused: when its codes are due.
    UtcTime codes_kept_since() const;

  private:
    // None where nothing is to be asked again.
    std::shared_ptr<RetryBudget> retries();
    std::shared_ptr<NetimAccount> account();
    const RunnerSettings& runner_settings();

    const std::string program_;
    const Settings settings_;
    const Changes changes_;
    const SystemClock clock_;
    StopFlag& stop_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Run> run_;
    std::unique_ptr<ExtensionSheet> extensions_;
    std::unique_ptr<StoppingRules> rules_;
    std::unique_ptr<AnswerCache> cache_;
    std::unique_ptr<RunnerSettings> runner_settings_;
    std::shared_ptr<RetryBudget> retries_;
    std::shared_ptr<NetimAccount> account_;
    std::shared_ptr<RegistrarQueries> queries_;
};

}  // namespace domspool
