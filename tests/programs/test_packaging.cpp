// What is installed: units, rotation, manual pages, and that builds for tests are not.
#include "support/not_run.h"
#include "support/running_program.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace domspool::test;

namespace {

const std::string kCron = std::string(SOURCE_DIR) + "/cron/";

ProgramEnd shell(const std::string& script) {
    return run_program({.program = "/bin/sh", .arguments = {"-c", script}});
}

// "spool-run", "domain-orders backup": what the crontab starts.
std::set<std::string> jobs_of_crontab() {
    std::istringstream in(read_text(kCron + "crontab"));
    static const std::regex job("[0-9*][^ ]*( +[^ ]+){4} +domspool +(.*)");
    std::set<std::string> jobs;
    std::smatch parts;
    for (std::string line; std::getline(in, line);) {
        if (std::regex_match(line, parts, job)) jobs.insert(parts[2]);
    }
    return jobs;
}

std::vector<std::string> units(const std::string& ending) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(kCron)) {
        if (entry.path().extension() == ending) paths.push_back(entry.path().string());
    }
    return paths;
}

std::string value_of(const std::string& text, const std::string& key) {
    const std::size_t begin = text.find("\n" + key + "=");
    if (begin == std::string::npos) return "";
    const std::size_t value = begin + key.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
}

}  // namespace

TEST_CASE("each job of the crontab has a unit that does the same as the same user, and a timer") {
    std::set<std::string> jobs;
    for (const std::string& path : units(".service")) {
        const std::string text = read_text(path);
        CAPTURE(path);
        const std::string command = value_of(text, "ExecStart");
        REQUIRE(command.starts_with("/usr/bin/"));
        jobs.insert(command.substr(9));
        CHECK(value_of(text, "User") == "domspool");
        CHECK(value_of(text, "NoNewPrivileges") == "true");
        CHECK(value_of(text, "ProtectSystem") == "strict");
        CHECK(std::filesystem::exists(path.substr(0, path.rfind('.')) + ".timer"));
    }
    for (const std::string& job : jobs_of_crontab()) {
        CAPTURE(job);
        CHECK(jobs.contains(job));
    }
}

TEST_CASE("systemd finds nothing wrong with the units") {
    if (::access("/usr/bin/systemd-analyze", X_OK) != 0) {
        return not_run("there is no systemd-analyze");
    }
    // The programs are not installed here; another one stands in for them, and their manuals.
    const Scratch folder;
    for (const std::string ending : {".service", ".timer"}) {
        for (const std::string& path : units(ending)) {
            std::string text = read_text(path);
            text = std::regex_replace(text, std::regex("ExecStart=.*"), "ExecStart=/bin/true");
            text = std::regex_replace(text, std::regex("Documentation=.*\n"), "");
            write_text(folder / std::filesystem::path(path).filename().string(), text);
        }
    }
    const ProgramEnd end =
        shell("systemd-analyze verify " + folder.path().string() + "/domspool-* 2>&1");
    CHECK(end.out == "");
    CHECK(end.code == 0);
}

TEST_CASE("logrotate understands its lines") {
    if (::access("/usr/sbin/logrotate", X_OK) != 0) return not_run("there is no logrotate");
    // The user of the service need not be there.
    const Scratch folder;
    std::string text = read_text(kCron + "logrotate");
    text = std::regex_replace(text, std::regex("su domspool domspool"), "su root root");
    text = std::regex_replace(text, std::regex("/var/log/domspool"), folder.path().string());
    write_text(folder / "logrotate.conf", text);
    write_text(folder / "domspool.log", "a line\n");
    const ProgramEnd end =
        shell("logrotate --force --state " + folder / "state" + " " + folder / "logrotate.conf");
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(read_text(folder / "domspool.log.1") == "a line\n");
}

TEST_CASE("a manual page holds what the program says of itself") {
    const ProgramEnd end = shell(std::string(PROGRAM_DIR) + "/spool-run --help | " + kCron +
                                 "package/man-page spool-run 0.1.0");
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(
        end.out.starts_with(".TH SPOOL-RUN 1 \"\" \"domspool 0.1.0\" \"domspool\"\n.SH NAME\n"
                            "spool-run \\- order everything that was dropped into the spool\n"));
    for (const char* heading :
         {"READS", "WRITES", "EXIT", "AFTER CRASH", "OPTIONS", "EXIT CODES"}) {
        CAPTURE(heading);
        CHECK(end.out.find(std::string("\n.SH ") + heading + "\n") != std::string::npos);
    }
    CHECK(end.out.find("\\-\\-max\\-orders N") != std::string::npos);
}

