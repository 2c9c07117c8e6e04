// What the call log shows of a call: no password, session or EPP code, and nothing about a person.
#pragma once

#include "sandbox/functions/function.h"
#include "util/secret.h"

#include <string>

namespace domspool::sandbox {

class CallLogWords {
  public:
    // The password is removed wherever it stands.
    explicit CallLogWords(Secret password) : password_(std::move(password)) {}

    // The domain, contact or operation a call is about; "" if it is about none.
    std::string target(const Arguments& arguments) const;
    // "domain=example.com&idOwner=GK501"
    std::string parameters(const Function& function, const Arguments& arguments) const;

  private:
    std::string shown(const Part& part, const soap::Value& value) const;

    Secret password_;
};

}  // namespace domspool::sandbox
