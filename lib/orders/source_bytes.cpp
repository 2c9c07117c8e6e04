#include "orders/source_bytes.h"

#include "util/utf8.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::size_t kLineShown = 16;

std::string size_text(std::size_t bytes) {
    constexpr std::size_t kMega = 1u << 20;
    if (bytes >= kMega && bytes % kMega == 0) return std::to_string(bytes / kMega) + " MB";
    return std::to_string(bytes) + " bytes";
}

// How many bytes at the end may be the beginning of a character.
std::size_t torn_bytes(std::string_view text) {
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte < 0x80) return 0;
        if (byte < 0xc0) continue;
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return length > back ? back : 0;
    }
    return 0;
}

bool is_utf16(std::string_view text) {
    return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

struct Beginning {
    std::string_view bytes;
    const char* what;
};

// What is saved under the name of an order file now and then.
constexpr Beginning kForeign[] = {
    {"PK\x03\x04",
     "is a workbook (xlsx, ods) or an archive that is only named like an order file; "
     "save it as CSV with the encoding UTF-8"},
    {"\xd0\xcf\x11\xe0",
     "is a workbook (xls) that is only named like an order file; save it as "
     "CSV with the encoding UTF-8"},
    {"%PDF", "is a PDF, only named like an order file"},
    {"{\\rtf", "is a document (RTF), only named like an order file; save it as plain text"},
    {"\x1f\x8b", "is packed (gzip); unpack it first"},
    {"<",
     "is a web page or XML, only named like an order file; save it as CSV with the encoding "
     "UTF-8"},
};

// Lines of the first piece that end in CR alone; a header line has no other.
bool has_lines_of_cr(std::string_view text) {
    const std::size_t end = text.find_first_of("\r\n");
    return end != std::string_view::npos && text[end] == '\r' && end + 1 < text.size() &&
           text[end + 1] != '\n';
}

// "" if the file may be an order file.
std::string foreign_form(std::string_view text) {
    if (is_utf16(text)) return "is UTF-16; save it as UTF-8";
    for (const Beginning& foreign : kForeign) {
        if (text.starts_with(foreign.bytes)) return foreign.what;
    }
    if (has_lines_of_cr(text)) {
        return "has lines that end in CR alone; save it with LF or CRLF at the end of lines";
    }
    return "";
}

}  // namespace

std::string larger_than(std::size_t limit) {
    return "is larger than " + size_text(limit) + ", the limit for order files";
}

std::string_view SourceBytes::next() {
    if (is_at_end_ || !trouble_.empty()) return {};
    read_piece();
    if (is_first_) skip_byte_order_mark();
    keep_whole_characters();
    find_trouble();
    // A piece may hold nothing but a byte order mark, or half a character.
    return piece_.empty() && !is_at_end_ && trouble_.empty() ? next() : piece_;
}

void SourceBytes::read_piece() {
    piece_ = torn_;
    torn_.clear();
    const std::size_t before = piece_.size();
    piece_.resize(before + kPiece);
    in_.read(piece_.data() + before, kPiece);
    const auto count = static_cast<std::size_t>(std::max<std::streamsize>(in_.gcount(), 0));
    piece_.resize(before + count);
    is_at_end_ = count < kPiece;
    const std::string_view read = std::string_view(piece_).substr(before);
    digest_.update(read.data(), static_cast<unsigned>(read.size()));
    note_end_of(read);
    bytes_ += count;
    if (bytes_ > limit_) {
        trouble_ = larger_than(limit_);
        piece_.clear();
    } else if (in_.bad()) {
        trouble_ = "cannot be read to its end";
    }
}

void SourceBytes::skip_byte_order_mark() {
    is_first_ = false;
    if (piece_.starts_with(utf8::kByteOrderMark)) piece_.erase(0, utf8::kByteOrderMark.size());
    if (!trouble_.empty()) return;
    trouble_ = foreign_form(piece_);
    if (!trouble_.empty()) piece_.clear();
}

void SourceBytes::keep_whole_characters() {
    if (is_at_end_) return;
    const std::size_t torn = torn_bytes(piece_);
    torn_ = piece_.substr(piece_.size() - torn);
    piece_.erase(piece_.size() - torn);
}

void SourceBytes::find_trouble() {
    if (!trouble_.empty()) return;
    const bool has_nul = piece_.find('\0') != std::string::npos;
    if (!has_nul && utf8::is_valid(piece_)) {
        line_ += static_cast<int>(std::count(piece_.begin(), piece_.end(), '\n'));
        return;
    }
    std::size_t at = 0;
    while (piece_[at] != '\0') {
        const std::size_t length = utf8::first_character(std::string_view(piece_).substr(at)).bytes;
        if (length == 0) break;
        at += length;
    }
    trouble_ = piece_[at] == '\0' ? "holds a NUL byte: no text file"
                                  : "is not UTF-8; save it with the encoding UTF-8";
    piece_.resize(at);
    trouble_line_ = line_ + static_cast<int>(std::count(piece_.begin(), piece_.end(), '\n'));
}

void SourceBytes::note_end_of(std::string_view bytes) {
    if (bytes.empty()) return;
    last_byte_ = bytes.back();
    // Only the last few lines matter; a line without end is remembered by its beginning.
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos;
         end = bytes.find('\n')) {
        const std::size_t room = kLineShown - std::min(kLineShown, this_line_.size());
        this_line_ += bytes.substr(0, std::min(end, room));
        if (this_line_.find_first_not_of(" \t\r") != std::string::npos) last_line_ = this_line_;
        this_line_.clear();
        bytes.remove_prefix(end + 1);
    }
    const std::size_t room = kLineShown - std::min(kLineShown, this_line_.size());
    this_line_ += bytes.substr(0, room);
}

void SourceBytes::drain() {
    while (!is_at_end_ && bytes_ <= limit_) read_piece();
    torn_.clear();
    piece_.clear();
}

std::string SourceBytes::last_line() const {
    const bool is_open = this_line_.find_first_not_of(" \t\r") != std::string::npos;
    std::string line = is_open ? this_line_ : last_line_;
    line.erase(line.find_last_not_of(" \t\r") + 1);
    return line;
}

std::string SourceBytes::content_hash() {
    return Poco::DigestEngine::digestToHex(digest_.digest());
}

}  // namespace domspool
