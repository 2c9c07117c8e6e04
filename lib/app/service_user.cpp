#include "app/service_user.h"

#include "app/shell_words.h"
#include "util/failure.h"
#include "util/visible_text.h"

#include <cstdlib>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace domspool {

namespace {

struct Account {
    uid_t user;
    gid_t group;
    std::string home;
};

std::optional<Account> account_of(const std::string& user) {
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr) return std::nullopt;
    return Account{entry->pw_uid, entry->pw_gid, entry->pw_dir};
}

}  // namespace

void become_user(const std::string& user) {
    if (::geteuid() != 0 || user.empty() || user == "root") return;
    const std::optional<Account> account = account_of(user);
    if (!account) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "cannot become the user '" + user +
                             "' of the settings: there is none; make it (" +
                             shell_line({"adduser", "--system", "--group", user}) +
                             ") or set user: in the settings");
    }
    if (account->user == 0) return;
    const bool is_changed = ::initgroups(user.c_str(), account->group) == 0 &&
                            ::setgid(account->group) == 0 && ::setuid(account->user) == 0;
    const bool has_way_back = ::setuid(0) == 0 || ::setgid(0) == 0;
    const bool is_it = ::getuid() == account->user && ::geteuid() == account->user &&
                       ::getgid() == account->group && ::getegid() == account->group;
    if (!is_changed || !is_it || has_way_back) {
        throw RunFailure(ExitCode::our_bug, "cannot become the user '" + user + "'");
    }
    ::prctl(PR_SET_DUMPABLE, 0);  // The kernel resets it with the user.
    // Where libraries look for files of the user: libpq for its .pgpass.
    ::setenv("HOME", account->home.c_str(), 1);
}

std::string sudo_line(const std::string& user, const std::vector<std::string>& words) {
    if (::geteuid() == 0 || user.empty()) return "";
    const std::optional<Account> account = account_of(user);
    if (!account || account->user == ::geteuid()) return "";
    std::vector<std::string> line{"sudo", "-u", user};
    line.insert(line.end(), words.begin(), words.end());
    return shell_line(line);
}

std::string person_at_work() {
    const char* behind_sudo = std::getenv("SUDO_USER");
    if (behind_sudo != nullptr && *behind_sudo != '\0') return visible_text(behind_sudo);
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_name : "user " + std::to_string(::getuid());
}

}  // namespace domspool
