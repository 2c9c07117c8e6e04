// One kept-alive connection to the registrar, and what came of one call over it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "registrar/netim_account.h"
#include "registrar/netim_functions.h"
#include "soap/soap_xml.h"
#include "util/http_exchange.h"

namespace domspool {

class RequestPace;

namespace netim {

struct Answer {
    soap::Value value;
    std::string server_date;  // the reply's Date header
};

struct Fault {
    std::string code;  // fault_code's refusal_code; "": nobody says the call was refused
    std::string text;  // faultcode and faultstring as they came
};

// Not one byte left this machine.
struct NotSent {
    enum class Why {
        unreachable,    // no connection, or no session for want of an answer
        login_refused,  // by a coded fault
        not_now,        // the call could not begin in time, or a new session was dead at once
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
};

// All texts are free of secrets.
using Result = std::variant<Answer, Fault, NotSent, NoAnswer>;

// The code of a fault that says the session is dead; "" for anything else.
std::string dead_session_code(const Result& result);

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
              RequestPace& pace);

    // Sent at most once; the reply is read whatever its HTTP status. List rows go to the sink as
    // soap::read_reply says; what the sink throws comes through.
    netim::Result call(const netim::Function& function, netim::Values values,
                       const netim::CallTime& time, const soap::RowSink& sink = {});

  private:
    HttpRequest request_for(const netim::Function& function, netim::Values values) const;

    const NetimSettings& settings_;
    RequestPace& pace_;
    HttpConnection connection_;
};

}  // namespace domspool
