#include "app/program.h"
#include "support/not_run.h"
#include "support/running_program.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

using domspool::test::ProgramCall;
using domspool::test::ProgramEnd;
using domspool::test::run_program;

namespace {

ProgramCall probe(std::vector<std::string> arguments) {
    return {.program = PROGRAM_PROBE, .arguments = std::move(arguments)};
}

ProgramEnd end_of(std::vector<std::string> arguments) {
    return run_program(probe(std::move(arguments)));
}

// The probe started by a shell that can do what the caller of a program may do to it.
ProgramEnd shell(const std::string& script) {
    return run_program({.program = "/bin/sh", .arguments = {"-c", script, "sh", PROGRAM_PROBE}});
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("help and version go to standard output and end well") {
    const ProgramEnd help = end_of({"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.starts_with("NAME         program-probe: do what a test says\nREADS "));
    CHECK(contains(help.out, "EXIT CODES"));
    CHECK(end_of({"--version"}).out == "program-probe " DOMSPOOL_VERSION "\n");
}

TEST_CASE("a wrong command line is exit code 64 with a line on standard error") {
    const ProgramEnd end = end_of({"--halp"});
    CHECK(end.code == 64);
    CHECK(end.out.empty());
    CHECK(end.err ==
          "program-probe: unknown option '--halp'; did you mean '--help'?\n"
          "Try: program-probe --help\n");
}

TEST_CASE("what the body throws becomes the exit code of its kind and one line") {
    const ProgramEnd run = end_of({"fail", "run"});
    CHECK(run.code == 75);
    CHECK(run.err == "program-probe: cannot go on 'now'; wait\n");
    CHECK(run.out.empty());
    CHECK(end_of({"fail", "full"}).code == 74);
    CHECK(end_of({"fail", "busy"}).code == 75);
    CHECK(end_of({"fail", "unreachable"}).code == 75);
    CHECK(end_of({"fail", "login"}).code == 69);
    CHECK(end_of({"fail", "memory"}).code == 75);
    const ProgramEnd bug = end_of({"fail", "bug"});
    CHECK(bug.code == 70);
    CHECK(contains(bug.err, "please report it"));
}

TEST_CASE("a fault of the machine ends a program as such, and is no exception") {
    CHECK(end_of({"fault"}).signal == SIGSEGV);
}

TEST_CASE("started in a folder that is gone a program says so") {
    const ProgramEnd end = shell("cd \"$(mktemp -d)\" && rmdir \"$PWD\" && exec \"$1\" limits");
    CHECK(end.code == 66);
    CHECK(contains(end.err, "the folder in which it was started is gone"));
}

TEST_CASE("complaints stand between the lines of output, and the gravest is the exit code") {
    ProgramCall call = probe({"complain", "some rows are bad"});
    const ProgramEnd end = run_program(call);
    CHECK(end.code == 65);
    CHECK(end.out == "before\nafter\n");
    CHECK(end.err == "program-probe: some rows are bad\nprogram-probe: and a graver one\n");
    call.on_terminal = true;
    CHECK(run_program(call).out ==
          "before\r\nprogram-probe: some rows are bad\r\nafter\r\n"
          "program-probe: and a graver one\r\n");
}

TEST_CASE("what others wrote cannot steer the terminal") {
    CHECK(end_of({"complain", "red \x1b[31m and\nnext"})
              .err.starts_with("program-probe: red \\x1b[31m and\nnext\n"));
}

TEST_CASE("a secret does not come out in a complaint") {
    CHECK(end_of({"secret"}).err == "program-probe: login with (secret) refused\n");
}

TEST_CASE("no core dump and no file for others") {
    CHECK(end_of({"limits"}).out == "umask 63 core 0 dumpable 0\n");
}

TEST_CASE("a full or closed standard output is exit code 74") {
    const ProgramEnd full = shell("\"$1\" much >/dev/full");
    CHECK(full.code == 74);
    CHECK(full.err == "program-probe: cannot write standard output: no space left on device\n");
    const ProgramEnd closed = shell("\"$1\" limits >&-");
    CHECK(closed.code == 74);
    CHECK(contains(closed.err, "cannot write standard output"));
    CHECK(shell("\"$1\" much | head -n 1 >/dev/null; exit 0").signal == 0);
    CHECK(contains(shell("(\"$1\" much; echo \"code $?\" >&2) | head -n 1").err, "code 74"));
    CHECK(shell("\"$1\" complain x >/dev/full 2>/dev/null").code == 74);
}

TEST_CASE("a file never becomes standard output because that was closed") {
    // Whatever else this process was started with: not 0, 1 or 2.
    const std::string out = shell("\"$1\" open 2>&- <&-").out;
    REQUIRE(out.starts_with("descriptor "));
    CHECK(std::stoi(out.substr(11)) > 2);
    // With standard output closed the line is lost, but not into the file.
    CHECK(shell("\"$1\" open >&-").code == 74);
}

TEST_CASE("progress is shown on a terminal only and leaves nothing behind") {
    CHECK(end_of({"progress"}).out == "a line\n");
    ProgramCall call = probe({"progress"});
    call.on_terminal = true;
    const std::string erase = "\r\x1b[K";
    CHECK(run_program(call).out ==
          erase + "half way" + erase + "a line\r\n" + erase + "nearly there" + erase);
}

TEST_CASE("started as root a program becomes the user of the service for good") {
    if (::geteuid() != 0) return domspool::test::not_run("only root can become somebody else");
    const passwd* nobody = ::getpwnam("nobody");
    REQUIRE(nobody != nullptr);
    const std::string id = std::to_string(nobody->pw_uid);
    CHECK(contains(end_of({"become", "nobody"}).out,
                   "user " + id + " " + id + " group " + std::to_string(nobody->pw_gid)));
    CHECK(contains(end_of({"become", "nobody"}).out, "dumpable 0"));
    CHECK(contains(end_of({"become", "nobody"}).out, std::string("home ") + nobody->pw_dir));
    CHECK(contains(end_of({"become", "root"}).out, "user 0 0"));
    CHECK(contains(end_of({"become", ""}).out, "user 0 0"));
    const ProgramEnd unknown = end_of({"become", "no-such-user"});
    CHECK(unknown.code == 78);
    CHECK(contains(unknown.err, "adduser --system"));
}

namespace {

// The probe as the user "nobody", who must reach the program's file.
class ProbeAsNobody {
  public:
    ProbeAsNobody() : path_("/tmp/program-probe-" + std::to_string(::getpid())) {
        std::filesystem::copy_file(PROGRAM_PROBE, path_,
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::permissions(path_, std::filesystem::perms(0755));
    }
    ~ProbeAsNobody() { ::unlink(path_.c_str()); }
    ProgramEnd run(std::vector<std::string> arguments) const {
        ProgramCall call = probe(std::move(arguments));
        call.program = path_;
        call.user = ::getpwnam("nobody")->pw_uid;
        return run_program(call);
    }
    std::string sudo_line(const std::string& arguments) const {
        return "\nThe user of the service may: sudo -u daemon " + path_ + " " + arguments + "\n";
    }

  private:
    std::string path_;
};

}  // namespace

TEST_CASE("another user without the rights is shown the line that works") {
    if (::geteuid() != 0) return domspool::test::not_run("only root can become somebody else");
    const ProbeAsNobody nobody;
    const ProgramEnd end = nobody.run({"become", "daemon", "rights"});
    CHECK(end.code == 77);
    CHECK(end.err == "program-probe: cannot read 'x'" + nobody.sudo_line("become daemon rights"));
}

TEST_CASE("a ledger that another user may not use stops the program at once") {
    if (::geteuid() != 0) return domspool::test::not_run("only root can become somebody else");
    const domspool::test::Scratch scratch;
    const std::string ledger = scratch / "ledger.db";
    domspool::test::write_text(ledger, "");
    const ProbeAsNobody nobody;
    const ProgramEnd end = nobody.run({"become", "daemon", ledger});
    CHECK(end.code == 77);
    CHECK(end.out.empty());
    CHECK(end.err == "program-probe: cannot use the ledger '" + ledger +
                         "': it belongs to the user of the service" +
                         nobody.sudo_line("become daemon " + ledger));
}

TEST_CASE("a program that is the service's user is not told to become it") {
    if (::geteuid() != 0) return domspool::test::not_run("only root can become somebody else");
    const ProgramEnd end = end_of({"become", "nobody", "rights"});
    CHECK(end.code == 77);
    CHECK(end.err == "program-probe: cannot read 'x'\n");
}
