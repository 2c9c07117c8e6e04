// How reports are mailed, by the settings: for the program that mails and the one that looks at it.
#pragma once

#include "app/settings.h"
#include "mail/smtp_mailer.h"

#include <vector>

namespace domspool {

// With the password of the login, if there is one: RunFailure as read_secret().
SmtpSettings smtp_settings(const Settings& settings);

// Of settings that were read: they are addresses. report.from must be set.
MailAddress report_sender(const Settings& settings);
std::vector<MailAddress> report_recipients(const Settings& settings);

// As the machine calls itself; "localhost" if it does not.
std::string host_name();

}  // namespace domspool
