// A registrar written in PHP, served by PHP, whose part names only position can match.
#pragma once

#include "support/running_program.h"
#include "support/scratch.h"

#include <string>
#include <vector>

namespace domspool::test {

// Serves from the constructor on (reseller AB123, password "sandbox") until it goes. Throws
// std::runtime_error if PHP does not start.
class PhpRegistrar {
  public:
    PhpRegistrar();

    std::string base() const { return base_; }  // "http://127.0.0.1:PORT"
    std::string endpoint() const { return base_ + "/2.0/"; }
    // All that is pending ends well.
    void finish_all();
    // The calls it has taken, in order: "domainCreate first.com".
    std::vector<std::string> calls() const;
    std::size_t count_calls(const std::string& call) const;
    // What it holds of a domain: "authID".
    std::string value_of(const std::string& domain, const std::string& field) const;
    // Nobody is logged in.
    bool has_no_session() const;

  private:
    std::string state_value(const std::string& expression) const;

    Scratch scratch_;
    RunningProgram server_;
    std::string base_;
};

}  // namespace domspool::test
