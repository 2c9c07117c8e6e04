// How the sandbox says no: a fault with a code in the registrar's form.
#pragma once

#include <stdexcept>
#include <string>

namespace domspool::sandbox {

// Where the public pages name a code it is theirs; the others are made up in the same form
// (E<family>-M<family><number>), and marked so.
namespace code {
inline constexpr const char* kWrongLogin = "E01-M0101";
inline constexpr const char* kTooManySessions = "E01-M0110";  // made up
inline constexpr const char* kSessionUnknown = "E02-M0201";   // family known
inline constexpr const char* kCheckQuota = "E03-M0301";       // made up
inline constexpr const char* kParameter = "E10-M1001";        // made up
inline constexpr const char* kContactData = "E11-M1101";      // made up
inline constexpr const char* kContactUnknown = "E11-M1102";   // made up
inline constexpr const char* kContactKind = "E11-M1103";      // made up
inline constexpr const char* kContactInUse = "E11-M1105";     // made up
inline constexpr const char* kOperationClosed = "E12-M1204";
inline constexpr const char* kOperationPending = "E12-M1210";  // made up
inline constexpr const char* kOperationUnknown = "E12-M1211";  // made up
inline constexpr const char* kOperationEnded = "E12-M1212";    // made up
inline constexpr const char* kNotOffered = "E12-M1220";        // made up
inline constexpr const char* kDomainName = "E13-M1305";
inline constexpr const char* kNotAvailable = "E13-M1306";  // made up; of a Failed operation
inline constexpr const char* kDuration = "E13-M1307";      // made up
inline constexpr const char* kNameservers = "E13-M1308";   // made up
inline constexpr const char* kDomainNotYours = "E15-M1502";
inline constexpr const char* kAlreadyYours = "E15-M1503";  // made up
inline constexpr const char* kBalance = "E16-M1601";       // made up
inline constexpr const char* kUnknown = "E99-M9901";       // made up; of a misbehaviour
}  // namespace code

// Thrown before anything was changed; the call is answered by a fault, nothing of it stays.
class Refusal : public std::runtime_error {
  public:
    Refusal(std::string code, const std::string& text)
        : std::runtime_error(text), code_(std::move(code)) {}
    const std::string& code() const { return code_; }

  private:
    std::string code_;
};

}  // namespace domspool::sandbox
