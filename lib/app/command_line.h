// The command line: long options only, by their full names, and what --help says of them.
#pragma once

#include "util/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Poco::Util {
class OptionProcessor;
}

namespace domspool {

struct OptionSpec {
    std::string name;   // without the dashes: "dry-run"
    std::string value;  // what stands behind it in --help, "FILE"; "" for a flag
    std::string help;
    std::vector<std::string> verbs = {};  // allowed with these only; empty: with all
};

// A program that does several things: `domain-orders list`.
struct VerbSpec {
    std::string name;
    std::string arguments;  // "[ORDER...]"
    std::string help;
    std::size_t least = 0;  // arguments behind the verb
    std::size_t most = 1'000'000;
};

// What stands on top of each program's file: it is its --help too.
struct ProgramManual {
    // "NAME         spool-run: order everything ...", then READS, WRITES, EXIT, AFTER CRASH, each
    // heading at a line's beginning (tests/README, "Comments"). A line break before it is none.
    std::string text;
    std::vector<OptionSpec> options = {};  // its own, beside the common ones
    std::vector<VerbSpec> verbs = {};
    // Positional arguments of a program without verbs.
    std::size_t least_arguments = 0, most_arguments = 0;
    // Common options this program does not take: "dry-run".
    std::vector<std::string> without = {};

    std::string name() const;  // the word behind NAME: "spool-run"
};

// What was given. Only options of the manual can be asked about.
class CommandLine {
  public:
    // --NAME, --NAME VALUE, --NAME=VALUE, arguments, and "--": only arguments behind it. No
    // abbreviations, no short options. "-" is an argument. RunFailure usage, naming the nearest
    // known word.
    CommandLine(const ProgramManual& manual, const std::vector<std::string>& words);

    bool has(std::string_view option) const;
    std::optional<std::string> value(std::string_view option) const;
    // RunFailure usage unless a whole number within the bounds.
    std::optional<std::int64_t> number(std::string_view option, std::int64_t least,
                                       std::int64_t most) const;
    // The beginning of that day in UTC; RunFailure usage unless written 2026-12-24.
    std::optional<UtcTime> day(std::string_view option) const;
    // RunFailure usage, which says where the help is.
    [[noreturn]] void refuse(const std::string& reason) const;
    // "" for a program without verbs, and with --help and --version.
    const std::string& verb() const { return verb_; }
    // Without the verb.
    const std::vector<std::string>& arguments() const { return arguments_; }

  private:
    void take(const std::string& word, Poco::Util::OptionProcessor& processor);
    std::string whole_option(const std::vector<std::string>& words, std::size_t& at) const;
    void take_verb();
    void require_fitting_options() const;
    void require_fitting_arguments() const;
    ProgramManual manual_;
    std::map<std::string, std::string, std::less<>> given_;
    std::string verb_;
    std::vector<std::string> arguments_;
};

// The manual, the options and the exit codes, ready to print. A heading that is missing is a bug.
std::string help_text(const ProgramManual& manual);

}  // namespace domspool
