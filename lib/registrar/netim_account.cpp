#include "registrar/netim_account.h"

#include "registrar/netim_line.h"
#include "registrar/netim_session.h"
#include "registrar/request_pace.h"
#include "registrar/retry_budget.h"
#include "util/redact.h"

#include <stdexcept>

namespace domspool {

namespace {

// An open session keeps one of the account's few for 20 minutes.
constexpr std::chrono::minutes kLongestWaitToClose{2};

}  // namespace

NetimAccount::NetimAccount(NetimSettings settings, const Clock& clock, Log& log,
                           std::shared_ptr<RetryBudget> retries)
    : settings_(std::move(settings)),
      clock_(clock),
      log_(log),
      endpoint_(std::make_shared<HttpEndpoint>(settings_.endpoint, settings_.ca_file)),
      pace_(std::make_unique<RequestPace>(settings_.requests_per_minute, settings_.pace_file,
                                          clock_)),
      retries_(std::move(retries)),
      session_(std::make_unique<NetimSession>(settings_, log)) {
    redact::remember(settings_.password);
}

NetimAccount::~NetimAccount() {
    close();
}

std::unique_ptr<NetimLine> NetimAccount::open_line() {
    return std::make_unique<NetimLine>(settings_, endpoint_, *pace_, clock_);
}

void NetimAccount::take_back(std::unique_ptr<NetimLine> line) {
    const std::lock_guard lock(spare_mutex_);
    spare_line_ = std::move(line);
}

bool NetimAccount::has_logged_in() const {
    return session_->has_opened();
}

void NetimAccount::close() noexcept {
    try {
        const std::lock_guard lock(spare_mutex_);
        if (!session_->is_open()) return;
        const auto pause = pace_->paused_for();
        const bool may_ask = pause.count() == 0 ||
                             (pause <= kLongestWaitToClose && retries_ && retries_->rest(pause));
        if (!may_ask) throw std::runtime_error("the registrar asked all requests to wait");
        if (!spare_line_) spare_line_ = open_line();
        session_->close(*spare_line_, Retries(retries_.get()));
    } catch (const std::exception& error) {
        log_.warning("session_not_closed", {{"cause", redact::clean(error.what())}});
    }
}

}  // namespace domspool
