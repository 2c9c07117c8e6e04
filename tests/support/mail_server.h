// A real mail server of a test's own, on loopback.
#pragma once

#include "support/running_program.h"
#include "support/scratch.h"
#include "support/tls_identity.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace domspool::test {

// A mail as the server took it.
struct TakenMail {
    std::string sender, user;  // user: who logged in
    std::vector<std::string> recipients;
    bool was_secure = false;
    std::string text;  // headers and body, lines ended by LF

    std::string header(const std::string& name) const;  // unfolded
    // The decoded parts of this type, "text/plain"; "" if there is none.
    std::string part(const std::string& type) const;
};

class MailServer {
  public:
    struct Wish {
        std::string mode = "accept";  // see mail_server.py
        std::string tls = "none";     // starttls, tls
        std::string user = "", password = "";
        std::string certified_name = "localhost";
    };
    MailServer();  // accepts everything
    explicit MailServer(const Wish& wish);

    std::uint16_t port() const { return port_; }
    std::string ca_file() const { return scratch_ / "ca.pem"; }
    std::vector<TakenMail> mails() const;

  private:
    Scratch scratch_;
    std::unique_ptr<RunningProgram> program_;
    std::uint16_t port_ = 0;
};

}  // namespace domspool::test