TEST_CASE("the shell completes options and verbs") {
    const std::string completion =
        std::string(PROGRAM_DIR) + "/domain-orders --help | " + kCron +
        "package/completion domain-orders >domain-orders && . ./domain-orders && "
        "COMP_WORDS=(domain-orders $WORD) COMP_CWORD=1 && _domspool_domain_orders && "
        "echo \"${COMPREPLY[*]}\"";
    const Scratch folder;
    const auto completed = [&](const std::string& word) {
        ProgramCall call{.program = "/bin/bash",
                         .arguments = {"-c", completion},
                         .environment = {{"WORD", word}},
                         .folder = folder.path().string()};
        const ProgramEnd end = run_program(call);
        CHECK(end.err == "");
        return end.out;
    };
    CHECK(completed("mig") == "migrate\n");
    CHECK(completed("--bat") == "--batch\n");
    CHECK(completed("--conf") == "--config\n");
}

TEST_CASE("completion and manual page know every verb and option the program tells of") {
    for (const std::string program :
         {"domain-register", "domain-transfer", "domain-trade", "domain-nameservers",
          "domain-orders", "spool-run", "spool-drop", "pending-check", "summary-report",
          "registrar-check", "registrar-sandbox"}) {
        CAPTURE(program);
        const ProgramEnd help = run_program({.program = program, .arguments = {"--help"}});
        REQUIRE(help.code == 0);
        const Scratch folder;
        write_text(folder / "help", help.out);
        const ProgramEnd completion =
            shell(kCron + "package/completion " + program + " <" + folder / "help");
        std::string page =
            shell(kCron + "package/man-page " + program + " 1 <" + folder / "help").out;
        page = std::regex_replace(page, std::regex("\\\\-"), "-");
        static const std::regex word("\n  (--[a-z-]+|[a-z]+ )");
        std::set<std::string> words;
        bool has_verbs = help.out.find("\nWHAT TO DO\n") != std::string::npos;
        for (std::sregex_iterator at(help.out.begin(), help.out.end(), word), end; at != end;
             ++at) {
            std::string one = (*at)[1];
            if (one.starts_with("--") ||
                (has_verbs &&
                 at->position() > static_cast<std::ptrdiff_t>(help.out.find("\nWHAT TO DO\n")))) {
                if (one.ends_with(' ')) one.pop_back();
                words.insert(one);
            }
        }
        CHECK(words.size() > 5);
        for (const std::string& one : words) {
            CAPTURE(one);
            CHECK(std::regex_search(completion.out, std::regex("[\" ]" + one + "[\" ]")));
            CHECK(page.find(one) != std::string::npos);
        }
    }
    const ProgramEnd orders = run_program({.program = "domain-orders", .arguments = {"--help"}});
    for (const char* verb :
         {"list", "show", "result", "hold", "release", "retry", "cancel", "resolve", "init",
          "migrate", "backup", "verify", "restore-ledger", "reconcile", "archive"}) {
        CAPTURE(verb);
        CHECK(orders.out.find(std::string("\n  ") + verb + " ") != std::string::npos);
    }
}

TEST_CASE("the package's scripts are shell") {
    for (const char* name :
         {"postinst", "prerm", "postrm", "man-page", "completion", "make-texts"}) {
        CAPTURE(name);
        CHECK(shell("sh -n " + kCron + "package/" + name).code == 0);
    }
}

TEST_CASE("programs built for tests are not installed: a word could stop them dead") {
    const Scratch folder;
    const ProgramEnd end = shell("cmake --install '" + std::string(PROGRAM_DIR) +
                                 "/..' --prefix '" + folder.path().string() + "'");
    CHECK(end.code != 0);
    CHECK(end.err.find("DOMSPOOL_CRASH_POINTS") != std::string::npos);
    CHECK(end.err.find("cmake --preset release") != std::string::npos);
    CHECK(std::filesystem::is_empty(folder.path()));
}
