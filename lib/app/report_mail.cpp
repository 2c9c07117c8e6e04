#include "app/report_mail.h"

#include "util/failure.h"

#include <array>
#include <cctype>
#include <unistd.h>

namespace domspool {

namespace {

MailAddress address_of(const std::string& text) {
    const auto address = MailAddress::parse(text);
    DOMSPOOL_ASSERT(address.has_value());
    return *address;
}

}  // namespace

SmtpSettings smtp_settings(const Settings& settings) {
    const Settings::Smtp& smtp = settings.report.smtp;
    SmtpSettings result;
    result.host = smtp.host;
    result.port = static_cast<std::uint16_t>(smtp.port);
    result.tls = smtp.tls;
    result.user = smtp.user;
    if (!smtp.user.empty()) result.password = read_secret(smtp.secret, "report.smtp");
    result.ca_file = smtp.ca_file;
    result.own_name = host_name();
    return result;
}

MailAddress report_sender(const Settings& settings) {
    return address_of(settings.report.from);
}

std::vector<MailAddress> report_recipients(const Settings& settings) {
    std::vector<MailAddress> recipients;
    for (const std::string& to : settings.report.to) recipients.push_back(address_of(to));
    return recipients;
}

// As it stands in subjects and greetings: letters, digits, dots and dashes.
std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    std::string host(name.data());
    std::erase_if(host,
                  [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-'; });
    return host.empty() ? "localhost" : host;
}

}  // namespace domspool
