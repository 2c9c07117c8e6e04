// Hands a mail over to somebody who delivers it.
#pragma once

#include "mail/mail_address.h"

#include <string>
#include <vector>

namespace domspool {

struct Mail {
    MailAddress from;
    std::vector<MailAddress> to;
    std::string text;  // headers and body, CRLF
};

struct Delivery {
    enum class Verdict {
        accepted,  // by the server, for at least one recipient
        not_now,   // surely not taken, or nobody knows: to be tried again as it is
        never,     // this very mail was refused for good
    };
    Verdict verdict = Verdict::not_now;
    std::string cause;                 // of a verdict that is not accepted
    std::vector<std::string> refused;  // recipients the server did not take, with its words
};

class Mailer {
  public:
    virtual ~Mailer() = default;
    // Returns within the mailer's deadline; throws nothing but RunFailure (settings).
    virtual Delivery deliver(const Mail& mail) = 0;
};

}  // namespace domspool
