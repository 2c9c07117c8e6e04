// The account at the registrar as all lanes share it: address, login, one session for all.
#pragma once

#include "util/clock.h"
#include "util/log.h"
#include "util/secret.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace domspool {

struct NetimSettings {
    std::string endpoint;     // https or http; whether http is allowed is decided by the caller
    std::string ca_file;      // authorities to trust; "": the system's
    std::string reseller_id;  // sent in upper case
    Secret password;
    std::string language = "EN";  // of the registrar's texts
    // asynchronous: calls return at once as Pending.
    enum class Mode { synchronous, asynchronous };
    Mode mode = Mode::synchronous;
    // position: p0, p1 ... ; names: the documented ones.
    enum class Parameters { position, names };
    Parameters parameters = Parameters::position;
    std::chrono::seconds sync_delay{25};  // a call lasts at most 35 s longer than this
    int requests_per_minute = 0;          // 0: no limit
    // Shares the pace among programs; "": it holds in this process only.
    std::string pace_file;
    std::string user_agent = "domspool";
};

class NetimLine;
class NetimSession;
class RequestPace;
class RetryBudget;

// Costs nothing until the first call: no name is looked up, no TLS context made, no session opened.
// The session is opened by the call that needs it first, and closed by the destructor, whatever
// happened before. A refused login is remembered: no further one is tried; nor is one after three
// that got no answer. Thread-safe; must be outlived by `clock` and `log`. The log tells of
// sessions, never their ids.
class NetimAccount {
  public:
    // Without `retries` nothing is asked again. std::invalid_argument: the endpoint is no http or
    // https URL.
    NetimAccount(NetimSettings settings, const Clock& clock, Log& log,
                 std::shared_ptr<RetryBudget> retries = nullptr);
    ~NetimAccount();
    NetimAccount(const NetimAccount&) = delete;
    NetimAccount& operator=(const NetimAccount&) = delete;

    // Since it was made.
    bool has_logged_in() const;
    // Ends the session, if one is open; a later call would open a new one.
    void close() noexcept;

  private:
    friend class NetimLane;
    friend class NetimRegistrar;
    std::unique_ptr<NetimLine> open_line();
    // A lane that ends leaves its connection for the closing of the session.
    void take_back(std::unique_ptr<NetimLine> line);

    const NetimSettings settings_;
    const Clock& clock_;
    Log& log_;
    std::shared_ptr<class HttpEndpoint> endpoint_;
    std::unique_ptr<RequestPace> pace_;
    const std::shared_ptr<RetryBudget> retries_;
    std::unique_ptr<NetimSession> session_;
    std::mutex spare_mutex_;
    std::unique_ptr<NetimLine> spare_line_;
};

}  // namespace domspool
