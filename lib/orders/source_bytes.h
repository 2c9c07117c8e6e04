// The bytes of an order file as they are read: digested, counted, and looked at for what no order
// file holds.
#pragma once

#include <Poco/SHA2Engine.h>

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>

namespace domspool {

// "is larger than 64 MB, the limit for order files".
std::string larger_than(std::size_t limit);

// Hands out the file in pieces of valid UTF-8, without its byte order mark. Memory does not grow.
class SourceBytes {
  public:
    SourceBytes(std::istream& in, std::size_t limit) : in_(in), limit_(limit) {}

    // The next piece, valid until the next call; empty at the end, and where the trouble begins.
    std::string_view next();

    // What ended the reading early: not UTF-8, a NUL byte, too large, unreadable. "" if nothing.
    const std::string& trouble() const { return trouble_; }
    // Its line; 0: the whole file.
    int trouble_line() const { return trouble_line_; }

    // Reads what is left, only to digest it and to see how the file ends.
    void drain();
    bool ends_with_line_break() const { return last_byte_ == '\n'; }
    // The last line that is not empty, without blanks at its end; its first characters only.
    std::string last_line() const;
    // SHA-256 of all bytes, in hex. Only once, after drain().
    std::string content_hash();

  private:
    void read_piece();
    void skip_byte_order_mark();
    void keep_whole_characters();
    void find_trouble();
    void note_end_of(std::string_view bytes);

    std::istream& in_;
    const std::size_t limit_;
    std::size_t bytes_ = 0;
    int line_ = 1;
    std::string piece_, torn_;  // torn_: the beginning of a character whose rest is not read yet
    bool is_first_ = true, is_at_end_ = false;
    std::string trouble_;
    int trouble_line_ = 0;
    char last_byte_ = '\0';
    std::string this_line_, last_line_;
    Poco::SHA2Engine digest_;
};

}  // namespace domspool
