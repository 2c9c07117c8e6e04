// The one registrar session that all lanes of a process share.
#pragma once

#include "registrar/netim_line.h"
#include "registrar/retry_budget.h"
#include "util/log.h"
#include "util/secret.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace domspool {

// Opened by the call that needs it, opened again when it died, never more than one at a time.
// Thread-safe; other lanes wait while one of them opens it.
class NetimSession {
  public:
    enum class For { question, change };

    struct Pass {
        Secret id;
        std::uint64_t number = 0;  // of the session, in this process
    };

    NetimSession(const NetimSettings& settings, Log& log) : settings_(settings), log_(log) {}

    // The session's id, or why there is none. Before the first change in it the session gets its
    // preferences. A refused login is told again without asking; so is that too many logins were
    // lost, each of which may hold one of the account's sessions. Nothing is asked twice here.
    std::variant<Pass, netim::NotSent> enter(NetimLine& line, For purpose,
                                             const netim::CallTime& time);
    // The session that stands ready for a change, unless another lane is just entering.
    std::optional<Pass> standing_for_changes() const;
    // What came of a call in the session. E02: unless another lane has noticed already, the next to
    // enter opens a new one; after a few in a row that died before their first answer none is.
    void note(const Pass& pass, const netim::Result& result);
    bool is_open() const;
    bool has_opened() const;  // one, ever
    bool is_ours(const Secret& id) const;
    void close(NetimLine& line, Retries retries);

  private:
    std::optional<netim::NotSent> open(NetimLine& line, const netim::CallTime& time);
    netim::NotSent without_session(NetimLine& line, const netim::Result& result);
    std::optional<netim::NotSent> set_preferences(NetimLine& line, const netim::CallTime& time);
    std::optional<netim::NotSent> judge_preference(const netim::Result& result);
    void drop();

    const NetimSettings& settings_;
    Log& log_;
    mutable std::mutex mutex_;
    Secret id_;
    std::uint64_t number_ = 0;
    bool is_set_for_changes_ = false;
    bool was_alive_ = false;
    int dead_in_a_row_ = 0;
    int lost_logins_ = 0;
    std::optional<netim::NotSent> refusal_;
};

}  // namespace domspool
