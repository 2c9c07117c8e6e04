#include "interop/php_registrar.h"

#include "interop/foreign_program.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace domspool::test {

namespace {

// PHP takes a free port and says which on standard error; here both streams are one.
ProgramCall server_call(const std::string& state_file) {
    ProgramCall call{
        .program = "/bin/sh",
        .arguments = {"-c", "exec php -S 127.0.0.1:0 \"$0\" 2>&1",
                      std::string(SOURCE_DIR) + "/tests/interop/registrar.php"},
        .environment = {{"REGISTRAR_STATE", state_file}},
        .time_limit = std::chrono::seconds(600),
    };
    return call;
}

std::string base_in(const std::string& output) {
    const auto begin = output.find("http://127.0.0.1:");
    const auto end = output.find(") started", begin);
    return begin == std::string::npos || end == std::string::npos
               ? std::string()
               : output.substr(begin, end - begin);
}

}  // namespace

PhpRegistrar::PhpRegistrar() : server_(server_call(scratch_ / "state.json")) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while ((base_ = base_in(server_.out_so_far())).empty()) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("PHP does not serve: " + server_.out_so_far());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

// What PHP makes of the expression, with the registrar's state as $s.
std::string PhpRegistrar::state_value(const std::string& expression) const {
    const std::string code =
        "$s = json_decode(file_get_contents($argv[1]), true); echo " + expression + ";";
    const ProgramEnd end = run_program(
        {.program = "/usr/bin/env", .arguments = {"php", "-r", code, base_ + "/state"}});
    if (end.code != 0) throw std::runtime_error("no state: " + end.err + end.out);
    return end.out;
}

void PhpRegistrar::finish_all() {
    const ProgramEnd end = run_program(
        {.program = "/usr/bin/env",
         .arguments = {"php", "-r", "echo file_get_contents($argv[1]);", base_ + "/finish"}});
    if (end.out != "ok\n") throw std::runtime_error("cannot finish: " + end.err + end.out);
}

std::vector<std::string> PhpRegistrar::calls() const {
    std::istringstream lines(state_value("implode(\"\\n\", $s['calls'])"));
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
}

std::size_t PhpRegistrar::count_calls(const std::string& call) const {
    const auto all = calls();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), call));
}

std::string PhpRegistrar::value_of(const std::string& domain, const std::string& field) const {
    return state_value("$s['domains']['" + domain + "']['" + field + "']");
}

bool PhpRegistrar::has_no_session() const {
    return state_value("count($s['sessions'])") == "0";
}

}  // namespace domspool::test
