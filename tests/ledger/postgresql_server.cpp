#include "ledger/postgresql_server.h"

#include "support/scratch.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace domspool::test {

namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";

const passwd* other_user() {
    if (::geteuid() != 0) return nullptr;
    const passwd* user = ::getpwnam("postgres");
    if (user == nullptr) throw std::runtime_error("there is no user postgres: install it");
    return user;
}

[[noreturn]] void become(const passwd* user, const std::vector<std::string>& command,
                         const std::string& output) {
    const int file = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
    ::dup2(file, 1);
    ::dup2(file, 2);
    if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                            ::setuid(user->pw_uid) != 0)) {
        ::_exit(126);
    }
    std::vector<char*> arguments;
    for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

pid_t start(const std::vector<std::string>& command, const std::string& output) {
    const passwd* user = other_user();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) become(user, command, output);
    return child;
}

int end_of(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run(const std::vector<std::string>& command, const std::string& output) {
    return end_of(start(command, output));
}

// Owned by the user the server runs as, who must be able to walk to it.
void make_folder(const std::string& folder) {
    std::filesystem::create_directories(folder);
    const passwd* user = other_user();
    if (user == nullptr) return;
    const auto parent = std::filesystem::path(folder).parent_path();
    if (::chmod(parent.c_str(), 0711) != 0 ||
        ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("cannot give the folder to the server");
    }
}

}  // namespace

PostgresqlServer::PostgresqlServer(const std::string& folder) : folder_(folder) {
    make_folder(folder_);
    const std::string log = folder_ + "/log";
    const std::string data = folder_ + "/data";
    if (run({kPrograms + "initdb", "-D", data, "-U", "domspool", "-A", "trust", "-N", "--no-locale",
             "-E", "UTF8"},
            log) != 0) {
        throw std::runtime_error("initdb (package postgresql-15) failed: " + read_text(log));
    }
    server_ = start({kPrograms + "postgres", "-D", data, "-k", folder_, "-c",
                     "listen_addresses=", "-c", "fsync=off"},
                    log);
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (run({kPrograms + "pg_isready", "-q", "-h", folder_}, log) != 0) {
        if (std::chrono::steady_clock::now() > patience_ends) {
            throw std::runtime_error("the server does not answer: " + read_text(log));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

PostgresqlServer::~PostgresqlServer() {
    if (server_ < 0) return;
    ::kill(server_, SIGINT);
    end_of(server_);
}

std::string PostgresqlServer::complaints_about(const std::vector<std::string>& statements) {
    const std::string script = folder_ + "/script.sql", said = folder_ + "/said";
    std::string text;
    for (const std::string& statement : statements) text += statement + ";\n";
    write_text(script, text);
    std::filesystem::remove(said);
    const int exit = run({kPrograms + "psql", "-X", "-q", "-h", folder_, "-U", "domspool", "-d",
                          "postgres", "-f", script},
                         said);
    const std::string words = read_text(said);
    return exit == 0 ? words : words + "psql ended with " + std::to_string(exit) + "\n";
}

}  // namespace domspool::test
