// Where a password stands, and how it is read from there. Never on a command line.
#pragma once

#include "util/secret.h"

#include <string>

namespace domspool {

// At most one of the three is set.
struct SecretPlace {
    std::string file;        // 0600 or 0400, of the user running or of root
    std::string variable;    // name of an environment variable
    std::string credential;  // name in systemd's $CREDENTIALS_DIRECTORY
    bool is_set() const { return !file.empty() || !variable.empty() || !credential.empty(); }
};

// Reads it, without the line's end, and remembers it for redaction. `setting` is where the place is
// named, "registrar". RunFailure settings_or_ledger (no place named, missing, empty, several
// lines), no_permission (others may read it).
Secret read_secret(const SecretPlace& place, const std::string& setting);

}  // namespace domspool
