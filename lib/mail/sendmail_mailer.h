// Mail through the machine's own sendmail program.
#pragma once

#include "mail/mailer.h"

#include <chrono>
#include <string>

namespace domspool {

// Runs `PATH -i -f SENDER -- RECIPIENT...` with the mail as its input, and waits for its end. It
// gets an environment of PATH alone, and no open file of ours.
class SendmailMailer : public Mailer {
  public:
    explicit SendmailMailer(std::string path,
                            std::chrono::milliseconds deadline = std::chrono::seconds(60))
        : path_(std::move(path)), deadline_(deadline) {}
    Delivery deliver(const Mail& mail) override;

  private:
    const std::string path_;
    const std::chrono::milliseconds deadline_;
};

}  // namespace domspool
