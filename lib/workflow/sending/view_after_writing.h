// A registrar that is asked only when nothing of the asking lane is left unwritten: the answer to
// an attempt does not wait for a question that may take a minute.
#pragma once

#include "registrar/registrar.h"

#include <functional>
#include <utility>

namespace domspool {

// Passes every question through; calls `before` first. What that throws, the asker gets.
class ViewAfterWriting : public RegistrarView {
  public:
    ViewAfterWriting(RegistrarView& view, std::function<void()> before)
        : view_(view), before_(std::move(before)) {}

    AccountRecord account() override;
    ContactRecord contact(const std::string& contact_id) override;
    std::vector<ContactListRow> contacts(const std::string& filter,
                                         const std::string& field) override;
    std::optional<DomainRecord> domain(const DomainName& name) override;
    void domains(const std::string& filter,
                 const std::function<void(const std::string& domain)>& take) override;
    ExtensionRecord extension(const std::string& extension) override;
    std::map<std::string, bool> open_operations(const std::string& extension) override;
    PriceRecord price(const DomainName& name, const Secret& auth_code) override;
    OperationRecord operation(OperationId id) override;
    PendingList pending() override;
    std::vector<ZoneRow> zone(const DomainName& name) override;
    std::vector<SessionRecord> sessions() override;

  private:
    RegistrarView& asked();

    RegistrarView& view_;
    std::function<void()> before_;
};

// The same for a question to others, the DNS for one; none stays none.
template <typename Result, typename... About>
std::function<Result(About...)> asked_after(std::function<void()> before,
                                            std::function<Result(About...)> question) {
    if (!question) return nullptr;
    return [before = std::move(before), question = std::move(question)](About... about) {
        before();
        return question(std::forward<About>(about)...);
    };
}

}  // namespace domspool
