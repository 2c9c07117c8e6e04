// A registrar whose every reply is said by the test, byte for byte if need be.
#pragma once

#include "registrar/netim_account.h"
#include "support/stub_server.h"
#include "util/log.h"

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace domspool::test {

// An envelope whose response element holds `inner`.
std::string answer_xml(const std::string& function, const std::string& inner);
// <return> with the fields of StructOperationResponse; an empty id or status is left out.
std::string operation_xml(const std::string& function, const std::string& id,
                          const std::string& status, const std::string& message = "");
std::string fault_xml(const std::string& code, const std::string& text);

// Sessions are opened ("0123456789abcdef0123456789abcde1", then ...2), set and closed without being
// told to; every other function answers status 500 without a body unless told otherwise.
class StubRegistrar {
  public:
    StubRegistrar();

    // For the next calls of the function, in turn; session functions too.
    void answer(const std::string& function, StubReaction reaction);
    void answer(const std::string& function, const std::string& envelope, int status = 200);
    // For all its calls that no answer above is left for.
    void always(const std::string& function, const std::string& envelope, int status = 200);

    NetimSettings settings() const;  // reseller AB123, password kPassword
    StubServer& server() { return server_; }

    // What was called, in order.
    std::vector<std::string> functions() const;
    std::size_t count(const std::string& function) const;
    // The body of the last call of the function; "" if there was none.
    std::string last_body(const std::string& function) const;

    static constexpr const char* kPassword = "s3cret & more";

  private:
    StubReaction reaction_to(const std::string& function);

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<StubReaction>> next_;
    std::map<std::string, StubReaction> always_;
    int sessions_ = 0;
    StubServer server_;  // Last: its threads go first.
};

// Keeps the lines as a log file would show them.
class ListedLog : public Log {
  public:
    void write(Severity severity, std::string_view event, const LogFields& fields) override;
    std::vector<std::string> lines() const;
    bool holds(const std::string& part) const;

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace domspool::test
