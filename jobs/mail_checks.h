// Whether reports can be mailed: asks the mail server, and sends nothing.
#pragma once

#include "mail/smtp_mailer.h"
#include "report/terminal/finding.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct MailRoute {
    std::optional<MailAddress> from;
    std::vector<MailAddress> to;         // empty: nothing is mailed
    std::string sendmail;                // its path; "": by smtp
    std::function<SmtpSettings()> smtp;  // reads the password; its RunFailure comes through
    bool is_offline = false;             // the server is not asked
};

std::vector<Finding> check_mail(const MailRoute& route);

}  // namespace domspool
