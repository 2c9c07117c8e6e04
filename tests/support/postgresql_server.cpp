#include "support/postgresql_server.h"

#include "support/scratch.h"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

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

void prefer_memory() {
    constexpr std::uintmax_t kRoom = 2'000'000'000;
    std::error_code failed;
    const auto space = std::filesystem::space("/dev/shm", failed);
    if (!failed && space.available > kRoom) ::setenv("TMPDIR", "/dev/shm", 0);
}

PostgresqlServer::PostgresqlServer(const std::string& folder) : folder_(folder) {
    make_folder(folder_);
    const std::string log = folder_ + "/log";
    if (run({kPrograms + "initdb", "-D", folder_ + "/data", "-U", "domspool", "-A", "trust", "-N",
             "--no-locale", "-E", "UTF8"},
            log) != 0) {
        throw std::runtime_error("initdb (package postgresql-15) failed: " + read_text(log));
    }
    start();
}

PostgresqlServer::~PostgresqlServer() {
    if (server_ < 0) return;
    ::kill(server_, SIGINT);
    end_of(server_);
}

void PostgresqlServer::start(const std::vector<std::string>& settings) {
    const std::string log = folder_ + "/log";
    std::vector<std::string> command = {
        kPrograms + "postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses="};
    for (const std::string& setting : settings) {
        command.insert(command.end(), {"-c", setting});
    }
    server_ = domspool::test::start(command, log);
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (run({kPrograms + "pg_isready", "-q", "-h", folder_}, log) != 0) {
        if (std::chrono::steady_clock::now() > patience_ends) {
            throw std::runtime_error("the server does not answer: " + read_text(log));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

// Its children notice by themselves that the first of them has gone.
void PostgresqlServer::crash() {
    ::kill(server_, SIGQUIT);
    end_of(server_);
    server_ = -1;
}

int PostgresqlServer::psql(const std::vector<std::string>& arguments, const std::string& output) {
    std::vector<std::string> command = {kPrograms + "psql", "-X", "-q",      "-h", folder_, "-U",
                                        "domspool",         "-d", "postgres"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::filesystem::remove(output);
    return run(command, output);
}

std::string PostgresqlServer::complaints_about(const std::vector<std::string>& statements) {
    const std::string script = folder_ + "/script.sql", said = folder_ + "/said";
    std::string text;
    for (const std::string& statement : statements) text += statement + ";\n";
    write_text(script, text);
    const int exit = psql({"-f", script}, said);
    const std::string words = read_text(said);
    return exit == 0 ? words : words + "psql ended with " + std::to_string(exit) + "\n";
}

std::string PostgresqlServer::answer_to(const std::string& question) {
    const std::string said = folder_ + "/answer";
    const int exit = psql({"-A", "-t", "-c", question}, said);
    if (exit != 0) throw std::runtime_error("psql: " + read_text(said));
    return read_text(said);
}

std::string PostgresqlServer::database(const std::string& name) const {
    return "postgresql://domspool@/" + name + "?host=" + folder_;
}

std::string PostgresqlServer::new_ledger(const std::string& files) {
    const std::string name = "ledger_" + std::to_string(++ledgers_);
    const std::string trouble = complaints_about({"CREATE DATABASE " + name});
    if (!trouble.empty()) throw std::runtime_error("cannot make a database: " + trouble);
    return database(name) + "&files=" + files;
}

void PostgresqlServer::dump(const std::string& name) {
    const std::string said = folder_ + "/said";
    const int exit = run({kPrograms + "pg_dump", "-h", folder_, "-U", "domspool", "-f",
                          folder_ + "/" + name + ".dump", name},
                         said);
    if (exit != 0) throw std::runtime_error("pg_dump: " + read_text(said));
}

void PostgresqlServer::put_back(const std::string& name) {
    const std::string trouble =
        complaints_about({"DROP DATABASE " + name, "CREATE DATABASE " + name});
    const std::string said = folder_ + "/said";
    const int exit =
        psql({"-d", name, "-v", "ON_ERROR_STOP=1", "-f", folder_ + "/" + name + ".dump"}, said);
    if (!trouble.empty() || exit != 0) {
        throw std::runtime_error("cannot put back a dump: " + trouble + read_text(said));
    }
}

int PostgresqlServer::sessions() {
    return std::stoi(
        answer_to("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'domspool'"));
}

void PostgresqlServer::end_sessions() {
    answer_to(
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'domspool'");
}

}  // namespace domspool::test
