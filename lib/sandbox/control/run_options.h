// The command line of registrar-sandbox.
#pragma once

#include "sandbox/model/sandbox_settings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace domspool::sandbox {

struct RunOptions {
    Settings settings{};
    std::uint16_t port = 0;
    std::string port_file{};
    std::string state_file{};     // "": a private one that goes with the run
    std::string password_file{};  // read by the program
    std::vector<std::string> rules{};
    bool wants_help = false;
    bool wants_version = false;
    bool is_quiet = false;
};

// Full names only, "--name value" or "--name=value". Throws RunFailure usage.
RunOptions read_run_options(const std::vector<std::string>& arguments);

}  // namespace domspool::sandbox
