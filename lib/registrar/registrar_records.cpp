#include "registrar/registrar_records.h"

#include <algorithm>

namespace domspool {
namespace {

// Upper case, '_' as a space, no blanks around.
std::string folded(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    std::string result(text);
    for (char& c : result) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == '_') c = ' ';
    }
    return result;
}

std::vector<std::string> items_of(std::string_view list) {
    std::vector<std::string> items;
    while (true) {
        const auto comma = list.find(',');
        items.push_back(folded(list.substr(0, comma)));
        if (comma == std::string_view::npos) return items;
        list.remove_prefix(comma + 1);
    }
}

bool says_only_how(const std::string& item) {
    return item == "HOLD" || item == "DELEGATED" || item == "NOT DELEGATED";
}

}  // namespace

FinalStatus final_status_of(std::string_view status) {
    const std::string word = folded(status);
    if (word == "DONE") return FinalStatus::done;
    if (word == "FAILED" || word == "ERROR" || word == "KO") return FinalStatus::failed;
    if (word == "CANCELLED" || word == "CANCELED") return FinalStatus::cancelled;
    return FinalStatus::not_final;
}

bool is_plain_pending(std::string_view status) {
    const std::string word = folded(status);
    return word.empty() || word == "PENDING";
}

std::string DomainRecord::main_status() const {
    const std::vector<std::string> items = items_of(status);
    const auto main = std::find_if_not(items.begin(), items.end(), says_only_how);
    return main != items.end() ? *main : items.front();
}

bool DomainRecord::has_flag(std::string_view flag) const {
    const std::vector<std::string> items = items_of(status);
    return std::find(items.begin(), items.end(), folded(flag)) != items.end();
}

bool DomainRecord::is_in_account() const {
    const std::string main = main_status();
    return main != "ERROR" && main != "DELETED" && main != "TRANSFERRED OUT";
}

}  // namespace domspool
