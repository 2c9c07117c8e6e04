#include "sandbox/control/run_options.h"

#include "sandbox/control/misbehaviour.h"
#include "util/failure.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>

namespace domspool::sandbox {

namespace {

[[noreturn]] void refuse(const std::string& problem) {
    throw RunFailure(ExitCode::usage, problem + "; see --help");
}

template <typename Number>
Number number_of(const std::string& option, const std::string& text, Number lowest,
                 Number highest) {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !(number >= lowest && number <= highest)) {
        refuse("--" + option + " does not take '" + text + "'");
    }
    return number;
}

using Taker = std::function<void(RunOptions&, const std::string&)>;

const std::map<std::string, Taker>& options_with_value() {
    using Options = RunOptions&;
    using Text = const std::string&;
    static const std::map<std::string, Taker> takers = {
        {"port", [](Options o, Text v) { o.port = number_of<std::uint16_t>("port", v, 0, 65535); }},
        {"port-file", [](Options o, Text v) { o.port_file = v; }},
        {"state", [](Options o, Text v) { o.state_file = v; }},
        {"reseller", [](Options o, Text v) { o.settings.reseller_id = v; }},
        {"password-file", [](Options o, Text v) { o.password_file = v; }},
        {"delay",
         [](Options o, Text v) {
             const double seconds = number_of<double>("delay", v, 0, 1e8);
             o.settings.delay = std::chrono::milliseconds(std::llround(seconds * 1000));
         }},
        {"balance",
         [](Options o, Text v) {
             o.settings.opening_balance_cents =
                 std::llround(number_of<double>("balance", v, -1e9, 1e9) * 100);
         }},
        {"max-sessions",
         [](Options o, Text v) {
             o.settings.most_sessions = number_of("max-sessions", v, 1, 1000);
         }},
        {"checks-per-day",
         [](Options o, Text v) {
             o.settings.most_checks_a_day = number_of("checks-per-day", v, 0, 1'000'000);
         }},
        {"requests-per-minute",
         [](Options o, Text v) {
             o.settings.most_requests_a_minute = number_of("requests-per-minute", v, 0, 1'000'000);
         }},
        {"seed",
         [](Options o, Text v) {
             o.settings.seed = number_of<std::uint64_t>("seed", v, 0, UINT64_MAX);
         }},
        {"misbehave",
         [](Options o, Text v) {
             try {
                 read_rule(v);
             } catch (const std::invalid_argument& problem) {
                 refuse("--misbehave '" + v + "': " + problem.what());
             }
             o.rules.push_back(v);
         }},
    };
    return takers;
}

bool take_flag(RunOptions& options, const std::string& name) {
    if (name == "help") {
        options.wants_help = true;
    } else if (name == "version") {
        options.wants_version = true;
    } else if (name == "quiet") {
        options.is_quiet = true;
    } else if (name == "hold-pending") {
        options.settings.hold_pending = true;
    } else {
        return false;
    }
    return true;
}

}  // namespace

RunOptions read_run_options(const std::vector<std::string>& arguments) {
    RunOptions options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (!argument.starts_with("--")) refuse("'" + argument + "' is no option");
        const auto equal = argument.find('=');
        const std::string name = argument.substr(2, equal == std::string::npos ? equal : equal - 2);
        const auto taker = options_with_value().find(name);
        if (taker != options_with_value().end()) {
            if (equal == std::string::npos && i + 1 == arguments.size()) {
                refuse("--" + name + " needs a value");
            }
            taker->second(options,
                          equal == std::string::npos ? arguments[++i] : argument.substr(equal + 1));
        } else if (equal != std::string::npos || !take_flag(options, name)) {
            refuse("unknown option '" + argument + "'");
        }
    }
    return options;
}

}  // namespace domspool::sandbox
