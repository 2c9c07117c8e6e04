// A domain name in its one stored form: lower-case IDNA2008 A-labels, without the last dot.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <variant>

namespace domspool {

// A DomainName that exists is valid: 2 or more labels of 1 to 63 of [a-z0-9-], at most 253
// characters, every xn-- label an A-label that IDNA2008 gives back unchanged.
class DomainName {
  public:
    struct Refusal {
        std::string reason;  // "a label holds '_'; letters, digits and '-' are allowed"
    };
    // Any letter case, Unicode or A-label; a name IDNA would change in more than letter case and
    // normal form is refused, the reason showing what it would become. So is one that could be two
    // (İ, ẞ, Σ at a word's end, invisible signs), the reason showing both.
    static std::variant<DomainName, Refusal> parse(std::string_view text);
    // For text known to be valid (our own ledger); throws std::invalid_argument otherwise.
    static DomainName from_stored(std::string_view text);

    const std::string& ascii() const { return ascii_; }
    std::string unicode() const;
    // Both forms where they differ: "xn--bcher-kva.example (bücher.example)".
    std::string shown() const;
    // All behind the first label: "co.uk" of "example.co.uk".
    std::string extension() const;

    friend auto operator<=>(const DomainName&, const DomainName&) = default;

  private:
    explicit DomainName(std::string ascii) : ascii_(std::move(ascii)) {}
    std::string ascii_;
};

}  // namespace domspool
