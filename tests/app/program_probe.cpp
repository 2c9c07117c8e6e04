// A program that does what its test tells it to, inside the frame of every program.
#include "app/program.h"
#include "app/settings.h"
#include "registrar/registrar.h"
#include "store/connection.h"
#include "util/redact.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <new>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace domspool;

namespace {

const ProgramManual kManual{.text = R"(
NAME         program-probe: do what a test says
READS        nothing
WRITES       standard output
EXIT         0 all well
AFTER CRASH  start it again
)",
                            .least_arguments = 1,
                            .most_arguments = 3};

std::string limits() {
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    const mode_t mask = ::umask(0077);
    return "umask " + std::to_string(mask) + " core " + std::to_string(core.rlim_cur) +
           " dumpable " + std::to_string(::prctl(PR_GET_DUMPABLE)) + "\n";
}

std::string identity() {
    const char* home = std::getenv("HOME");
    return "user " + std::to_string(::getuid()) + " " + std::to_string(::geteuid()) + " group " +
           std::to_string(::getgid()) + " groups " + std::to_string(::getgroups(0, nullptr)) +
           " dumpable " + std::to_string(::prctl(PR_GET_DUMPABLE)) + " home " +
           (home == nullptr ? "none" : home) + "\n";
}

void fail_as(const std::string& how) {
    if (how == "run") throw RunFailure(ExitCode::try_later, "cannot go on 'now'; wait");
    if (how == "rights") throw RunFailure(ExitCode::no_permission, "cannot read 'x'");
    if (how == "full") throw store::StoreError(store::Trouble::full_or_io, "disk full");
    if (how == "busy") throw store::StoreError(store::Trouble::busy, "busy");
    if (how == "unreachable") {
        throw QueryFailure(QueryFailure::Why::unreachable, "", "no connection");
    }
    if (how == "login") throw QueryFailure(QueryFailure::Why::login_refused, "E01", "refused");
    if (how == "bug") DOMSPOOL_ASSERT(how.empty());
    if (how == "memory") throw std::bad_alloc();
}

void print_much(Program& program) {
    for (int i = 0; i < 100'000; ++i) program.print("a line of output\n");
}

void obey(Program& program) {
    const std::string& what = program.line().arguments().front();
    const auto& words = program.line().arguments();
    if (what == "limits") program.print(limits());
    if (what == "fail") fail_as(words.at(1));
    if (what == "much") print_much(program);
    if (what == "complain") {
        program.print("before\n");
        program.complain(ExitCode::some_orders_wrong, words.at(1));
        program.print("after\n");
        program.complain(ExitCode::file_refused, "and a graver one");
    }
    if (what == "secret") {
        redact::remember(Secret("very-secret"));
        program.complain(ExitCode::some_orders_wrong, "login with very-secret refused");
    }
    if (what == "become") {
        Settings settings;
        settings.user = words.at(1);
        if (words.size() == 3 && words.at(2).starts_with('/')) settings.ledger = words.at(2);
        program.become_service_user(settings);
        program.print(identity());
        if (words.size() == 3) fail_as(words.at(2));
    }
    if (what == "open") {
        program.print("descriptor " + std::to_string(::open("/dev/null", O_WRONLY)) + "\n");
    }
    if (what == "fault") ::raise(SIGSEGV);
    if (what == "progress") {
        program.show_progress("half way");
        program.print("a line\n");
        program.show_progress("nearly there");
    }
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, kManual, obey);
}
