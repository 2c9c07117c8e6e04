#include "ledger/sql/text_list.h"

#include "store/connection.h"

namespace domspool {

namespace {

void append_line(std::string& stored, std::string_view text) {
    for (const char c : text) {
        if (c == '\\') {
            stored += "\\\\";
        } else if (c == '\n') {
            stored += "\\n";
        } else if (c == '\r') {
            stored += "\\r";
        } else {
            stored += c;
        }
    }
    stored += '\n';
}

std::string unescaped(std::string_view line) {
    std::string text;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '\\' && at + 1 < line.size()) {
            ++at;
            text += line[at] == 'n' ? '\n' : line[at] == 'r' ? '\r' : line[at];
        } else {
            text += line[at];
        }
    }
    return text;
}

}  // namespace

std::string write_list(const std::vector<std::string>& texts) {
    std::string stored;
    for (const std::string& text : texts) append_line(stored, text);
    return stored;
}

std::vector<std::string> read_list(std::string_view stored) {
    std::vector<std::string> texts;
    for (std::string_view rest = stored; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        texts.push_back(unescaped(rest.substr(0, end)));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (write_list(texts) != stored) {
        throw store::StoreError(store::Trouble::corrupt, "a list in the ledger cannot be read");
    }
    return texts;
}

}  // namespace domspool
