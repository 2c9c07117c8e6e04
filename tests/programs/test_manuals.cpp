#include "support/running_program.h"

#include <doctest/doctest.h>

#include <regex>

using namespace domspool::test;

namespace {

const std::vector<std::string> kOrdering = {"domain-register", "domain-transfer", "domain-trade",
                                            "domain-nameservers"};
const std::vector<std::string> kPrograms = {
    "domain-register", "domain-transfer", "domain-trade",    "domain-nameservers",
    "pending-check",   "domain-orders",   "registrar-check", "registrar-sandbox",
    "spool-run",       "spool-drop",      "summary-report"};

bool has_line(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex("(^|\n)" + pattern));
}

}  // namespace

TEST_CASE("every program prints its manual, and needs nothing for it") {
    for (const std::string& program : kPrograms) {
        CAPTURE(program);
        const ProgramEnd end = run_program({.program = program, .arguments = {"--help"}});
        CHECK(end.code == 0);
        CHECK(end.err == "");
        CHECK(end.out.find("NAME         " + program + ": ") == 0);
        for (const char* heading : {"READS", "WRITES", "AFTER CRASH", "OPTIONS", "EXIT"}) {
            CAPTURE(heading);
            CHECK(has_line(end.out, heading));
        }
        CHECK(end.out.find("--help") != std::string::npos);
        CHECK(end.out.find("--version") != std::string::npos);
    }
}

TEST_CASE("the manual lists every exit code with its meaning") {
    for (const std::string& program : kPrograms) {
        if (program == "registrar-sandbox") continue;  // It has fewer ends, listed in its EXIT.
        CAPTURE(program);
        const ProgramEnd end = run_program({.program = program, .arguments = {"--help"}});
        for (const int code : {0, 1, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78}) {
            CAPTURE(code);
            CHECK(has_line(end.out, " +" + std::to_string(code) + "  +[a-z]"));
        }
    }
}

TEST_CASE("every program tells its version") {
    for (const std::string& program : kPrograms) {
        CAPTURE(program);
        const ProgramEnd end = run_program({.program = program, .arguments = {"--version"}});
        CHECK(end.code == 0);
        CHECK(end.err == "");
        CHECK(end.out == program + " " DOMSPOOL_VERSION "\n");
    }
}

TEST_CASE("an unknown option is a usage error that names it and the manual") {
    for (const std::string& program : kPrograms) {
        CAPTURE(program);
        const ProgramEnd end = run_program({.program = program, .arguments = {"--jsno"}});
        CHECK(end.code == 64);
        CHECK(end.out == "");
        CHECK(end.err.find(program + ": ") == 0);
        CHECK(end.err.find("--jsno") != std::string::npos);
        CHECK(end.err.find("--help") != std::string::npos);
    }
}

TEST_CASE("an abbreviated option is no option: scripts would come to depend on it") {
    const ProgramEnd end =
        run_program({.program = "domain-register", .arguments = {"--vers", "x.csv"}});
    CHECK(end.code == 64);
}

TEST_CASE("a program that orders wants to be told what") {
    for (const std::string& program : kOrdering) {
        CAPTURE(program);
        const ProgramEnd end = run_program({.program = program});
        CHECK(end.code == 64);
        CHECK(end.err.find("--help") != std::string::npos);
    }
}

TEST_CASE("settings that are not there are named, with the way to name others") {
    for (const std::string& program : kPrograms) {
        if (program == "registrar-sandbox") continue;
        CAPTURE(program);
        ProgramCall call{.program = program, .arguments = {"--config", "/nowhere/config.yaml"}};
        if (program == "domain-orders") call.arguments.insert(call.arguments.begin(), "list");
        const bool is_ordering = program.starts_with("domain-") && program != "domain-orders";
        if (is_ordering || program == "spool-drop") {
            call.arguments.push_back("/nowhere/orders.csv");
        }
        const ProgramEnd end = run_program(call);
        CHECK(end.code == 78);
        CHECK(end.err.find("/nowhere/config.yaml") != std::string::npos);
        CHECK(end.err.find("--config") != std::string::npos);
    }
}
