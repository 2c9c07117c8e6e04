// Mail over SMTP, through Poco's client.
#pragma once

#include "mail/mailer.h"
#include "util/secret.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace domspool {

struct SmtpSettings {
    enum class Tls { none, starttls, tls };
    std::string host = "localhost";
    std::uint16_t port = 25;
    Tls tls = Tls::none;
    std::string user;  // "": no login
    Secret password;
    std::string ca_file;                                            // "": the system's authorities
    std::string own_name = "localhost";                             // told to the server
    std::chrono::milliseconds deadline = std::chrono::seconds(60);  // connection to last answer
};

// With TLS the server's certificate and name are verified before anything is said that matters; a
// server that does not offer STARTTLS, or refuses it, gets neither the login nor the mail. A
// recipient the server refuses does not keep the mail from the others.
class SmtpMailer : public Mailer {
  public:
    explicit SmtpMailer(SmtpSettings settings) : settings_(std::move(settings)) {}
    Delivery deliver(const Mail& mail) override;
    // The same to the point where the mail itself would be sent, which is not: whether the server
    // lets us in, and takes mail of this sender for these recipients.
    Delivery rehearse(const Mail& mail);

  private:
    enum class Upto { announced, sent };
    Delivery talk(const Mail& mail, Upto upto);

    const SmtpSettings settings_;
};

}  // namespace domspool
