#include "sandbox/server/serving.h"

#include "sandbox/server/answering.h"
#include "sandbox/server/dns_server.h"
#include "sandbox/server/http_server.h"
#include "util/clock.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/stop_flag.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdlib.h>
#include <tuple>
#include <unistd.h>

namespace domspool::sandbox {

namespace {

constexpr std::size_t kLongestPassword = 4096;

// A folder for the state of one run; goes with it.
class PrivateFolder {
  public:
    PrivateFolder() {
        const char* top = std::getenv("TMPDIR");
        path_ = std::string(top != nullptr && *top != '\0' ? top : "/tmp") +
                "/registrar-sandbox-XXXXXX";
        if (::mkdtemp(path_.data()) == nullptr) {
            throw RunFailure(ExitCode::cannot_create,
                             "cannot make a folder for the state; give --state FILE");
        }
    }
    ~PrivateFolder() {
        std::error_code ignored;  // A leftover in the temporary folder harms nobody.
        std::filesystem::remove_all(path_, ignored);
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    std::string state_file() const { return path_ + "/state.db"; }

  private:
    std::string path_;
};

Secret password_of(const RunOptions& options) {
    if (!options.password_file.empty()) {
        std::string text = file::read_private(options.password_file, kLongestPassword);
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        if (text.empty()) {
            throw RunFailure(ExitCode::usage,
                             "the password file '" + options.password_file + "' is empty");
        }
        return Secret(std::move(text));
    }
    const char* given = std::getenv("SANDBOX_PASSWORD");
    const bool is_given = given != nullptr && *given != '\0';
    return is_given ? Secret(given) : options.settings.password;
}

// It holds what a registrar's account holds; nobody else may read it or write into it.
void require_private_state(const std::string& path) {
    if (std::filesystem::exists(std::filesystem::symlink_status(path))) file::require_private(path);
}

// Tells the port while it is served, no longer.
class PortFile {
  public:
    PortFile(std::string path, const std::string& port) : path_(std::move(path)) {
        if (!path_.empty()) file::write_whole(path_, port + "\n");
    }
    ~PortFile() {
        if (!path_.empty()) std::ignore = ::unlink(path_.c_str());  // Gone already is as good.
    }
    PortFile(const PortFile&) = delete;
    PortFile& operator=(const PortFile&) = delete;

  private:
    std::string path_;
};

}  // namespace

void serve(RunOptions options, const std::function<void(const std::string&)>& announce) {
    StopFlag& stop = stop_on_signals();
    options.settings.password = password_of(options);
    std::unique_ptr<PrivateFolder> folder;
    if (options.state_file.empty()) {
        folder = std::make_unique<PrivateFolder>();
        options.state_file = folder->state_file();
    } else {
        require_private_state(options.state_file);
    }
    const SystemClock clock;
    Answering answering(options.state_file, options.settings, clock);
    for (const std::string& rule : options.rules) answering.add_rule(rule);
    HttpServer server(answering, options.port);
    DnsServer dns(answering, server.port());
    const std::string port = std::to_string(server.port());
    const PortFile port_file(options.port_file, port);
    announce("http://127.0.0.1:" + port + "/2.0/");
    while (!stop.wait_for(std::chrono::hours(1))) {
    }
    server.stop();
    dns.stop();
}

}  // namespace domspool::sandbox
