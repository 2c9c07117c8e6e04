#include "mail/mail_message.h"

#include <Poco/Base64Encoder.h>

#include <array>
#include <random>
#include <sstream>

namespace domspool {

namespace {

// "=_" stands in no base64, so no boundary can stand in a part.
constexpr std::string_view kMixed = "=_mixed";
constexpr std::string_view kRelated = "=_related";
constexpr std::string_view kAlternative = "=_alternative";

std::string begin_of(std::string_view boundary) {
    return "--" + std::string(boundary) + "\r\n";
}

std::string end_of(std::string_view boundary) {
    return "--" + std::string(boundary) + "--\r\n";
}

std::string multipart(const std::string& kind, std::string_view boundary) {
    return "Content-Type: multipart/" + kind + "; boundary=\"" + std::string(boundary) +
           "\"\r\n\r\n";
}

std::string part(const std::string& type, const std::string& more, std::string_view bytes) {
    return "Content-Type: " + type + "\r\n" + more + "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64(bytes, Lines::of_76);
}

// RFC 5322, 3.3: "Wed, 25 Nov 2026 07:00:00 +0000".
std::string mail_date(UtcTime time) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::string iso = to_iso(time);
    return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " + iso.substr(8, 2) +
           " " + kMonths[static_cast<unsigned>(date.month()) - 1] + " " + iso.substr(0, 4) + " " +
           iso.substr(11, 8) + " +0000";
}

std::string alternative(const MailContent& content) {
    std::string html = part("text/html; charset=utf-8", "", content.html);
    if (!content.png.empty()) {
        html = multipart("related; type=\"text/html\"", kRelated) + begin_of(kRelated) + html +
               begin_of(kRelated) +
               part("image/png; name=\"chart.png\"",
                    "Content-ID: <chart@domspool>\r\n"
                    "Content-Disposition: inline; filename=\"chart.png\"\r\n",
                    content.png) +
               end_of(kRelated);
    }
    return multipart("alternative", kAlternative) + begin_of(kAlternative) +
           part("text/plain; charset=utf-8", "", content.text) + begin_of(kAlternative) + html +
           end_of(kAlternative);
}

}  // namespace

std::string base64(std::string_view bytes, Lines lines) {
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.rdbuf()->setLineLength(lines == Lines::of_76 ? 76 : 0);
    encoder.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    encoder.close();
    const bool ends_line = lines == Lines::none || bytes.empty();
    return out.str() + (ends_line ? "" : "\r\n");
}

std::string mail_text(const MailContent& content) {
    std::string mail = "Subject: " + header_text(content.subject) +
                       "\r\nDate: " + mail_date(content.date) +
                       "\r\nMessage-ID: " + content.message_id +
                       "\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n";
    if (content.csv.empty()) return mail + alternative(content);
    return mail + multipart("mixed", kMixed) + begin_of(kMixed) + alternative(content) +
           begin_of(kMixed) +
           part("text/csv; charset=utf-8; name=\"" + content.csv_name + "\"",
                "Content-Disposition: attachment; filename=\"" + content.csv_name + "\"\r\n",
                content.csv) +
           end_of(kMixed);
}

std::string address_headers(const MailAddress& from, const std::vector<MailAddress>& to) {
    std::string headers = "From: " + from.header_form() + "\r\nTo: ", separator;
    for (const MailAddress& address : to) {
        headers += separator + address.header_form();
        separator = ",\r\n ";
    }
    return headers + "\r\n";
}

std::string new_message_id(const MailAddress& from) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::random_device random;
    std::string id = "<domspool.";
    for (int i = 0; i < 32; ++i) id += kDigits[random() & 15U];
    return id + from.address().substr(from.address().rfind('@')) + ">";
}

}  // namespace domspool
