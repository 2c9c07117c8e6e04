#include "orders/source_bytes.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace domspool;

namespace {

struct Result {
    std::string text, trouble, hash, last_line;
    int line = 0;
    bool ends_with_line_break = false;
};

Result read(const std::string& bytes, std::size_t limit = 64u << 20) {
    std::istringstream in(bytes);
    SourceBytes source(in, limit);
    Result result;
    for (auto piece = source.next(); !piece.empty(); piece = source.next()) result.text += piece;
    source.drain();
    result.trouble = source.trouble();
    result.line = source.trouble_line();
    result.ends_with_line_break = source.ends_with_line_break();
    result.last_line = source.last_line();
    result.hash = source.content_hash();
    return result;
}

}  // namespace

TEST_CASE("text goes through as it is, without its byte order mark") {
    CHECK(read("domain\né\n").text == "domain\né\n");
    CHECK(read("\xef\xbb\xbf"
               "domain\n")
              .text == "domain\n");
    CHECK(read("").text == "");
    CHECK(read("\xef\xbb\xbf").text == "");
    CHECK(read("a\xef\xbb\xbf").text == "a\xef\xbb\xbf");
}

TEST_CASE("the digest is SHA-256 over all bytes") {
    // FIPS 180-2, appendix B.1.
    CHECK(read("abc").hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(read("\xef\xbb\xbf"
               "abc")
              .hash != read("abc").hash);
    // Also of what stands behind a trouble.
    CHECK(read(std::string("a\0b", 3)).hash != read(std::string("a\0c", 3)).hash);
}

TEST_CASE("characters may lie across the pieces") {
    // A piece has 64 KB; the four-byte characters begin at every place around its end.
    for (std::size_t ascii = 65'530; ascii <= 65'537; ++ascii) {
        const std::string text = std::string(ascii, 'a') + "\U0001F600é中\n";
        CAPTURE(ascii);
        const Result result = read(text);
        CHECK(result.trouble == "");
        CHECK(result.text == text);
    }
}

TEST_CASE("what is not UTF-8 is told with its line") {
    const Result latin = read("a\nb\ncaf\xe9;\nd\n");
    CHECK(latin.trouble == "is not UTF-8; save it with the encoding UTF-8");
    CHECK(latin.line == 3);
    CHECK(latin.text == "a\nb\ncaf");
    const Result late = read(std::string(70'000, '\n') + "\xff");
    CHECK(late.line == 70'001);
    CHECK(read("caf\xc3").trouble != "");
    CHECK(read("\xed\xa0\x80").trouble != "");
}

TEST_CASE("a NUL byte and UTF-16 are no text") {
    const Result nul = read(std::string("a\nb\0c\n", 6));
    CHECK(nul.trouble == "holds a NUL byte: no text file");
    CHECK(nul.line == 2);
    CHECK(read(std::string("\xff\xfe"
                           "d\0o\0",
                           6))
              .trouble == "is UTF-16; save it as UTF-8");
    CHECK(read(std::string("\xfe\xff\0d", 4)).trouble == "is UTF-16; save it as UTF-8");
}

TEST_CASE("a file above the limit is not read on") {
    CHECK(read(std::string(100, 'a'), 100).trouble == "");
    const Result large = read(std::string(101, 'a'), 100);
    CHECK(large.trouble == "is larger than 100 bytes, the limit for order files");
    CHECK(large.line == 0);
    CHECK(read(std::string((1u << 20) + 1, 'a'), 1u << 20).trouble ==
          "is larger than 1 MB, the limit for order files");
}

TEST_CASE("the end of the file is remembered") {
    CHECK(read("a\n...\n").last_line == "...");
    CHECK(read("a\n... \r\n\n  \n").last_line == "...");
    CHECK(read("a\n...").last_line == "...");
    CHECK(read("a\n..").last_line == "..");
    CHECK(read("a\n ...\n").last_line == " ...");
    CHECK(read("...\na\n").last_line == "a");
    CHECK(read(std::string(70'000, 'x') + "\n...\n").last_line == "...");
    CHECK(read("...\n" + std::string(70'000, 'x')).last_line == std::string(16, 'x'));
    CHECK(read("a\n").ends_with_line_break);
    CHECK_FALSE(read("a").ends_with_line_break);
}
