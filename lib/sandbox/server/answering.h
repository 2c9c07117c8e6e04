// The sandbox's registrar: one text comes in, one reply goes out, the state has changed.
#pragma once

#include "sandbox/control/misbehaviour.h"
#include "sandbox/functions/function.h"
#include "sandbox/model/sandbox_settings.h"
#include "sandbox/model/state.h"
#include "sandbox/model/zone_above.h"
#include "sandbox/server/call_log_words.h"
#include "soap/soap_xml.h"
#include "util/clock.h"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace domspool::sandbox {

// What the server shall send, and how badly.
struct Reply {
    enum class Sending { whole, cut, nothing };
    int status = 200;
    std::string content_type = "text/xml; charset=utf-8";
    std::string body;
    Sending sending = Sending::whole;
    std::chrono::milliseconds pause{0};  // before the first byte
    std::optional<Millis> date{};        // of the Date header, by the sandbox's clock
    std::optional<int> retry_after{};    // seconds
};

// May be called from any thread; calls are answered one after another, each in one transaction:
// its effect and its entry in the call log are there together or not at all. A text that is no
// call of ours gets an entry too.
class Answering {
  public:
    // The clock must outlive it. Throws StoreError.
    Answering(const std::string& state_file, Settings settings, const Clock& clock);

    // A SOAP call. Never throws for what the caller sent.
    Reply answer(const std::string& envelope);

    // The control channel: one command per line, one line of answer for each, "ok" or
    // "error: ...". The commands are listed in bin/registrar_sandbox.cpp.
    Reply control(const std::string& commands);
    // Tab-separated lists, a header line first.
    Reply list_calls(std::int64_t after);
    Reply list_domains();
    Reply list_operations();

    // What the zone above shows of a domain. A domain of no account has none. Throws StoreError.
    PublishedDs published_ds(const std::string& domain);

    // Throws std::invalid_argument.
    void add_rule(const std::string& rule);

  private:
    struct Course;
    Millis now() const;
    Reply listed(const std::function<std::string()>& table);
    Reply state_failed(const store::StoreError& failure);
    Reply answer_call(const soap::Call& call);
    Reply refuse_message(const std::string& function, const std::string& code,
                         const std::string& problem);
    void run_function(Course& course);
    soap::Value call_function(Course& course);
    void meet_gate(Course& course);
    void meet_misdeed_before(Course& course);
    void meet_misdeed_after(Course& course);

    std::mutex one_at_a_time_;
    const Clock& clock_;
    Settings settings_;
    State state_;
    Misbehaviour misbehaviour_;
    CallLogWords log_;
    std::deque<Millis> passed_gate_;  // within a minute
};

}  // namespace domspool::sandbox
