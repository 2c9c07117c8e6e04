// A mail as text: headers and parts, ready for any server (7 bits, lines of at most 78, CRLF).
#pragma once

#include "mail/mail_address.h"
#include "util/clock.h"

#include <string>
#include <vector>

namespace domspool {

struct MailContent {
    std::string subject, message_id;  // the id with its < and >
    UtcTime date{};
    std::string text, html;  // UTF-8
    std::string png;         // shown by the HTML as kPictureSource; "": none
    std::string csv;         // attached as csv_name; "": none
    std::string csv_name = "orders.csv";
};

// The address of the picture in the HTML.
inline constexpr const char* kPictureSource = "cid:chart@domspool";

// All but the headers From and To: those are added when the mail is sent, so that a mail which
// could not be delivered goes to the addresses of then.
std::string mail_text(const MailContent& content);

// The two headers, to stand before mail_text.
std::string address_headers(const MailAddress& from, const std::vector<MailAddress>& to);

// "<...@DOMAIN>", different each time; the domain of the sender's address.
std::string new_message_id(const MailAddress& from);

// Base64 in lines of 76, each ended by CRLF; in one line without end if `lines` is none.
enum class Lines { none, of_76 };
std::string base64(std::string_view bytes, Lines lines);

}  // namespace domspool
