#include "app/secret_place.h"

#include "util/failure.h"
#include "util/file.h"
#include "util/redact.h"

#include <cstdlib>

namespace domspool {

namespace {

constexpr std::size_t kLongestSecret = 4096;

[[noreturn]] void fail(const std::string& reason) {
    throw RunFailure(ExitCode::settings_or_ledger, reason);
}

std::string read_secret_file(const std::string& path, const std::string& key) {
    try {
        return file::read_private(path, kLongestSecret);
    } catch (const RunFailure& failure) {
        if (failure.code() == ExitCode::no_permission) throw;
        fail(std::string(failure.what()) + " (named by " + key + ")");
    }
}

std::string read_variable(const std::string& name, const std::string& key) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
        fail("cannot read the environment variable '" + name + "' named by " + key +
             ": it is not set");
    }
    return value;
}

std::string read_credential(const std::string& name, const std::string& key) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        fail("cannot read the credential '" + name + "' named by " + key +
             ": $CREDENTIALS_DIRECTORY is not set; start the program from its systemd unit");
    }
    return read_secret_file(std::string(folder) + "/" + name, key);
}

std::string without_line_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace

Secret read_secret(const SecretPlace& place, const std::string& setting) {
    std::string text, key;
    if (!place.file.empty()) {
        key = setting + ".secret_file";
        text = read_secret_file(place.file, key);
    } else if (!place.variable.empty()) {
        key = setting + ".secret_env";
        text = read_variable(place.variable, key);
    } else if (!place.credential.empty()) {
        key = setting + ".secret_credential";
        text = read_credential(place.credential, key);
    } else {
        fail("no password is named in the settings; add " + setting +
             ".secret_file, .secret_env or .secret_credential");
    }
    const Secret secret(without_line_end(std::move(text)));
    if (secret.empty()) fail("the secret named by " + key + " is empty");
    if (secret.reveal().find_first_of(std::string("\n\r\0", 3)) != std::string::npos) {
        fail("the secret named by " + key + " has several lines; it must be one");
    }
    redact::remember(secret);
    return secret;
}

}  // namespace domspool
