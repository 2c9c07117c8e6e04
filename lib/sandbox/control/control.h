// The commands by which tests and people steer a sandbox that runs.
#pragma once

#include "sandbox/control/misbehaviour.h"
#include "sandbox/model/sandbox_settings.h"
#include "sandbox/model/state.h"

#include <sstream>
#include <string>

namespace domspool::sandbox {

// Works on what it is given; a command that fails changes nothing and is answered by an error.
// Throws StoreError.
class Control {
  public:
    Control(State& state, Settings& settings, Misbehaviour& misbehaviour, Millis now)
        : state_(state), settings_(settings), misbehaviour_(misbehaviour), now_(now) {}

    // One line of answer for each line: "ok" (or "ok ID"), or "error: ...".
    std::string obey_all(const std::string& lines);
    bool all_well() const { return all_well_; }

  private:
    std::string obey(const std::string& line);
    void end_operation(const std::string& verb, std::istringstream& words);
    void add_domain(std::istringstream& words);
    void set_domain(std::istringstream& words);
    void advance(double seconds);
    void open_sessions(std::istringstream& words);
    Domain known_domain(std::istringstream& words);
    std::string start_operation(std::istringstream& words);
    bool steer_operations(const std::string& verb, std::istringstream& words);
    bool steer_account(const std::string& verb, std::istringstream& words);
    bool steer_domains(const std::string& verb, std::istringstream& words);

    State& state_;
    Settings& settings_;
    Misbehaviour& misbehaviour_;
    Millis now_;
    bool all_well_ = true;
};

}  // namespace domspool::sandbox
