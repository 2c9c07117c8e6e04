// A text that must not be seen: password, session id, EPP code.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace domspool {

// Cannot be printed or joined to a text by accident; what needs it says reveal(). The memory is
// overwritten when it goes.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) = default;
    ~Secret() { wipe(); }

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }
    void wipe();

    friend bool operator==(const Secret&, const Secret&) = default;
    friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

  private:
    std::string text_;
};

}  // namespace domspool
