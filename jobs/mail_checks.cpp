#include "jobs/mail_checks.h"

#include "util/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace domspool {

namespace {

constexpr const char* kCheck = "mail";

std::string recipients_in_words(const MailRoute& route) {
    std::string list;
    for (const MailAddress& to : route.to) list += (list.empty() ? "" : ", ") + to.address();
    return list;
}

Finding check_sendmail(const std::string& path) {
    struct stat about {};
    std::string cause;
    if (::stat(path.c_str(), &about) != 0) {
        cause = file::cause_of(errno);
    } else if (!S_ISREG(about.st_mode)) {
        cause = "it is no file";
    } else if (::access(path.c_str(), X_OK) != 0) {
        cause = file::cause_of(errno);
    }
    if (cause.empty()) return Finding::ok(kCheck, "'" + path + "' is there, and we may run it");
    return Finding::wrong(ExitCode::settings_or_ledger, kCheck,
                          "cannot run '" + path + "': " + cause,
                          "install a mail server that brings it, correct report.sendmail, or take "
                          "it away and set report.smtp");
}

std::string way_in(const SmtpSettings& smtp) {
    const std::string user = smtp.user.empty() ? "" : ", logged in as " + smtp.user;
    switch (smtp.tls) {
        case SmtpSettings::Tls::none:
            return "unencrypted" + user;
        case SmtpSettings::Tls::starttls:
            return "STARTTLS" + user;
        case SmtpSettings::Tls::tls:
            return "TLS" + user;
    }
    our_bug("a way to a mail server without words", __FILE__, __LINE__);
}

std::vector<Finding> check_server(const MailRoute& route, const SmtpSettings& smtp) {
    const std::string server = fmt::format("{}:{}", smtp.host, smtp.port);
    const Delivery delivery = SmtpMailer(smtp).rehearse({*route.from, route.to, ""});
    if (delivery.verdict != Delivery::Verdict::accepted) {
        return {Finding::wrong(ExitCode::try_later, kCheck, server + ": " + delivery.cause,
                               "is the mail server running, and are report.smtp and report.from "
                               "what it wants? A report that nobody takes is kept")};
    }
    std::vector<Finding> findings{Finding::ok(
        kCheck,
        fmt::format("{} takes mail of {} ({})", server, route.from->address(), way_in(smtp)))};
    for (const std::string& refused : delivery.refused) {
        findings.push_back(Finding::warning(kCheck, server + " refuses " + refused,
                                            "correct report.to; the others get the report"));
    }
    return findings;
}

}  // namespace

std::vector<Finding> check_mail(const MailRoute& route) {
    if (route.to.empty()) {
        return {Finding::warning(kCheck, "report.to names nobody: no report is mailed",
                                 "name who is to know what was ordered, and what failed")};
    }
    std::vector<Finding> findings{
        Finding::ok(kCheck, "reports go to " + recipients_in_words(route))};
    if (!route.sendmail.empty()) {
        findings.push_back(check_sendmail(route.sendmail));
    } else if (!route.is_offline) {
        for (Finding& finding : check_server(route, route.smtp())) {
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace domspool
