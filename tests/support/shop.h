// A reseller's shop for a test: settings, secret and ledger in a folder, a sandbox as registrar.
#pragma once

#include "support/running_program.h"
#include "support/sandbox_process.h"
#include "support/scratch.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace domspool::test {

// Settings by their full names: {"registrar.lanes", "1"}. An empty value takes the key away.
using SettingChanges = std::map<std::string, std::string>;

// The ledger is made by `domain-orders init`. Settings fit a rehearsal on loopback: no waiting
// between two passes or two looks, nor for a lost question or a doubt; high ceilings, a log file,
// no user to become.
class Shop {
  public:
    explicit Shop(const SettingChanges& changes = {},
                  std::vector<std::string> sandbox_options = {"--delay", "0"});

    static constexpr const char* kPassword = "pw-Quu7-aardvark";

    SandboxProcess& registrar() { return registrar_; }
    const std::filesystem::path& folder() const { return scratch_.path(); }
    // A file of the shop: "config.yaml", "secret", "extensions.yaml", "ledger.db", "domspool.log".
    std::string operator/(const std::string& name) const { return scratch_ / name; }

    // As the settings name it.
    const std::string& ledger() const { return settings_.at("ledger"); }

    // Written anew: the settings of the beginning with these changes.
    void write_settings(const SettingChanges& changes);
    // Puts the file into the shop's folder and returns its path.
    std::string write(const std::string& name, const std::string& text) const;

    // The clocks of the programs to come (see shifted_clock.cpp) go on by so much; the sandbox's
    // does not.
    void let_pass(std::chrono::seconds time) { ahead_ += time; }
    std::chrono::seconds ahead() const { return ahead_; }

    // A call with --config, working in the shop's folder.
    ProgramCall call(const std::string& program, std::vector<std::string> arguments) const;
    ProgramEnd run(const std::string& program, std::vector<std::string> arguments) const;
    // The same, stopped dead at a crash point: "before_send:2".
    ProgramEnd run_until(const std::string& crash_point, const std::string& program,
                         std::vector<std::string> arguments) const;

    // `domain-orders list --json`: the orders by domain. Throws if there are two for one domain.
    std::map<std::string, std::map<std::string, std::string>> orders() const;
    // How often the registrar executed the function for the domain ("" : for any).
    std::size_t times_executed(const std::string& function, const std::string& domain = "");

  private:
    Scratch scratch_;
    SandboxProcess registrar_;
    SettingChanges settings_;
    std::chrono::seconds ahead_{0};
};

// An order file that registers these domains for a year, all with one new owner contact.
std::string registrations(const std::vector<std::string>& domains);

// What `domain-orders list --json` and the like print: one object per line, as perl's JSON::PP
// reads them. Each value as text; null as "(null)". Throws if a line is no JSON object.
std::vector<std::map<std::string, std::string>> json_lines(const std::string& text);

// The records of a CSV text (RFC 4180, comma), the header first; without its byte order mark.
std::vector<std::vector<std::string>> csv_records(const std::string& text);

}  // namespace domspool::test
