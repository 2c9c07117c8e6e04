// A mail address, with or without the name of whom it belongs to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// "ops@example.net", "Ops <ops@example.net>", "\"Ops, night\" <ops@example.net>". What exists can
// break no header and no command of SMTP: no control characters, an ASCII address without blanks.
class MailAddress {
  public:
    static std::optional<MailAddress> parse(std::string_view text);

    const std::string& address() const { return address_; }
    const std::string& name() const { return name_; }  // UTF-8; "": none
    // As it stands in a header: the name quoted, or encoded (RFC 2047) where it is not ASCII.
    std::string header_form() const;

  private:
    std::string name_, address_;
};

// A text in a header: as it is if printable ASCII, else in encoded words (RFC 2047) that tear no
// character. What is no UTF-8 or a control character becomes visible first.
std::string header_text(std::string_view text);

}  // namespace domspool
