#include "workflow/sending/view_after_writing.h"

namespace domspool {

RegistrarView& ViewAfterWriting::asked() {
    before_();
    return view_;
}

AccountRecord ViewAfterWriting::account() {
    return asked().account();
}

ContactRecord ViewAfterWriting::contact(const std::string& contact_id) {
    return asked().contact(contact_id);
}

std::vector<ContactListRow> ViewAfterWriting::contacts(const std::string& filter,
                                                       const std::string& field) {
    return asked().contacts(filter, field);
}

std::optional<DomainRecord> ViewAfterWriting::domain(const DomainName& name) {
    return asked().domain(name);
}

void ViewAfterWriting::domains(const std::string& filter,
                               const std::function<void(const std::string& domain)>& take) {
    asked().domains(filter, take);
}

ExtensionRecord ViewAfterWriting::extension(const std::string& extension) {
    return asked().extension(extension);
}

std::map<std::string, bool> ViewAfterWriting::open_operations(const std::string& extension) {
    return asked().open_operations(extension);
}

PriceRecord ViewAfterWriting::price(const DomainName& name, const Secret& auth_code) {
    return asked().price(name, auth_code);
}

OperationRecord ViewAfterWriting::operation(OperationId id) {
    return asked().operation(id);
}

PendingList ViewAfterWriting::pending() {
    return asked().pending();
}

std::vector<ZoneRow> ViewAfterWriting::zone(const DomainName& name) {
    return asked().zone(name);
}

std::vector<SessionRecord> ViewAfterWriting::sessions() {
    return asked().sessions();
}

}  // namespace domspool
