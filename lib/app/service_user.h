// The user the service belongs to: programs started as root become it.
#pragma once

#include <string>
#include <vector>

namespace domspool {

// As root: takes the user's groups, group and id, for good, makes sure that there is no way back,
// and names the user's home in HOME. As anybody else, and for "" or "root": nothing. RunFailure
// settings_or_ledger (no such user), our_bug if the kernel will not.
void become_user(const std::string& user);

// "sudo -u domspool domain-register march.csv" if this process is neither root nor that user, and
// there is such a user; else "". `words` are the command line, quoted for the shell where needed.
std::string sudo_line(const std::string& user, const std::vector<std::string>& words);

// Who started the program: the person behind sudo, else the user. To be asked before it becomes
// another one.
std::string person_at_work();

}  // namespace domspool
