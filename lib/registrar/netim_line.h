// One kept-alive connection to the registrar, and what came of one call over it.
#pragma once

#include "registrar/netim_account.h"
#include "registrar/netim_functions.h"
#include "soap/soap_xml.h"
#include "util/http_exchange.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace domspool {

class RequestPace;

namespace netim {

struct Answer {
    soap::Value value;
    std::string server_date;  // the reply's Date header
};

struct Fault {
    std::string code;         // as fault_code() has it, or that of a function that is not there
    std::string text;         // faultcode and faultstring as they came
    bool is_refusal = false;  // known as one: nothing was executed
};

// Not one byte left this machine.
struct NotSent {
    enum class Why {
        unreachable,    // no connection, or no session for want of an answer
        not_trusted,    // the server showed that it is another; it would be so each time
        no_session,     // no answer to a login that asking again at once could mend
        login_refused,  // by a coded fault
        not_now,        // the call could not begin in time, or a new session was dead at once
        pressure,       // the registrar asked this one for less; RequestPace knows until when
        paused,         // it asked another one: all wait
        unsendable,     // a value no envelope can carry; it would be so each time
    };
    Why why = Why::unreachable;
    std::string text;
    std::string code;
};

// Sent, and no answer to this call came back.
struct NoAnswer {
    std::string evidence;
    bool had_reply = false;  // there was one, but it is none to this call
    // On its way: no reply, a cut or empty one, or a gateway's that did not reach the registrar.
    bool is_lost = false;
    bool is_pressure = false;  // 429 or 503: the registrar asks for less
};

// All texts are free of secrets.
using Result = std::variant<Answer, Fault, NotSent, NoAnswer>;

// The code of a fault that says the session is dead; "" for anything else.
std::string dead_session_code(const Result& result);

// Not asked, because all wait: it says nothing of this question.
bool is_paused(const Result& result);
// The registrar asked for less: nothing is asked again before RequestPace lets it.
bool is_pressure(const Result& result);
// A question with this result may be answered when it is asked again, on a new connection.
bool is_worth_asking_again(const NotSent& not_sent);
bool is_worth_asking_again(const Result& result);

// By when a call must have begun, and by when it must have ended.
struct CallTime {
    using Instant = std::chrono::steady_clock::time_point;
    Instant begin_by, end_by;
    bool waits_for_turn = true;  // false: goes at once, whatever the limit per minute

    static CallTime within(std::chrono::milliseconds begin, std::chrono::milliseconds end);
};

}  // namespace netim

// Used by one thread at a time.
class NetimLine {
  public:
    NetimLine(const NetimSettings& settings, std::shared_ptr<HttpEndpoint> endpoint,
              RequestPace& pace, const Clock& clock);

    // Sent at most once; the reply is read whatever its HTTP status. List rows go to the sink as
    // soap::read_reply says; what the sink throws comes through.
    netim::Result call(const netim::Function& function, netim::Values values,
                       const netim::CallTime& time, const soap::RowSink& sink = {});

    // The connection stands open, and its turn is taken, for a call that goes out at once.
    std::optional<netim::NotSent> make_ready(const netim::CallTime& time);
    bool is_ready();
    // The registrar asked for less in other words than HTTP's.
    void note_pressure();
    // Over the ready connection or not at all.
    netim::Result call_when_ready(const netim::Function& function, netim::Values values,
                                  const netim::CallTime& time);

  private:
    std::variant<HttpRequest, netim::NotSent> request_for(const netim::Function& function,
                                                          netim::Values values) const;
    std::optional<netim::NotSent> take_turn(const netim::CallTime& time);
    void note_pressure(const Moment& begun, const HttpReply& reply);
    netim::Result exchange(HttpRequest request, const netim::Function& function,
                           const netim::CallTime& time, const soap::RowSink& sink);

    const NetimSettings& settings_;
    RequestPace& pace_;
    const Clock& clock_;
    HttpConnection connection_;
    bool has_turn_ = false;  // taken, and not yet used
};

}  // namespace domspool
